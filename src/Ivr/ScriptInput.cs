namespace Switchhook.Ivr;

/// <summary>What reaches a running script. Pairs of state and input that mean nothing are ignored and marked so in the step.</summary>
public abstract record ScriptInput
{
    /// <summary>The answer to <see cref="ScriptEffect.Fetch"/>.</summary>
    public sealed record Fetched(ScriptFetch Result) : ScriptInput;

    /// <summary>The call is answered, as <see cref="ScriptEffect.Answer"/> asked.</summary>
    public sealed record Answered : ScriptInput;

    /// <summary>The audio of the last <see cref="ScriptEffect.PlayFile"/> or <see cref="ScriptEffect.Speak"/> came to its end. Never sent for audio that was stopped.</summary>
    public sealed record AudioEnded : ScriptInput;

    /// <summary>That audio could not be found, made or played.</summary>
    public sealed record AudioFailed(string Error) : ScriptInput;

    /// <summary>The timer of the last <see cref="ScriptEffect.StartTimer"/> ran out. Never sent for a stopped one.</summary>
    public sealed record TimerFired : ScriptInput;

    /// <summary>The call named by <see cref="ScriptEffect.HangUpOther"/> does not exist or is none of this script's business.</summary>
    public sealed record OtherCallUnknown(string Call) : ScriptInput;

    /// <summary>The call the script runs on is over; nothing more may run.</summary>
    public sealed record CallOver : ScriptInput;

    private ScriptInput() { }
}
