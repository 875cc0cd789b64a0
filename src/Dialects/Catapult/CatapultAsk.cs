using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Bridges;
using Switchhook.Dialects.Catapult.Media;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult;

/// <summary>What the dialect needs of the server around it.</summary>
public sealed record CatapultOutside
{
    public required ICallControl Calls { get; init; }
    public required ICallHistory History { get; init; }
    public required ICallLog Log { get; init; }
    public required IDirectory Directory { get; init; }
    public required IProvisioningChanges Changes { get; init; }
    public required IOutbox Outbox { get; init; }
    public required IPrompts Prompts { get; init; }
    public required IMediaStore Media { get; init; }
    public required IRecordingShelf Recordings { get; init; }
    public required CatapultBridges Bridges { get; init; }
    public required IHttpCaller Http { get; init; }
    public required TimeProvider Time { get; init; }
}

/// <summary>What the operations work with.</summary>
internal sealed record CatapultPorts(CatapultOutside Outside, CatapultOptions Options)
{
    public ICallControl Calls => Outside.Calls;
    public ICallHistory History => Outside.History;
    public CatapultBridges Bridges => Outside.Bridges;
    public CatapultLimits Limits { get; } = new(Options, Outside.Time);
    public CatapultKept Kept { get; } = new(Outside.Media, Outside.Recordings);

    /// <summary>Every event of a call that is still kept, in order.</summary>
    public async IAsyncEnumerable<CallEvent> EventsOfAsync(CallId call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var filter = new EventFilter { Call = call };
        var (after, last) = (0L, Outside.Log.LastCursor());
        while (after < last)
        {
            var page = await Outside.Log.ReadAsync(after, MostEvents, filter, cancellation);
            foreach (var (_, happened) in page.Events)
                yield return happened;
            if (page.Through <= after)
                yield break;
            after = page.Through;
        }
    }

    private const int MostEvents = 500;
}

/// <summary>One operation.</summary>
internal delegate ValueTask<CatapultAnswer> CatapultRun(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation);

/// <summary>One request that passed the checks before its own parameters.</summary>
/// <param name="Account">Who asks.</param>
/// <param name="User">Its id in the path.</param>
/// <param name="Names">The ids in the path, by the names of the operation's template.</param>
/// <param name="Body">The JSON of the request; empty for an operation that reads none.</param>
internal sealed record CatapultAsk(
    Account Account, string User, CallDirectory Directory, IReadOnlyDictionary<string, string> Names, CatapultBody Body, HttpContext Context)
{
    /// <summary>An id or name of the path.</summary>
    public string this[string name] => Names[name];

    public HangupBy.Api By => new(CatapultWords.Dialect, Account.Name);

    /// <summary>The address requests are sent to, with the user: <c>http://host/v1/users/u-…/</c>.</summary>
    public string Root => $"{Context.Request.Scheme}://{Context.Request.Host}{CatapultApi.Root}/users/{User}/";

    /// <summary>The absolute address of a resource of the user's.</summary>
    /// <param name="path">Such as <c>calls/c-…</c>.</param>
    public string Url(string path) => Root + path;

    /// <summary>A query parameter; null when it is missing or empty.</summary>
    public string? Query(string name) => Context.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>What is behind an address that is to be played.</summary>
    public AudioSource MediaAt(string url) => new AudioSource.File(Kept?.Playable(Account.Name, User, url) ?? url);

    /// <summary>The account's own audio.</summary>
    public CatapultKept? Kept { get; init; }

    /// <summary>True for a public number of the account's, or an extension of it.</summary>
    public bool Owns(string number) =>
        IsOwn(Directory.Number(number)?.Account) || (Directory.Extension(number) is { } extension && IsOwn(extension.Account));

    /// <summary>True for the account that asks.</summary>
    public bool IsOwn(string? account) => string.Equals(account, Account.Name, StringComparison.OrdinalIgnoreCase);

    public bool Sees(Call call) => call.IsVisibleTo(Account.Name);
}
