using System.Text.Json.Nodes;
using Switchhook.Calls;
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
        var rate = HoiioRates.Of(ask.Account, dest!);
        if (await HoiioCredit.CheckAsync(ask, rate, cancellation) is { } unpaid)
            return HoiioStatus.Reply(unpaid);
        using var room = ask.Ports.Limit.TryTake(ask.Account.Name, 1);
        if (room is null)
            return HoiioStatus.Reply(HoiioStatus.Concurrent);
        var block = new HoiioBlock(HoiioBlockKind.Dial, 1, ask["notify_url"], ask["tag"]) { Msg = ask["msg"] };
        var reply = await ask.Ports.Calls.AskAsync(
            new CallCommand.Originate
            {
                Dialect = HoiioWords.Dialect,
                Account = ask.Account.Name,
                Caller = shown!,
                Dialed = dest!,
                Then = new OnAnswer.Wait(),
                RingTime = TimeSpan.FromSeconds(ask.Number("ring_time", 0, 1, 600) is > 0 and var ring ? ring : ask.Number("ringtime", 60, 1, 600) ?? 60),
                MaxDuration = await HoiioCredit.LongestAsync(ask, seconds > 0 ? seconds : null, rate, cancellation),
                Note = new HoiioNote(HoiioPurpose.Session, ask.Account.Name, block) { LastUrl = block.Url, LastTag = block.Tag }.Write(),
            },
            cancellation);
        return reply is { Done: true, Call: { } call }
            ? HoiioReply.Success(("session", HoiioWords.Session(call.Id)), ("txn_ref", HoiioWords.Transaction(call)))
            : HoiioStatus.Reply(RefusedAs(reply.Refusal));
    }

    /// <summary>Why a call was not placed.</summary>
    public static string RefusedAs(CallRefusal refusal, string notSupported = HoiioStatus.DestNotSupported) =>
        refusal is CallRefusal.NoRoute or CallRefusal.NotRegistered or CallRefusal.InvalidNumber ? notSupported : HoiioStatus.CallService;
}
