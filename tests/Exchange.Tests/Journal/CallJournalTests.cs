using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Journal;

namespace Switchhook.Exchange.Tests.Journal;

public sealed class CallJournalTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<CallId, Call> _live = new();
    private readonly ScriptedHistory _history = new();
    private readonly ConcurrentQueue<string> _told = new();
    private readonly CallJournal _journal;

    public CallJournalTests() => _journal = new CallJournal(
        _live, _history, [new Subscriber(_ => throw new InvalidOperationException("a subscriber's bug")), new Subscriber(e => _told.Enqueue(e.Id))], NullLogger.Instance);

    public void Dispose()
    {
        _journal.StopRetrying();
        _history.LetGo();
        _journal.Dispose();
        _history.Dispose();
    }

    [Fact]
    public async Task Events_are_told_in_the_order_they_were_appended_whatever_another_subscriber_does()
    {
        foreach (var number in Enumerable.Range(1, 3000))
            _journal.Append(Started(number));

        await ReleasedAsync();

        Assert.Equal(Enumerable.Range(1, 3000).Select(n => $"{Id(n)}.1"), _told);
    }

    [Fact]
    public async Task Nobody_hears_of_an_end_before_it_is_durable()
    {
        _history.Hold();
        var call = Live(1);
        _journal.Append(Ended(call));
        var waiter = Waiter();
        await _history.AskedAsync();

        Assert.False(waiter.IsCompleted);
        Assert.Empty(_told);
        Assert.True(_live.ContainsKey(call.Id));
        _history.LetGo();
        await waiter.WaitAsync(Deadline);

        Assert.Equal([$"{call.Id}.2"], _told);
        Assert.Equal([call.Id], _history.Stored);
        Assert.Empty(_live);
    }

    [Fact]
    public async Task A_store_that_fails_and_recovers_loses_nothing_and_doubles_nothing()
    {
        _history.FailNext(new StorageUnavailableException("disk full"), times: 2);
        var calls = Enumerable.Range(1, 50).Select(Live).ToList();
        foreach (var call in calls)
            _journal.Append(Ended(call));

        await ReleasedAsync();

        Assert.Equal(calls.Select(c => c.Id), _history.Stored);
        Assert.Equal(calls.Select(c => $"{c.Id}.2"), _told);
        Assert.Equal(2, _journal.StoreFailures);
        Assert.Empty(_live);
    }

    [Fact]
    public async Task A_record_that_the_store_cannot_take_is_left_out_and_the_others_are_stored()
    {
        _history.Poison = Id(7);
        var calls = Enumerable.Range(1, 20).Select(Live).ToList();
        _history.Hold();
        foreach (var call in calls)
            _journal.Append(Ended(call));
        _history.LetGo();

        await ReleasedAsync();

        Assert.Equal(calls.Select(c => c.Id).Where(id => id != Id(7)), _history.Stored);
        Assert.Equal(20, _told.Count);
        Assert.Empty(_live);
    }

    [Fact]
    public async Task What_is_not_tried_again_still_reaches_whoever_listens()
    {
        _history.FailNext(new StorageUnavailableException("gone"), times: int.MaxValue);
        var call = Live(1);
        _journal.Append(Ended(call));
        var waiter = Waiter();
        await _history.AskedAsync();

        _journal.StopRetrying();
        await waiter.WaitAsync(Deadline);

        Assert.Empty(_history.Stored);
        Assert.Equal([$"{call.Id}.2"], _told);
    }

    [Fact]
    public async Task A_waiter_gets_its_reply_even_after_the_end_of_the_journal()
    {
        _journal.Dispose();

        var reply = await Waiter().WaitAsync(Deadline);

        Assert.Equal(CallRefusal.None, reply.Refusal);
    }

    [Fact]
    public void What_was_appended_before_the_end_is_stored_by_it()
    {
        foreach (var number in Enumerable.Range(1, 500))
            _journal.Append(Ended(Live(number)));

        _journal.Dispose();

        Assert.Equal(500, _history.Stored.Count);
        Assert.Equal(500, _told.Count);
    }

    [Fact]
    public async Task There_is_no_room_while_too_much_waits_and_there_is_again_afterwards()
    {
        _history.Hold();
        _journal.Append(Ended(Live(1)));
        await _history.AskedAsync();
        Assert.True(_journal.HasRoom);

        var happened = Started(2);
        for (var i = 0; i < 50_000; i++)
            _journal.Append(happened);
        Assert.False(_journal.HasRoom);
        _history.LetGo();
        _journal.Dispose();

        Assert.True(_journal.HasRoom);
        Assert.Equal(50_001, _told.Count);
    }

    [Fact]
    public async Task A_confirmation_is_stored_after_the_end_it_belongs_to_and_not_without_one()
    {
        _history.Hold();
        var call = Live(1);
        var ended = Ended(call);
        _journal.Append(Confirmed(call));
        _journal.Append(ended);
        await _history.AskedAsync();
        _journal.Append(Confirmed(ended.Call));
        _history.LetGo();

        await ReleasedAsync();

        Assert.Equal(["Ended", "Confirmed"], _history.Writes.Select(w => w.GetType().Name));
    }

    [Fact]
    public async Task A_confirmation_that_comes_with_the_end_goes_into_the_same_record()
    {
        _history.Hold();
        _journal.Append(Ended(Live(1)));
        await _history.AskedAsync();
        var ended = Ended(Live(2));
        var confirmed = Confirmed(ended.Call with { Sequence = 3 });
        _journal.Append(ended);
        _journal.Append(confirmed);
        _history.LetGo();

        await ReleasedAsync();

        Assert.Equal([Id(1), Id(2)], _history.Stored);
        Assert.Same(confirmed.Call, Assert.IsType<HistoryWrite.Ended>(_history.Writes[1]).Call);
        Assert.Equal(3, _told.Count);
    }

    private static CallId Id(int number) => new(1_000_000 + number);

    private Call Live(int number)
    {
        var call = Make(number);
        _live[call.Id] = call;
        return call;
    }

    private static Call Make(int number) => new()
    {
        Id = Id(number),
        Origin = new CallOrigin { Kind = CallOriginKind.Trunk },
        Plan = new CallPlan.Refused(HangupCause.CallRejected, "test"),
        Caller = new Party("1"),
        Dialed = "2",
        CalleeDialed = "2",
        State = new CallState.Trying(),
        StartedAt = CallId.Epoch,
        Sequence = 1,
    };

    private static CallStarted Started(int number) => new() { Call = Make(number), Sequence = 1, At = CallId.Epoch };

    private static CallEnded Ended(Call call) => new()
    {
        Call = call with { State = new CallState.Ended(new HangupBy.Caller(), HangupCause.NormalClearing), Sequence = 2 },
        Sequence = 2,
        At = CallId.Epoch,
    };

    private static HangupConfirmed Confirmed(Call call) =>
        new() { Call = call, Sequence = 3, At = CallId.Epoch, Leg = new LegId(call.Id, 1), Confirmation = HangupConfirmation.Yes };

    private Task<CallReply> Waiter()
    {
        var waiter = new TaskCompletionSource<CallReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _journal.Release(waiter, new CallReply(CallRefusal.None, null));
        return waiter.Task;
    }

    private Task<CallReply> ReleasedAsync() => Waiter().WaitAsync(Deadline);

    private sealed class Subscriber(Action<CallEvent> on) : IEventSubscriber
    {
        public void On(CallEvent happened) => on(happened);
    }
}
