using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Hoiio;
using Switchhook.Server.Configuration;

namespace Switchhook.Server.Running;

/// <summary>The Hoiio dialect's share of the server: what answers below <c>/open</c>, and what it tells applications.</summary>
internal sealed class HoiioPart : IAsyncDisposable
{
    private readonly HoiioDialect? _dialect;

    public HoiioPart(ServerSettings settings, IDirectory directory, ICallHistory history, ILoggerFactory logs, TimeProvider time)
    {
        if (!settings.Dialects.HoiioEnabled)
            return;
        var options = new HoiioOptions { ServerAddress = () => Server, OpenRecording = file => RecordingFile.Open(settings.RecordingsDirectory, file), MaxCalls = settings.Dialects.HoiioMaxCalls };
        _dialect = new HoiioDialect(
            directory, history, options, time, new HoiioLedgerFile(Path.Combine(settings.DataDirectory, "hoiio-spent.json"), logs.CreateLogger("Switchhook.Hoiio")));
    }

    /// <summary>The address it is served at, once it is.</summary>
    public string? Server { get; set; }

    /// <summary>What it tells applications; nothing while it is off.</summary>
    public IEnumerable<INotificationSource> Sources => _dialect is null ? [] : [_dialect.Notifications];

    /// <summary>Takes calls to its numbers; none while it is off.</summary>
    public IEnumerable<INumberApplications> Applications => _dialect is null ? [] : [_dialect.Numbers];

    /// <summary>Begins to work on calls; null while it is off.</summary>
    public HoiioApi? Start(ICallControl calls, IHttpCaller http, IPrompts prompts, ILoggerFactory logs) =>
        _dialect?.Start(calls, http, prompts, logs.CreateLogger("Switchhook.Hoiio"));

    public ValueTask DisposeAsync() => _dialect?.DisposeAsync() ?? ValueTask.CompletedTask;
}
