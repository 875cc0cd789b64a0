using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Log;
using Switchhook.TestKit.Servers;

namespace Switchhook.Storage.Tests.Log;

/// <summary>What goes when it is past keeping, in whatever database.</summary>
public abstract class RetentionContract : IDisposable
{
    private static readonly LogRetention Retention = new(TimeSpan.FromDays(30), TimeSpan.FromDays(365), 1000);

    private readonly ITestStorage _storage;
    private DateTimeOffset _now = Samples.Start;

    protected RetentionContract(ITestStorage storage) => _storage = storage;

    public void Dispose()
    {
        _storage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Events_go_after_their_time_and_the_horizon_tells_it_while_calls_stay()
    {
        End(1, 2000);
        _now = Samples.Start.AddDays(31);
        End(2001, 10);

        Prune();

        Assert.Equal(2000, await _storage.Log.HorizonAsync(default));
        Assert.Equal(Enumerable.Range(2001, 10).Select(n => (long)n), (await _storage.Log.ReadAsync(0, 100, default)).Select(e => e.Cursor));
        Assert.Equal(2010, (await _storage.History.QueryAsync(new CallQuery(), default)).Total);
    }

    [Fact]
    public async Task Calls_go_after_their_own_time_with_all_that_belongs_to_them()
    {
        End(1, 700);
        _storage.Append(Samples.Confirmed(Samples.Call(1), 1, HangupConfirmation.Yes));
        _now = Samples.Start.AddDays(366);
        End(2001, 10);

        Prune();

        var left = await _storage.History.QueryAsync(new CallQuery { Account = "demo", PageSize = 100 }, default);
        Assert.Equal(10, left.Total);
        Assert.Equal(10, left.Calls.Count);
        Assert.Equal([10L, 10L, 10L, 0L], Counts("calls", "call_bodies", "call_accounts", "call_confirmations"));
    }

    [Fact]
    public async Task The_last_event_stays_so_that_numbers_go_on()
    {
        End(1, 600);
        _now = Samples.Start.AddYears(5);

        Prune();

        Assert.Equal(600, _storage.Log.LastCursor());
        Assert.Equal(new CallId(600), _storage.History.LastId());
        Assert.IsType<CallEnded>(Assert.Single(await _storage.Log.ReadAsync(0, 10, default)).Event);
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public async Task What_is_behind_the_horizon_is_read_as_it_was_live_though_its_calls_began_before_it(int seed, bool restarts)
    {
        var events = new RandomCalls(seed).Make(calls: 40, steps: 1400);
        var horizons = new HashSet<long>();
        foreach (var batch in events.Select((e, i) => e with { At = Samples.Start.AddMinutes(i) }).Chunk(90))
        {
            _storage.Append(batch);
            if (restarts && horizons.Count == 3)
            {
                _storage.Restart();
            }
            _now = batch[^1].At + Retention.Events - TimeSpan.FromMinutes(200);

            Prune();

            var horizon = await _storage.Log.HorizonAsync(default);
            horizons.Add(horizon);
            var page = await _storage.Log.ReadAsync(0, 10_000, default);
            Assert.Equal(Enumerable.Range((int)horizon + 1, page.Count).Select(n => (long)n), page.Select(e => e.Cursor));
            Assert.Equal(_storage.Log.LastCursor(), page[^1].Cursor);
            foreach (var read in page)
                Same.Assert(events[(int)read.Cursor - 1].Call, read.Event.Call);
        }
        Assert.True(horizons.Count > 5);
        _now = Samples.Start.AddYears(1);
        Prune();
        Assert.Equal([1L], Counts("call_events"));
        Assert.InRange(Counts("event_blocks")[0], 0, 10);
    }

    [Fact]
    public void What_came_after_the_end_of_its_call_goes_too_whatever_it_is()
    {
        var call = Samples.Call(1);
        LegId leg = new(call.Id, 1);
        _storage.Append(Samples.Ended(call));
        _storage.Append(Samples.Confirmed(call, 1, HangupConfirmation.Yes));
        _storage.Append(new RecordingEnded { Call = call, Sequence = 3, At = _now, Leg = leg, Recording = 1, Outcome = new Arbitrary(1).Make<RecordingOutcome>() });
        _now = Samples.Start.AddDays(31);
        End(50, 1);

        Prune();

        Assert.Equal([1L], Counts("call_events"));
    }

    [Fact]
    public void What_is_live_keeps_its_event_whatever_its_age()
    {
        var live = Samples.Call(3) with { State = new CallState.Talking() };
        End(1, 2);
        _storage.Append(new CallStarted { Call = live, Sequence = 1, At = _now });
        End(10, 50);
        _now = Samples.Start.AddYears(5);

        Prune();

        Same.Assert(live, Assert.Single(_storage.Log.Unfinished()).Call);
    }

    [Fact]
    public void Notifications_that_are_done_go_after_their_time_and_the_others_stay()
    {
        CallStarted happened = new() { Call = Samples.Call(1), Sequence = 1, At = _now };
        _storage.Log.Append([new LogWrite.Happened(1, happened, [.. Enumerable.Range(1, 20).Select(n => Notifications.Make($"n{n}", 1))])]);
        _storage.Outbox.Save([.. Enumerable.Range(1, 10).Select(n => new DeliveryAttempt($"n{n}", OutboxState.Delivered, 1, _now, null, "200"))]);
        _now = TimeProvider.System.GetUtcNow().AddDays(31);   // they are stamped when they are stored

        Prune();

        Assert.Equal(Enumerable.Range(11, 10).Select(n => $"n{n}"), _storage.Outbox.Pending(0, 100).Select(e => e.Notification.Id));
        Assert.Equal([10L], Counts("outbox"));
    }

    [Fact]
    public async Task Beyond_its_size_the_oldest_events_go_first_and_then_the_oldest_calls()
    {
        End(1, 3000);
        var small = Retention with { MaxMegabytes = 1 };

        Prune(small);

        Assert.True(_storage.Storage.Size() <= 1024 * 1024);
        Assert.Single(await _storage.Log.ReadAsync(0, 10, default));
        var left = await _storage.History.QueryAsync(new CallQuery { PageSize = 1 }, default);
        Assert.InRange(left.Total, 1, 2999);
        Assert.Equal(new CallId(3000), Assert.Single(left.Calls).Id);
    }

    private void End(int first, int count) =>
        _storage.Append([.. Enumerable.Range(first, count).Select(id => Samples.Ended(Samples.Call(id) with { StartedAt = _now }) with { At = _now })]);

    private void Prune(LogRetention? retention = null)
    {
        var steps = 0;
        while (_storage.Storage.Prune(retention ?? Retention, _now))
            Assert.True(++steps < 1000, "there is no end to it");
    }

    private long[] Counts(params string[] tables) => [.. tables.Select(table => _storage.Sql($"SELECT count(*) FROM {table}"))];
}

public sealed class SqliteRetentionTests() : RetentionContract(new SqliteTestStorage());

public sealed class PostgresRetentionTests(PostgresServer server) : RetentionContract(new PostgresTestStorage(server));
