using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;

namespace Switchhook.Ivr;

/// <summary>What reaches a running script. Pairs of state and input that mean nothing are ignored and marked so in the step.</summary>
public abstract record ScriptInput
{
    /// <summary>The answer to <see cref="ScriptEffect.Fetch"/>.</summary>
    public sealed record Fetched(ScriptFetch Result) : ScriptInput;

    /// <summary>The call is answered, as <see cref="ScriptEffect.Answer"/> asked.</summary>
    public sealed record Answered : ScriptInput;

    /// <summary>The audio of the last <see cref="ScriptEffect.PlayFile"/>, <see cref="ScriptEffect.Speak"/> or <see cref="ScriptEffect.Beep"/> came to its end. Never sent for audio that was stopped.</summary>
    public sealed record AudioEnded : ScriptInput;

    /// <summary>That audio could not be found, made or played.</summary>
    public sealed record AudioFailed(string Error) : ScriptInput;

    /// <summary>The timer of the last <see cref="ScriptEffect.StartTimer"/> ran out. Never sent for a stopped one.</summary>
    public sealed record TimerFired : ScriptInput;

    /// <summary>The party pressed a key: <c>0-9 * # A-D</c>, once a press.</summary>
    public sealed record Digit(char Key) : ScriptInput;

    /// <summary>Someone answered <see cref="ScriptEffect.Transfer"/> and talks to the party; the script has nothing more to do.</summary>
    public sealed record Transferred : ScriptInput;

    /// <summary>Nobody answered it; the party is the script's again.</summary>
    public sealed record TransferFailed(HangupCause Cause) : ScriptInput;

    /// <summary>The recording of <see cref="ScriptEffect.Record"/> is closed.</summary>
    /// <param name="Url">Where it can be had, or null when nothing was recorded.</param>
    /// <param name="Length">How long it is.</param>
    public sealed record RecordingEnded(string? Url, TimeSpan Length) : ScriptInput
    {
        /// <summary>Its number in the call, from 1; 0 when there was none.</summary>
        public int Number { get; init; }

        /// <summary>When it ended.</summary>
        public DateTimeOffset At { get; init; }

        /// <summary>What kind of file it is: <c>wav</c>, <c>mp3</c>.</summary>
        public string? Format { get; init; }
    }

    /// <summary>The message of <see cref="ScriptEffect.SendAlarm"/> was acknowledged, or given up.</summary>
    public sealed record AlarmSent(bool Acknowledged) : ScriptInput;

    /// <summary>What came of <see cref="ScriptEffect.ReceiveAlarm"/>; null when there was no message.</summary>
    public sealed record AlarmReceived(AlarmMessage? Message) : ScriptInput;

    /// <summary>The party left its conference.</summary>
    public sealed record ConferenceLeft : ScriptInput;

    /// <summary>A text message came for the call.</summary>
    public sealed record MessageReceived(string Connection, string? Address, string Text) : ScriptInput
    {
        internal bool IsFor(Verb.WaitForMessage wait) =>
            Connection.Equals(wait.Connection, StringComparison.OrdinalIgnoreCase)
            && (wait.Address is null || wait.Address.Equals(Address, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>This server cannot do what was asked of it last: nothing records, mixes or carries messages here.</summary>
    public sealed record NotAvailable(Verb Verb) : ScriptInput;

    /// <summary>The command of <see cref="ScriptEffect.Command"/> was refused.</summary>
    public sealed record Refused(Verb.Order Verb, CallRefusal Refusal) : ScriptInput;

    /// <summary>What the dialect does by itself is done, or was not possible.</summary>
    public sealed record ErrandEnded(ScriptError? Error) : ScriptInput;

    /// <summary>The call named by <see cref="ScriptEffect.HangUpOther"/> does not exist or is none of this script's business.</summary>
    public sealed record OtherCallUnknown(string Call) : ScriptInput;

    /// <summary>The call the script runs on is over; nothing more may run.</summary>
    public sealed record CallOver : ScriptInput;

    private ScriptInput() { }
}
