using System.Text.Json.Nodes;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Hoiio.Checks;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Operations;

/// <summary><c>voice/call</c>: two phones, one after the other, and then together; <c>voice/get_rate</c>: what that costs.</summary>
internal static class HoiioVoiceCall
{
    public static async ValueTask<JsonObject> RunAsync(HoiioAsk ask, CancellationToken cancellation)
    {
        var seconds = ask.Number("max_duration", 0, 1, int.MaxValue);
        var shown = HoiioCallers.Find(ask["caller_id"], ask.Account, ask.Directory);
        var mistake = seconds is null ? HoiioStatus.CallDuration : shown is null ? HoiioStatus.CallerId : null;
        mistake ??= await ask.Ports.Checks.TagAndUrlAsync(ask, cancellation);
        var first = ask["dest1"] is { } given ? HoiioWords.PhoneNumber(given) : (HoiioCallers.NumbersOf(ask.Account, ask.Directory) is [var registered, ..] ? registered : null);
        var second = HoiioWords.PhoneNumber(ask["dest2"]!);
        mistake ??= Destinations(ask, first, second);
        if (mistake is not null)
            return HoiioStatus.Reply(mistake);
        var block = new HoiioBlock(HoiioBlockKind.Dial, 1, ask["notify_url"], ask["tag"]);
        var rate = HoiioRates.Of(ask.Account, first!) + HoiioRates.Of(ask.Account, second!);
        var (call, status) = await HoiioPlacing.PlaceAsync(
            ask,
            new HoiioPlacement(first!, shown!, rate, new HoiioNote(HoiioPurpose.Voice, ask.Account.Name, block))
            {
                Then = new OnAnswer.Connect(second!),
                ShownToFirst = new Party(second!),
                MostSeconds = seconds > 0 ? seconds : null,
                NotSupported = HoiioStatus.Dest1NotSupported,
            },
            cancellation);
        return call is null ? HoiioStatus.Reply(status) : HoiioReply.Success(("txn_ref", HoiioWords.Transaction(call)));
    }

    public static async ValueTask<JsonObject> RateAsync(HoiioAsk ask, CancellationToken cancellation)
    {
        var (first, second) = (HoiioWords.PhoneNumber(ask["dest1"]!), HoiioWords.PhoneNumber(ask["dest2"]!));
        if (Destinations(ask, first, second, mayBeSame: true) is { } mistake)
            return HoiioStatus.Reply(mistake);
        var rate = HoiioRates.Of(ask.Account, first!) + HoiioRates.Of(ask.Account, second!);
        var minutes = await HoiioCredit.MinutesAsync(ask, rate, cancellation) ?? 1_000_000;
        return HoiioReply.Success(("currency", HoiioRates.Currency(ask.Account)), ("rate", HoiioWords.Amount(rate)), ("talktime", HoiioWords.Number(minutes)));
    }

    private static string? Destinations(HoiioAsk ask, string? first, string? second, bool mayBeSame = false) =>
        first is null ? HoiioStatus.Dest1
        : second is null ? HoiioStatus.Dest2
        : first == second && !mayBeSame ? HoiioStatus.SameDests
        : ask.Ports.Calls.Reach(first) != CallRefusal.None ? HoiioStatus.Dest1NotSupported
        : ask.Ports.Calls.Reach(second) != CallRefusal.None ? HoiioStatus.Dest2NotSupported
        : null;
}
