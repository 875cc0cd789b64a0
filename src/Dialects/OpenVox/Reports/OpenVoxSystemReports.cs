using System.Globalization;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox.Sessions;

namespace Switchhook.Dialects.OpenVox.Reports;

/// <summary>What belongs to no call: the start of the system, and phones that come and go.</summary>
public sealed class OpenVoxSystemReports(IDirectory directory, OpenVoxSessions sessions, OpenVoxOptions options) : IRegistrationNotificationSource
{
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    private int _number;

    /// <inheritdoc/>
    public void Begin(IReadOnlyList<StoredBinding> registered)
    {
        foreach (var binding in registered)
            _sources.TryAdd(binding.Extension, binding.Source);
    }

    /// <summary>The report to everybody who was logged in before the start.</summary>
    public IReadOnlyList<Notification> BootUp()
    {
        var current = directory.Current;
        return
        [
            .. sessions.Report(name => current.Account(name)?.MayUse(OpenVoxWords.Dialect) == true)
                .Select(listener => OpenVoxDelivery.To(listener, NextId(), default, OpenVoxReport.Write(OpenVoxReport.BootUp(), OpenVoxWords.Sn(current)), false)),
        ];
    }

    /// <inheritdoc/>
    public void Collect(string extension, IReadOnlyList<StoredBinding> bindings, ICollection<Notification> notifications)
    {
        _sources.TryGetValue(extension, out var before);
        var now = bindings is [var first, ..] ? first.Source : null;
        if (now == before)
            return;
        if (now is null)
            _sources.Remove(extension);
        else
            _sources[extension] = now;
        var current = directory.Current;
        if (current.Extension(extension) is not { } known || !OpenVoxWords.IsPhone(known))
            return;
        var listeners = sessions.Report(name => OpenVoxWords.Owns(name, known) && current.Account(name)?.MayUse(OpenVoxWords.Dialect) == true);
        if (listeners.Count == 0)
            return;
        var report = OpenVoxReport.ExtensionStatus(extension, now is null ? "Unregistered" : "Registered");
        var body = OpenVoxReport.Write(report, OpenVoxWords.Sn(current));
        foreach (var listener in listeners)
            notifications.Add(OpenVoxDelivery.To(listener, NextId(), default, body, false));
    }

    /// <summary>Unlike every other, of this start and of those before.</summary>
    private string NextId() => string.Create(
        CultureInfo.InvariantCulture, $"openvox.{options.StartedAt.UtcTicks}.{Interlocked.Increment(ref _number)}");
}
