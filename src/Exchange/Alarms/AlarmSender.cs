using Switchhook.Media.Tones;
using static Switchhook.Exchange.Alarms.AlarmInput;

namespace Switchhook.Exchange.Alarms;

/// <summary>
/// The panel's side (SIA DC-05 §2): waits for the receiver's two tones, presses the message, waits for the acknowledgement, and presses it again
/// when there is none, four times in all.
/// </summary>
internal sealed record AlarmSender(ContactId Message, AlarmSenderState State) : IAlarmTalk
{
    public const int MostAttempts = 4;

    public static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(45), Pause = TimeSpan.FromMilliseconds(300), AcknowledgementTime = TimeSpan.FromSeconds(4);

    /// <summary>100 ms of key and a pause, with some to spare.</summary>
    private static readonly TimeSpan KeyTime = TimeSpan.FromMilliseconds(160);

    // The second tone of the handshake is short, the acknowledgement long (§2.1, §2.4).
    private const double Ready = 2300, Acknowledged = 1400;
    private const int LeastAcknowledgementMs = 400;

    public AlarmSender(ContactId message) : this(message, new AlarmSenderState.Idle()) { }

    public AlarmStep On(AlarmInput input) => (State, input) switch
    {
        (AlarmSenderState.Idle, Begin) => Go(new AlarmSenderState.AwaitingHandshake(), new AlarmEffect.StartTimer(HandshakeTime)),
        (AlarmSenderState.AwaitingHandshake, AlarmInput.Tone { Hz: Ready }) => Go(new AlarmSenderState.Pausing(1), new AlarmEffect.StartTimer(Pause)),
        (AlarmSenderState.AwaitingHandshake, TimerFired) => End(null),
        (AlarmSenderState.Pausing p, TimerFired) when Message.ToKeys() is { } keys =>
            Go(new AlarmSenderState.Pressing(p.Attempt), new AlarmEffect.Press(keys), new AlarmEffect.StartTimer(keys.Length * KeyTime)),
        (AlarmSenderState.Pausing, TimerFired) => End(null),
        (AlarmSenderState.Pressing p, TimerFired) => Go(new AlarmSenderState.AwaitingAcknowledgement(p.Attempt), new AlarmEffect.StartTimer(AcknowledgementTime)),
        (AlarmSenderState.Pressing or AlarmSenderState.AwaitingAcknowledgement, AlarmInput.Tone { Hz: Acknowledged, DurationMs: >= LeastAcknowledgementMs }) => End(Message),
        (AlarmSenderState.AwaitingAcknowledgement { Attempt: < MostAttempts } a, TimerFired) =>
            Go(new AlarmSenderState.Pausing(a.Attempt + 1), new AlarmEffect.StartTimer(Pause)),
        (AlarmSenderState.AwaitingAcknowledgement, TimerFired) => End(null),
        _ => new(this, []),
    };

    private AlarmStep Go(AlarmSenderState next, params ReadOnlySpan<AlarmEffect> effects) => new(this with { State = next }, [.. effects]);

    private AlarmStep End(ContactId? acknowledged) => Go(new AlarmSenderState.Over(), new AlarmEffect.StopTimer(), new AlarmEffect.Done(acknowledged));
}

internal abstract record AlarmSenderState
{
    public sealed record Idle : AlarmSenderState;

    public sealed record AwaitingHandshake : AlarmSenderState;

    public sealed record Pausing(int Attempt) : AlarmSenderState;

    public sealed record Pressing(int Attempt) : AlarmSenderState;

    public sealed record AwaitingAcknowledgement(int Attempt) : AlarmSenderState;

    public sealed record Over : AlarmSenderState;

    private AlarmSenderState() { }
}
