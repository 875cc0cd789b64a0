using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Demo;
using Switchhook.Exchange.Journal;
using Switchhook.Exchange.Prompts;
using Switchhook.Exchange.Registrar;
using Switchhook.Exchange.Routing;
using Switchhook.Exchange.Shards;
using Switchhook.Exchange.Trunks;
using Switchhook.Media.Transport;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange;

/// <summary>The running switch. <see cref="Start"/> binds its sockets and starts its threads; everything else is safe from any thread.</summary>
public sealed partial class SwitchExchange : ICallControl, IDisposable
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RecordingsTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<CallId, Call> _live;
    private readonly ICallHistory _history;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SipTransport _transport;
    private readonly SipUserAgent _agent;
    private readonly TimerWheel _timers;
    private readonly MediaEngine _media;
    private readonly CallJournal _journal;
    private readonly SwitchContext _context;
    private readonly Bindings _bindings;
    private readonly TrunkAddresses _trunks;
    private readonly TrunkUpkeep _upkeep;
    private readonly Shard _shard;
    private readonly Thread _thread;
    private readonly DemoPhones _demo;
    private bool _disposed;

    private SwitchExchange(ExchangeParts parts)
    {
        (_live, _history, _time, _transport, _agent, _timers, _media) =
            (parts.Live, parts.History, parts.Time, parts.Transport, parts.Agent, parts.Timers, parts.Media);
        (_journal, _context, _bindings, _trunks, _upkeep, _shard, _demo) =
            (parts.Journal, parts.Context, parts.Bindings, parts.Trunks, parts.Upkeep, parts.Shard, parts.Demo);
        Messages = parts.Messages;
        _thread = new Thread(() => _shard.Run(_stopping.Token)) { Name = "shard 0", IsBackground = true };
    }

    /// <summary>The bound SIP addresses, as <c>udp://127.0.0.1:5060</c>.</summary>
    public IReadOnlyList<string> SipAddresses => [.. _transport.Listeners.Select(ListenAddress.Describe)];

    /// <summary>Stores notifications that belong to no call and has them delivered. Never blocks.</summary>
    public void Tell(IReadOnlyList<Notification> notifications) => _journal.Tell(notifications);

    /// <summary>Calls the shard still holds, those included that have ended and wait for a last answer.</summary>
    internal int RunningCalls => _context.Calls.Count;

    /// <summary>Who is registered.</summary>
    public IRegistrations Registrations => _bindings;

    /// <summary>Text messages to and from phones.</summary>
    public IMessages Messages { get; }

    /// <summary>Makes audio ready before it is heard.</summary>
    public IPrompts Prompts => new PromptCheck(_context.Prompts);

    /// <summary>How the trunks stand.</summary>
    public ITrunkStates Trunks => _upkeep;

    /// <inheritdoc/>
    public Call? Find(CallId id) => _live.GetValueOrDefault(id);

    /// <inheritdoc/>
    public CallRefusal Reach(string number) => _shard.Reach(number);

    /// <inheritdoc/>
    public IReadOnlyList<Call> Live() => [.. _live.Values.Where(static c => !c.HasEnded).OrderBy(static c => c.Id)];

    /// <inheritdoc/>
    public async ValueTask<CallReply> AskAsync(CallCommand command, CancellationToken cancellation)
    {
        var waiter = new TaskCompletionSource<CallReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_shard.TryPost(new ShardInput.Command(command, waiter, _time.GetTimestamp())))
            return new CallReply(CallRefusal.Congestion, null);
        var reply = await waiter.Task.WaitAsync(cancellation).ConfigureAwait(false);
        if (reply.Refusal != CallRefusal.NoSuchCall || IdOf(command) is not { } id)
            return reply;
        // The shard has forgotten it, but it may have been. It stays among the live until it is in the history, so in this order none is missed.
        var ended = Find(id) ?? await _history.FindAsync(id, cancellation).ConfigureAwait(false);
        return ended is null ? reply : new CallReply(CallRefusal.CallEnded, ended);
    }

    /// <summary>New calls are refused from now on: 503, and the same in every dialect.</summary>
    public void StopTaking() => _shard.Post(new ShardInput.StopTaking());

    /// <summary>
    /// Takes no new call, lets the live ones go on for the grace time, hangs up the rest, and returns when their ends are durable and their
    /// last messages are answered or have had a second for it.
    /// </summary>
    /// <param name="grace">How long live calls may go on.</param>
    /// <param name="skip">Ends the grace time at once.</param>
    public async Task StopAsync(TimeSpan grace, CancellationToken skip)
    {
        StopTaking();
        await UntilAsync(() => _context.Counts.LiveCalls == 0, grace, skip).ConfigureAwait(false);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _shard.Post(new ShardInput.HangUpAll(new HangupBy.Shutdown(), asked));
        await asked.Task.ConfigureAwait(false);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _shard.Post(new ShardInput.LeaveTrunks(left));
        await UntilAsync(() => left.Task.IsCompleted, SettleTime, CancellationToken.None).ConfigureAwait(false);
        await UntilAsync(() => _context.Counts.LiveRecordings == 0, RecordingsTime, CancellationToken.None).ConfigureAwait(false);
        await UntilAsync(() => _agent.LiveDialogs == 0, SettleTime, CancellationToken.None).ConfigureAwait(false);
        await UntilAsync(() => _live.IsEmpty, SettleTime, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>What keeps changes of calls from being stored, or null: they wait in memory then, and new calls are refused.</summary>
    public string? LogProblem
    {
        get
        {
            if (_journal.FlightProblem is not { } problem)
                return _journal.Problem;
            // Nothing else may come by to find out that it is over.
            _shard.TryPost(new ShardInput.TryFlight());
            return _journal.Problem ?? problem;
        }
    }

    /// <summary>RTP packets that ever came and went: they do not change while nobody is heard.</summary>
    public long RtpPackets => _media.PacketsReceived + _media.PacketsSent;

    /// <summary>A copy of all figures.</summary>
    public ExchangeFigures Figures() => new()
    {
        Live = new Dictionary<string, long>
        {
            ["call"] = _context.Counts.LiveCalls,
            ["leg"] = _context.Counts.LiveLegs,
            ["dialog"] = _agent.LiveDialogs,
            ["transaction"] = _agent.Stack.LiveTransactions,
            ["timer"] = _timers.LiveTimers,
            ["rtp_port"] = _media.LivePorts,
            ["script"] = _context.Counts.LiveScripts,
            ["mixer_seat"] = _media.MixerSeats,
            ["queue_seat"] = 0,
            ["recording"] = _context.Counts.LiveRecordings,
        },
        CallsEnded = new Dictionary<(Calls.Causes.HangupCause, string), long>(_context.Counts.Ended),
        SipMessages = _context.Counts.Messages(),
        SipRejected = Rejected(),
        LiveUpkeep = _agent.Stack.LiveUpkeep,
        TrunksUp = _upkeep.All().ToDictionary(static t => t.Name, static t => t.IsUp),
        RtpPacketsReceived = _media.PacketsReceived,
        RtpPacketsSent = _media.PacketsSent,
        RtpLateTicks = _media.LateTicks,
        LogWaiting = _journal.Waiting,
        LogFailures = _journal.StoreFailures,
        HangupSeconds = _context.Counts.HangupBuckets(),
        HangupSecondsSum = _context.Counts.HangupSeconds,
    };

    /// <summary>Ends the threads and closes the sockets; calls still up are left as they are. See <see cref="StopAsync"/>.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _demo.Dispose();
        _stopping.Cancel();
        _agent.Stack.Wake();
        if (_thread.IsAlive)
            _thread.Join();
        _media.Dispose();
        _transport.Dispose();
        _trunks.Dispose();
        _journal.StopRetrying();
        _journal.Dispose();
        _stopping.Dispose();
    }

    private Dictionary<string, long> Rejected()
    {
        var rejected = new Dictionary<string, long>(_context.Counts.Rejected);
        var counters = _agent.Stack.Counters;
        rejected["malformed"] = counters[Sip.SipCount.MalformedAnswered] + counters[Sip.SipCount.MalformedDropped];
        rejected["merged"] = counters[Sip.SipCount.Merged];
        rejected["overload"] = counters[Sip.SipCount.Overload];
        rejected["stray_response"] = counters[Sip.SipCount.StrayResponses];
        rejected["framing"] = counters[Sip.SipCount.BadFraming];
        return rejected;
    }

    private static CallId? IdOf(CallCommand command) => command switch
    {
        CallCommand.HangUp hang => hang.Call,
        CallCommand.Forward forward => forward.Call,
        CallCommand.Transfer transfer => transfer.Call,
        CallCommand.Answer answer => answer.Call,
        CallCommand.Dial dial => dial.Call,
        CallCommand.KeepNote note => note.Call,
        CallCommand.KeepDetails keep => keep.Call,
        CallCommand.AwaitAnswer wait => wait.Call,
        CallCommand.Hold hold => hold.Call,
        CallCommand.Unhold unhold => unhold.Call,
        CallCommand.Sound sound => sound.Call,
        CallCommand.Supervise supervise => supervise.Call,
        _ => null,
    };

    private async Task UntilAsync(Func<bool> done, TimeSpan limit, CancellationToken skip)
    {
        var start = _time.GetTimestamp();
        using var ticks = new PeriodicTimer(PollTime, _time);
        try
        {
            while (!done() && _time.GetElapsedTime(start) < limit)
                await ticks.WaitForNextTickAsync(skip).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The second signal: go on at once.
        }
    }
}
