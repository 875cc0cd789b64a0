using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>extension/mute and extension/unmute: the far side stops hearing the extension, which goes on hearing it. Ends with the call.</summary>
internal static class OpenVoxMute
{
    public static ValueTask<OpenVoxAnswer> MuteAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) =>
        SetAsync(ask, ports, true, cancellation);

    public static ValueTask<OpenVoxAnswer> UnmuteAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) =>
        SetAsync(ask, ports, false, cancellation);

    private static async ValueTask<OpenVoxAnswer> SetAsync(OpenVoxAsk ask, OpenVoxPorts ports, bool muted, CancellationToken cancellation)
    {
        if (ask.NeedCall(ports, "extid", out var extension, out var call) is { } refused)
            return refused;
        var leg = call.Legs.LastOrDefault(l => l.Extension == extension && !l.HasEnded)?.Id.Number;
        return leg is null
            ? OpenVoxErrno.NoSuchCall
            : OpenVoxAsk.Of(await ports.Calls.AskAsync(new CallCommand.Sound(call.Id, new AudioOrder.Mute(leg, muted)), cancellation));
    }
}
