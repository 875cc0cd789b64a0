using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult;
using Switchhook.Dialects.Catapult.Applications;
using Switchhook.Dialects.Catapult.Bridges;
using Switchhook.Dialects.Catapult.Bxml;
using Switchhook.Dialects.Catapult.Events;
using Switchhook.Ivr;
using Switchhook.Server.Configuration;
using Switchhook.Storage;
using Switchhook.Storage.Files;

namespace Switchhook.Server.Running;

/// <summary>The Catapult dialect's share of the server: what answers below <c>/v1</c>, and what it tells applications.</summary>
internal sealed class CatapultPart : IAsyncDisposable
{
    private readonly IDirectory _directory;
    private readonly IProvisioningChanges _changes;
    private readonly TimeProvider _time;
    private readonly CatapultOptions _options;
    private readonly MediaStore _media;
    private readonly RecordingShelf _recordings;

    public CatapultPart(ServerSettings settings, IDirectory directory, IProvisioningChanges changes, ILoggerFactory logs, TimeProvider time)
    {
        (_directory, _changes, _time) = (directory, changes, time);
        Unheard = new CatapultUnheard(directory);
        (_media, _recordings) = (new MediaStore(settings.MediaDirectory, time), new RecordingShelf(settings.RecordingsDirectory));
        Bridges = new CatapultBridges(new CatapultBridgeFiles(Path.Combine(settings.DataDirectory, "catapult-bridges"), logs.CreateLogger("Switchhook.Catapult")), time);
        var before = settings.HttpListen.IsEmpty ? "" : settings.HttpListen[0].ToString();
        Applications = settings.Dialects.CatapultEnabled ? [new CatapultIncoming()] : [];
        _options = new CatapultOptions
        {
            Server = () => Server ?? before,
            CallsPerSecond = settings.Dialects.Catapult.CallsPerSecond,
            RequestsPerSecond = settings.Dialects.Catapult.RequestsPerSecond,
        };
    }

    /// <summary>The address it is served at, once it is.</summary>
    public string? Server { get; set; }

    /// <summary>Calls put together; hears what becomes of them.</summary>
    public CatapultBridges Bridges { get; }

    /// <summary>Sends calls elsewhere that no application heard of.</summary>
    public CatapultUnheard Unheard { get; }

    /// <summary>What it tells applications; those of calls that were made while it was on are told also when it is off.</summary>
    public INotificationSource Callbacks => new CatapultCallbacks(_directory, _options);

    /// <summary>Runs documents.</summary>
    public IScriptSource Scripts(IHttpCaller http) => new BxmlScripts(http, _directory, _time, _options, _media, _recordings);

    /// <summary>Takes calls to numbers of applications; none while it is off.</summary>
    public IReadOnlyList<INumberApplications> Applications { get; }

    /// <summary>Begins to put calls together, also those of before the dialect was switched off.</summary>
    public void Start(ICallControl calls, IDurableStorage storage)
    {
        _media.Clean();
        Bridges.Start(calls, storage.History);
        Unheard.Start(calls);
    }

    /// <summary>Ends what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await Unheard.DisposeAsync();
        await Bridges.DisposeAsync();
    }

    public CatapultApi Api(ICallControl calls, IDurableStorage storage, IPrompts prompts, IHttpCaller http) => new(
        new CatapultOutside
        {
            Calls = calls,
            History = storage.History,
            Log = storage.Log,
            Directory = _directory,
            Changes = _changes,
            Outbox = storage.Outbox,
            Prompts = prompts,
            Media = _media,
            Recordings = _recordings,
            Bridges = Bridges,
            Http = http,
            Time = _time,
        },
        _options);
}
