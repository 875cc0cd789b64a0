using System.Text.Json.Nodes;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Hoiio.Checks;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Operations;

/// <summary>The Middle and End blocks: play, gather, record, monitor, hold, unhold, transfer and hangup on a session.</summary>
internal static class HoiioBlocks
{
    public static ValueTask<JsonObject> PlayAsync(HoiioAsk ask, CancellationToken cancellation) => RunAsync(ask, HoiioBlockKind.Play, cancellation);

    public static ValueTask<JsonObject> GatherAsync(HoiioAsk ask, CancellationToken cancellation) => RunAsync(ask, HoiioBlockKind.Gather, cancellation);

    public static ValueTask<JsonObject> RecordAsync(HoiioAsk ask, CancellationToken cancellation) => RunAsync(ask, HoiioBlockKind.Record, cancellation);

    public static ValueTask<JsonObject> MonitorAsync(HoiioAsk ask, CancellationToken cancellation) => RunAsync(ask, HoiioBlockKind.Monitor, cancellation);

    public static ValueTask<JsonObject> HoldAsync(HoiioAsk ask, CancellationToken cancellation) => RunAsync(ask, HoiioBlockKind.Hold, cancellation);

    public static ValueTask<JsonObject> UnholdAsync(HoiioAsk ask, CancellationToken cancellation) => RunAsync(ask, HoiioBlockKind.Unhold, cancellation);

    public static ValueTask<JsonObject> TransferAsync(HoiioAsk ask, CancellationToken cancellation) => RunAsync(ask, HoiioBlockKind.Transfer, cancellation);

    public static ValueTask<JsonObject> HangupAsync(HoiioAsk ask, CancellationToken cancellation) => RunAsync(ask, HoiioBlockKind.Hangup, cancellation);

    /// <summary>The session and its state first, then the values, in the vendor's order; while they are checked the session is taken.</summary>
    private static async ValueTask<JsonObject> RunAsync(HoiioAsk ask, HoiioBlockKind kind, CancellationToken cancellation)
    {
        var forced = kind == HoiioBlockKind.Hangup && ask["force"] == "enabled";
        if (!HoiioWords.TrySession(ask["session"]!, out var id) || await ask.Ports.FindAsync(id, cancellation) is not { } call
            || HoiioNote.Of(call) is { Purpose: not HoiioPurpose.Session })
            return HoiioStatus.Reply(HoiioStatus.InvalidSession);
        if (!IsOf(ask, call))
            return HoiioStatus.Reply(HoiioStatus.SessionDenied);
        if (call.HasEnded)
            return HoiioStatus.Reply(HoiioStatus.SessionEnded);
        if (kind == HoiioBlockKind.Hangup && call.State is CallState.Ending)
            return HoiioStatus.Reply(HoiioStatus.HangupInProgress);
        if (SeatOf(ask, call) is not { } seat)
            return forced ? await HangUpAsync(ask, call, cancellation) : HoiioStatus.Reply(kind == HoiioBlockKind.Unhold ? HoiioStatus.NotOnHold : HoiioStatus.NotReady);
        HoiioRefusal refusal;
        HoiioBlock claim;
        lock (seat.Gate)
            refusal = seat.TryClaim(number => new HoiioBlock(kind, number) { IsForced = forced }, out claim);
        // Of a call that went down since it was found, what its session was a moment ago says nothing.
        if (refusal != HoiioRefusal.None && ask.Ports.Calls.Find(id) is not { HasEnded: false })
            refusal = HoiioRefusal.Ended;
        if (refusal != HoiioRefusal.None)
            return HoiioStatus.Reply(StatusOf(refusal));
        try
        {
            return await TakeAsync(ask, call, seat, claim, cancellation);
        }
        finally
        {
            lock (seat.Gate)
                seat.Release(claim);
        }
    }

