using System.Collections.Concurrent;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;

namespace Switchhook.Server.Tests.Native;

/// <summary>Calls that ring when placed and end when hung up, without a wire.</summary>
internal sealed class FakeExchange(IEventSubscriber? subscriber = null) : ICallControl, ICallHistory, IMessages
{
    public static readonly DateTimeOffset Start = new(2026, 1, 31, 8, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentDictionary<CallId, Call> _live = new();
    private readonly ConcurrentDictionary<CallId, Call> _ended = new();
    private long _next = 1000;
    private long _cursor;

    public List<TextMessage> Sent { get; } = [];

    public MessageReply MessageReply { get; set; } = new(MessageOutcome.Delivered, 200);

    public ValueTask<MessageReply> SendAsync(TextMessage message, CancellationToken cancellation)
    {
        Sent.Add(message);
        return ValueTask.FromResult(MessageReply);
    }

    public IDisposable Listen(Action<TextMessage> heard) => throw new NotSupportedException();

    public List<CallCommand> Asked { get; } = [];
    public CallRefusal Refuse { get; set; }
    public bool StorageIsDown { get; set; }

    /// <summary>Held before an originate is answered.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async ValueTask<CallReply> AskAsync(CallCommand command, CancellationToken cancellation)
    {
        lock (Asked)
            Asked.Add(command);
        await Gate.WaitAsync(cancellation);
        if (Refuse != CallRefusal.None)
            return new CallReply(Refuse, null);
        return command switch
        {
            CallCommand.Originate originate => new CallReply(CallRefusal.None, Place(originate)),
            CallCommand.HangUp hangUp => HangUp(hangUp),
            CallCommand.Sound sound => new CallReply(CallRefusal.None, Find(sound.Call)),
            CallCommand.Supervise supervise => new CallReply(CallRefusal.None, Find(supervise.Call)),
            _ => new CallReply(CallRefusal.WrongState, null),
        };
    }

    public Call Place(CallCommand.Originate originate)
    {
        var id = new CallId(Interlocked.Increment(ref _next));
        var leg = new Leg
        {
            Id = new LegId(id, 1),
            Direction = LegDirection.Outbound,
            Role = LegRole.Callee,
            Party = new Party(originate.Dialed),
            Extension = originate.Dialed,
            State = new LegState.Ringing(),
            StartedAt = Start,
            RingingAt = Start.AddMicroseconds(1),
        };
        var call = new Call
        {
            Id = id,
            Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = originate.Dialect, Account = originate.Account },
            Plan = new CallPlan.Originated(new LegTarget.Extension(originate.Dialed), originate.Then, null, originate.RingTime),
            Caller = originate.Caller,
            Dialed = originate.Dialed,
            CalleeDialed = originate.Dialed,
            Legs = [leg],
            State = new CallState.Ringing(),
            StartedAt = Start,
            RingingAt = Start.AddMicroseconds(1),
            Accounts = [originate.Account],
            Callbacks = originate.Callbacks,
            Sequence = 1,
        };
        _live[id] = call;
        Tell(new CallStarted { Call = call, Sequence = 1, At = Start });
        return call;
    }

    private void Tell(CallEvent happened) => subscriber?.On(new LoggedEvent(Interlocked.Increment(ref _cursor), happened));

    public Call? Find(CallId id) => _live.GetValueOrDefault(id);

    public IReadOnlyList<Call> Live() => [.. _live.Values.OrderBy(c => c.Id)];

    public ValueTask<Call?> FindAsync(CallId id, CancellationToken cancellation) =>
        StorageIsDown ? throw new StorageUnavailableException("The disk is full.") : ValueTask.FromResult(_ended.GetValueOrDefault(id));

    public ValueTask<CallPage> QueryAsync(CallQuery query, CancellationToken cancellation)
    {
        if (StorageIsDown)
            throw new StorageUnavailableException("The disk is full.");
        var matching = _ended.Values.Where(c => c.IsVisibleTo(query.Account!) && (query.Cause is null || c.Cause == query.Cause)
            && (query.By is null || c.By!.Word == query.By) && (query.Since is null || c.StartedAt >= query.Since) && (query.Until is null || c.StartedAt < query.Until)
            && (query.After is null || c.Id > query.After));
        matching = query.NewestFirst ? matching.OrderByDescending(c => c.Id) : matching.OrderBy(c => c.Id);
        return ValueTask.FromResult(new CallPage([.. matching.Skip(query.Page * query.PageSize).Take(query.PageSize)], matching.Count()));
    }

    public CallId LastId() => new(_next);

    private CallReply HangUp(CallCommand.HangUp hangUp)
    {
        if (!_live.TryGetValue(hangUp.Call, out var call))
            return new CallReply(_ended.ContainsKey(hangUp.Call) ? CallRefusal.CallEnded : CallRefusal.NoSuchCall, null);
        var cause = hangUp.Cause ?? HangupCause.OriginatorCancel;
        var record = new HangupRecord
        {
            Leg = call.Legs[0].Id,
            By = hangUp.By,
            Cause = cause,
            Sent = new SentEnd("CANCEL", "Q.850;cause=16"),
            Phase = LegPhase.Ringing,
            StartedAt = Start,
            RingingAt = Start.AddMicroseconds(1),
            EndedAt = Start.AddSeconds(2),
        };
        var ended = call with
        {
            State = new CallState.Ended(hangUp.By, cause),
            EndedAt = record.EndedAt,
            Legs = [call.Legs[0] with { State = new LegState.Ended(record) }],
            Sequence = 3,
        };
        _ended[call.Id] = ended;
        _live.TryRemove(call.Id, out _);
        Tell(new LegEnded { Call = ended, Sequence = 2, At = record.EndedAt, Record = record });
        Tell(new CallEnded { Call = ended, Sequence = 3, At = record.EndedAt });
        return new CallReply(CallRefusal.None, ended);
    }
}
