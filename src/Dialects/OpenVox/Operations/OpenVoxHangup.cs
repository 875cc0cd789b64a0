using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>extension/hangup, inbound/hangup and outbound/hangup. Asking again while the call ends is no failure; once it is over there is no such call.</summary>
internal static class OpenVoxHangup
{
    public static async ValueTask<OpenVoxAnswer> ExtensionAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) =>
        ask.NeedCall(ports, "extid", out _, out var call) is { } refused ? refused : await HangUpAsync(call, ask, ports, cancellation);

    public static ValueTask<OpenVoxAnswer> InboundAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) =>
        TrunkAsync(ask, ports, "inboundid", LegDirection.Inbound, cancellation);

    public static ValueTask<OpenVoxAnswer> OutboundAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) =>
        TrunkAsync(ask, ports, "outboundid", LegDirection.Outbound, cancellation);

    private static async ValueTask<OpenVoxAnswer> TrunkAsync(
        OpenVoxAsk ask, OpenVoxPorts ports, string parameter, LegDirection direction, CancellationToken cancellation)
    {
        if (ask[parameter] is not { } id)
            return OpenVoxErrno.MissingParameter;
        return OpenVoxTrunkCalls.Find(ask, ports, id, direction) is { } call ? await HangUpAsync(call, ask, ports, cancellation) : OpenVoxErrno.NoSuchCall;
    }

    private static async ValueTask<OpenVoxAnswer> HangUpAsync(Call call, OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation)
    {
        var reply = await ports.Calls.AskAsync(new CallCommand.HangUp(call.Id, ask.By), cancellation);
        return reply.Refusal == CallRefusal.HangupInProgress ? OpenVoxAnswer.Success : OpenVoxAsk.Of(reply);
    }
}
