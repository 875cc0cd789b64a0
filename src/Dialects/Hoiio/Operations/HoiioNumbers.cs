using System.Text.Json.Nodes;
using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Hoiio.Operations;

/// <summary>
/// Numbers, in the vendor's shapes. They are provisioned, not bought: lists of numbers for sale are empty, and where calls are forwarded is
/// shown and checked, not changed.
/// </summary>
internal static class HoiioNumbers
{
    private const string NoExpiry = "2099-12-31";

    public static ValueTask<JsonObject> CountriesAsync(HoiioAsk ask, CancellationToken cancellation) =>
        new(HoiioReply.Success(("entries_count", "0"), ("entries", new JsonArray())));

    public static ValueTask<JsonObject> ChoicesAsync(HoiioAsk ask, CancellationToken cancellation) => new(
        ask["country"] == "US" && ask["state"] is null ? HoiioStatus.Reply(HoiioStatus.Missing("state"))
        : ask.Number("page", 1, 1, 1_000_000) is null ? HoiioStatus.Reply(HoiioStatus.Page)
        : HoiioReply.Success(("total_entries_count", "0"), ("entries_count", "0"), ("entries", new JsonArray())));

    public static ValueTask<JsonObject> RatesAsync(HoiioAsk ask, CancellationToken cancellation) =>
        new(HoiioReply.Success(("currency", Sessions.HoiioRates.Currency(ask.Account)), ("entries_count", "0"), ("entries", new JsonArray())));

    public static ValueTask<JsonObject> SubscribeAsync(HoiioAsk ask, CancellationToken cancellation) => new(HoiioStatus.Reply(
        HoiioWords.PhoneNumber(ask["number"]!) is null ? HoiioStatus.NumberInvalid
        : ask["duration"] is not ("1" or "3" or "12" or "auto_extend") ? HoiioStatus.NumberDuration
        : HoiioStatus.NumberNotAvailable));

    public static async ValueTask<JsonObject> UpdateAsync(HoiioAsk ask, CancellationToken cancellation)
    {
        if (HoiioWords.PhoneNumber(ask["number"]!) is not { } number)
            return HoiioStatus.Reply(HoiioStatus.NumberInvalid);
        if (ask.Directory.Number(number) is not { } entry || !IsOf(entry, ask.Account))
            return HoiioStatus.Reply(HoiioStatus.NumberNotAssigned);
        if (ask["mode"] is not (null or "voice" or "fax"))
            return HoiioStatus.Reply(HoiioStatus.Mode);
        if (await ask.Ports.Checks.UrlAsync(ask["forward_to"], HoiioStatus.ForwardTo, HoiioStatus.ForwardToUnresolved, cancellation) is { } mistake)
            return HoiioStatus.Reply(mistake == HoiioStatus.NotifyUrlHandshake ? HoiioStatus.ForwardTo : mistake);
        if ((ask["forward_sms_to"] ?? ask["forward_to_sms"]) is not null)
            return HoiioStatus.Reply(HoiioStatus.NoIncomingSms);
        // What is so already is done; anything else is the operator's to provision.
        var same = (ask["forward_to"] is null || ask["forward_to"] == entry.To.Hoiio) && ask["mode"] is null or "voice";
        return same ? HoiioReply.Success() : HoiioStatus.Reply(HoiioStatus.NotificationNotAdded);
    }

    public static ValueTask<JsonObject> ActiveAsync(HoiioAsk ask, CancellationToken cancellation)
    {
        var entries = ask.Directory.Provisioning.Numbers.Where(n => IsOf(n, ask.Account)).Select(n => (JsonNode?)new JsonObject
        {
            ["number"] = n.Number,
            ["forward_to"] = n.To.Hoiio ?? "",
            ["forward_sms_to"] = "",
            ["mode"] = "voice",
            ["expiry"] = NoExpiry,
            ["auto_extend_status"] = "enabled",
            ["country"] = CountryOf(n.Number),
            ["state"] = "",
            ["capabilities"] = HoiioReply.List(["VOICE"]),
        }).ToArray();
        return new(HoiioReply.Success(("entries_count", HoiioWords.Number(entries.Length)), ("entries", new JsonArray(entries))));
    }

    private static bool IsOf(NumberEntry number, Account account) => string.Equals(number.Account, account.Name, StringComparison.OrdinalIgnoreCase);

    private static string CountryOf(string number) => number switch
    {
        ['+', '6', '5', ..] => "SG",
        ['+', '8', '5', '2', ..] => "HK",
        ['+', '6', '1', ..] => "AU",
        ['+', '1', ..] => "US",
        _ => "",
    };
}
