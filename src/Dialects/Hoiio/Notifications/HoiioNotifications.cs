using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Notifications;

/// <summary>
/// Follows every session by the events of its call, tells applications, and orders what comes next. The session is the application's again
/// before it is told, so that what it asks for while it is told is taken.
/// </summary>
internal sealed class HoiioNotifications(IDirectory directory, HoiioDesk desk, HoiioOrders orders, HoiioLedger ledger, HoiioOptions options, TimeProvider time) : INotificationSource
{
    /// <summary>What the recording of a whole call is known by.</summary>
    public const string MonitorMark = HoiioWords.Dialect + ".monitor";

    /// <inheritdoc/>
    public void Collect(CallEvent happened, ICollection<Notification> notifications)
    {
        var call = happened.Call;
        // Confirmations and the like of calls that are over concern nobody here; a restart begins with the end of a call, or of its recordings.
        var seat = call.HasEnded && happened is not CallEnded ? desk.Find(call.Id) ?? Reopen(call, happened) : desk.Open(call);
        if (happened is CallEnded)
            ledger.Ended(call);
        if (seat is not null)
            Follow(seat, happened, notifications);
        else if (HoiioNote.Of(call) is { } note)
            Follow(note, happened, notifications);
    }

    /// <summary>
    /// The session of a call that was over before a restart, when a recording of its own is over now; null for anything else. Its end was told then,
    /// unless it waited for the recording.
    /// </summary>
    private HoiioSeat? Reopen(Call call, CallEvent happened)
    {
        if (happened is not RecordingEnded { Tag: { } tag } || HoiioNote.Of(call) is not { Purpose: HoiioPurpose.Session, Block: var block }
            || (tag != MonitorMark && tag != block.Mark) || desk.Open(call) is not { } seat)
            return null;
        lock (seat.Gate)
        {
            seat.WaitsForRecord = block.Kind == HoiioBlockKind.Record && (tag == block.Mark || call.Audio.Recordings.Any(r => r.Terms.Tag == block.Mark));
            if (!seat.WaitsForRecord)
                seat.Take(new HoiioInput.CallOver(), time.GetUtcNow());
        }
        return seat;
    }

    private void Follow(HoiioNote note, CallEvent happened, ICollection<Notification> notifications)
    {
        var call = happened.Call;
        if (happened is CallAnswered && note is { Purpose: HoiioPurpose.Conference, Block.Room: { } room })
            orders.Give(new HoiioOrder.Seat(call.Id, note.Account, room));
        if (happened is CallEnded && note.Block.Url is { } url && AccountOf(note.Account) is { } account)
            notifications.Add(HoiioNotice.Of($"{happened.Id}.hoiio", account, url, call.Id, HoiioParameters.Of(note, call, account, directory.Current), terminal: true));
    }

