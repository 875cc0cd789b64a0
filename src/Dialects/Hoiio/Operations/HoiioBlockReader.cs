using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Hoiio.Checks;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Operations;

/// <summary>Reads a block's own parameters and checks them in the vendor's order: values, tag, address, message, destination.</summary>
internal static class HoiioBlockReader
{
    private const string RoomPrefix = "room:";
    private const int LongestRecording = 4 * 3600;

    public static async ValueTask<(HoiioBlock Block, string? Mistake)> ReadAsync(HoiioAsk ask, Call call, HoiioSeat seat, HoiioBlock claim, CancellationToken cancellation)
    {
        var (block, mistake) = Values(ask, call, seat, claim);
        mistake ??= await ask.Ports.Checks.TagAndUrlAsync(ask, cancellation);
        if (mistake is null && claim.Kind == HoiioBlockKind.Monitor)
            mistake = await ask.Ports.Checks.UrlAsync(ask["monitor_notify_url"], HoiioStatus.NotifyUrl, HoiioStatus.NotifyUrlUnresolved, cancellation);
        if (mistake is null && claim.Kind != HoiioBlockKind.Unhold)
            mistake = await ask.Ports.Checks.MessageAsync(ask["msg"], cancellation);
        mistake ??= await DestinationAsync(ask, block, cancellation);
        return (block, mistake);
    }

    private static (HoiioBlock, string?) Values(HoiioAsk ask, Call call, HoiioSeat seat, HoiioBlock claim)
    {
        // Hold has neither tag nor address, and unhold has no message.
        var plain = claim with
        {
            Url = claim.Kind == HoiioBlockKind.Hold ? null : ask["notify_url"],
            Tag = claim.Kind == HoiioBlockKind.Hold ? null : ask["tag"],
            Msg = claim.Kind == HoiioBlockKind.Unhold ? null : ask["msg"],
        };
        return claim.Kind switch
        {
            HoiioBlockKind.Gather => Gather(ask, plain),
            HoiioBlockKind.Record => ask.Number("max_duration", 120, 1, LongestRecording) is { } seconds
                ? (plain with { MaxDuration = seconds }, null)
                : (plain, HoiioStatus.RecordDuration),
            HoiioBlockKind.Monitor => (plain with { MonitorUrl = ask["monitor_notify_url"] }, IsMonitored(seat) ? HoiioStatus.MonitorInProgress : null),
            HoiioBlockKind.Transfer => Transfer(ask, call, plain),
            HoiioBlockKind.Hangup => (plain, claim.IsForced && plain.Msg is not null ? HoiioStatus.MsgWithForce : null),
            _ => (plain, null),
        };
    }

    private static bool IsMonitored(HoiioSeat seat)
    {
        lock (seat.Gate)
            return seat.Session.IsMonitored;
    }

    private static (HoiioBlock, string?) Gather(HoiioAsk ask, HoiioBlock block)
    {
        var (digits, timeout, attempts) = (ask.Number("max_digits", 0, 0, 255), ask.Number("timeout", 15, 1, 300), ask.Number("attempts", 1, 1, 10));
        var mistake = digits is null ? HoiioStatus.MaxDigits : timeout is null ? HoiioStatus.Timeout : attempts is null ? HoiioStatus.Attempts : null;
        return (block with { MaxDigits = digits ?? 0, Timeout = timeout ?? 0, Attempts = attempts ?? 0 }, mistake);
    }

    private static (HoiioBlock, string?) Transfer(HoiioAsk ask, Call call, HoiioBlock block)
    {
        var dest = ask["dest"]!;
        var isRoom = dest.StartsWith(RoomPrefix, StringComparison.Ordinal);
        var room = !isRoom ? null : dest.Length == RoomPrefix.Length ? ask.Ports.Rooms.NewName() : dest[RoomPrefix.Length..];
        var shown = HoiioCallers.Find(ask["caller_id"], ask.Account, ask.Directory, call.Legs[0].Direction == LegDirection.Inbound ? call.Caller.Number : null);
        var mistake = ask["on_failure"] is not (null or "hangup" or "continue") ? HoiioStatus.OnFailure
            : room is not null && !HoiioRooms.IsName(room) ? HoiioStatus.Room
            : shown is null ? HoiioStatus.CallerId : null;
        return (block with
        {
            Room = room,
            Dest = isRoom ? null : HoiioWords.PhoneNumber(dest),
            Continues = ask["on_failure"] == "continue",
            CallerId = shown?.Number,
            IsPrivate = shown?.IsWithheld == true,
        }, mistake);
    }

    private static async ValueTask<string?> DestinationAsync(HoiioAsk ask, HoiioBlock block, CancellationToken cancellation)
    {
        if (block.Kind != HoiioBlockKind.Transfer)
            return null;
        if (block.Room is { } room)
            return ask.Ports.Rooms.Legs(ask.Account.Name, room) >= HoiioRooms.MostLegs ? HoiioStatus.TooManyDests : null;
        if (block.Dest is not { } dest)
            return HoiioStatus.Dest;
        if (ask.Ports.Calls.Reach(dest) != CallRefusal.None)
            return HoiioStatus.DestNotSupported;
        return await HoiioCredit.CheckAsync(ask, HoiioRates.Of(ask.Account, dest), cancellation);
    }
}
