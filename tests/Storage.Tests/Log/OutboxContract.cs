using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.TestKit.Servers;

namespace Switchhook.Storage.Tests.Log;

/// <summary>What every implementation of <see cref="IOutbox"/> does.</summary>
public abstract class OutboxContract : IDisposable
{
    private static readonly DateTimeOffset Now = Samples.Start.AddHours(1);

    private readonly ITestStorage _storage;

    protected OutboxContract(ITestStorage storage) => _storage = storage;

    private IOutbox Outbox => _storage.Outbox;

    public void Dispose()
    {
        _storage.Dispose();
        GC.SuppressFinalize(this);
    }

    public static TheoryData<DeliveryPolicy> Policies() =>
    [
        DeliveryPolicy.Once.Instance,
        new DeliveryPolicy.Fallback("https://app.test/other", TimeSpan.FromSeconds(3)),
        new DeliveryPolicy.Fallback("https://app.test/other", null),
        new DeliveryPolicy.UntilOk(TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)),
        new DeliveryPolicy.BackOff(TimeSpan.FromMilliseconds(1500), TimeSpan.FromMinutes(10), TimeSpan.FromHours(24)),
    ];

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_notification_is_pending_as_it_was_given_even_after_a_kill(DeliveryPolicy policy)
    {
        var notification = Notifications.Make("one", 1) with { Policy = policy };
        var bare = new Notification("two", new CallId(2), "ozeki", new HttpCall { Url = "http://a.test" }, Terminal: false);
        Store(notification, bare);

        _storage.Restart();

        var pending = Outbox.Pending(0, 10);
        Assert.Equal(["one", "two"], pending.Select(e => e.Notification.Id));
        AssertSame(notification, pending[0].Notification);
        AssertSame(bare, pending[1].Notification);
        Assert.True(pending[0].Number < pending[1].Number);
        Assert.All(pending, e => Assert.Equal(
            (OutboxState.Pending, 0, null, null, null), (e.State, e.Attempts, e.LastAttemptAt, e.NextAttemptAt, e.LastOutcome)));
    }

    [Fact]
    public void What_belongs_to_no_event_of_a_call_is_told_too()
    {
        _storage.Log.Append([new LogWrite.Told([Notifications.Make("started", 0)])]);

        Assert.Equal("started", Assert.Single(_storage.Outbox.Pending(0, 10)).Notification.Id);
        Assert.Equal(0, _storage.Log.LastCursor());
    }

    [Fact]
    public void What_is_done_is_pending_no_more_and_the_rest_comes_in_pages_in_order()
    {
        Store([.. Enumerable.Range(1, 25).Select(n => Notifications.Make($"n{n}", n))]);
        Outbox.Save([new DeliveryAttempt("n3", OutboxState.Delivered, 1, Now, null, "200"), new DeliveryAttempt("n7", OutboxState.Failed, 4, Now, null, "gone")]);

        List<OutboxEntry> seen = [];
        while (Outbox.Pending(seen.LastOrDefault()?.Number ?? 0, 10) is { Count: > 0 } page)
            seen.AddRange(page);

        Assert.Equal(Enumerable.Range(1, 25).Where(n => n is not (3 or 7)).Select(n => $"n{n}"), seen.Select(e => e.Notification.Id));
    }

    [Fact]
    public async Task The_outcome_of_an_attempt_is_kept()
    {
        Store(Notifications.Make("n1", 1));

        Outbox.Save([new DeliveryAttempt("n1", OutboxState.Pending, 2, Now, Now.AddSeconds(30), "503")]);
        _storage.Restart();

        var entry = await Outbox.FindAsync("n1", default);
        Assert.Equal(
            (OutboxState.Pending, 2, Now, Now.AddSeconds(30), "503"),
            (entry!.State, entry.Attempts, entry.LastAttemptAt, entry.NextAttemptAt, entry.LastOutcome));
        Assert.Null(await Outbox.FindAsync("n2", default));
    }

    [Fact]
    public async Task What_was_given_up_can_be_opened_again_under_its_id()
    {
        Store(Notifications.Make("n1", 1));
        Outbox.Save([new DeliveryAttempt("n1", OutboxState.Failed, 9, Now, null, "timed out")]);

        var reopened = Outbox.Reopen("n1", Now.AddDays(2));

        Same.Assert((await Outbox.FindAsync("n1", default))! with { Notification = null! }, reopened! with { Notification = null! });
        Assert.Equal((OutboxState.Pending, 0, null, null), (reopened!.State, reopened.Attempts, reopened.LastAttemptAt, reopened.NextAttemptAt));
        Assert.Equal(Now.AddDays(2), reopened.CreatedAt);
        Assert.Equal("n1", Assert.Single(Outbox.Pending(0, 10)).Notification.Id);
        Assert.Null(Outbox.Reopen("n2", Now));
    }

    [Fact]
    public async Task Notifications_are_listed_newest_first_by_account_call_and_state()
    {
        Store([.. Enumerable.Range(1, 30).Select(n => Notifications.Make($"n{n}", call: n % 3, account: n % 2 == 0 ? "even" : "odd"))]);
        Outbox.Save([.. Enumerable.Range(1, 10).Select(n => new DeliveryAttempt($"n{n}", OutboxState.Failed, 1, Now, null, "500"))]);

        var page = await Outbox.QueryAsync(new OutboxQuery { Account = "even", State = OutboxState.Failed, PageSize = 2, Page = 1 }, default);
        var ofCall = await Outbox.QueryAsync(new OutboxQuery { Call = new CallId(1), State = OutboxState.Pending }, default);
        var all = await Outbox.QueryAsync(new OutboxQuery(), default);
        var ofOther = await Outbox.QueryAsync(new OutboxQuery { Dialect = "another" }, default);
        var ofDialect = await Outbox.QueryAsync(new OutboxQuery { Dialect = all.Entries[0].Notification.Dialect, Call = new CallId(1) }, default);

        Assert.Equal(["n6", "n4"], page.Entries.Select(e => e.Notification.Id));
        Assert.Equal(5, page.Total);
        Assert.Equal(["n28", "n25", "n22", "n19", "n16", "n13"], ofCall.Entries.Select(e => e.Notification.Id));
        Assert.Equal(30, all.Total);
        Assert.Equal((0, 10), (ofOther.Total, ofDialect.Total));
    }

    private void Store(params Notification[] notifications)
    {
        CallStarted happened = new() { Call = Samples.Call(1), Sequence = 1, At = Samples.Start };
        _storage.Log.Append([new LogWrite.Happened(_storage.Log.LastCursor() + 1, happened, notifications)]);
    }

    private static void AssertSame(Notification expected, Notification actual)
    {
        Assert.Equal(expected.Request.Body.ToArray(), actual.Request.Body.ToArray());
        Same.Assert(
            expected with { Request = expected.Request with { Body = default } }, actual with { Request = actual.Request with { Body = default } });
    }
}

public sealed class SqliteOutboxTests() : OutboxContract(new SqliteTestStorage());

public sealed class PostgresOutboxTests(PostgresServer server) : OutboxContract(new PostgresTestStorage(server));
