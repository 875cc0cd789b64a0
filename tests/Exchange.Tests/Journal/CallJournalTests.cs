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

public sealed partial class CallJournalTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<CallId, Call> _live = new();
    private readonly ScriptedLog _store = new(lastCursor: 100);
    private readonly ConcurrentQueue<string> _told = new();
    private readonly ConcurrentQueue<long> _cursors = new();
    private readonly Notifier _notifier = new();
    private readonly MemoryFlight _flight = new();
    private readonly CallJournal _journal;

    public CallJournalTests() => _journal = Journal(_flight);

    public void Dispose()
    {
        _journal.StopRetrying();
        _store.LetGo();
        _journal.Dispose();
        _store.Dispose();
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
        _store.Hold();
        var call = Live(1);
        _journal.Append(Ended(call));
        var waiter = Waiter();
        await _store.AskedAsync();

        Assert.False(waiter.IsCompleted);
        Assert.Empty(_told);
        Assert.True(_live.ContainsKey(call.Id));
        _store.LetGo();
        await waiter.WaitAsync(Deadline);

        Assert.Equal([$"{call.Id}.2"], _told);
        Assert.Equal([call.Id], _store.Stored);
        Assert.Empty(_live);
    }

    [Fact]
    public async Task A_store_that_fails_and_recovers_loses_nothing_and_doubles_nothing()
    {
        _store.FailNext(new StorageUnavailableException("disk full"), times: 2);
        var calls = Enumerable.Range(1, 50).Select(Live).ToList();
        foreach (var call in calls)
            _journal.Append(Ended(call));

        await ReleasedAsync();

        Assert.Equal(calls.Select(c => c.Id), _store.Stored);
        Assert.Equal(calls.Select(c => $"{c.Id}.2"), _told);
        Assert.Equal(2, _journal.StoreFailures);
        Assert.Empty(_live);
    }

    [Fact]
    public async Task A_record_that_the_store_cannot_take_is_left_out_and_the_others_are_stored()
    {
        _store.Poison = Id(7);
        var calls = Enumerable.Range(1, 20).Select(Live).ToList();
        _store.Hold();
        foreach (var call in calls)
            _journal.Append(Ended(call));
        _store.LetGo();

        await ReleasedAsync();

        Assert.Equal(calls.Select(c => c.Id).Where(id => id != Id(7)), _store.Stored);
        Assert.Equal(20, _told.Count);
        Assert.Empty(_live);
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

        Assert.Equal(500, _store.Stored.Count);
        Assert.Equal(500, _told.Count);
    }

    [Fact]
    public async Task There_is_no_room_while_too_much_waits_and_there_is_again_afterwards()
    {
        _store.Hold();
        _journal.Append(Ended(Live(1)));
        await _store.AskedAsync();
        Assert.True(_journal.HasRoom);

        var happened = Started(2);
        for (var i = 0; i < 50_000; i++)
            _journal.Append(happened);
        Assert.False(_journal.HasRoom);
        _store.LetGo();
        _journal.Dispose();

        Assert.True(_journal.HasRoom);
        Assert.Equal(50_001, _told.Count);
    }

    [Fact]
    public async Task Events_are_numbered_on_from_the_last_one_stored_without_gaps_and_heard_with_their_numbers()
    {
        foreach (var number in Enumerable.Range(1, 2500))
            _journal.Append(Started(number));

        await ReleasedAsync();

        Assert.Equal(Enumerable.Range(101, 2500).Select(n => (long)n), _store.Events.Select(w => w.Cursor));
        Assert.Equal(_store.Events.Select(w => w.Cursor), _cursors);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_changes_neither_numbers_nor_order()
    {
        foreach (var number in Enumerable.Range(1, 50))
            _journal.Append(Started(number) with { At = CallId.Epoch.AddHours(-number) });

        await ReleasedAsync();

        Assert.Equal(Enumerable.Range(101, 50).Select(n => (long)n), _store.Events.Select(w => w.Cursor));
        Assert.Equal(Enumerable.Range(1, 50).Select(Id), _store.Events.Select(w => w.Event.Call.Id));
    }

    [Fact]
    public async Task Notifications_are_stored_with_their_event_and_handed_on_in_order_once_they_are_stored()
    {
        _store.Hold();
        _journal.Append(Ended(Live(1)));
        _journal.Append(Started(2));
        _journal.Append(Ended(Live(3)));
        await _store.AskedAsync();
        Assert.Empty(_notifier.Taken);

        _store.LetGo();
        await ReleasedAsync();

        string[] expected = [$"{Id(1)}.2.a", $"{Id(1)}.2.b", $"{Id(3)}.2.a", $"{Id(3)}.2.b"];
        Assert.Equal(expected, _store.Events.SelectMany(w => w.Notifications).Select(n => n.Id));
        Assert.Equal(expected, _notifier.Taken);
    }

    [Fact]
    public async Task A_notifier_that_fails_keeps_nobody_waiting()
    {
        _notifier.Failure = new InvalidOperationException("a notifier's bug");
        _journal.Append(Ended(Live(1)));

        await ReleasedAsync();

        Assert.Equal([Id(1)], _store.Stored);
    }

    [Fact]
    public async Task A_dialog_is_kept_in_its_place_among_the_events()
    {
        _store.Hold();
        _journal.Append(Started(1));
        _journal.Keep(new LegId(Id(1), 1), KeptDialogTests.Dialog);
        _journal.Append(Ended(Live(1)));
        _store.LetGo();

        await ReleasedAsync();

        Assert.Equal(["Happened", "DialogKept", "Happened"], _store.Writes.Select(w => w.GetType().Name));
        Assert.Equal([101L, 102L], _store.Events.Select(w => w.Cursor));
    }

    [Fact]
    public async Task A_store_that_stays_down_is_reported_and_refuses_new_calls_until_it_is_back()
    {
        List<(bool HasRoom, string? Problem)> seen = [];
        _store.OnFailure = _ => seen.Add((_journal.HasRoom, _journal.Problem));
        _store.FailNext(new StorageUnavailableException("disk full"), times: 6);
        Assert.Null(_journal.Problem);
        _journal.Append(Ended(Live(1)));

        await ReleasedAsync();

        Assert.Equal([true, true, true, true, false, false], seen.Select(s => s.HasRoom));
        Assert.Equal([null, "disk full", "disk full", "disk full", "disk full", "disk full"], seen.Select(s => s.Problem));
        Assert.True(_journal.HasRoom);
        Assert.Null(_journal.Problem);
        Assert.Equal([Id(1)], _store.Stored);
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

    private Task<CallReply> Waiter()
    {
        var waiter = new TaskCompletionSource<CallReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _journal.Release(waiter, new CallReply(CallRefusal.None, null));
        return waiter.Task;
    }

    private Task<CallReply> ReleasedAsync() => Waiter().WaitAsync(Deadline);

    private static Task<CallReply> ReleasedAsync(CallJournal journal)
    {
        var waiter = new TaskCompletionSource<CallReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        journal.Release(waiter, new CallReply(CallRefusal.None, null));
        return waiter.Task.WaitAsync(Deadline);
    }

    private CallJournal Journal(MemoryFlight flight, int highWater = 50_000) => new(
        _live,
        _store,
        new JournalEars(
            [new Source(_ => throw new InvalidOperationException("a source's bug")), new Source(NotificationsOf)],
            [new Subscriber(_ => throw new InvalidOperationException("a subscriber's bug")), new Subscriber(Hear)],
            _notifier,
            NullLogger.Instance),
        NullLogger.Instance,
        flight,
        highWater);

    private static IReadOnlyList<string> Flushed(CallJournal journal, MemoryFlight flight)
    {
        journal.Flush();
        return flight.Kept;
    }

    private void Hear(LoggedEvent happened)
    {
        _told.Enqueue(happened.Event.Id);
        _cursors.Enqueue(happened.Cursor);
    }

    private static IEnumerable<string> NotificationsOf(CallEvent happened) =>
        happened is CallEnded ? [$"{happened.Id}.a", $"{happened.Id}.b"] : [];

    private sealed class Subscriber(Action<LoggedEvent> on) : IEventSubscriber
    {
        public void On(LoggedEvent happened) => on(happened);
    }

    private sealed class Source(Func<CallEvent, IEnumerable<string>> ids) : INotificationSource
    {
        public void Collect(CallEvent happened, ICollection<Notification> notifications)
        {
            foreach (var id in ids(happened))
                notifications.Add(new Notification(id, happened.Call.Id, "test", new HttpCall { Url = "http://localhost" }, Terminal: true));
        }
    }

    private sealed class Notifier : INotifier
    {
        public ConcurrentQueue<string> Taken { get; } = new();
        public Exception? Failure { get; set; }

        public void Notify(IReadOnlyList<Notification> stored)
        {
            if (Failure is not null)
                throw Failure;
            foreach (var notification in stored)
                Taken.Enqueue(notification.Id);
        }
    }
}
