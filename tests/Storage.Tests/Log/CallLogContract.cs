using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.TestKit.Servers;

namespace Switchhook.Storage.Tests.Log;

/// <summary>What every implementation of <see cref="ICallLog"/> does.</summary>
public abstract class CallLogContract : IDisposable
{
    private readonly ITestStorage _storage;

    protected CallLogContract(ITestStorage storage) => _storage = storage;

    private ICallLog Log => _storage.Log;

    public void Dispose()
    {
        _storage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_kind_of_event_comes_back_as_it_was()
    {
        var arbitrary = new Arbitrary(seed: 11);
        var kinds = typeof(CallEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(CallEvent))).OrderBy(t => t.Name).ToList();
        List<CallEvent> events = [];
        foreach (var kind in kinds.SelectMany(kind => Enumerable.Repeat(kind, 25)))
            events.Add(Any(arbitrary, kind, new CallId(events.Count + 1)));

        Append([.. events]);

        var read = await Log.ReadAsync(0, events.Count + 1, default);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), read.Select(e => e.Cursor));
        for (var i = 0; i < events.Count; i++)
            Same.Assert(events[i], read[i].Event);
        Assert.True(kinds.Count >= 13, "not every kind of event was tried");
    }

    [Fact]
    public async Task The_end_of_a_leg_comes_back_with_the_record_that_its_call_has()
    {
        var call = Samples.Call(1, legs: 2);
        LegEnded ended = new() { Call = call, Sequence = 4, At = Samples.Start, Record = call.Legs[1].Record! };

        Append(ended);

        Same.Assert(ended, Assert.Single(await Log.ReadAsync(0, 10, default)).Event);
    }

    [Fact]
    public async Task A_reader_gets_what_is_behind_its_cursor_in_pages_and_nothing_at_the_end()
    {
        Append([.. Enumerable.Range(1, 25).Select(n => Started(n))]);

        List<long> seen = [];
        while (await Log.ReadAsync(seen.LastOrDefault(), 10, default) is { Count: > 0 } page)
            seen.AddRange(page.Select(e => e.Cursor));

        Assert.Equal(Enumerable.Range(1, 25).Select(n => (long)n), seen);
        Assert.Equal(0, await Log.HorizonAsync(default));
        Assert.Equal(25, Log.LastCursor());
    }

    [Fact]
    public async Task An_empty_log_begins_at_zero()
    {
        Assert.Equal(0, Log.LastCursor());
        Assert.Equal(0, await Log.HorizonAsync(default));
        Assert.Empty(await Log.ReadAsync(0, 10, default));
        Assert.Empty(Log.Unfinished());
    }

    [Fact]
    public void What_was_up_is_unfinished_as_its_last_event_left_it_with_its_dialogs_after_a_kill()
    {
        var ringing = Live(1, 2) with { State = new CallState.Ringing() };
        Append(Started(1), Started(2), new CallRinging { Call = ringing, Sequence = 2, At = Samples.Start });
        Keep(new LegId(new CallId(1), 1), "first");
        Keep(new LegId(new CallId(1), 1), "second");
        Keep(new LegId(new CallId(1), 2), "other");

        _storage.Restart();

        var unfinished = Log.Unfinished();
        Assert.Equal([new CallId(1), new CallId(2)], unfinished.Select(u => u.Call.Id));
        Same.Assert(ringing, unfinished[0].Call);
        Assert.Equal([2, 1], unfinished.Select(u => u.LastSequence));
        Assert.Equal(["second", "other"], unfinished[0].Dialogs.OrderBy(d => d.Key.Number).Select(d => d.Value));
        Assert.Empty(unfinished[1].Dialogs);
        Assert.Equal(3, Log.LastCursor());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_ended_call_is_finished_and_in_the_history_whether_or_not_it_outlived_a_batch(bool inOneBatch)
    {
        var call = Samples.Call(1, legs: 2) with { Sequence = 2 };
        List<LogWrite> writes =
        [
            new LogWrite.Happened(1, Started(1), []),
            new LogWrite.DialogKept(call.Legs[0].Id, "dialog"),
            new LogWrite.Happened(2, Samples.Ended(call) with { Sequence = 2 }, []),
        ];

        if (inOneBatch)
            Log.Append(writes);
        else
            writes.ForEach(write => Log.Append([write]));

        _storage.Restart();
        Assert.Empty(Log.Unfinished());
        Same.Assert(call, await _storage.History.FindAsync(call.Id, default));
        Assert.Equal(2, (await Log.ReadAsync(0, 10, default)).Count);
    }

    [Fact]
    public void A_dialog_that_comes_after_the_end_of_its_call_brings_it_not_back()
    {
        Append(Started(1), Samples.Ended(Samples.Call(1)) with { Sequence = 2 });

        Keep(new LegId(new CallId(1), 1), "late");

        Assert.Empty(Log.Unfinished());
    }

    [Fact]
    public async Task A_confirmation_after_the_end_is_in_the_history_and_leaves_the_events_as_they_were()
    {
        var call = Samples.Call(1, legs: 2);
        var confirmed = Samples.Confirmed(call, 2, HangupConfirmation.Timeout);
        Append(Samples.Ended(call));

        Log.Append([new LogWrite.Happened(2, confirmed, [])]);

        var found = await _storage.History.FindAsync(call.Id, default);
        Assert.Equal([null, HangupConfirmation.Timeout], found!.Legs.Select(l => l.Record!.Confirmed));
        var events = await Log.ReadAsync(0, 10, default);
        Same.Assert(call, events[0].Event.Call);
        Same.Assert(confirmed, events[1].Event);
        Assert.Empty(Log.Unfinished());
    }

    [Fact]
    public async Task What_came_before_an_end_is_the_same_whether_or_not_the_end_was_stored_with_it()
    {
        var call = Samples.Call(1, legs: 2) with { AnsweredAt = Samples.Start, EndedAt = Samples.Start, Sequence = 4 };
        var trying = call with { State = new CallState.Trying(), AnsweredAt = null, EndedAt = null, Sequence = 1, Legs = [call.Legs[0] with { State = new LegState.Trying() }] };
        var halfway = call with { State = new CallState.Talking(), EndedAt = null, Sequence = 3, Legs = [call.Legs[0], call.Legs[1] with { State = new LegState.Bridged() }] };
        CallEvent[] events =
        [
            new CallStarted { Call = trying, Sequence = 1, At = Samples.Start },
            new LegAnswered { Call = trying with { Sequence = 2 }, Sequence = 2, At = Samples.Start, Leg = call.Legs[0].Id },
            new LegEnded { Call = halfway, Sequence = 3, At = Samples.Start, Record = call.Legs[0].Record! },
            Samples.Ended(call) with { Sequence = 4 },
            Samples.Confirmed(call with { Sequence = 5 }, 2, HangupConfirmation.Yes) with { Sequence = 5 },
        ];

        Append(events);
        _storage.Restart();

        var read = await Log.ReadAsync(0, 10, default);
        Assert.Equal(events.Length, read.Count);
        foreach (var (n, happened) in events.Index())
        {
            Same.Assert(happened, read[n].Event);
            Same.Assert(happened, Assert.Single(await Log.ReadAsync(n, 1, default)).Event);
        }
        Assert.Equal(0L, _storage.Sql("SELECT count(*) FROM call_events WHERE body LIKE '%\"record\":{%'"));
    }

    [Fact]
    public void The_last_id_counts_calls_that_are_still_live()
    {
        Append(Samples.Ended(Samples.Call(5)), Started(9));

        Assert.Equal(new CallId(9), _storage.History.LastId());
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_may_come_again()
    {
        LogWrite[] batch = [new LogWrite.Happened(1, Samples.Ended(Samples.Call(1)), [Notifications.Make("n1", 1)]), new LogWrite.Happened(2, Started(2), [])];

        Log.Append(batch);
        Log.Append(batch);

        Assert.Equal([1L, 2L], (await Log.ReadAsync(0, 10, default)).Select(e => e.Cursor));
        Assert.Equal(1, (await _storage.History.QueryAsync(new CallQuery(), default)).Total);
        Assert.Single(_storage.Outbox.Pending(0, 10));
        Assert.Equal(new CallId(2), Assert.Single(Log.Unfinished()).Call.Id);
    }

    [Fact]
    public async Task Cursors_and_not_the_clock_make_the_order()
    {
        Append([.. Enumerable.Range(1, 10).Select(n => Started(n) with { At = Samples.Start.AddHours(-n) })]);

        Assert.Equal(Enumerable.Range(1, 10).Select(n => new CallId(n)), (await Log.ReadAsync(0, 100, default)).Select(e => e.Event.Call.Id));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_reader_at_any_cursor_gets_every_event_as_it_was_live_whatever_changed_and_however_batches_and_restarts_fell(int seed)
    {
        var random = new Random(seed);
        var events = new RandomCalls(seed).Make(calls: 3, steps: 230);

        for (var done = 0; done < events.Count;)
        {
            var batch = events.Skip(done).Take(random.Next(1, 20)).ToArray();
            Append(batch);
            done += batch.Length;
            if (done is > 100 and < 120)
                _storage.Restart();
        }

        for (var after = 0; after < events.Count; after += random.Next(1, 12))
        {
            var page = await Log.ReadAsync(after, random.Next(1, 40), default);
            Assert.NotEmpty(page);
            foreach (var read in page)
                Same.Assert(events[(int)read.Cursor - 1], read.Event);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public async Task A_filtered_reader_gets_what_filtering_one_by_one_gives_wherever_it_begins(int seed)
    {
        var random = new Random(seed);
        string[][] accounts = [["Demo"], ["demo", "other"], ["rare"], []];
        var events = new RandomCalls(seed).Make(calls: 40, steps: 1500)
            .ConvertAll(e => e with { Call = e.Call with { Accounts = [.. accounts[(int)e.Call.Id.Value % 8 / 2]] } });
        foreach (var (n, batch) in events.Chunk(37).Index())
        {
            Append(batch);
            if (n is 3 or 20)
                _storage.Restart();
        }
        EventFilter[] filters =
        [
            new(), new("DEMO"), new("other"), new("rare"), new("nobody"), new("demo", new CallId(5)), new(null, new CallId(6)),
            new("demo", Names: new HashSet<string> { "call.ended" }), new("rare", Names: new HashSet<string> { "call.started", "hangup.confirmed" }),
            new(Names: new HashSet<string> { "call.held" }), new(Names: new HashSet<string>()),
        ];

        foreach (var filter in filters)
        {
            long after = random.Next(events.Count / 2);
            var expected = events.Index().Skip((int)after).Where(e => filter.Wants(e.Item)).Select(e => e.Index + 1L);
            List<LoggedEvent> found = [];
            while (await Log.ReadAsync(after, random.Next(1, 100), filter, default) is var page && page.Through > after)
            {
                found.AddRange(page.Events);
                after = page.Through;
            }

            Assert.Equal(expected, found.Select(e => e.Cursor));
            Assert.Equal(events.Count, after);
            foreach (var read in found)
                Same.Assert(events[(int)read.Cursor - 1], read.Event);
        }
    }

    [Fact]
    public async Task What_a_filter_does_not_want_is_not_even_read()
    {
        Append([.. Enumerable.Range(1, 3000).Select(n => Samples.Ended(Samples.Call(n) with { Accounts = [n % 500 == 7 ? "rare" : n < 1000 ? "early" : "demo"] }))]);
        _storage.Sql("UPDATE call_bodies SET body = '!' WHERE call % 500 <> 7");

        var rare = await Log.ReadAsync(0, 100, new EventFilter("rare"), default);
        var one = await Log.ReadAsync(0, 100, new EventFilter(Call: new CallId(1507)), default);
        var noKind = await Log.ReadAsync(0, 100, new EventFilter("demo", Names: new HashSet<string> { "call.held" }), default);

        Assert.Equal([7L, 507, 1007, 1507, 2007, 2507], rare.Events.Select(e => e.Cursor));
        Assert.Equal([1507L], one.Events.Select(e => e.Cursor));
        Assert.Empty(noKind.Events);
        Assert.All([rare, one, noKind], page => Assert.Equal(3000, page.Through));
    }

    [Fact]
    public async Task How_far_one_read_goes_is_bounded()
    {
        // Live calls are looked at one by one: whose they are is not known from outside.
        Append([.. Enumerable.Range(1, 6000).Select(n => Started(n) with { Call = Live(n, 1) with { Accounts = [n % 256 == 9 ? "rare" : "demo"] } })]);

        var first = await Log.ReadAsync(0, 100, new EventFilter("rare"), default);

        Assert.InRange(first.Through, 1, 5999);
        Assert.NotEmpty(first.Events);
    }

    [Fact]
    public void What_is_unfinished_has_everything_that_ever_changed()
    {
        var events = new RandomCalls(4).Make(calls: 3, steps: 300).TakeWhile(e => e is not CallEnded).ToArray();
        Append(events);

        _storage.Restart();

        foreach (var left in Log.Unfinished())
            Same.Assert(events.Last(e => e.Call.Id == left.Call.Id).Call, left.Call);
    }

    private void Append(params CallEvent[] events)
    {
        var cursor = Log.LastCursor();
        Log.Append([.. events.Select(happened => new LogWrite.Happened(++cursor, happened, []))]);
    }

    private void Keep(LegId leg, string dialog) => Log.Append([new LogWrite.DialogKept(leg, dialog)]);

    private static Call Live(int id, int sequence) => Samples.Call(id) with { State = new CallState.Trying(), Legs = [], Sequence = sequence };

    private static CallStarted Started(int id) => new() { Call = Live(id, 1), Sequence = 1, At = Samples.Start };

    /// <summary>A call that ended for what says that it did, and any call otherwise.</summary>
    private static CallEvent Any(Arbitrary arbitrary, Type kind, CallId id)
    {
        var made = (CallEvent)typeof(Arbitrary).GetMethod(nameof(Arbitrary.Make))!.MakeGenericMethod(kind).Invoke(arbitrary, null)!;
        var call = kind == typeof(CallEnded) ? arbitrary.EndedCall(id) : made.Call with { Id = id, State = new CallState.Talking() };
        return made with { Call = call };
    }
}

public sealed class SqliteCallLogTests() : CallLogContract(new SqliteTestStorage());

public sealed class PostgresCallLogTests(PostgresServer server) : CallLogContract(new PostgresTestStorage(server));
