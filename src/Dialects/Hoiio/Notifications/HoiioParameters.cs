using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Notifications;

/// <summary>What notifications say, in the vendor's order.</summary>
internal static class HoiioParameters
{
    /// <summary>Of a session's block.</summary>
    public static IReadOnlyList<(string, string)> Of(HoiioTelling telling, HoiioSeat seat, Call call, Account account, CallDirectory directory)
    {
        List<(string, string)> all = [("ivr_block", WordOf(telling.Kind)), ("session", HoiioWords.Session(call.Id)), ("txn_ref", HoiioWords.Transaction(call))];
        if (call.Legs[0].Direction == LegDirection.Inbound)
        {
            all.Add(("from", FromOf(call)));
            all.Add(("to", call.Dialed));
        }
        else
        {
            all.Add(("dest", call.Legs[0].Party.Number));
        }
        all.Add(("call_state", telling.CallState));
        if (!telling.IsBare)
            AddResult(all, telling, seat, call);
        if (call.HasEnded)
            AddCharges(all, call, account, directory);
        if (telling.Tag is { } tag)
            all.Add(("tag", tag));
        return all;
    }

    /// <summary>Of a call between two phones, or a leg of a conference.</summary>
    public static IReadOnlyList<(string, string)> Of(HoiioNote note, Call call, Account account, CallDirectory directory)
    {
        var view = HoiioCallView.Of(call, account, directory);
        List<(string, string)> all =
        [
            ("txn_ref", view.Transaction), ("call_status_dest1", view.Status1), ("call_status_dest2", view.Status2), ("date", HoiioWords.Date(call.StartedAt)),
            ("dest1", view.Dest1), ("dest2", view.Dest2), ("duration", HoiioWords.Number(view.Charge.Minutes)), ("currency", HoiioRates.Currency(account)),
            ("rate", HoiioWords.Amount(view.Charge.Rate)), ("debit", HoiioWords.Amount(view.Charge.Debit)),
        ];
        if (note.Block.Tag is { } tag)
            all.Add(("tag", tag));
        if (note.Block.Room is { } room)
            all.Add(("room", room));
        return all;
    }

    /// <summary>A caller that is withheld is not named.</summary>
    public static string FromOf(Call call) => call.Caller.IsWithheld ? "private" : call.Caller.Number;

    public static string WordOf(HoiioBlockKind kind) => kind switch
    {
        HoiioBlockKind.Answer => "answer",
        HoiioBlockKind.Dial => "dial",
        HoiioBlockKind.Play => "play",
        HoiioBlockKind.Gather => "gather",
        HoiioBlockKind.Record => "record",
        HoiioBlockKind.Monitor => "monitor",
        HoiioBlockKind.Hold => "hold",
        HoiioBlockKind.Unhold => "unhold",
        HoiioBlockKind.Transfer => "transfer",
        HoiioBlockKind.Hangup => "hangup",
    };

    private static void AddResult(List<(string, string)> all, HoiioTelling telling, HoiioSeat seat, Call call)
    {
        switch (telling.Kind)
        {
            case HoiioBlockKind.Dial:
                all.Add(("dial_status", call.HasEnded ? HoiioWords.StatusOf(call, call.Legs[0]) : HoiioWords.Answered));
                break;
            case HoiioBlockKind.Gather:
                all.Add(("digits", seat.Digits ?? ""));
                break;
            case HoiioBlockKind.Record when seat.RecordUrl is { } url:
                all.Add(("record_url", url));
                break;
            case HoiioBlockKind.Monitor when telling.IsMonitor && seat.MonitorFile is { } url:
                all.Add(("monitor_url", url));
                break;
            case HoiioBlockKind.Transfer:
                all.Add(("transfer_status", seat.TransferStatus ?? HoiioWords.Unanswered));
                if (seat.Session.Block.Room is { } room)
                    all.Add(("room", room));
                break;
        }
    }

    private static void AddCharges(List<(string, string)> all, Call call, Account account, CallDirectory directory)
    {
        var charge = HoiioRates.Of(account, directory, call);
        all.Add(("date", HoiioWords.Date(call.StartedAt)));
        all.Add(("duration", HoiioWords.Number(charge.Minutes)));
        all.Add(("currency", HoiioRates.Currency(account)));
        all.Add(("rate", HoiioWords.Amount(charge.Rate)));
        all.Add(("debit", HoiioWords.Amount(charge.Debit)));
    }
}
