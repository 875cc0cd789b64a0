using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Tests.Journal;

/// <summary>The journal with the flight recorder: what a crash or a stop leaves to the next start, and what can be borne meanwhile.</summary>
public sealed partial class CallJournalTests
{
    [Fact]
    public async Task What_is_given_up_is_told_to_nobody_and_nothing_that_comes_later_is_stored_before_it()
    {
        _store.FailNext(new StorageUnavailableException("gone"), times: 1);
        _store.OnFailure = _ => _journal.StopRetrying();
        _journal.Append(Ended(Live(1)));
        var waiter = Waiter();
        var reply = await waiter.WaitAsync(Deadline);
        _journal.Append(Ended(Live(2)));
        _journal.Dispose();

        Assert.Empty(_store.Stored);
        Assert.Empty(_told);
        Assert.Empty(_notifier.Taken);
        Assert.Equal(CallRefusal.ShuttingDown, reply.Refusal);
        Assert.Equal((2, 2), (_flight.Unstored, _live.Count));
    }

    [Fact]
    public async Task What_the_last_run_left_is_stored_under_its_numbers_and_told_before_anything_new()
    {
        var flight = new MemoryFlight
        {
            Left =
            [
                new LogWrite.Happened(105, Started(1), []),
                new LogWrite.DialogKept(new LegId(Id(1), 1), "dialog"),
                new LogWrite.Happened(107, Ended(Make(2)), []),
                new LogWrite.BindingsKept("101", []),
            ],
        };
        using var journal = Journal(flight);

        journal.TakeOver();
        var (opened, stored, told) = (flight.OpenedAt, _store.Writes.Select(w => w.GetType().Name).ToList(), _told.ToList());
        journal.Append(Started(3));
        await ReleasedAsync(journal);

        Assert.Equal((100L, true), (opened, flight.IsLeftStored));
        Assert.Equal(["Happened", "DialogKept", "Happened", "BindingsKept"], stored);
        Assert.Equal([$"{Id(1)}.1", $"{Id(2)}.2"], told);
        Assert.Equal([105L, 107L, 108L], _store.Events.Select(w => w.Cursor));
        Assert.Equal([$"{Id(2)}.2.a", $"{Id(2)}.2.b"], _notifier.Taken);
        Assert.Equal(["call.started"], Flushed(journal, flight));
    }

    [Fact]
    public void What_the_last_run_left_stays_where_it_is_when_it_cannot_be_stored()
    {
        _store.FailNext(new StorageUnavailableException("read-only"), times: int.MaxValue);
        var flight = new MemoryFlight { Left = [new LogWrite.Happened(105, Started(1), [])] };
        using var journal = Journal(flight);
        // What ends a start that cannot go on is not the time that passes here.
        _store.OnFailure = _ => journal.StopRetrying();

        var failure = Assert.Throws<StorageUnavailableException>(journal.TakeOver);

        Assert.Equal("read-only", failure.Message);
        Assert.False(flight.IsLeftStored);
    }

    [Fact]
    public async Task The_recorder_learns_what_is_stored_and_its_bug_keeps_nothing_from_the_log()
    {
        _store.Hold();
        _journal.Append(Started(1));
        _journal.Keep(new LegId(Id(1), 1), KeptDialogTests.Dialog);
        _journal.Keep("101", []);
        await _store.AskedAsync();
        var before = _flight.Unstored;
        _store.LetGo();
        await ReleasedAsync();
        var after = _flight.Unstored;
        _flight.Bug = new InvalidOperationException("the recorder's bug");
        _journal.Append(Ended(Live(2)));
        await ReleasedAsync();

        Assert.Equal((3, 0), (before, after));
        Assert.Equal([Id(2)], _store.Stored);
    }

    [Fact]
    public async Task While_a_crash_would_lose_something_there_is_no_room_for_new_calls()
    {
        _flight.Problem = "The disk is gone.";
        var (room, problem) = (_journal.HasRoom, _journal.FlightProblem);
        _journal.Append(Ended(Live(1)));
        await ReleasedAsync();
        _flight.IsMended = true;

        Assert.Equal((false, "The disk is gone."), (room, problem));
        Assert.True(_journal.HasRoom);
        Assert.Null(_journal.FlightProblem);
        Assert.Equal([Id(1)], _store.Stored);
    }

    [Fact]
    public async Task When_twice_as_much_waits_as_may_bindings_are_left_out_and_events_are_not()
    {
        using var journal = Journal(new MemoryFlight(), highWater: 10);
        _store.Hold();
        journal.Append(Started(1));
        await _store.AskedAsync();
        for (var i = 2; i <= 10; i++)
            journal.Append(Started(i));
        var (room, full) = (journal.HasRoom, journal.IsFull);

        for (var i = 11; i <= 20; i++)
            journal.Append(Started(i));
        journal.Keep("101", []);
        journal.Registered("101", []);
        journal.Append(Started(21));
        var fullLater = journal.IsFull;
        _store.LetGo();
        await ReleasedAsync(journal);

        Assert.Equal((false, false, true), (room, full, fullLater));
        Assert.Equal(21, _store.Writes.Count);
        Assert.Equal(21, _store.Events.Count);
    }
}
