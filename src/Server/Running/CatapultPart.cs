using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult;
using Switchhook.Server.Configuration;
using Switchhook.Storage;

namespace Switchhook.Server.Running;

/// <summary>The Catapult dialect's share of the server: what answers below <c>/v1</c>, and what it tells applications.</summary>
internal sealed class CatapultPart
{
    private readonly IDirectory _directory;
    private readonly TimeProvider _time;
    private readonly CatapultOptions _options;

    public CatapultPart(ServerSettings settings, IDirectory directory, TimeProvider time)
    {
        (_directory, _time) = (directory, time);
        var before = settings.HttpListen.IsEmpty ? "" : settings.HttpListen[0].ToString();
        _options = new CatapultOptions { Server = () => Server ?? before };
    }

    /// <summary>The address it is served at, once it is.</summary>
    public string? Server { get; set; }

    public CatapultApi Api(ICallControl calls, IDurableStorage storage, IPrompts prompts, IHttpCaller http) => new(
        new CatapultOutside
        {
            Calls = calls,
            History = storage.History,
            Log = storage.Log,
            Directory = _directory,
            Outbox = storage.Outbox,
            Prompts = prompts,
            Http = http,
            Time = _time,
        },
        _options);
}
