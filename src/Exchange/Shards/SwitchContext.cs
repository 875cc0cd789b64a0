using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Traces;
using Switchhook.Exchange.Conferences;
using Switchhook.Exchange.Identity;
using Switchhook.Exchange.Journal;
using Switchhook.Exchange.Messages;
using Switchhook.Exchange.Prompts;
using Switchhook.Exchange.Routing;
using Switchhook.Exchange.Running;
using Switchhook.Exchange.Subscriptions;
using Switchhook.Exchange.Trunks;
using Switchhook.Ivr;
using Switchhook.Media.Prompts;
using Switchhook.Media.Tones;
using Switchhook.Media.Transport;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Transactions;

namespace Switchhook.Exchange.Shards;

/// <summary>What the calls of one shard share. Members without a remark belong to the shard's thread.</summary>
internal sealed partial class SwitchContext(ILogger log)
{
    /// <summary>How long the target of a transfer may ring, whoever asked for it.</summary>
    public static readonly TimeSpan TransferRingTime = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ErrandTime = TimeSpan.FromSeconds(10);

    private readonly Dictionary<CallId, RunningCall> _calls = [];
    private readonly ILogger _log = log;

    /// <summary>Done once the addresses are known that what is told names.</summary>
    public required Task Listening { get; init; }
    public required TimeProvider Time { get; init; }
    public required TimerWheel Timers { get; init; }
    public required MediaEngine Media { get; init; }
    public required CallJournal Journal { get; init; }
    public required ICallTraces Traces { get; init; }
    public required SipTraceTap Trace { get; init; }
    public required CauseTable Causes { get; init; }
    public required SwitchCounts Counts { get; init; }
    public required LegTargets Targets { get; init; }
    public required TrunkUpkeep Trunks { get; init; }
    public required PromptLibrary Prompts { get; init; }
    public required string Domain { get; init; }
    public required IReadOnlyDictionary<string, IScriptSource> Scripts { get; init; }

    /// <summary>Dialects whose applications take calls to numbers.</summary>
    public required IReadOnlyList<INumberApplications> Applications { get; init; }

    /// <summary>Calls as readers on other threads see them.</summary>
    public required ConcurrentDictionary<CallId, Call> Live { get; init; }

    /// <summary>Brings an input to the shard from any thread; must not be refused.</summary>
    public required Action<ShardInput> Post { get; init; }

    /// <summary>The phones or trunk a number leads to, and whether they can be rung now.</summary>
    public delegate CallRefusal Router(string number, out ImmutableArray<LegTarget> targets);

    /// <summary>Set once the shard exists.</summary>
    public Router Route { get; set; } = null!;

    /// <summary>Text messages.</summary>
    public required PagerMessages Messages { get; init; }

    /// <summary>Who hears text messages.</summary>
    public required MessageListeners Listeners { get; init; }

    /// <summary>Conferences.</summary>
    public required ConferenceRooms Rooms { get; init; }

    /// <summary>Recordings are made below it, a directory for each call.</summary>
    public required string RecordingsDirectory { get; init; }

    /// <summary>Where a recording's file can be had.</summary>
    public required Func<CallId, string, string> RecordingUrl { get; init; }

    /// <summary>Told how calls of extensions stand.</summary>
    public required SubscriptionDesk Subscriptions { get; init; }

    /// <summary>Set once the user agent exists.</summary>
    public SipUserAgent Agent { get; set; } = null!;

    /// <summary>What a party on hold hears.</summary>
    public required Prompt HoldMusic { get; init; }

    /// <summary>What a party hears while another one is rung for it.</summary>
    public required Prompt Ringback { get; init; }

    public IReadOnlyCollection<RunningCall> Calls => _calls.Values;

    public DateTimeOffset Now() => Time.GetUtcNow();

    /// <summary>The caller as a leg of the call is told of it.</summary>
    public ShownCaller ShowCaller(Call call, Leg leg)
    {
        var trunk = (leg.Target as LegTarget.Trunk)?.Name;
        var inbound = call.Legs[0] is { Direction: LegDirection.Inbound, Trunk: not null } ? FindCall(call.Id)?.Leg(1).Session?.Invite : null;
        return CallerIdentityHeaders.For(leg.Shown ?? call.Caller, trunk is null ? null : Targets.Trunk(trunk), Domain, inbound);
    }

    public RunningCall? FindCall(CallId id) => _calls.GetValueOrDefault(id);

    public void Add(RunningCall call) => _calls.Add(call.Call.Id, call);

    public void Forget(CallId id) => _calls.Remove(id);

