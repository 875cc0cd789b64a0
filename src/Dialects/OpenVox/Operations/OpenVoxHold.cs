using Switchhook.Calls.Commands;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>extension/hold and extension/unhold: the extension's current call.</summary>
internal static class OpenVoxHold
{
    public static async ValueTask<OpenVoxAnswer> HoldAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) =>
        ask.NeedCall(ports, "extid", out _, out var call) is { } refused
            ? refused
            : OpenVoxAsk.Of(await ports.Calls.AskAsync(new CallCommand.Hold(call.Id), cancellation));

    public static async ValueTask<OpenVoxAnswer> UnholdAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) =>
        ask.NeedCall(ports, "extid", out _, out var call) is { } refused
            ? refused
            : OpenVoxAsk.Of(await ports.Calls.AskAsync(new CallCommand.Unhold(call.Id), cancellation));
}
