using static Switchhook.Dialects.Hoiio.Sessions.HoiioState;

namespace Switchhook.Dialects.Hoiio.Sessions;

/// <summary>Where a session stands. What belongs to the block under way is in <see cref="HoiioSession.Block"/>.</summary>
internal abstract record HoiioState
{
    /// <summary>An incoming call rings and was announced.</summary>
    public sealed record RingingIn : HoiioState;

    /// <summary>A phone is being called, or hears the first message.</summary>
    public sealed record Dialing : HoiioState;

    /// <summary>The application is to act.</summary>
    public sealed record Ready : HoiioState;

    /// <summary>A Middle block other than hold is worked on.</summary>
    public sealed record Busy : HoiioState;

    /// <summary>The party hears the music of those who wait.</summary>
    public sealed record Held : HoiioState;

    /// <summary>From a transfer's acceptance to its notification, the talk included.</summary>
    public sealed record Transferring : HoiioState;

    /// <summary>From a hangup's acceptance until the call is down.</summary>
    public sealed record HangingUp : HoiioState;

    /// <summary>The call is down.</summary>
    public sealed record Ended : HoiioState;

    private HoiioState() { }
}

/// <summary>What reaches a session.</summary>
internal abstract record HoiioInput
{
    /// <summary>The application asks for a block.</summary>
    public sealed record Ask(HoiioBlock Block) : HoiioInput;

    /// <summary>The block under way has run to its end.</summary>
    public sealed record BlockOver : HoiioInput;

    /// <summary>The target of a transfer was not reached.</summary>
    public sealed record TransferFailed : HoiioInput;

    /// <summary>The stay in a room is over, and the call is not.</summary>
    public sealed record StayOver : HoiioInput;

    /// <summary>The application has done nothing for too long.</summary>
    public sealed record IdleTimeOver : HoiioInput;

    /// <summary>Another dialect has put the call on hold.</summary>
    public sealed record HeldByOther : HoiioInput;

    /// <summary>Another dialect has brought the call back.</summary>
    public sealed record UnheldByOther : HoiioInput;

    /// <summary>The call is down, whoever hung up.</summary>
    public sealed record CallOver : HoiioInput;

    /// <summary>The recording of the whole call is there.</summary>
    public sealed record MonitorReady : HoiioInput;

    private HoiioInput() { }
}

/// <summary>Why a block is not taken.</summary>
internal enum HoiioRefusal
{
    None,
    NotReady,
    NotOnHold,
    HangupInProgress,
    Ended,
}

/// <summary>What is told, to which address.</summary>
/// <param name="Kind">The notification of which block.</param>
/// <param name="Url">Where to.</param>
/// <param name="Tag">The application's own text.</param>
/// <param name="CallState"><c>ringing</c>, <c>ongoing</c> or <c>ended</c>.</param>
/// <param name="IsMonitor">It announces the recording of the whole call.</param>
/// <param name="IsBare">The block was told of already: nothing of its result is repeated.</param>
internal sealed record HoiioTelling(HoiioBlockKind Kind, string Url, string? Tag, string CallState, bool IsMonitor = false, bool IsBare = false);

/// <summary>The session after an input, what is told, and whether the call is to be hung up.</summary>
internal readonly record struct HoiioStep(HoiioSession Next, HoiioRefusal Refusal = HoiioRefusal.None, HoiioTelling? Tell = null, bool HangUp = false)
{
    /// <summary>False when the input had no row for the state.</summary>
    public bool Handled { get; init; } = true;
}

/// <summary>
/// A session of the vendor's IVR interface: which block is taken when, and what is told. The table is kept in
/// <c>docs/machines/hoiio-session.md</c>.
/// </summary>
internal sealed record HoiioSession(HoiioState State, HoiioBlock Block)
{
    private const string Ongoing = "ongoing";
    private const string EndedWord = "ended";

    /// <summary>The address used last.</summary>
    public string? LastUrl { get; init; }

    /// <summary>The tag used last.</summary>
    public string? LastTag { get; init; }

    /// <summary>The whole call is being recorded.</summary>
    public bool IsMonitored { get; init; }

    /// <summary>Where that is announced.</summary>
    public string? MonitorUrl { get; init; }

