using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Hangup;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Reports;

/// <summary>The vendor's reports, member by member in its order, but for the serial number that ends each.</summary>
internal static class OpenVoxReport
{
    private const string Action = "action";

    public static OpenVoxNode.Map BootUp() => OpenVoxNode.Of((Action, "BootUp"));

    public static OpenVoxNode.Map ExtensionStatus(string extension, string status) =>
        OpenVoxNode.Of((Action, "ExtensionStatus"), ("extension", extension), ("status", status));

    /// <summary>The caller's side of ringing. Of an internal call the one extension stands in a list.</summary>
    public static OpenVoxNode.Map? Alert(Call call) => Sides(call) switch
    {
        (null, _) => null,
        ({ Extension: { } caller, Trunk: null }, var callee) => Make(
            "ALERT", callee?.Id, new OpenVoxMember("ext", OpenVoxNode.Of(callee is { Trunk: null } ? new OpenVoxMember("extid", Pair(caller)) : new OpenVoxMember("extid", caller)))),
        var (caller, callee) => Make("ALERT", callee?.Id, caller!.Member),
    };

    /// <summary>The called side of ringing.</summary>
    public static OpenVoxNode.Map? Ring(Call call) => Sides(call) is (var caller, { } callee) ? Of("RING", callee.Id, callee, caller) : null;

    /// <summary>Both views of an answered internal call, the called party's first; of a call with an outside party the one of the extension.</summary>
    public static IEnumerable<OpenVoxNode.Map> Answer(Call call)
    {
        var (caller, callee) = Sides(call);
        if (caller is { Trunk: null } && callee is { Trunk: null })
            return [Of("ANSWER", callee.Id, callee, caller), Of("ANSWER", caller.Id, caller, callee)];
        return (caller, callee) switch
        {
            ({ Trunk: null }, { }) => [Of("ANSWER", caller.Id, caller, callee)],
            ({ }, { }) => [Of("ANSWER", caller.Id, callee, caller)],
            ({ } alone, null) => [Of("ANSWER", alone.Id, alone, null)],
            (null, { } alone) => [Of("ANSWER", alone.Id, alone, null)],
            _ => [],
        };
    }

    /// <summary>The end of an answered call, told of both parties: first of the one that hung up. Of a call with one party, once.</summary>
    public static IEnumerable<OpenVoxNode.Map> Bye(Call call)
    {
        var (caller, callee) = Sides(call);
        var (first, second) = call.By is HangupBy.Callee ? (callee, caller) : (caller, callee);
        if (first is not null)
            yield return Of("BYE", first.Id, first, second);
        if (second is not null)
            yield return Of("BYE", second.Id, second, first);
    }

    /// <summary>A party moved its call elsewhere and left.</summary>
    /// <param name="call">The call after it.</param>
    /// <param name="transferor">The leg that leaves.</param>
    public static OpenVoxNode.Map? Transfer(Call call, Leg transferor)
    {
        var leaves = OpenVoxParty.OfLeg(call, transferor);
        return OpenVoxParty.Of(call, transferor.Role == LegRole.Caller ? LegRole.Callee : LegRole.Caller) switch
        {
            null => null,
            { Trunk: null } stays => Of("Tranfer", stays.Id, stays, leaves),
            var stays => Of("Tranfer", stays.Id, leaves, stays),
        };
    }

    /// <summary>The called party was not reached.</summary>
    public static OpenVoxNode.Map Failed(Call call)
    {
        var (caller, callee) = Sides(call);
        var received = call.Legs.LastOrDefault(l => l.Direction == LegDirection.Outbound)?.Record?.Received?.Status;
        var reason = OpenVoxWords.FailureStatus(call.Cause ?? default, received);
        var (first, second) = callee is null ? (caller, null) : (callee, caller);
        return new(
        [
            (Action, "CallFailed"),
            new("reason", new OpenVoxNode.Number(reason)),
            ("callid", first?.Id ?? OpenVoxId.Of(new LegId(call.Id, 1))),
            .. Parties(first, second),
        ]);
    }

    /// <summary>The call record.</summary>
    /// <param name="call">The call, which is over.</param>
    /// <param name="zone">Of its times.</param>
    /// <param name="recording">The file of its recording; null for none, which is left out.</param>
    public static OpenVoxNode.Map Cdr(Call call, TimeZoneInfo zone, string? recording)
    {
        var record = OpenVoxNode.Of(
            (Action, "NewCdr"),
            ("callid", OpenVoxId.Of(new LegId(call.Id, 1))),
            ("timestart", OpenVoxWords.Time(call.StartedAt, zone)),
            ("callfrom", call.Caller.Number),
            ("callto", call.Dialed),
            ("callduraction", OpenVoxWords.Seconds(call.StartedAt, call.EndedAt)),
            ("talkduraction", OpenVoxWords.Seconds(call.AnsweredAt, call.EndedAt)),
            ("status", OpenVoxWords.Outcome(call)),
            ("type", OpenVoxWords.CallType(call)));
        return recording is null ? record : new(record.Members.Add(("recording", recording)));
    }

    /// <summary>The report with the serial number at its end, as it goes out.</summary>
    public static byte[] Write(OpenVoxNode.Map report, string sn) => OpenVoxJson.Write(new(report.Members.Add(("sn", sn))));

    private static (OpenVoxParty? Caller, OpenVoxParty? Callee) Sides(Call call) =>
        (OpenVoxParty.Of(call, LegRole.Caller), OpenVoxParty.Of(call, LegRole.Callee));

    private static OpenVoxNode.Map Of(string action, string id, OpenVoxParty first, OpenVoxParty? second) => Make(action, id, [.. Parties(first, second)]);

    private static OpenVoxNode.Map Make(string action, string? id, params ReadOnlySpan<OpenVoxMember> parties) =>
        new([(Action, action), ("callid", id ?? ""), .. parties]);

    /// <summary>Two extensions, or two numbers a trunk carries out, share one member; everybody else has one of its own.</summary>
    private static ImmutableArray<OpenVoxMember> Parties(OpenVoxParty? first, OpenVoxParty? second) => (first, second) switch
    {
        (null, null) => [],
        ({ } alone, null) => [alone.Member],
        (null, { } alone) => [alone.Member],
        ({ Trunk: null, Extension: { } a }, { Trunk: null, Extension: { } b }) => [("ext", OpenVoxNode.Of(new OpenVoxMember("extid", Pair(a, b))))],
        ({ } a, { } b) when a.Member.Name == b.Member.Name => [new(a.Member.Name, new OpenVoxNode.List([a.Member.Value, b.Member.Value]))],
        ({ } a, { } b) => [a.Member, b.Member],
    };

    private static OpenVoxNode.List Pair(params ReadOnlySpan<string> extensions)
    {
        var items = ImmutableArray.CreateBuilder<OpenVoxNode>(extensions.Length);
        foreach (var extension in extensions)
            items.Add(extension);
        return new OpenVoxNode.List(items.MoveToImmutable());
    }
}
