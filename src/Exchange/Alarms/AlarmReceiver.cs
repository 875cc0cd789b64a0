using Switchhook.Media.Tones;
using static Switchhook.Exchange.Alarms.AlarmInput;

namespace Switchhook.Exchange.Alarms;

/// <summary>
/// The receiver's side (SIA DC-05 §2): plays its two tones, takes sixteen keys, and acknowledges a message that is right. One that is wrong is
/// passed over: the panel sends it again. Without a message the tones are played four times.
/// </summary>
internal sealed record AlarmReceiver(AlarmReceiverState State) : IAlarmTalk
{
    public const int MostGreetings = 4;

    private const int Keys = 16;

    public static readonly TimeSpan FirstKeyTime = TimeSpan.FromSeconds(4), NextKeyTime = TimeSpan.FromSeconds(1.5);

    public AlarmReceiver() : this(new AlarmReceiverState.Idle()) { }

    public AlarmStep On(AlarmInput input) => (State, input) switch
    {
        (AlarmReceiverState.Idle, Begin) => Greet(1),
        (AlarmReceiverState.Greeting g, Played) => Go(new AlarmReceiverState.Listening(g.Round, ""), new AlarmEffect.StartTimer(FirstKeyTime)),
        (AlarmReceiverState.Greeting g, Key k) => Take(g.Round, "", k.Pressed),
        (AlarmReceiverState.Listening l, Key k) => Take(l.Round, l.Heard, k.Pressed),
        (AlarmReceiverState.Listening { Heard: not "" } l, TimerFired) => Go(new AlarmReceiverState.Listening(l.Round, ""), new AlarmEffect.StartTimer(FirstKeyTime)),
        (AlarmReceiverState.Listening { Round: < MostGreetings } l, TimerFired) => Greet(l.Round + 1),
        (AlarmReceiverState.Listening, TimerFired) => End(null),
        (AlarmReceiverState.Acknowledging a, Played) => End(a.Message),
        _ => new(this, []),
    };

    private static AlarmStep Greet(int round) =>
        Go(new AlarmReceiverState.Greeting(round), new AlarmEffect.StopTimer(), new AlarmEffect.Play(ContactId.Handshake, ContactId.Handshake.Period));

    private static AlarmStep Take(int round, string before, char key)
    {
        var heard = before + key;
        if (heard.Length < Keys)
            return Go(new AlarmReceiverState.Listening(round, heard), new AlarmEffect.StartTimer(NextKeyTime));
        return ContactId.TryParse(heard, out var message) && message is not null
            ? Go(new AlarmReceiverState.Acknowledging(message), new AlarmEffect.StopTimer(), new AlarmEffect.Play(ContactId.Acknowledgement, ContactId.Acknowledgement.Period))
            : Go(new AlarmReceiverState.Listening(round, ""), new AlarmEffect.StartTimer(FirstKeyTime));
    }

    private static AlarmStep Go(AlarmReceiverState next, params ReadOnlySpan<AlarmEffect> effects) => new(new AlarmReceiver(next), [.. effects]);

    private static AlarmStep End(ContactId? received) => Go(new AlarmReceiverState.Over(), new AlarmEffect.StopTimer(), new AlarmEffect.Done(received));
}

internal abstract record AlarmReceiverState
{
    public sealed record Idle : AlarmReceiverState;

    public sealed record Greeting(int Round) : AlarmReceiverState;

    public sealed record Listening(int Round, string Heard) : AlarmReceiverState;

    public sealed record Acknowledging(ContactId Message) : AlarmReceiverState;

    public sealed record Over : AlarmReceiverState;

    private AlarmReceiverState() { }
}
