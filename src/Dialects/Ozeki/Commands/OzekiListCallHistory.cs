using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>ListCallHistory: ended calls of the account, oldest first, by page. Filters combine with AND.</summary>
/// <param name="Query">What the store filters and pages.</param>
/// <param name="Source">The vendor's column; no column of ours, so it is compared here.</param>
/// <param name="Destination">As <paramref name="Source"/>.</param>
/// <param name="State">A history state; no column of ours either.</param>
/// <param name="Nothing">True when a filter can match no call at all.</param>
internal sealed record OzekiListCallHistory(CallQuery Query, string? Source, string? Destination, string? State, bool Nothing)
{
    /// <summary>The classic filter that any column may match, in part and in any case.</summary>
    public string? General { get; init; }

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    private const string Name = "ListCallHistory";
    private const int DefaultRows = 20;
    private const int MaxRows = 1000;
    private const int ScanPage = 500;

    /// <summary>Filters the store does not know are tried on this many calls at most.</summary>
    private const int MaxScanned = 100_000;

    /// <returns>Null and the query, or what to answer.</returns>
    public static OzekiAnswer? Read(OzekiAsk ask, TimeZoneInfo zone, out OzekiListCallHistory list)
    {
        list = null!;
        var p = ask.Parameters;
        if (!p.TryInt("PageNumber", 0, int.MaxValue / MaxRows, 0, out var page))
            return OzekiAnswer.InvalidParameter("PageNumber", Name);
        if (!p.TryInt("RowsPerPage", 1, MaxRows, DefaultRows, out var rows))
            return OzekiAnswer.InvalidParameter("RowsPerPage", Name);
        DateTimeOffset since = default;
        if (p["From"] is { } from && !OzekiWords.TryTime(from, zone, out since))
            return OzekiAnswer.InvalidParameter("From", Name);
        CallId id = default;
        var noSuchId = p["CallId"] is { } text && !CallId.TryParse(text, out id);
        var direction = p["Direction"] is { } way ? OzekiWords.ParseDirection(way) : null;
        if (p["Direction"] is not null && direction is null)
            return OzekiAnswer.InvalidParameter("Direction", Name);
        var state = p["State"] is { } word ? OzekiWords.ParseHistoryState(word) : null;
        if (p["State"] is not null && state is null)
            return OzekiAnswer.InvalidParameter("State", Name);

        var query = new CallQuery
        {
            Account = ask.Account.Name,
            Since = p["From"] is null ? null : since,
            Call = p["CallId"] is null ? null : id,
            CallerNumber = p["CallerId"],
            Dialed = p["Dialed"],
            Direction = direction,
            Cause = SingleCause(state),
            Page = page,
            PageSize = rows,
            NewestFirst = false,
        };
        var otherMedia = p["Type"] is { } type && !type.Equals("Audio", StringComparison.OrdinalIgnoreCase);
        list = new OzekiListCallHistory(query, p["Source"], p["Destination"], state, noSuchId || otherMedia)
        {
            General = ask.IsClassic ? p["General"] : null,
            Zone = zone,
        };
        return null;
    }

    public static async ValueTask<OzekiAnswer> RunAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        if (Read(ask, ports.Options.TimeZone, out var list) is { } wrong)
            return wrong;
        var page = list.Nothing ? new CallPage([], 0) : await list.FindAsync(ports.History, cancellation);
        var rows = page.Calls.Select(c => Element(c, ports.Options.TimeZone)).ToImmutableArray();
        return OzekiAnswer.Ok with
        {
            Payload = ask.IsClassic ? OzekiClassic.History(page.Total, rows) : [new OzekiElement("TotalRecords", page.Total), new OzekiElement("CallHistory", rows)],
        };
    }

    private async ValueTask<CallPage> FindAsync(ICallHistory history, CancellationToken cancellation)
    {
        if (Source is null && Destination is null && State is null && General is null)
            return await history.QueryAsync(Query, cancellation);

        var found = new List<Call>();
        var (skip, total, scanned) = (Query.Page * Query.PageSize, 0, 0);
        for (var page = 0; scanned < MaxScanned; page++)
        {
            var part = await history.QueryAsync(Query with { Page = page, PageSize = ScanPage }, cancellation);
            foreach (var call in part.Calls.Where(Matches))
            {
                if (total >= skip && found.Count < Query.PageSize)
                    found.Add(call);
                total++;
            }
            scanned += part.Calls.Count;
            if (part.Calls.Count < ScanPage)
                break;
        }
        return new CallPage(found, total);
    }

    private bool Matches(Call call) =>
        (Source is null || OzekiWords.Source(call) == Source)
        && (Destination is null || OzekiWords.Destination(call) == Destination)
        && (State is null || OzekiWords.HistoryState(call) == State)
        && (General is null || Element(call, Zone).Children.Any(c => c.Text?.Contains(General, StringComparison.OrdinalIgnoreCase) == true));

    /// <summary>The one cause behind a state, so that the store can narrow the search; null where several stand behind it.</summary>
    private static HangupCause? SingleCause(string? state) => state == "NotFound" ? HangupCause.UnallocatedNumber : null;

    private static OzekiElement Element(Call call, TimeZoneInfo zone) => new("Call",
        new OzekiElement("StartTime", OzekiWords.Time(call.StartedAt, zone)),
        new OzekiElement("Direction", OzekiWords.Direction(call)),
        new OzekiElement("Source", OzekiWords.Source(call)),
        new OzekiElement("Destination", OzekiWords.Destination(call)),
        new OzekiElement("State", OzekiWords.HistoryState(call)),
        new OzekiElement("Dialed", call.Dialed),
        new OzekiElement("CallerId", call.Caller.Number),
        new OzekiElement("Type", "Audio"),
        new OzekiElement("CallId", call.Id.ToString()));
}