    private void Follow(HoiioSeat seat, CallEvent happened, ICollection<Notification> notifications)
    {
        var call = happened.Call;
        var number = 0;
        lock (seat.Gate)
        {
            var block = seat.Session.Block;
            switch (happened)
            {
                case CallRinging when seat.Session.State is HoiioState.RingingIn && block is { Kind: HoiioBlockKind.Answer, Url: { } url }:
                    Tell(new HoiioTelling(HoiioBlockKind.Answer, url, null, "ringing"));
                    break;
                case CallNoted when HoiioNote.Of(call) is { } note:
                    seat.Noted(note.Block, time.GetUtcNow());
                    break;
                case CallAnswered when seat.Session.State is HoiioState.Dialing:
                    if (block.Msg is null)
                        Take(new HoiioInput.BlockOver());
                    else
                        orders.Give(new HoiioOrder.Say(call.Id, block));
                    break;
                case PlaybackEnded { Ending: not PlaybackEnding.HungUp } played:
                    Played(played.Tag);
                    break;
                case GatherEnded gathered when gathered.Tag == block.Mark:
                    seat.Digits = gathered.Digits;
                    if (gathered.Ending != GatherEnding.HungUp)
                        Take(new HoiioInput.BlockOver());
                    break;
                case RecordingStarted { Tag: MonitorMark } when block.Kind == HoiioBlockKind.Monitor:
                    Take(new HoiioInput.BlockOver());
                    break;
                case RecordingEnded recorded:
                    Recorded(recorded);
                    break;
                case CallTransferred or ConferenceJoined when seat.Session.State is HoiioState.Transferring:
                    seat.TransferStatus = HoiioWords.Answered;
                    break;
                case CallTransferFailed failed when seat.Session.State is HoiioState.Transferring:
                    seat.TransferStatus = HoiioWords.StatusOf(failed.Cause);
                    Take(new HoiioInput.TransferFailed());
                    break;
                case ConferenceLeft { Why: ConferenceLeaving.Failed } when seat.Session.State is HoiioState.Transferring:
                    seat.TransferStatus = HoiioWords.Failed;
                    Take(new HoiioInput.TransferFailed());
                    break;
                case ConferenceLeft { Why: ConferenceLeaving.Left or ConferenceLeaving.Closed }:
                    Take(new HoiioInput.StayOver());
                    break;
                // One this session ordered finds it where it was to bring it.
                case CallHeld:
                    Take(new HoiioInput.HeldByOther());
                    break;
                case CallUnheld when seat.Session.State is HoiioState.Held:
                    Take(new HoiioInput.UnheldByOther());
                    if (block.Kind == HoiioBlockKind.Hold)
                        orders.Give(new HoiioOrder.StopMusic(call.Id));
                    break;
                case CallEnded:
                    if (seat.Overtaken is { } before && call.By is not HangupBy.Api { Dialect: HoiioWords.Dialect })
                        seat.GoBackTo(before);
                    End();
                    break;
            }
        }

        void Played(string? tag)
        {
            var block = seat.Session.Block;
            if (block.Kind == HoiioBlockKind.Unhold)
            {
                // What stops is what was played on hold.
                if (seat.Session.State is HoiioState.Busy && tag?.StartsWith(HoiioWords.Dialect + ".", StringComparison.Ordinal) == true)
                    Take(new HoiioInput.BlockOver());
            }
            else if (tag == HoiioRunner.OverMark(block))
                Take(new HoiioInput.BlockOver());
            else if (tag == HoiioRunner.FailedMark(block))
            {
                seat.TransferStatus = HoiioWords.Failed;
                Take(new HoiioInput.TransferFailed());
            }
            else if (tag == block.Mark)
            {
                if (block.Kind is HoiioBlockKind.Dial or HoiioBlockKind.Play)
                    Take(new HoiioInput.BlockOver());
                else if (block.Kind is HoiioBlockKind.Record or HoiioBlockKind.Monitor or HoiioBlockKind.Transfer or HoiioBlockKind.Hangup)
                    orders.Give(new HoiioOrder.GoOn(call.Id, block, seat.Account));
            }
        }

        void Recorded(RecordingEnded recorded)
        {
            var url = recorded.Outcome.File is { } file && AccountOf(seat.Account) is { } account ? HoiioRecordings.Address(options, account, file) : null;
            if (recorded.Tag == MonitorMark)
            {
                seat.MonitorFile = url;
                Announce();
            }
            else if (recorded.Tag == seat.Session.Block.Mark)
            {
                seat.RecordUrl = url;
                if (seat.WaitsForRecord)
                {
                    seat.WaitsForRecord = false;
                    End();
                }
                else if (recorded.Outcome.Ending != RecordingEnding.HungUp)
                    Take(new HoiioInput.BlockOver());
            }
            if (call.HasEnded)
                CloseUnlessWaiting();
        }

        void End()
        {
            var block = seat.Session.Block;
            seat.WaitsForRecord = block.Kind == HoiioBlockKind.Record && seat.Session.State is HoiioState.Busy && IsOpen(block.Mark);
            if (!seat.WaitsForRecord)
            {
                Take(new HoiioInput.CallOver());
                Announce();
            }
            CloseUnlessWaiting();
        }

        bool IsOpen(string mark) => call.Audio.Recordings.Any(r => r.Terms.Tag == mark);

        void CloseUnlessWaiting()
        {
            if (!seat.WaitsForRecord && !IsOpen(MonitorMark))
                desk.Close(call.Id);
        }

        void Announce()
        {
            if (seat.MonitorFile is not null && Take(new HoiioInput.MonitorReady()).Handled)
                seat.MonitorFile = null;
        }

        HoiioStep Take(HoiioInput input)
        {
            var step = seat.Take(input, time.GetUtcNow());
            if (step.Tell is { } telling)
                Tell(telling);
            if (step.HangUp)
                orders.Give(new HoiioOrder.HangUp(call.Id, new HangupBy.Api(HoiioWords.Dialect, seat.Account)));
            return step;
        }

        void Tell(HoiioTelling telling)
        {
            if (AccountOf(seat.Account) is not { } account)
                return;
            var id = string.Create(CultureInfo.InvariantCulture, $"{happened.Id}.hoiio.{++number}");
            var terminal = telling is { CallState: "ended", IsMonitor: false };
            notifications.Add(HoiioNotice.Of(id, account, telling.Url, call.Id, HoiioParameters.Of(telling, seat, call, account, directory.Current), terminal));
        }
    }

    private Account? AccountOf(string name) => directory.Current.Account(name) is { Hoiio: not null } account && account.MayUse(HoiioWords.Dialect) ? account : null;
}
