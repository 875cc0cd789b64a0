using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>BlindTransfer and ForwardCall: a call that talks, or still rings, goes on elsewhere.</summary>
internal static class OzekiTransfer
{
    private const string Blind = "BlindTransfer";
    private const string Forward = "ForwardCall";

    public static async ValueTask<OzekiAnswer> BlindAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        var p = ask.Parameters;
        if (p["CallId"] is null)
            return OzekiAnswer.InvalidParameter("CallId", Blind);
        // The vendor's page spells it without the s.
        if (Role(p["TransferorParty"] ?? p["TranferorParty"]) is not { } transferor)
            return OzekiAnswer.InvalidParameter("TransferorParty", Blind);
        if (!OzekiNumber.TryRead(p["Target"], ask.Directory, out var target))
            return OzekiAnswer.InvalidParameter("Target", Blind);
        if (!p.TryUrl("FinishedUrl", out var finishedUrl))
            return OzekiAnswer.InvalidParameter("FinishedUrl", Blind);
        if (ask.FindCall(Blind, ports.Calls, out var call) is { } wrong)
            return wrong;
        var reply = await ports.Calls.AskAsync(new CallCommand.Transfer(call.Id, transferor, target, finishedUrl), cancellation);
        return Answer(reply, Blind, "Target", call.Id);
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
