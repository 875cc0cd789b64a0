using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>BlindTransfer, AttendedTransfer and ForwardCall: a call that talks, or still rings, goes on elsewhere.</summary>
internal static class OzekiTransfer
{
    private const string Blind = "BlindTransfer";
    private const string Attended = "AttendedTransfer";
    private const string Forward = "ForwardCall";

    public static async ValueTask<OzekiAnswer> BlindAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        var p = ask.Parameters;
        if (p["CallId"] is null)
            return OzekiAnswer.InvalidParameter("CallId", Blind);
        // The vendor's page spells it without the s.
        var party = p["TransferorParty"] ?? p["TranferorParty"];
        var named = Role(party);
        if (named is null && (party is not null || !IsWithApplication(ask, ports)))
            return OzekiAnswer.InvalidParameter("TransferorParty", Blind);
        if (!OzekiNumber.TryRead(p["Target"], ask.Directory, out var target))
            return OzekiAnswer.InvalidParameter("Target", Blind);
        if (!p.TryUrl("FinishedUrl", out var finishedUrl))
            return OzekiAnswer.InvalidParameter("FinishedUrl", Blind);
        if (ask.FindCall(Blind, ports.Calls, out var call) is { } wrong)
            return wrong;
        // Of a call with an application it is the application that leaves, whoever is named.
        if (IsWithApplication(call) && call.FindLeg(call.Near) is { } only)
            named = only.Role == LegRole.Caller ? LegRole.Callee : LegRole.Caller;
        if (named is not { } transferor)
            return OzekiAnswer.InappropriateCommand(Blind);
        var reply = await ports.Calls.AskAsync(new CallCommand.Transfer(call.Id, transferor, target, finishedUrl), cancellation);
        return Answer(reply, Blind, "Target", call.Id);
    }

    public static async ValueTask<OzekiAnswer> AttendedAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        // The vendor's page spells it without the s.
        if ((ask.Parameters["TransferredCallId"] ?? ask.Parameters["TranferredCallId"]) is not { } transferred)
            return OzekiAnswer.InvalidParameter("TransferredCallId", Attended);
        if (ask.Parameters["TargetCallId"] is not { } consultation)
            return OzekiAnswer.InvalidParameter("TargetCallId", Attended);
        if (ask.FindCallById(transferred, ports.Calls, out var call) is { } unknown)
            return unknown;
        if (ask.FindCallById(consultation, ports.Calls, out var target) is { } wrong)
            return wrong;
        // The vendor wants the first call on hold, by command or by a phone's own key, and the second one up.
        if (!IsOnHold(call) || target.State is not (CallState.Talking or CallState.Held))
            return OzekiAnswer.InappropriateCommand(Attended);
        var reply = await ports.Calls.AskAsync(new CallCommand.AttendedTransfer(call.Id, target.Id), cancellation);
        return reply.Done ? OzekiAnswer.Ok : OzekiAsk.Refused(reply.Refusal, Attended, ports.Calls.Find(call.Id) is { HasEnded: false } ? target.Id : call.Id);
    }

    public static async ValueTask<OzekiAnswer> ForwardAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        if (ask.Parameters["CallId"] is null)
            return OzekiAnswer.InvalidParameter("CallId", Forward);
        if (!OzekiNumber.TryRead(ask.Parameters["Destination"], ask.Directory, out var destination))
            return OzekiAnswer.InvalidParameter("Destination", Forward);
        if (ask.FindCall(Forward, ports.Calls, out var call) is { } wrong)
            return wrong;
        var reply = await ports.Calls.AskAsync(new CallCommand.Forward(call.Id, destination), cancellation);
        return Answer(reply, Forward, "Destination", call.Id);
    }

    /// <summary>True when the call named has one party and an application.</summary>
    private static bool IsWithApplication(OzekiAsk ask, OzekiPorts ports) => ask.FindCall(Blind, ports.Calls, out var call) is null && IsWithApplication(call);

    private static bool IsWithApplication(Call call) => call is { Far: 0, State: CallState.Talking or CallState.Held };

    private static bool IsOnHold(Call call) => call.State is CallState.Held
        || (call.State is CallState.Talking && call.Legs.Any(static leg => leg.State is LegState.Held));

    private static OzekiAnswer Answer(CallReply reply, string command, string number, CallId call) => reply.Refusal switch
    {
        CallRefusal.None => OzekiAnswer.Ok,
        CallRefusal.NoRoute or CallRefusal.NotRegistered or CallRefusal.InvalidNumber => OzekiAnswer.InvalidParameter(number, command),
        var refusal => OzekiAsk.Refused(refusal, command, call),
    };

    private static LegRole? Role(string? party) => party?.ToUpperInvariant() switch
    {
        "CALLER" => LegRole.Caller,
        "CALLEE" => LegRole.Callee,
        _ => null,
    };
}
