using System.Collections.Immutable;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;

namespace Switchhook.Calls.Machine;

/// <summary>What reaches a call.</summary>
public abstract record CallInput
{
    /// <summary>The first input: do what the plan says.</summary>
    public sealed record Begin : CallInput;

    /// <summary>The far side of an outbound leg rings; <paramref name="EarlyMedia"/> when it sends audio already.</summary>
    public sealed record LegRings(int Leg, bool EarlyMedia) : CallInput;

    /// <summary>An outbound leg was answered.</summary>
    public sealed record LegAnswers(int Leg) : CallInput;

    /// <summary>A leg could not be placed at all: nothing was sent.</summary>
    public sealed record LegNotPlaced(int Leg, HangupCause Cause, HangupBy By) : CallInput;

    /// <summary>The far side, or the network, ended a leg.</summary>
    public sealed record LegLost(int Leg, FarEnd End) : CallInput;

    /// <summary>Our hangup message of a leg was handed to the transport and its audio stopped.</summary>
    public sealed record HangupSent(int Leg, SentEnd? Sent, LegMedia? Media) : CallInput;

    /// <summary>The far side answered our last message, or did not.</summary>
    public sealed record HangupSettled(int Leg, HangupConfirmation Confirmation) : CallInput;

    /// <summary>Someone asks for the end. A null cause means the one that is normal for the state.</summary>
    public sealed record HangUp(HangupBy By, HangupCause? Cause) : CallInput;

    /// <summary>The call was up when the program before this one stopped: every leg without a record is ended.</summary>
    public sealed record Recover : CallInput;

    /// <summary>The application that the call is offered to answers it.</summary>
    public sealed record Answer : CallInput;

    /// <summary>An application wants these rung for the call's one party.</summary>
    public sealed record Dial(ImmutableArray<LegTarget> Targets, string Dialed, TimeSpan RingTime, Party? Shown = null) : CallInput
    {
        /// <summary>What the one who answers hears, one after the other, before the two are joined.</summary>
        public ImmutableArray<AudioSource> Whisper { get; init; } = [];

        public ImmutableDictionary<string, string>? Details { get; init; }
        public ImmutableArray<KeyValuePair<string, string>> Enclosed { get; init; } = [];
    }

    /// <summary>Details of a leg are to be kept, or forgotten where the value is null.</summary>
    public sealed record KeepDetails(int Leg, ImmutableDictionary<string, string?> Changes) : CallInput;

    /// <summary>Something is to be done with the audio as soon as the call is answered.</summary>
    public sealed record AwaitAnswer(AudioOrder Order) : CallInput;

    /// <summary>A dialect's note is to be kept.</summary>
    public sealed record TakeNote(CallNote Note) : CallInput;

    /// <summary>Put the parties on hold.</summary>
    public sealed record Hold : CallInput;

    /// <summary>Bring the parties back.</summary>
    public sealed record Unhold : CallInput;

    /// <summary>Ring these instead of whoever rings now.</summary>
    public sealed record Forward(ImmutableArray<LegTarget> Targets, string Dialed) : CallInput
    {
        /// <summary>The service or API extension of ours that takes the caller; null: the targets are rung.</summary>
        public RouteDecision.To? Into { get; init; }

        /// <summary>Also a call that an application was to take and never heard of.</summary>
        public bool Unheard { get; init; }
    }

    /// <summary>Ring these in place of the party that leaves.</summary>
    public sealed record Transfer(
        LegRole Transferor, ImmutableArray<LegTarget> Targets, string Dialed, TimeSpan RingTime, string? FinishedUrl = null) : CallInput
    {
        /// <summary>The service or API extension of ours that takes the one who stays: then nobody is rung. Null: the targets are.</summary>
        public RouteDecision.To? Into { get; init; }
    }

    /// <summary>
    /// Another call ends here and its legs go on in this one, in the place of the party that leaves (attended transfer): the
    /// <see cref="HandOver"/> of that call is the other half.
    /// </summary>
    /// <param name="Leaving">The leg that leaves.</param>
    /// <param name="Legs">The other call's legs as they are there: one that was answered, or those that still ring.</param>
    /// <param name="RingTime">How long they may go on ringing.</param>
    public sealed record Adopt(int Leaving, ImmutableArray<Leg> Legs, TimeSpan RingTime) : CallInput;