    public HoiioStep On(HoiioInput input) => (State, input) switch
    {
        (Ended, HoiioInput.Ask) => Refuse(HoiioRefusal.Ended),
        (Held, HoiioInput.Ask { Block: { Kind: HoiioBlockKind.Unhold } unhold }) => Take(new Busy(), unhold),
        (_, HoiioInput.Ask { Block.Kind: HoiioBlockKind.Unhold }) => Refuse(HoiioRefusal.NotOnHold),
        (HangingUp, HoiioInput.Ask { Block.Kind: HoiioBlockKind.Hangup }) => Refuse(HoiioRefusal.HangupInProgress),
        (_, HoiioInput.Ask { Block: { Kind: HoiioBlockKind.Hangup, IsForced: true } hangup }) => Take(new HangingUp(), hangup),
        // Only a hold of its own has the application wait for its end.
        (Held, HoiioInput.Ask { Block: { Kind: HoiioBlockKind.Hangup } hangup }) when Block.Kind != HoiioBlockKind.Hold => Take(new HangingUp(), hangup),
        (RingingIn or Ready, HoiioInput.Ask { Block: { Kind: HoiioBlockKind.Hangup } hangup }) => Take(new HangingUp(), hangup),
        (RingingIn or Ready, HoiioInput.Ask { Block: { Kind: HoiioBlockKind.Hold } hold }) => Take(new Held(), hold),
        (RingingIn or Ready, HoiioInput.Ask { Block: { Kind: HoiioBlockKind.Transfer } transfer }) => Take(new Transferring(), transfer),
        (RingingIn or Ready, HoiioInput.Ask { Block: var block }) => Take(new Busy(), block),
        (_, HoiioInput.Ask) => Refuse(HoiioRefusal.NotReady),

        (Dialing or Busy, HoiioInput.BlockOver) when Block.Url is not null => Go(new Ready(), Tell(Ongoing)),
        (Dialing or Busy, HoiioInput.BlockOver) => Go(new Ended(), null, hangUp: true),
        (Transferring, HoiioInput.TransferFailed) when Block.Continues => Go(new Ready(), Tell(Ongoing)),
        (Transferring, HoiioInput.TransferFailed or HoiioInput.StayOver) => Go(State, null, hangUp: true),
        (Ready, HoiioInput.HeldByOther) => Go(new Held(), null),
        (Held, HoiioInput.UnheldByOther) => Go(new Ready(), null),
        (Ready, HoiioInput.IdleTimeOver) => Go(State, null, hangUp: true),

        (RingingIn or Dialing or Busy or Transferring or HangingUp, HoiioInput.CallOver) => Go(new Ended(), Tell(EndedWord)),
        (Ready or Held, HoiioInput.CallOver) => Go(new Ended(), LastUrl is { } url ? new HoiioTelling(Block.Kind, url, LastTag, EndedWord, IsBare: true) : null),
        (Ended, HoiioInput.MonitorReady) => Go(State, (MonitorUrl ?? LastUrl) is { } url ? new HoiioTelling(HoiioBlockKind.Monitor, url, LastTag, EndedWord, IsMonitor: true) : null),

        _ => new HoiioStep(this) { Handled = false },
    };

    /// <summary>The session as a note of it has it: nobody knows how far its block had come.</summary>
    public static HoiioSession From(HoiioNote note) => new(
        note.Block.Kind switch
        {
            HoiioBlockKind.Answer => new RingingIn(),
            HoiioBlockKind.Dial => new Dialing(),
            HoiioBlockKind.Hold => new Held(),
            HoiioBlockKind.Transfer => new Transferring(),
            HoiioBlockKind.Hangup => new HangingUp(),
            HoiioBlockKind.Play or HoiioBlockKind.Gather or HoiioBlockKind.Record or HoiioBlockKind.Monitor or HoiioBlockKind.Unhold => new Busy(),
        },
        note.Block)
    {
        LastUrl = note.LastUrl,
        LastTag = note.LastTag,
        IsMonitored = note.IsMonitored,
        MonitorUrl = note.MonitorUrl,
    };

    public HoiioNote ToNote(string account) => new(HoiioPurpose.Session, account, Block)
    {
        LastUrl = LastUrl,
        LastTag = LastTag,
        IsMonitored = IsMonitored,
        MonitorUrl = MonitorUrl,
    };

    private HoiioStep Take(HoiioState next, HoiioBlock block) => new(this with
    {
        State = next,
        Block = block,
        LastUrl = block.Url ?? LastUrl,
        LastTag = block.Tag ?? LastTag,
        IsMonitored = IsMonitored || block.Kind == HoiioBlockKind.Monitor,
        MonitorUrl = block.MonitorUrl ?? MonitorUrl,
    });

    private HoiioStep Refuse(HoiioRefusal refusal) => new(this, refusal);

    private HoiioStep Go(HoiioState next, HoiioTelling? tell, bool hangUp = false) => new(this with { State = next }, Tell: tell, HangUp: hangUp);

    /// <summary>The notification of the block under way, if it has an address.</summary>
    private HoiioTelling? Tell(string callState) => Block.Url is { } url ? new HoiioTelling(Block.Kind, url, Block.Tag ?? LastTag, callState) : null;
}
