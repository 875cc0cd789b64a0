using System.Text.Json.Nodes;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Hoiio.Checks;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Operations;

/// <summary><c>ivr/start/dial</c>: a phone is called, and hears a message when it answers.</summary>
internal static class HoiioDial
{
    public static async ValueTask<JsonObject> RunAsync(HoiioAsk ask, CancellationToken cancellation)
    {
        var seconds = ask.Number("max_duration", 0, 1, int.MaxValue);
        var shown = HoiioCallers.Find(ask["caller_id"], ask.Account, ask.Directory);
        var mistake = seconds is null ? HoiioStatus.CallDuration : shown is null ? HoiioStatus.CallerId : null;
        mistake ??= await ask.Ports.Checks.TagAndUrlAsync(ask, cancellation);
        mistake ??= await ask.Ports.Checks.MessageAsync(ask["msg"], cancellation);
        var dest = HoiioWords.PhoneNumber(ask["dest"]!);
        mistake ??= dest is null ? HoiioStatus.Dest : ask.Ports.Calls.Reach(dest) == CallRefusal.None ? null : HoiioStatus.DestNotSupported;
        if (mistake is not null)
            return HoiioStatus.Reply(mistake);
        var block = new HoiioBlock(HoiioBlockKind.Dial, 1, ask["notify_url"], ask["tag"]) { Msg = ask["msg"] };
        var note = new HoiioNote(HoiioPurpose.Session, ask.Account.Name, block) { LastUrl = block.Url, LastTag = block.Tag };
        var (call, status) = await HoiioPlacing.PlaceAsync(
            ask,
            new HoiioPlacement(dest!, shown!, HoiioRates.Of(ask.Account, dest!), note)
            {
                RingTime = TimeSpan.FromSeconds(ask.Number("ring_time", 0, 1, 600) is > 0 and var ring ? ring : ask.Number("ringtime", 60, 1, 600) ?? 60),
                MostSeconds = seconds > 0 ? seconds : null,
            },
            cancellation);
        return call is null
            ? HoiioStatus.Reply(status)
            : HoiioReply.Success(("session", HoiioWords.Session(call.Id)), ("txn_ref", HoiioWords.Transaction(call)));
    }
}
