using System.Collections.Immutable;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Scripts;

namespace Switchhook.Calls.Commands;

/// <summary>What someone asks of the exchange. Who may ask is settled before; the call decides what happens.</summary>
public abstract record CallCommand
{
    /// <summary>Place a call.</summary>
    public sealed record Originate : CallCommand
    {
        /// <summary>The dialect that asks: <c>ozeki</c>, <c>native</c> …</summary>
        public required string Dialect { get; init; }

        /// <summary>The account the call belongs to.</summary>
        public required string Account { get; init; }

        /// <summary>What the called side is shown.</summary>
        public required Party Caller { get; init; }

        /// <summary>The number to ring first.</summary>
        public required string Dialed { get; init; }

        /// <summary>What happens once it answers.</summary>
        public required OnAnswer Then { get; init; }

        /// <summary>The API extension the call is placed for, if any.</summary>
        public string? ApiExtension { get; init; }

        /// <summary>How long each side may ring.</summary>
        public TimeSpan RingTime { get; init; } = TimeSpan.FromSeconds(90);

        /// <summary>The longest the call may last; null means the server's limit.</summary>
        public TimeSpan? MaxDuration { get; init; }

        /// <summary>What the first of two numbers is shown; null: the same as the second.</summary>
        public Party? ShownToFirst { get; init; }

        /// <summary>The dialect's note about the call from the beginning, if it has one.</summary>
        public string? Note { get; init; }

        /// <summary>True for a call that is to begin, and end at once, where nobody can be rung: an extension without a phone.</summary>
        public bool EvenUnreachable { get; init; }

        /// <summary>The first leg's <see cref="Leg.Details"/>.</summary>
        public ImmutableDictionary<string, string>? Details { get; init; }

        /// <summary>What the first party is sent along with the call, by name.</summary>
        public ImmutableArray<KeyValuePair<string, string>> Enclosed { get; init; } = [];

        /// <summary>What is done with the call's audio as soon as it is answered.</summary>
        public ImmutableArray<AudioOrder> OnceAnswered { get; init; } = [];

        /// <summary>URLs to tell, in the dialect's own meaning.</summary>
        public CallCallbacks Callbacks { get; init; } = CallCallbacks.None;
    }

    /// <summary>End a call, or one leg of it. A null cause means what is normal for the state.</summary>
    public sealed record HangUp(CallId Call, HangupBy By, HangupCause? Cause = null, int? Leg = null) : CallCommand
    {
        /// <summary>Refused as <see cref="CallRefusal.WrongState"/> when the call has been answered meanwhile.</summary>
        public bool UnlessAnswered { get; init; }
    }

    /// <summary>Send a call that still rings elsewhere.</summary>
    public sealed record Forward(CallId Call, string Destination) : CallCommand
    {
        /// <summary>Also a call whose application never heard of it: it is the application's no more.</summary>
        public bool Unheard { get; init; }
    }

    /// <summary>
    /// Send the other party elsewhere; the transferor leaves once someone answers there: <see cref="Events.CallTransferred"/>. When nobody takes it,
    /// a busy service included, the two are together again: <see cref="Events.CallTransferFailed"/>, with the cause.
    /// </summary>
    public sealed record Transfer(CallId Call, LegRole Transferor, string Target, string? FinishedUrl = null) : CallCommand;

    /// <summary>
    /// Join the parties of two calls that have one party in common, which leaves both. <paramref name="Call"/> goes on under its id;
    /// <paramref name="Target"/>, the consultation, ends. Refused as <see cref="CallRefusal.WrongState"/> unless both have two parties that talk
    /// or hold, or the target's called side still rings, and exactly one party is in both.
    /// </summary>
    public sealed record AttendedTransfer(CallId Call, CallId Target) : CallCommand;

    /// <summary>Answer a call that is offered to an application (<see cref="CallPlan.Offered"/>).</summary>
    public sealed record Answer(CallId Call) : CallCommand;

    /// <summary>
    /// Ring a number for a call of one party that no script has, and join the two. A failure gives the party back:
    /// <see cref="Events.CallTransferFailed"/>.
    /// </summary>
    /// <param name="Call">The call.</param>
    /// <param name="Number">Whom to ring.</param>
    /// <param name="RingTime">How long.</param>
    /// <param name="Shown">Who the called side is told calls; null: the call's caller.</param>
    public sealed record Dial(CallId Call, string Number, TimeSpan RingTime, Party? Shown = null) : CallCommand
    {
        /// <summary>What the one who answers hears, one after the other, before the two are joined.</summary>
        public ImmutableArray<Audio.AudioSource> Whisper { get; init; } = [];

        /// <summary><see cref="Leg.Details"/> of the leg that is rung.</summary>
        public ImmutableDictionary<string, string>? Details { get; init; }

