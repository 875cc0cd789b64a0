using Switchhook.Calls;

namespace Switchhook.Dialects.Hoiio.Sessions;

/// <summary>A live session: its state and what came of its block so far. Members are for who holds <see cref="Gate"/>.</summary>
internal sealed class HoiioSeat(string account, HoiioSession session)
{
    private int _lastNumber = session.Block.Number;

    public Lock Gate { get; } = new();

    public string Account { get; } = account;

    public HoiioSession Session { get; private set; } = session;

    /// <summary>A block that is being checked: to everybody else it is as good as taken.</summary>
    public HoiioBlock? Claim { get; private set; }

    /// <summary>When the application's turn began.</summary>
    public DateTimeOffset ReadySince { get; private set; }

    /// <summary>When the call was first found to be gone; for the one who looks after that alone.</summary>
    public DateTimeOffset MissingSince { get; set; }

    public string? Digits { get; set; }
    public string? RecordUrl { get; set; }
    public string? TransferStatus { get; set; }
    public string? MonitorFile { get; set; }

    /// <summary>
    /// The session before a hangup that nobody is told of and that says nothing first: should another's come before it on the wire, it never was.
    /// </summary>
    public HoiioSession? Overtaken { get; private set; }

    /// <summary>The call is down, and what was being recorded is still to come.</summary>
    public bool WaitsForRecord { get; set; }

    /// <summary>Takes an input in.</summary>
    public HoiioStep Take(HoiioInput input, DateTimeOffset now)
    {
        var step = Session.On(input);
        if (step.Next.State is HoiioState.Ready && Session.State is not HoiioState.Ready)
            ReadySince = now;
        Session = step.Next;
        return step;
    }

    /// <summary>True, once a turn, when the application has done nothing with it for so long.</summary>
    public bool IsIdle(DateTimeOffset now, TimeSpan limit)
    {
        if (Session.State is not HoiioState.Ready || Claim is not null || ReadySince == default || now - ReadySince <= limit)
            return false;
        ReadySince = default;
        return true;
    }

    /// <summary>A block's note was stored: it is the session's from now on.</summary>
    public void Noted(HoiioBlock block, DateTimeOffset now)
    {
        if (block.Number <= Session.Block.Number)
            return;
        if (Claim?.Number <= block.Number)
            Claim = null;
        var before = Session;
        if (Take(new HoiioInput.Ask(block), now).Refusal != HoiioRefusal.None)
            return;
        Overtaken = block is { Kind: HoiioBlockKind.Hangup, Url: null, Msg: null } ? before : null;
        if (Overtaken is null)
            (Digits, RecordUrl, TransferStatus) = (null, null, null);
    }

    /// <summary>The hangup that was taken was not the hangup.</summary>
    public void GoBackTo(HoiioSession before) => (Session, Overtaken) = (before, null);

    /// <summary>
    /// Takes the session for a block while it is checked. Only a forced hangup takes it from another one, which finds that out by
    /// <see cref="Holds"/>.
    /// </summary>
    public HoiioRefusal TryClaim(Func<int, HoiioBlock> make, out HoiioBlock claim)
    {
        var basis = Claim is { } first ? Session.On(new HoiioInput.Ask(first)).Next : Session;
        claim = make(_lastNumber + 1);
        var refusal = basis.On(new HoiioInput.Ask(claim)).Refusal;
        if (refusal == HoiioRefusal.None)
            (Claim, _lastNumber) = (claim, claim.Number);
        return refusal;
    }

    /// <summary>True while the claim has not been taken away.</summary>
    public bool Holds(HoiioBlock claim) => Claim?.Number == claim.Number;

    /// <summary>Gives the session back as it was.</summary>
    public void Release(HoiioBlock claim)
    {
        if (Holds(claim))
            Claim = null;
    }
}
