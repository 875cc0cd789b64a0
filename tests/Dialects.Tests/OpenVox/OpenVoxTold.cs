using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox.Reports;

namespace Switchhook.Dialects.Tests.OpenVox;

/// <summary>What is told of events, and the pieces of it that many tests name.</summary>
internal static class OpenVoxTold
{
    public static readonly string L1 = OpenVoxWorld.Leg1, L2 = OpenVoxWorld.Leg2;
    public static readonly string InboundMembers =
        $$""" "inbound":{"from":"0755550199","to":"2001","trunk":"carrier-a","inboundid":"{{L1}}"}""".Trim();
    public static readonly string OutboundMembers =
        $$""" "outbound":{"from":"2001","to":"0755550123","trunk":"carrier-a","outboundid":"{{L2}}"}""".Trim();
    public const string Sn = "\"sn\":\"uc50b7d40213\"";

    public static string Status(string extension, string status) =>
        $$"""{"action":"ExtensionStatus","extension":"{{extension}}","status":"{{status}}",{{Sn}}}""";

    public static CallRinging Ringing(Call call) => new() { Call = call, Sequence = 2, At = OpenVoxWorld.Start };

    public static CallEnded End(Call call) => new() { Call = call, Sequence = 9, At = OpenVoxWorld.Start };

    /// <summary>2002's or 2001's place, on the called side, is taken by 2005.</summary>
    public static CallTransferred Moved(Call call, bool byPhone) => new()
    {
        Call = call.Legs[1].Extension == "2002"
            ? Taken(call with { Legs = [call.Legs[0], call.Legs[1]] })
            : Taken(call),
        Sequence = 7,
        At = OpenVoxWorld.Start,
        Leg = new LegId(OpenVoxWorld.First, 3),
        ByPhone = byPhone,
    };

    public static Call Taken(Call call) => call with
    {
        Legs = [.. call.Legs.Select(l => l with { State = new LegState.Transferring() }), OpenVoxWorld.Leg(3, LegRole.Callee, "2005", new LegTarget.Extension("2005"))],
        Far = 3,
    };

    public static HangupRecord RecordOf(int leg) => new()
    {
        Leg = new LegId(OpenVoxWorld.First, leg),
        By = new HangupBy.Callee(),
        Cause = HangupCause.NormalClearing,
        Phase = LegPhase.Bridged,
        StartedAt = OpenVoxWorld.Start,
        EndedAt = OpenVoxWorld.Start,
    };

    public static async Task<List<string>> TellAsync(params CallEvent[] events)
    {
        var world = new OpenVoxWorld();
        await world.LoginAsync();
        var reports = new OpenVoxReports(world.Directory, world.Sessions, world.Options);
        List<Notification> notifications = [];
        foreach (var happened in events)
            reports.Collect(happened, notifications);
        return [.. notifications.Select(n => Encoding.UTF8.GetString(n.Request.Body.Span))];
    }
}
