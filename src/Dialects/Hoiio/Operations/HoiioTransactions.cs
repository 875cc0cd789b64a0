using System.Globalization;
using System.Text.Json.Nodes;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Operations;

/// <summary>Calls by their references: <c>voice/hangup</c>, <c>voice/query_status</c>, <c>voice/get_history</c>.</summary>
internal static class HoiioTransactions
{
    private const int PageSize = 100;
    private const int LastPage = 1_000_000;

    /// <summary>The call of <c>txn_ref</c>, or the status that says why it is none.</summary>
    public static async ValueTask<(Call? Call, string? Mistake)> FindAsync(HoiioAsk ask, CancellationToken cancellation)
    {
        if (!HoiioWords.TryTransaction(ask["txn_ref"]!, out var id) || await ask.Ports.FindAsync(id, cancellation) is not { } call)
            return (null, HoiioStatus.Transaction);
        return call.IsVisibleTo(ask.Account.Name) ? (call, null) : (null, HoiioStatus.TransactionDenied);
    }

    /// <summary>Ends every leg of the call. One that is over, or about to be, is left alone.</summary>
    public static async ValueTask<JsonObject> HangUpAsync(HoiioAsk ask, CancellationToken cancellation)
    {
        var (call, mistake) = await FindAsync(ask, cancellation);
        if (call is null)
            return HoiioStatus.Reply(mistake!);
        if (!call.HasEnded)
            await ask.Ports.Calls.AskAsync(new CallCommand.HangUp(call.Id, new HangupBy.Api(HoiioWords.Dialect, ask.Account.Name)), cancellation);
        return HoiioReply.Success();
    }

    public static async ValueTask<JsonObject> QueryAsync(HoiioAsk ask, CancellationToken cancellation)
    {
        var (call, mistake) = await FindAsync(ask, cancellation);
        if (call is null)
            return HoiioStatus.Reply(mistake!);
        var reply = HoiioReply.Success();
        Describe(reply, ask, call);
        return reply;
    }

    /// <summary>Newest first, live calls among them.</summary>
    public static async ValueTask<JsonObject> HistoryAsync(HoiioAsk ask, CancellationToken cancellation)
    {
        DateTimeOffset? from = null, to = null;
        if (ask["from"] is { } first)
        {
            if (!HoiioWords.TryDate(first, out var at))
                return HoiioStatus.Reply(HoiioStatus.From);
            from = at;
        }
        if (ask["to"] is { } last)
        {
            if (!HoiioWords.TryDate(last, out var at))
                return HoiioStatus.Reply(HoiioStatus.To);
            to = at;
        }
        if (to < from)
            return HoiioStatus.Reply(HoiioStatus.ToBeforeFrom);
        if (ask.Number("page", 1, 1, LastPage) is not { } page)
            return HoiioStatus.Reply(HoiioStatus.Page);
        var (calls, total) = await PageAsync(ask, from, to, page - 1, cancellation);
        var entries = calls.Select(call =>
        {
            var entry = new JsonObject();
            Describe(entry, ask, call);
            return (JsonNode?)entry;
        });
        return HoiioReply.Success(
            ("total_entries_count", HoiioWords.Number(total)), ("entries_count", HoiioWords.Number(calls.Count)), ("entries", new JsonArray([.. entries])));
    }

    private static async ValueTask<(IReadOnlyList<Call>, long)> PageAsync(HoiioAsk ask, DateTimeOffset? from, DateTimeOffset? to, int page, CancellationToken cancellation)
    {
        var live = ask.Ports.Calls.Live().Where(c => c.IsVisibleTo(ask.Account.Name) && !(c.StartedAt < from) && !(c.StartedAt >= to)).ToList();
        // Live calls push ended ones back by their number at most: so many pages of the log hold all that this page can show.
        var offset = (long)page * PageSize;
        var first = (int)(Math.Max(0, offset - live.Count) / PageSize);
        var known = live.Select(static c => c.Id).ToHashSet();
        var (ended, total) = (new List<Call>(), 0L);
        for (var number = first; number <= page; number++)
        {
            var read = await ask.Ports.History.QueryAsync(
                new CallQuery { Account = ask.Account.Name, Since = from, Until = to, Page = number, PageSize = PageSize }, cancellation);
            total = read.Total;
            ended.AddRange(read.Calls.Where(c => !known.Contains(c.Id)));
            if (read.Calls.Count < PageSize)
                break;
        }
        // Those before the first that was read are newer than it: only live ones older than those may stand before it.
        var newer = first * PageSize;
        var oldestSkipped = first == 0 ? (CallId?)null : ended.Count > 0 ? ended[0].Id : default(CallId);
        var merged = ended.Concat(live.Where(c => oldestSkipped is null || c.Id < oldestSkipped.Value)).OrderByDescending(static c => c.Id).ToList();
        var skipped = newer + (oldestSkipped is { } id ? live.Count(c => c.Id >= id) : 0);
        return ([.. merged.Skip((int)Math.Max(0, offset - skipped)).Take(PageSize)], total + live.Count);
    }

    private static void Describe(JsonObject to, HoiioAsk ask, Call call)
    {
        var view = HoiioCallView.Of(call, ask.Account, ask.Directory);
        to["txn_ref"] = view.Transaction;
        if (view.Tag is { } tag)
            to["tag"] = tag;
        (to["dest1"], to["dest2"]) = (view.Dest1, view.Dest2);
        if (view.Number is { } number)
            to["number"] = number;
        (to["call_status_dest1"], to["call_status_dest2"]) = (view.Status1, view.Status2);
        to["date"] = HoiioWords.Date(call.StartedAt);
        if (call.HasEnded)
            to["duration"] = HoiioWords.Number(view.Charge.Minutes);
        to["currency"] = HoiioRates.Currency(ask.Account);
        to["rate"] = HoiioWords.Amount(view.Charge.Rate);
        if (call.HasEnded)
            to["debit"] = HoiioWords.Amount(view.Charge.Debit);
    }
}
