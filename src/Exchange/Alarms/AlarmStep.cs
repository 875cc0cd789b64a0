using System.Collections.Immutable;
using Switchhook.Media.Tones;

namespace Switchhook.Exchange.Alarms;

/// <summary>What is heard and what has passed while an alarm message goes over a leg.</summary>
internal abstract record AlarmInput
{
    public sealed record Begin : AlarmInput;

    /// <summary>A tone of the far side is over.</summary>
    public sealed record Tone(double Hz, int DurationMs) : AlarmInput;

    public sealed record Key(char Pressed) : AlarmInput;

    /// <summary>What we played is over.</summary>
    public sealed record Played : AlarmInput;

    public sealed record TimerFired : AlarmInput;

    private AlarmInput() { }
}

/// <summary>What is to be done.</summary>
internal abstract record AlarmEffect
{
    public sealed record Play(Tone Tone, TimeSpan Length) : AlarmEffect;

    public sealed record Press(string Keys) : AlarmEffect;

    /// <summary>Starts the one timer anew.</summary>
    public sealed record StartTimer(TimeSpan After) : AlarmEffect;

    public sealed record StopTimer : AlarmEffect;

    /// <summary>It is over: with the message, when one was given or received.</summary>
    public sealed record Done(ContactId? Message) : AlarmEffect;

    private AlarmEffect() { }
}

/// <summary>One side of the talk between an alarm panel and a receiver.</summary>
internal interface IAlarmTalk
{
    AlarmStep On(AlarmInput input);
}

internal readonly record struct AlarmStep(IAlarmTalk Next, ImmutableArray<AlarmEffect> Effects);
