using System.Reflection;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox;
using Switchhook.Dialects.OpenVox.Prompts;
using Switchhook.Dialects.OpenVox.Reports;
using Switchhook.Dialects.OpenVox.Sessions;
using Switchhook.Ivr;
using Switchhook.Server.Configuration;

namespace Switchhook.Server.Running;

/// <summary>The OpenVox dialect's share of the server: logins, reports, its script, and what answers its listener.</summary>
internal sealed class OpenVoxPart
{
    private readonly bool _enabled;
    private readonly IDirectory _directory;
    private readonly TimeProvider _time;
    private readonly OpenVoxOptions _options;
    private readonly OpenVoxSessions _sessions;
    private readonly OpenVoxSystemReports _system;

    public OpenVoxPart(ServerSettings settings, IDirectory directory, ILoggerFactory logs, TimeProvider time)
    {
        (_enabled, _directory, _time) = (!settings.Dialects.OpenVox.Listen.IsEmpty, directory, time);
        _options = new OpenVoxOptions
        {
            Allow = settings.Security.AllowAddresses,
            Deny = settings.Security.DenyAddresses,
            StartedAt = time.GetUtcNow(),
            Version = typeof(OpenVoxPart).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
            FindPrompt = new PromptFiles(settings.PromptsDirectory).Find,
        };
        var file = new OpenVoxSessionFile(Path.Combine(settings.DataDirectory, "openvox-sessions.json"), logs.CreateLogger("Switchhook.OpenVox"));
        _sessions = new OpenVoxSessions(file, time);
        _system = new OpenVoxSystemReports(directory, _sessions, _options);
    }

    /// <summary>Plays prompts to calls that were placed for it, also to those of before the dialect was switched off.</summary>
    public IScriptSource Script { get; } = new OpenVoxPrompts();

    /// <summary>What it tells applications; nothing while it is off.</summary>
    public IEnumerable<INotificationSource> Sources => _enabled ? [new OpenVoxReports(_directory, _sessions, _options)] : [];

    /// <summary>What it tells of phones that come and go.</summary>
    public IReadOnlyList<IRegistrationNotificationSource> Phones => _enabled ? [_system] : [];

    /// <summary>Tells whoever was logged in before the start that the system is up.</summary>
    public IReadOnlyList<Notification> BootUp() => _enabled ? _system.BootUp() : [];

    public OpenVoxApi Api(ICallControl calls, IRegistrations registrations) => new(calls, _directory, registrations, _sessions, _time, _options);

    /// <summary>Saves how long each login still lives.</summary>
    public void Save()
    {
        if (_enabled)
            _sessions.Flush();
    }
}
