using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Scripts;

namespace Switchhook.Ivr;

/// <summary>
/// What a running script asks of the exchange. Effects of one step are begun in their order. An exchange that cannot do one of them says so
/// by <see cref="ScriptInput.NotAvailable"/>.
/// </summary>
public abstract record ScriptEffect
{
    /// <summary>Get a script from its dialect's <see cref="IScriptSource"/>; comes back as <see cref="ScriptInput.Fetched"/>.</summary>
    public sealed record Fetch(ScriptRef Script, ScriptOccasion Occasion, string? Base) : Asking(Script, Occasion, Base);

    /// <summary>Tell the application; nothing comes back.</summary>
    public sealed record Tell(ScriptRef Script, ScriptOccasion Occasion, string? Base) : Asking(Script, Occasion, Base);

    /// <summary>A request to the application.</summary>
    public abstract record Asking(ScriptRef Script, ScriptOccasion Occasion, string? Base) : ScriptEffect
    {
        /// <summary>The step that asks; null at the beginning.</summary>
        public Verb? Verb { get; init; }

        /// <summary>What the party entered.</summary>
        public ScriptEntry? Entry { get; init; }

        /// <summary>The recording that is closed.</summary>
        public ScriptInput.RecordingEnded? Recording { get; init; }

        /// <summary>The request as the dialect gets it.</summary>
        public ScriptRequest On(Call call) => new(call, Script, Occasion, Base) { Verb = Verb, Entry = Entry, Recording = Recording };
    }

    /// <summary>Answer the call; comes back as <see cref="ScriptInput.Answered"/>, or as <see cref="ScriptInput.CallOver"/> when it was too late.</summary>
    public sealed record Answer : ScriptEffect;

    /// <summary>Refuse the call, which is not answered; the script has ended.</summary>
    public sealed record Reject(string Verb, int Line) : ScriptEffect;

    /// <summary>Play a file or address, again and again when <paramref name="Repeat"/>.</summary>
    public sealed record PlayFile(string File, bool Repeat, int GainDb = 0) : ScriptEffect;

    /// <summary>Speak a text; null language or voice means the server's default.</summary>
    public sealed record Speak(string Text, string? Language, string? Voice, int GainDb = 0) : ScriptEffect;

    /// <summary>Play one short tone.</summary>
    public sealed record Beep : ScriptEffect;

    /// <summary>Stop the audio that is being made or played.</summary>
    public sealed record StopAudio : ScriptEffect;

    /// <summary>Start the script's one timer; a running one is replaced.</summary>
    public sealed record StartTimer(TimeSpan After) : ScriptEffect;

    public sealed record StopTimer : ScriptEffect;

    /// <summary>Send keys to the party.</summary>
    public sealed record SendDigits(string Keys) : ScriptEffect;

    /// <summary>Ring these for the party; comes back as <see cref="ScriptInput.Transferred"/> or <see cref="ScriptInput.TransferFailed"/>.</summary>
    public sealed record Transfer(Verb.Transfer Verb) : ScriptEffect;

    /// <summary>Record the party; comes back as <see cref="ScriptInput.RecordingEnded"/>.</summary>
    public sealed record Record(Verb.Record Verb) : ScriptEffect;

    /// <summary>Close the recording now.</summary>
    public sealed record StopRecording : ScriptEffect;

    /// <summary>Give the party, an alarm receiver, a message; comes back as <see cref="ScriptInput.AlarmSent"/>.</summary>
    public sealed record SendAlarm(Verb.SendAlarm Verb) : ScriptEffect;

    /// <summary>Receive a message of the party, an alarm panel; comes back as <see cref="ScriptInput.AlarmReceived"/>.</summary>
    public sealed record ReceiveAlarm(Verb.ReceiveAlarm Verb) : ScriptEffect;

    /// <summary>Leave off giving or receiving a message.</summary>
    public sealed record StopAlarm : ScriptEffect;

    /// <summary>Put the party into a conference; comes back as <see cref="ScriptInput.ConferenceLeft"/>.</summary>
    public sealed record JoinConference(Verb.Conference Verb) : ScriptEffect;

    /// <summary>Send a text message.</summary>
    public sealed record SendMessage(Verb.SendMessage Verb) : ScriptEffect;

    /// <summary>Bring messages from there as <see cref="ScriptInput.MessageReceived"/> from now on.</summary>
    public sealed record HearMessages(Verb.WaitForMessage Verb) : ScriptEffect;

    /// <summary>Give the exchange a command in the name of the call's account.</summary>
    public sealed record Command(Verb.Order Verb) : ScriptEffect;

    /// <summary>Do what the dialect does by itself; comes back as <see cref="ScriptInput.ErrandEnded"/>.</summary>
    public sealed record Errand(Verb.Errand Verb) : ScriptEffect;

    /// <summary>Hang this call up, whatever its state; the script has ended. Verb and line go into the hangup record.</summary>
    public sealed record HangUp(string Verb, int Line) : ScriptEffect
    {
        /// <summary>Why; null for what is normal for the call's state.</summary>
        public HangupCause? Cause { get; init; }
    }

    /// <summary>Send this call, which is not answered, to that number; one that leads nowhere has it hung up. The script has ended.</summary>
    public sealed record Forward(string Number, HangUp Otherwise) : ScriptEffect;

    /// <summary>Hang another call up; the id is as written in the script. Whether this script may do that is the exchange's to check.</summary>
    public sealed record HangUpOther(string Call, int Line) : ScriptEffect;

    /// <summary>A step failed: tell whoever asked to know, in the dialect's own code and message.</summary>
    public sealed record Report(int Code, string Message) : ScriptEffect;

    /// <summary>One line for the call's trace.</summary>
    /// <param name="Line">What happened.</param>
    /// <param name="Keys">What the party pressed, which ends the line where keys may be shown; null when the line is not about keys.</param>
    public sealed record Trace(string Line, string? Keys = null) : ScriptEffect;

    private ScriptEffect() { }
}
