using System.Runtime.CompilerServices;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>GET calls and GET calls/{id}: the account's calls, live and ended, the last first unless asked otherwise.</summary>
internal static class CatapultListCalls
{
    private const int Chunk = 200;

    public static async ValueTask<CatapultAnswer> ShowAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (call, missing) = await CatapultCall.NeedAsync(ask, ports, cancellation);
        return missing is null ? CatapultAnswer.Of(call.Show(ask)) : missing;
    }

    public static async ValueTask<CatapultAnswer> ListAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (CatapultPage.Read(ask, "call", out var page) is { } wrong)
            return wrong;
        if (ask.Query("sortOrder") is { } order && order is not ("asc" or "desc"))
            return CatapultError.NotOneOf("call", "sortOrder", ["asc", "desc"]);
        var whole = ask.Query("bridgeId") ?? ask.Query("conferenceId");
        List<CatapultMembers> found = [];
        var skip = whole is null ? page.Skip : 0;
        await foreach (var call in AllAsync(ask, ports, ask.Query("sortOrder") != "asc", cancellation))
        {
            if (!Fits(ask, call))
                continue;
            if (skip-- > 0)
                continue;
            found.Add(call.Show(ask));
            // One more than the page tells that there is a next.
            if (whole is null && found.Count > page.Size)
                break;
        }
        return whole is null ? page.Answer(ask, found) : CatapultAnswer.Of(found);
    }

    private static bool Fits(CatapultAsk ask, CatapultCall call)
    {
        return Is("from", call.From) && Is("to", call.To) && Is("state", call.State)
            && Is("bridgeId", call[CatapultDetail.BridgeId]) && Is("conferenceId", call[CatapultDetail.ConferenceId]);

        bool Is(string name, string? value) => ask.Query(name) is not { } wanted || wanted == value;
    }

    /// <summary>Every call of the account in the order of its beginning. One that ends while it is looked for is met once.</summary>
    public static async IAsyncEnumerable<CatapultCall> AllAsync(
        CatapultAsk ask, CatapultPorts ports, bool newestFirst, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var live = new Queue<Call>(Ordered(ports.Calls.Live().Where(ask.Sees), newestFirst));
        CallId? last = null;
        await foreach (var ended in EndedAsync(ask, ports.History, newestFirst, cancellation))
        {
            while (live.TryPeek(out var next) && IsBefore(next.Id, ended.Id, newestFirst))
            {
                foreach (var call in SidesOf(live.Dequeue(), newestFirst))
                    yield return call;
            }
            if (live.TryPeek(out var same) && same.Id == ended.Id)
                live.Dequeue();
            if (last == ended.Id)
                continue;
            last = ended.Id;
            foreach (var call in SidesOf(ended, newestFirst))
                yield return call;
        }
        while (live.TryDequeue(out var left))
        {
            foreach (var call in SidesOf(left, newestFirst))
                yield return call;
        }
    }

    private static async IAsyncEnumerable<Call> EndedAsync(
        CatapultAsk ask, ICallHistory history, bool newestFirst, [EnumeratorCancellation] CancellationToken cancellation)
    {
        CallId? last = null;
        for (var page = 0; ; page++)
        {
            var query = new CallQuery { Account = ask.Account.Name, NewestFirst = newestFirst, PageSize = Chunk, WithTotal = false };
            // Going forward the last id is the way on; going back, calls that end meanwhile move the pages, and come again.
            query = newestFirst ? query with { Page = page } : query with { After = last };
            var (calls, _) = await history.QueryAsync(query, cancellation);
            foreach (var call in calls)
            {
                if (last is { } before && !IsBefore(before, call.Id, newestFirst))
                    continue;
                last = call.Id;
                yield return call;
            }
            if (calls.Count < Chunk)
                yield break;
        }
    }

    private static IEnumerable<CatapultCall> SidesOf(Call call, bool newestFirst)
    {
        var sides = call.Legs.Where(static l => l.State is not LegState.Moved).Select(leg => new CatapultCall(call, leg));
        return newestFirst ? sides.Reverse() : sides;
    }

    private static IEnumerable<Call> Ordered(IEnumerable<Call> calls, bool newestFirst) =>
        newestFirst ? calls.OrderByDescending(static c => c.Id) : calls.OrderBy(static c => c.Id);

    private static bool IsBefore(CallId one, CallId other, bool newestFirst) => newestFirst ? one > other : one < other;
}
