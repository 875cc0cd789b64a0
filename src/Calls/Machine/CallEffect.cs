using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Scripts;

namespace Switchhook.Calls.Machine;

/// <summary>What a call asks of the outside. Legs go by their number.</summary>
public abstract record CallEffect
{
    /// <summary>Send the INVITE of an outbound leg; comes back as rings, answers, lost or not placed.</summary>
    public sealed record PlaceLeg(int Leg) : CallEffect;

    /// <summary>Let an inbound leg hear ringing, or the early audio of the leg <paramref name="From"/>.</summary>
    public sealed record RingLeg(int Leg, bool EarlyMedia, int From = 0) : CallEffect;

    /// <summary>Answer an inbound leg.</summary>
    public sealed record AnswerLeg(int Leg) : CallEffect;

    /// <summary>End a leg: BYE, CANCEL or final status, whatever its state needs. Comes back as <see cref="CallInput.HangupSent"/>.</summary>
    /// <param name="Leg">Which.</param>
    /// <param name="Cause">Why.</param>
    /// <param name="Elsewhere">True when another phone got the call, so that this one need not show a missed call.</param>
    public sealed record EndLeg(int Leg, HangupCause Cause, bool Elsewhere = false) : CallEffect;

    /// <summary>Take over the session and the audio of another call's leg, which is this call's from now on.</summary>
    public sealed record AdoptLeg(int Leg, LegId From) : CallEffect;

    /// <summary>Let two legs hear each other.</summary>
    public sealed record JoinLegs(int First, int Second) : CallEffect;

    /// <summary>Ask a leg's phone to hold, or to come back.</summary>
    public sealed record HoldLeg(int Leg, bool OnHold) : CallEffect;

    /// <summary>Let an answered leg hear that the other side is being rung.</summary>
    public sealed record PlayRingback(int Leg) : CallEffect;

    /// <summary>The other side is not being rung any more.</summary>
    public sealed record StopRingback(int Leg) : CallEffect;

    /// <summary>Do what a service extension does on an answered leg: play or echo.</summary>
    public sealed record RunService(int Leg, ServiceBehaviour Behaviour, string? Prompt) : CallEffect;

    /// <summary>Start a script on a leg; <paramref name="Incoming"/> when it is asked before the answer.</summary>
    public sealed record RunScript(int Leg, ScriptRef Script, bool Incoming) : CallEffect;

    /// <summary>End a script that has not taken its party.</summary>
    public sealed record StopScript : CallEffect;

    /// <summary>Ask the application where the call goes; comes back as <see cref="CallInput.RouteDecided"/> with the same number.</summary>
    public sealed record AskRoute(int Question) : CallEffect;

    /// <summary>Tell the script that the call it wanted answered is answered.</summary>
    public sealed record ResumeScript : CallEffect;

    /// <summary>Tell the script what became of what it dialled: someone talks to the party in its place when there is no cause, else it has the party back.</summary>
    public sealed record ScriptDialEnded(HangupCause? Cause) : CallEffect;

    /// <summary>Play to a leg, no longer than <paramref name="Most"/>; comes back as <see cref="CallInput.PlaybackOver"/> unless it is stopped by us.</summary>
    public sealed record PlayAudio(int Leg, int Playback, AudioSource Source, bool Loop, TimeSpan? Most = null) : CallEffect;

    /// <summary>Stop what is played to a leg.</summary>
    public sealed record StopAudio(int Leg) : CallEffect;

    /// <summary>Press keys toward a leg's party, by the way its phone takes them.</summary>
    public sealed record SendKeys(int Leg, string Keys) : CallEffect;

    /// <summary>Let nobody hear a leg's party, or let them again.</summary>
    public sealed record MuteLeg(int Leg, bool On) : CallEffect;

    /// <summary>Record a leg; comes back as one <see cref="CallInput.RecordingOver"/>, whatever happens.</summary>
    public sealed record StartRecording(int Recording, int Leg, RecordingTerms Terms) : CallEffect;

    /// <summary>Leave out what is said, or go on.</summary>
    public sealed record PauseRecording(int Recording, bool Paused) : CallEffect;

    /// <summary>End a recording.</summary>
    public sealed record StopRecording(int Recording) : CallEffect;

    /// <summary>Give a leg a seat; comes back as <see cref="CallInput.SeatLost"/> when there is none, or when it is gone.</summary>
    public sealed record TakeSeat(int Leg, RoomName Room, SeatTerms Terms) : CallEffect;

    /// <summary>Let a seated leg neither hear nor be heard, or both again.</summary>
    public sealed record HoldSeat(int Leg, bool On) : CallEffect;

    /// <summary>Give up a leg's seat.</summary>
    public sealed record LeaveSeat(int Leg) : CallEffect;

    /// <summary>Start or restart a timer.</summary>
    public sealed record StartTimer(CallTimer Timer, TimeSpan After) : CallEffect;

    /// <summary>Stop a timer.</summary>
    public sealed record StopTimer(CallTimer Timer) : CallEffect;

    /// <summary>Append an event to the log: the one point every change of a call passes, in order.</summary>
    public sealed record Tell(CallEvent Event) : CallEffect;

    private CallEffect() { }
}

/// <summary>The call after an input, and what it asks of the outside, in order.</summary>
public readonly record struct CallStep(Call Next, IReadOnlyList<CallEffect> Effects)
{
    /// <summary>False when the input had no row for the state and was passed over.</summary>
    public bool Handled { get; init; } = true;
}