        /// <summary>What the one who is rung is sent along with the call, by name.</summary>
        public ImmutableArray<KeyValuePair<string, string>> Enclosed { get; init; } = [];
    }

    /// <summary>Keep or forget details of a leg, by name; a null value forgets. The answer comes once it is stored.</summary>
    public sealed record KeepDetails(CallId Call, int Leg, ImmutableDictionary<string, string?> Changes) : CallCommand;

    /// <summary>Do something with the audio of a call that is not answered yet, as soon as it is.</summary>
    public sealed record AwaitAnswer(CallId Call, AudioOrder Order) : CallCommand;

    /// <summary>Keep a dialect's note with the call, in place of what the dialect noted before. The answer comes once it is stored.</summary>
    public sealed record KeepNote(CallId Call, CallNote Words) : CallCommand;

    /// <summary>Put both parties on hold.</summary>
    public sealed record Hold(CallId Call) : CallCommand;

    /// <summary>Bring both parties back together.</summary>
    public sealed record Unhold(CallId Call) : CallCommand;

    /// <summary>Do something with the audio of a live call.</summary>
    public sealed record Sound(CallId Call, AudioOrder Order) : CallCommand;

    /// <summary>
    /// Listen in on a live call of two parties with another call, which has one: as a listener, as a coach whom only <paramref name="Leg"/> of
    /// <paramref name="Target"/> hears, or as a third who speaks. Both calls go on when the other ends.
    /// </summary>
    public sealed record Supervise(CallId Call, CallId Target, Audio.MemberRole Role, int? Leg = null) : CallCommand;
}

/// <summary>What becomes of a call once its first leg answers.</summary>
public abstract record OnAnswer
{
    /// <summary>A script runs on it; null hangs up at once, which is what a dialect without a script means.</summary>
    public sealed record RunScript(ScriptRef? Script) : OnAnswer;

    /// <summary>A second number is rung and joined.</summary>
    public sealed record Connect(string Number) : OnAnswer;

    /// <summary>
    /// It listens in on a live call of two parties, as <see cref="CallCommand.Supervise"/> does, and is hung up when that call ends or has ended already.
    /// </summary>
    public sealed record Supervise(CallId Target, Audio.MemberRole Role, int Leg) : OnAnswer;

    /// <summary>Nothing: the call stays up, silent, until someone acts.</summary>
    public sealed record Wait : OnAnswer;
}

/// <summary>Where to report, in the asking dialect's meaning; null where nothing was given.</summary>
public sealed record CallCallbacks(string? AnswerUrl = null, string? ErrorUrl = null, string? FinishedUrl = null, string? Tag = null)
{
    /// <summary>Nobody is told.</summary>
    public static readonly CallCallbacks None = new();
}

/// <summary>Why a command was refused; each dialect has its own code for each.</summary>
public enum CallRefusal
{
    /// <summary>Not refused.</summary>
    None,
    /// <summary>No such call, now or ever.</summary>
    NoSuchCall,
    /// <summary>The call was there and is over.</summary>
    CallEnded,
    /// <summary>Someone else's hangup is already under way.</summary>
    HangupInProgress,
    /// <summary>The call is not in a state that allows it.</summary>
    WrongState,
    /// <summary>There is no such leg.</summary>
    NoSuchLeg,
    /// <summary>No extension, number or route fits the dialled number.</summary>
    NoRoute,
    /// <summary>The extension exists and no phone is registered for it.</summary>
    NotRegistered,
    /// <summary>The dialled number is not one.</summary>
    InvalidNumber,
    /// <summary>The limit of live calls or calls a second is reached.</summary>
    TooManyCalls,
    /// <summary>The server is stopping.</summary>
    ShuttingDown,
    /// <summary>No media port is free, or the inbox is full.</summary>
    Congestion,
    /// <summary>Nothing is being played.</summary>
    NotPlaying,
    /// <summary>Keys are being gathered already.</summary>
    AlreadyGathering,
    /// <summary>No keys are being gathered.</summary>
    NotGathering,
    /// <summary>The leg is being recorded already.</summary>
    AlreadyRecording,
    /// <summary>Nothing is being recorded.</summary>
    NotRecording,
    /// <summary>The call is in a conference already.</summary>
    AlreadyInConference,
    /// <summary>The call is in no conference.</summary>
    NotInConference,
    /// <summary>Every seat of the conference is taken.</summary>
    ConferenceFull,
}

/// <summary>The answer to a command.</summary>
/// <param name="Refusal"><see cref="CallRefusal.None"/> when it was done.</param>
/// <param name="Call">The call after the command; the last known state when refused for its state; null when there is none.</param>
public readonly record struct CallReply(CallRefusal Refusal, Call? Call)
{
    /// <summary>True when it was done.</summary>
    public bool Done => Refusal == CallRefusal.None;
}
