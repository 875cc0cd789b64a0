using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>
/// extension/listen, extension/whisper and extension/barge: an idle extension is rung, and once it answers it hears the call another extension is
/// in; heard by nobody, by that extension alone, or by both. Its call ends with the one it listens to.
/// </summary>
internal static class OpenVoxMonitor
{
    public static ValueTask<OpenVoxAnswer> ListenAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) =>
        MonitorAsync(ask, ports, "listener", "listenedext", Monitoring.Listen, cancellation);

    public static ValueTask<OpenVoxAnswer> WhisperAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) =>
        MonitorAsync(ask, ports, "whisperer", "whisperedext", Monitoring.Whisper, cancellation);

    public static ValueTask<OpenVoxAnswer> BargeAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) =>
        MonitorAsync(ask, ports, "bargein", "bargedext", Monitoring.BargeIn, cancellation);

    private static async ValueTask<OpenVoxAnswer> MonitorAsync(
        OpenVoxAsk ask, OpenVoxPorts ports, string monitorName, string monitoredName, Monitoring mode, CancellationToken cancellation)
    {
        if (ask[monitorName] is not { } monitor || ask[monitoredName] is not { } monitored)
            return OpenVoxErrno.MissingParameter;
        if (ask.FindExtension(monitor) is not { } who || ask.FindExtension(monitored) is not { } whom)
            return OpenVoxErrno.NoSuchExtension;
        if (whom.IsPrivate)
            return OpenVoxErrno.MonitoringNotAllowed;
        if (who.Monitors != Monitoring.Extensive && who.Monitors != mode)
            return OpenVoxErrno.MonitorModeMismatch;
        if (ask.NeedCall(ports, monitoredName, out _, out var call) is { } refused)
            return refused;
        // One that rings, or is a talk with the exchange itself, is no call that could be listened to.
        if (call.State is not (CallState.Talking or CallState.Held) || call.Far == 0)
            return OpenVoxErrno.NoSuchCall;
        if (OpenVoxDial.NeedIdle(ask, ports, monitor) is { } busy)
            return busy;
        if (mode == Monitoring.Listen && ask.Live(ports).Any(c => IsListenerOf(c, call)))
            return OpenVoxErrno.MonitoringNotAllowed;
        var leg = call.Legs.Last(l => l.Extension == monitored && !l.HasEnded).Id.Number;
        var reply = await ports.Calls.AskAsync(
            new CallCommand.Originate
            {
                Dialect = OpenVoxWords.Dialect,
                Account = ask.Account.Name,
                Caller = new Party(monitored, ask.Directory.Extension(monitored)?.Name),
                Dialed = monitor,
                Enclosed = OpenVoxAutoAnswer.Headers,
                Then = new OnAnswer.Supervise(call.Id, RoleOf(mode), leg),
            },
            cancellation);
        return OpenVoxAsk.Of(reply);
    }

    private static MemberRole RoleOf(Monitoring mode) => mode switch
    {
        Monitoring.Whisper => MemberRole.Coach,
        Monitoring.BargeIn => MemberRole.Member,
        _ => MemberRole.Listener,
    };

    private static bool IsListenerOf(Call other, Call call) =>
        other.Plan is CallPlan.Originated { Then: OnAnswer.Supervise { Role: MemberRole.Listener } listens } && listens.Target == call.Id;
}
