using System.Collections.Immutable;
using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Ozeki;

/// <summary>The vendor's words for states, directions and kinds, and the shapes of its times.</summary>
internal static class OzekiWords
{
    /// <summary>State of a live call; the vendor shows a call that is being set up as ringing.</summary>
    public static string LiveState(CallState state) => state switch
    {
        CallState.Talking => "InCall",
        CallState.Held => "Hold",
        CallState.Transferring => "InCall",
        _ => "Ringing",
    };

    /// <summary>
    /// Last state of an ordinary call (CallChanged). The vendor has one word, Busy, for a callee that refused and one that did not
    /// answer, and none for a number that does not exist.
    /// </summary>
    public static string FinalState(Call call) => Result(call) switch
    {
        OzekiResult.NoAnswer => nameof(OzekiResult.Busy),
        OzekiResult.NotFound => nameof(OzekiResult.Error),
        var result => result.ToString(),
    };

    /// <summary>How a call came out: the state of an Error notification, and of a history row but for who hung up.</summary>
    public static OzekiResult Result(Call call) => call switch
    {
        { By: HangupBy.Transfer } => OzekiResult.Transferred,
        { Cause: HangupCause.NormalClearing, AnsweredAt: null } => OzekiResult.Cancelled,
        { Cause: { } cause } => Result(cause),
        _ => OzekiResult.Error,
    };

    /// <summary>The state a cause stands for.</summary>
    public static OzekiResult Result(HangupCause cause) => cause switch
    {
        HangupCause.NormalClearing => OzekiResult.Completed,
        HangupCause.OriginatorCancel => OzekiResult.Cancelled,
        HangupCause.UserBusy or HangupCause.CallRejected => OzekiResult.Busy,
        HangupCause.NoUserResponse or HangupCause.NoAnswer => OzekiResult.NoAnswer,
        HangupCause.UnallocatedNumber => OzekiResult.NotFound,
        _ => OzekiResult.Error,
    };

    /// <summary>LastCallState of a routing question: what became of the attempt before it, if there was one.</summary>
    public static string RoutingState(HangupCause? last) => last switch
    {
        null => "Calling",
        HangupCause.SubscriberAbsent => "NotFound",   // the extension is there, its phone is not: the vendor has no nearer word
        { } cause => (Result(cause) is var result and not (OzekiResult.Completed or OzekiResult.Cancelled) ? result : OzekiResult.Error).ToString(),
    };

    /// <summary>State of a history row. A normal end by the application or the exchange counts for the side it stands for.</summary>
    public static string HistoryState(Call call) => (Result(call), call.By) switch
    {
        (OzekiResult.Transferred, _) => "TransferCompleted",
        (OzekiResult.Completed, HangupBy.Caller) => "CallerHungUp",
        (OzekiResult.Completed, HangupBy.Callee) => "CalleeHungUp",
        (OzekiResult.Completed, _) => call.Plan is CallPlan.Scripted or CallPlan.Service ? "CalleeHungUp" : "CallerHungUp",
        var (result, _) => result.ToString(),
    };

    /// <summary>A history state as a client may write it; null for a word that is none.</summary>
    public static string? ParseHistoryState(string word) => word.ToUpperInvariant() switch
    {
        "CALLERHUNGUP" or "CALLERHANGUP" => "CallerHungUp",
        "CALLEEHUNGUP" or "CALLEEHANGUP" => "CalleeHungUp",
        "TRANSFERCOMPLETED" => "TransferCompleted",
        "CANCELLED" => "Cancelled",
        "BUSY" => "Busy",
        "NOANSWER" => "NoAnswer",
        "NOTFOUND" => "NotFound",
        "ERROR" => "Error",
        _ => null,
    };

    public static string Direction(Call call) => CallDirections.Of(call).ToString();

    public static CallDirection? ParseDirection(string word) => word.ToUpperInvariant() switch
    {
        "INTERNAL" => CallDirection.Internal,
        "INBOUND" => CallDirection.Inbound,
        "OUTBOUND" => CallDirection.Outbound,
        "EXTERNAL" => CallDirection.External,
        _ => null,
    };

    /// <summary>The caller's own number, whatever number was shown to the callee.</summary>
    public static string Source(Call call) =>
        SentTo(call, LegRole.Caller) is { } other ? other
        : call.Origin is { Kind: CallOriginKind.Api, ApiExtension: { } api } ? api
        : call.Legs.FirstOrDefault(l => l.Role == LegRole.Caller)?.Extension ?? call.Caller.Number;

    /// <summary>The number of whoever was reached, or was to be.</summary>
    public static string Destination(Call call) =>
        SentTo(call, LegRole.Callee) is { } other ? other
        : call is { Plan: CallPlan.Scripted, Origin.ApiExtension: { } api } ? api
        : call.Legs.LastOrDefault(l => l.Role == LegRole.Callee)?.Extension ?? call.CalleeDialed;

    /// <summary>Who took the place of a party that a transfer let go: the last of those that answered beyond the ones the call began with; null for nobody.</summary>
    public static string? SentTo(Call call, LegRole role)
    {
        var first = call.Plan is CallPlan.Connect or CallPlan.Originated { Then: OnAnswer.Connect } ? 2 : 1;
        var leg = call.Legs.Where(static l => l.AnsweredAt is not null).Skip(first).LastOrDefault(l => l.Role == role);
        return leg is null ? null : leg.Extension ?? leg.Party.Number;
    }

    public static readonly ImmutableArray<string> ExtensionTypes = ["Phone", "API extension", "Echo test", "Service extension"];

    public static string ExtensionType(Extension extension) => extension switch
    {
        { Kind: ExtensionKind.Phone or ExtensionKind.DemoPhone } => "Phone",
        { Kind: ExtensionKind.Api } => "API extension",
        { Behaviour: ServiceBehaviour.Echo } => "Echo test",
        _ => "Service extension",
    };

    /// <summary>Start times: to the second, in the server's zone.</summary>
    public static string Time(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The start time a client wrote, in the server's zone.</summary>
    public static bool TryTime(string text, TimeZoneInfo zone, out DateTimeOffset at)
    {
        at = default;
        if (!DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || local.Year is < 1970 or > 9000)
            return false;
        at = new DateTimeOffset(local, zone.GetUtcOffset(local));
        return true;
    }

    /// <summary>How long it rang, 0.000 before the answer.</summary>
    public static string RingDuration(Call call) => Seconds(call is { RingingAt: { } from, AnsweredAt: { } to } ? to - from : TimeSpan.Zero);

    /// <summary>How long the parties have talked by then, 0.000 before the answer.</summary>
    public static string TalkDuration(Call call, DateTimeOffset now) => Seconds(TalkTime(call, now));

    public static TimeSpan TalkTime(Call call, DateTimeOffset now) =>
        call.AnsweredAt is { } from && (call.EndedAt ?? now) is var to && to > from ? to - from : TimeSpan.Zero;

    private static string Seconds(TimeSpan time) => Math.Max(0, time.TotalSeconds).ToString("0.000", CultureInfo.InvariantCulture);
}