    /// <summary>Shows the call to readers. An ended one stays until its end is durable; what is changed after that is in the history.</summary>
    public void Publish(Call call)
    {
        Subscriptions.OnCall(call);
        if (!call.HasEnded)
            Live[call.Id] = call;
        else if (Live.TryGetValue(call.Id, out var shown))
            Live.TryUpdate(call.Id, call, shown);
    }

    /// <summary>Asks a dialect for a script; the answer comes to the shard.</summary>
    public void Fetch(Call call, int run, ScriptRequest request, CancellationToken stop)
    {
        if (!Scripts.TryGetValue(request.Script.Dialect, out var source))
        {
            Post(new ShardInput.ScriptFetched(call.Id, run, new ScriptFetch.Failed(0, $"no dialect '{request.Script.Dialect}' with scripts")));
            return;
        }
        Begin(async () => Post(new ShardInput.ScriptFetched(call.Id, run, await FetchAsync(source, request, stop).ConfigureAwait(false))));
    }

    /// <summary>Stores what a dialect has to tell of a script's step; it is delivered like every notification.</summary>
    public void Tell(ScriptRequest request, int number)
    {
        if (Scripts.TryGetValue(request.Script.Dialect, out var source) && source.Tell(request, number) is { } notification)
            Journal.Tell([notification]);
    }

    /// <summary>Gives the shard a script's command, like anyone's; the script is told when it is refused.</summary>
    public void Order(CallId call, Verb.Order verb) => Begin(async () =>
    {
        var waiter = new TaskCompletionSource<CallReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new ShardInput.Command(verb.Command, waiter, Time.GetTimestamp()));
        if ((await waiter.Task.ConfigureAwait(false)).Refusal is var refusal and not CallRefusal.None)
            Post(new ShardInput.ScriptRefused(call, verb, refusal));
    });

    /// <summary>Loads audio for a script.</summary>
    public void Load(CallId call, int run, AudioSource source, bool loop, CancellationToken stop) =>
        Begin(async () => Post(new ShardInput.AudioReady(call, run, await AudioAsync(() => Prompts.LoadAsync(source, stop)).ConfigureAwait(false), loop)));

    /// <summary>Does what a script's dialect does by itself; the outcome comes to the shard.</summary>
    public void RunErrand(CallId call, int run, Verb.Errand verb, CancellationToken stop) =>
        Begin(async () => Post(new ShardInput.ErrandEnded(call, run, await ErrandAsync(verb, stop).ConfigureAwait(false))));

    /// <summary>Loads the prompt of a service extension.</summary>
    public void Load(CallId call, int leg, string file) =>
        Begin(() =>
        {
            Post(new ShardInput.ServicePrompt(call, leg, Prompts.File(file)));
            return Task.CompletedTask;
        });

    private async Task<ScriptFetch> FetchAsync(IScriptSource source, ScriptRequest request, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(source.Patience, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            return await source.FetchAsync(request, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new ScriptFetch.Failed(0, "the script did not come in time");
        }
#pragma warning disable CA1031 // A bug in a dialect must not leave a call waiting for a script that never comes.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogWorkFailed(bug);
            return new ScriptFetch.Failed(0, "the script could not be fetched");
        }
    }

    private async Task<ScriptError?> ErrandAsync(Verb.Errand verb, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(ErrandTime, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            return await verb.Work.RunAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new ScriptError(0, $"{verb.Name} was not done in time");
        }
#pragma warning disable CA1031 // A bug in a dialect must not leave a script waiting for ever.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogWorkFailed(bug);
            return new ScriptError(0, $"{verb.Name} could not be done");
        }
    }

    private async Task<PromptReply> AudioAsync(Func<ValueTask<PromptReply>> load)
    {
        try
        {
            return await load().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new PromptReply(null, "the call is over");
        }
#pragma warning disable CA1031 // As above: the script goes on without the audio.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogWorkFailed(bug);
            return new PromptReply(null, "the audio could not be made");
        }
    }

    /// <summary>Work that may wait goes to the pool. It brings its outcome to the inbox itself; a bug in it is logged.</summary>
    private void Begin(Func<Task> work) => _ = Task.Run(async () =>
    {
        try
        {
            await work().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The last stop for a bug in work off the shard: the call's own timers end it.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogWorkFailed(bug);
        }
    });

    [LoggerMessage(EventName = "CallBug", Level = LogLevel.Error, Message = "call {Call} met a bug and was ended")]
    public partial void LogBug(Exception bug, CallId call);

    [LoggerMessage(EventName = "WorkFailed", Level = LogLevel.Error, Message = "work for a call failed")]
    private partial void LogWorkFailed(Exception bug);
}