    private static async ValueTask<JsonObject> TakeAsync(HoiioAsk ask, Call call, HoiioSeat seat, HoiioBlock claim, CancellationToken cancellation)
    {
        var (block, mistake) = await HoiioBlockReader.ReadAsync(ask, call, seat, claim, cancellation);
        if (mistake is not null)
            return HoiioStatus.Reply(mistake);
        HoiioNote note;
        lock (seat.Gate)
        {
            var step = seat.Session.On(new HoiioInput.Ask(block));
            if (!seat.Holds(claim) || step.Refusal != HoiioRefusal.None)
                return HoiioStatus.Reply(step.Refusal == HoiioRefusal.None ? HoiioStatus.NotReady : StatusOf(step.Refusal));
            note = step.Next.ToNote(seat.Account);
        }
        // From here on the block is the session's: whoever goes away now does not take it along.
        var noting = ask.Ports.Calls.AskAsync(new CallCommand.KeepNote(call.Id, new CallNote(HoiioWords.Dialect, note.Write())), CancellationToken.None).AsTask();
        // What hangs up at once follows the note without waiting for it to be stored: no BYE waits for a disk.
        var hangup = HoiioRunner.IsAtOnce(call, block) ? ask.Ports.Runner.HangUpAsync(call.Id, seat.Account, CancellationToken.None).AsTask() : null;
        var kept = await noting;
        // Another's hangup may have come between the two: then that one is the hangup.
        var hungUp = hangup is null ? kept : await hangup;
        if (!kept.Done || !hungUp.Done)
            return HoiioStatus.Reply(RefusedAs(kept.Done ? hungUp : kept, claim));
        if (hangup is null)
            await ask.Ports.Runner.StartAsync(kept.Call ?? call, block, seat.Account, CancellationToken.None);
        return HoiioReply.Success(("room", block.Kind == HoiioBlockKind.Transfer ? block.Room : null));
    }

    /// <summary>The call went down, or is about to, while the block was checked.</summary>
    private static string RefusedAs(CallReply kept, HoiioBlock claim) => kept.Refusal switch
    {
        CallRefusal.NoSuchCall or CallRefusal.CallEnded => HoiioStatus.SessionEnded,
        CallRefusal.WrongState or CallRefusal.HangupInProgress => claim.Kind switch
        {
            HoiioBlockKind.Hangup => HoiioStatus.HangupInProgress,
            HoiioBlockKind.Unhold => HoiioStatus.NotOnHold,
            _ => HoiioStatus.NotReady,
        },
        _ => HoiioStatus.CallService,
    };

    /// <summary>A call of another dialect's that does not talk yet can only be hung up.</summary>
    private static async ValueTask<JsonObject> HangUpAsync(HoiioAsk ask, Call call, CancellationToken cancellation)
    {
        if (ask["msg"] is not null)
            return HoiioStatus.Reply(HoiioStatus.MsgWithForce);
        var reply = await ask.Ports.Calls.AskAsync(
            new CallCommand.HangUp(call.Id, new Calls.Hangup.HangupBy.Api(HoiioWords.Dialect, ask.Account.Name)), cancellation);
        return reply.Done ? HoiioReply.Success() : HoiioStatus.Reply(reply.Refusal == CallRefusal.HangupInProgress ? HoiioStatus.HangupInProgress : HoiioStatus.SessionEnded);
    }

    /// <summary>A session is its application's alone; any other call is whoever's may see it.</summary>
    private static bool IsOf(HoiioAsk ask, Call call) => ask.Ports.Desk.OwnerOf(call) is { } owner
        ? string.Equals(owner, ask.Account.Name, StringComparison.OrdinalIgnoreCase) : call.IsVisibleTo(ask.Account.Name);

    private static HoiioSeat? SeatOf(HoiioAsk ask, Call call) => ask.Ports.Desk.Open(call)
        ?? (call.State is CallState.Talking or CallState.Held ? ask.Ports.Desk.Adopt(call, ask.Account.Name) : null);

    private static string StatusOf(HoiioRefusal refusal) => refusal switch
    {
        HoiioRefusal.None => HoiioStatus.Success,
        HoiioRefusal.NotReady => HoiioStatus.NotReady,
        HoiioRefusal.NotOnHold => HoiioStatus.NotOnHold,
        HoiioRefusal.HangupInProgress => HoiioStatus.HangupInProgress,
        HoiioRefusal.Ended => HoiioStatus.SessionEnded,
    };
}
