using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>Hold and Unhold: both parties of a call away from and back to each other. Holding twice is no failure, unholding twice is.</summary>
internal static class OzekiHold
{
    public static async ValueTask<OzekiAnswer> HoldAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        if (ask.FindCall("Hold", ports.Calls, out var call) is { } wrong)
            return wrong;
        var reply = await ports.Calls.AskAsync(new CallCommand.Hold(call.Id), cancellation);
        return reply.Done || reply is { Refusal: CallRefusal.WrongState, Call.State: CallState.Held }
            ? OzekiAnswer.Ok
            : OzekiAsk.Refused(reply.Refusal, "Hold", call.Id);
    }

    public static async ValueTask<OzekiAnswer> UnholdAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        if (ask.FindCall("Unhold", ports.Calls, out var call) is { } wrong)
            return wrong;
        if (call.State is not CallState.Held)
            return OzekiAnswer.InappropriateCommand("Unhold");
        var reply = await ports.Calls.AskAsync(new CallCommand.Unhold(call.Id), cancellation);
        return reply.Done ? OzekiAnswer.Ok : OzekiAsk.Refused(reply.Refusal, "Unhold", call.Id);
    }
}
