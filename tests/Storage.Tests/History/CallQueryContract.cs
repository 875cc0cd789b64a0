using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Tests.Log;
using Switchhook.TestKit.Servers;

namespace Switchhook.Storage.Tests.History;

/// <summary>What every implementation of <see cref="ICallHistory"/> finds.</summary>
public abstract class CallQueryContract(ITestStorage storage) : IDisposable
{
    private readonly ITestStorage _storage = storage;

    [Fact]
    public async Task Every_filter_alone_and_all_together_give_what_filtering_the_calls_one_by_one_gives()
    {
        var random = new Random(5);
        var calls = Enumerable.Range(1, 200).Select(id => Vary(Samples.Call(Samples.IdAt(Samples.Start.AddSeconds(id)).Value, legs: 2), random)).ToList();
        _storage.Append([.. calls.Select(call => Samples.Ended(call))]);

        foreach (var call in calls.Where((_, i) => i % 10 == 9))
        {
            CallQuery all = new()
            {
                Account = call.Accounts.FirstOrDefault(),
                Since = call.StartedAt,
                Cause = call.Cause,
                By = call.By!.Word,
                CallerNumber = call.Caller.Number,
                Dialed = call.Dialed,
                CalleeDialed = call.CalleeDialed,
                Call = call.Id,
                Direction = CallDirections.Of(call),
                PageSize = 1000,
            };
            CallQuery none = new() { PageSize = 1000 };
            CallQuery[] queries =
            [
                none, all, all with { Call = null },
                none with { Account = all.Account }, none with { Since = all.Since }, none with { Until = all.Since },
                none with { After = call.Id }, none with { After = call.Id, Account = all.Account, NewestFirst = false, PageSize = 10, WithTotal = false }, none with { Cause = all.Cause }, none with { By = all.By },
                none with { CallerNumber = all.CallerNumber }, none with { Dialed = all.Dialed }, none with { CalleeDialed = all.CalleeDialed },
                none with { Call = all.Call }, none with { Direction = all.Direction },
                none with { Cause = all.Cause, By = all.By, Account = all.Account, NewestFirst = false },
            ];
            foreach (var query in queries)
            {
                var page = await _storage.History.QueryAsync(query, default);

                var expected = calls.Where(other => Matches(other, query)).Select(other => other.Id);
                Assert.Equal((query.NewestFirst ? expected.Reverse() : expected).Take(query.PageSize), page.Calls.Select(found => found.Id));
                Assert.Equal(page.Calls.Count, page.Total);
            }
        }
    }

    [Theory]
    [InlineData(CallOriginKind.Extension, false, CallDirection.Internal)]
    [InlineData(CallOriginKind.Api, false, CallDirection.Internal)]
    [InlineData(CallOriginKind.Trunk, false, CallDirection.Inbound)]
    [InlineData(CallOriginKind.Extension, true, CallDirection.Outbound)]
    [InlineData(CallOriginKind.Api, true, CallDirection.Outbound)]
    [InlineData(CallOriginKind.Trunk, true, CallDirection.External)]
    public async Task A_call_is_found_by_its_direction_and_no_other(CallOriginKind origin, bool toTrunk, CallDirection expected)
    {
        LegTarget target = toTrunk ? new LegTarget.Trunk("carrier", "1") : new LegTarget.Extension("102");
        var call = Samples.Call(1) with { Origin = new CallOrigin { Kind = origin }, Plan = new CallPlan.Connect(target, TimeSpan.Zero) };
        _storage.Append([Samples.Ended(call)]);

        foreach (var direction in Enum.GetValues<CallDirection>())
        {
            var found = await _storage.History.QueryAsync(new CallQuery { Direction = direction }, default);
            Assert.Equal(direction == expected ? 1 : 0, found.Total);
        }
    }

    [Fact]
    public async Task Pages_cover_all_calls_once_in_order_and_each_tells_the_total()
    {
        _storage.Append([.. Enumerable.Range(1, 23).Select(id => Samples.Ended(Samples.Call(id)))]);

        List<long> seen = [];
        for (var page = 0; page < 4; page++)
        {
            var found = await _storage.History.QueryAsync(new CallQuery { Page = page, PageSize = 10 }, default);
            Assert.Equal(23, found.Total);
            seen.AddRange(found.Calls.Select(call => call.Id.Value));
        }

        Assert.Equal(Enumerable.Range(1, 23).Select(id => (long)id).Reverse(), seen);
    }

    [Theory]
    [InlineData(-1, 2, 2)]
    [InlineData(0, 0, 1)]
    [InlineData(int.MaxValue, int.MaxValue, 0)]
    public async Task A_senseless_page_is_brought_into_range(int page, int size, int expected)
    {
        _storage.Append([.. Enumerable.Range(1, 5).Select(id => Samples.Ended(Samples.Call(id)))]);

        var found = await _storage.History.QueryAsync(new CallQuery { Page = page, PageSize = size }, default);

        Assert.Equal(expected, found.Calls.Count);
    }

    [Fact]
    public async Task What_is_searched_for_is_never_read_as_SQL()
    {
        _storage.Append([Samples.Ended(Samples.Call(1))]);

        var found = await _storage.History.QueryAsync(new CallQuery { Dialed = "' OR 1=1 --" }, default);
        var withNul = await _storage.History.QueryAsync(new CallQuery { Dialed = "1\0\uD800" }, default);

        Assert.Equal((0, 0), (found.Total, withNul.Total));
    }

    public void Dispose()
    {
        _storage.Dispose();
        GC.SuppressFinalize(this);
    }

    private static bool Matches(Call call, CallQuery query) =>
        (query.Account is null || call.Accounts.Contains(query.Account))
        && (query.Since is null || call.StartedAt >= query.Since)
        && (query.Until is null || call.StartedAt < query.Until)
        && (query.After is null || call.Id > query.After)
        && (query.Cause is null || call.Cause == query.Cause)
        && (query.By is null || call.By!.Word == query.By)
        && (query.CallerNumber is null || call.Caller.Number == query.CallerNumber)
        && (query.Dialed is null || call.Dialed == query.Dialed)
        && (query.CalleeDialed is null || call.CalleeDialed == query.CalleeDialed)
        && (query.Call is null || call.Id == query.Call)
        && (query.Direction is null || CallDirections.Of(call) == query.Direction);

    private static Call Vary(Call call, Random random) => call with
    {
        Origin = new CallOrigin { Kind = Pick(random, Enum.GetValues<CallOriginKind>()) },
        Plan = new CallPlan.Connect(Pick<LegTarget>(random, [new LegTarget.Extension("102"), new LegTarget.Trunk("carrier", "1")]), TimeSpan.Zero),
        Accounts = Pick<string[]>(random, [[], ["demo"], ["other"], ["demo", "other"]]) is var accounts ? [.. accounts] : [],
        Caller = new Party(Pick(random, ["101", "102", "+1"])),
        Dialed = Pick(random, ["102", "800", "+6561234567"]),
        CalleeDialed = Pick(random, ["102", "61234567"]),
        State = new CallState.Ended(
            Pick<HangupBy>(random, [new HangupBy.Caller(), new HangupBy.Callee(), new HangupBy.Api("native", "demo")]),
            Pick(random, [HangupCause.NormalClearing, HangupCause.UserBusy, HangupCause.OriginatorCancel])),
    };

    private static T Pick<T>(Random random, T[] choices) => choices[random.Next(choices.Length)];
}

public sealed class SqliteCallQueryTests() : CallQueryContract(new SqliteTestStorage());

public sealed class PostgresCallQueryTests(PostgresServer server) : CallQueryContract(new PostgresTestStorage(server));