    /// <summary>
    /// The legs <see cref="Call.Consulted"/> by this one go on in another call, numbered there from <paramref name="First"/>; this call ends.
    /// </summary>
    public sealed record HandOver(int Leaving, CallId To, int First) : CallInput;

    /// <summary>A new inbound leg takes the place of a leg: INVITE with Replaces (RFC 3891).</summary>
    public sealed record Replace(int Leg, Party Party, string? Extension) : CallInput;

    /// <summary>The far side of a leg put us on hold, or took us back.</summary>
    public sealed record FarHold(int Leg, bool OnHold) : CallInput;

    /// <summary>A timer of the call fired.</summary>
    public sealed record TimerFired(CallTimer Timer) : CallInput;

    /// <summary>An answered leg sent no packet for too long.</summary>
    public sealed record MediaSilent(int Leg) : CallInput;

    /// <summary>The script wants the call answered.</summary>
    public sealed record ScriptAnswers : CallInput;

    /// <summary>The script refuses the call before its answer.</summary>
    public sealed record ScriptRejects(string Verb, int Line) : CallInput;

    /// <summary>A step of the script failed.</summary>
    public sealed record ScriptReports(int Code, string Message) : CallInput;

    /// <summary>A command sent the script's party elsewhere, and nobody took it: the script has it again.</summary>
    public sealed record ScriptKeepsParty(HangupCause Cause) : CallInput;

    /// <summary>The script wants these rung for the call's one party; who answers takes the script's place.</summary>
    public sealed record ScriptDials(ImmutableArray<LegTarget> Targets, string Dialed, TimeSpan RingTime, string? FinishedUrl = null) : CallInput
    {
        /// <summary>The service or API extension of ours that takes the party; null: the targets are rung.</summary>
        public RouteDecision.To? Into { get; init; }

        /// <summary>What they are sent along with the call, by name.</summary>
        public ImmutableArray<KeyValuePair<string, string>> Enclosed { get; init; } = [];

        /// <summary>Who they are told calls; null: the call's caller.</summary>
        public Party? Shown { get; init; }

        /// <summary>What the one who answers hears, one after the other, before the two are joined.</summary>
        public ImmutableArray<AudioSource> Whisper { get; init; } = [];
    }

    /// <summary>The application decided about the call's route.</summary>
    public sealed record RouteDecided(int Question, RouteDecision Decision) : CallInput;

    /// <summary>Someone asks for something to be done with the audio.</summary>
    public sealed record Sound(AudioOrder Order) : CallInput;

    /// <summary>A playback of <see cref="CallEffect.PlayAudio"/> is heard.</summary>
    public sealed record PlaybackBegan(int Leg, int Playback) : CallInput;

    /// <summary>A playback of <see cref="CallEffect.PlayAudio"/> is over, or never began.</summary>
    public sealed record PlaybackOver(int Leg, int Playback, PlaybackEnding Ending, string? Error = null) : CallInput;

    /// <summary>The party of a leg pressed a key: once a press.</summary>
    public sealed record Digit(int Leg, char Key) : CallInput;

    /// <summary>The file of a recording is closed, or could not be made.</summary>
    public sealed record RecordingOver(int Recording, RecordingOutcome Outcome) : CallInput;

    /// <summary>The seat in the conference is gone for a reason of the conference's.</summary>
    public sealed record SeatLost(ConferenceLeaving Why) : CallInput;

    private CallInput() { }
}

/// <summary>How the far side or the network ended a leg.</summary>
/// <param name="Cause">The cause, from the Reason header or the table.</param>
/// <param name="By">Null when it was the leg's own party; otherwise a fault such as a transport that failed.</param>
/// <param name="Received">What came, untouched; null when nothing came.</param>
/// <param name="Sent">What we sent because of it, such as <c>487</c> after a CANCEL; usually null.</param>
/// <param name="Media">The leg's audio in figures.</param>
public sealed record FarEnd(HangupCause Cause, HangupBy? By, ReceivedEnd? Received, SentEnd? Sent, LegMedia? Media);
