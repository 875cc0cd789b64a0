using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Ports;

namespace Switchhook.Server.Native;

/// <summary>The reading side: one call, its trace, and lists.</summary>
internal sealed class LookEndpoints(NativePorts ports)
{
    private const int StandardPageSize = 50;
    private const int LargestPageSize = 500;

    private static readonly string[] Parties =
        ["caller", "callee", "api", "script", "timer", "policy", "transfer", "shutdown", "recovery", "fault"];

    public async Task<IResult> ShowAsync(HttpContext context, string id) =>
        await ports.FindAsync(id, context.Account(), context.RequestAborted) is { } call
            ? TypedResults.Json(call.ToDocument(), NativeJson.Shown.CallDocument) : Problem.NoSuchCall.AsResult();

    public async Task<IResult> TraceAsync(HttpContext context, string id)
    {
        if (await ports.FindAsync(id, context.Account(), context.RequestAborted) is not { } call)
            return Problem.NoSuchCall.AsResult();
        var entries = await ports.Events.CompleteAsync(call.Id, ports.Traces.Find(call.Id) ?? [], ports.Traces.ShowsKeys, context.RequestAborted);
        return TypedResults.Json(
            new TraceDocument(id, [.. entries.Select(e => e.ToDocument())]), NativeJson.Shown.TraceDocument);
    }

    /// <param name="state">live, ended, or both when left out: then page 0 begins with the live ones.</param>
    /// <param name="cause">By number or name.</param>
    /// <param name="page">From 0.</param>
    public async Task<IResult> ListAsync(
        HttpContext context, string? state, string? cause, string? by, string? since, string? page, string? pageSize)
    {
        var mistakes = new List<string>();
        var account = context.Account().Name;
        var query = new CallQuery
        {
            Account = account,
            Cause = ReadCause(cause, mistakes),
            By = QueryWords.Word("by", by, Parties, mistakes),
            Since = ReadTime("since", since, mistakes),
            Page = QueryWords.Number("page", page, 0, 0, QueryWords.LastPage, mistakes),
            // Live calls are at hand; a program that looks for one should not have to leaf through pages.
            PageSize = QueryWords.Number("pageSize", pageSize, state == "live" ? LargestPageSize : StandardPageSize, 1, LargestPageSize, mistakes),
        };
        var which = QueryWords.Word("state", state, ["live", "ended"], mistakes);
        if (mistakes.Count > 0)
            return Problem.BadRequest(mistakes).AsResult();

        // A live call that is being hung up has its cause and its party already.
        var live = which == "ended" ? [] : ports.Calls.Live()
            .Where(c => c.IsVisibleTo(account) && (query.Since is null || c.StartedAt >= query.Since)
                && (query.Cause is null || c.Cause == query.Cause) && (query.By is null || c.By?.Word == query.By))
            .Reverse().ToList();
        var (shown, total) = which switch
        {
            "live" => (live.Skip(query.Page * query.PageSize).Take(query.PageSize), live.Count),
            "ended" => await EndedAsync(query, context.RequestAborted),
            _ => await BothAsync(live, query, context.RequestAborted),
        };
        var calls = shown.Select(c => c.ToDocument()).ToList();
        var beforePaging = which is null ? total - live.Count : total;
        var next = (long)(query.Page + 1) * query.PageSize < beforePaging ? QueryWords.NextPage(context, query.Page + 1) : null;
        return TypedResults.Json(new CallListDocument(calls, query.Page, query.PageSize, total, next), NativeJson.Shown.CallListDocument);
    }

    private async Task<(IEnumerable<Call> Calls, long Total)> EndedAsync(CallQuery query, CancellationToken cancellation)
    {
        var ended = await ports.History.QueryAsync(query, cancellation);
        return (ended.Calls, ended.Total);
    }

    /// <summary>Live ones first on page 0; a call that ended while both were read is shown once.</summary>
    private async Task<(IEnumerable<Call> Calls, long Total)> BothAsync(List<Call> live, CallQuery query, CancellationToken cancellation)
    {
        var (ended, total) = await EndedAsync(query, cancellation);
        var stored = ended.ToList();
        var known = stored.Select(c => c.Id).ToHashSet();
        return (query.Page == 0 ? live.Where(c => !known.Contains(c.Id)).Concat(stored) : stored, total + live.Count);
    }

    private static HangupCause? ReadCause(string? text, List<string> mistakes)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (HangupCauses.TryParse(text, out var cause))
            return cause;
        if (text == "487")
            return HangupCause.OriginatorCancel;
        mistakes.Add($"cause: must be a Q.850 cause, by number or name, not '{text}'");
        return null;
    }

    internal static DateTimeOffset? ReadTime(string name, string? text, List<string> mistakes)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        mistakes.Add($"{name}: must be a time such as 2026-01-31T08:00:00Z, not '{text}'");
        return null;
    }
}
