using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Switchhook.Dialects.Hoiio.Operations;

namespace Switchhook.Dialects.Hoiio;

/// <summary>Does what was asked.</summary>
internal delegate ValueTask<JsonObject> HoiioOperation(HoiioAsk ask, CancellationToken cancellation);

/// <summary>An endpoint.</summary>
/// <param name="Path">Below <see cref="HoiioPath.Root"/>.</param>
/// <param name="Required">Parameters it cannot do without, in the order they are missed.</param>
/// <param name="IsLimited">Takes so many requests of an application in a minute.</param>
internal sealed record HoiioEndpoint(string Path, string[] Required, bool IsLimited, HoiioOperation Run);

/// <summary>Every endpoint by its path.</summary>
internal static class HoiioPath
{
    public const string Root = "/open/";

    private static readonly HoiioOperation NotAvailable = static (_, _) => new(HoiioStatus.Reply(HoiioStatus.Service));

    public static IReadOnlyList<HoiioEndpoint> All { get; } =
    [
        Block("ivr/start/dial", HoiioDial.RunAsync, "dest"),
        Block("ivr/middle/play", HoiioBlocks.PlayAsync, "session"),
        Block("ivr/middle/gather", HoiioBlocks.GatherAsync, "session", "notify_url"),
        Block("ivr/middle/record", HoiioBlocks.RecordAsync, "session", "notify_url"),
        Block("ivr/middle/monitor", HoiioBlocks.MonitorAsync, "session", "notify_url"),
        Block("ivr/middle/hold", HoiioBlocks.HoldAsync, "session"),
        Block("ivr/middle/unhold", HoiioBlocks.UnholdAsync, "session"),
        Block("ivr/end/transfer", HoiioBlocks.TransferAsync, "session", "dest"),
        Block("ivr/end/hangup", HoiioBlocks.HangupAsync, "session"),
        Block("voice/call", HoiioVoiceCall.RunAsync, "dest2"),
        Block("voice/conference", HoiioConference.VoiceAsync, "dest"),
        Block("conference/call", HoiioConference.ListAsync, "dest"),
        Query("conference/moderate", HoiioConference.ModerateAsync, "txn_ref", "action"),
        Query("voice/hangup", HoiioTransactions.HangUpAsync, "txn_ref"),
        Query("voice/query_status", HoiioTransactions.QueryAsync, "txn_ref"),
        Query("voice/get_history", HoiioTransactions.HistoryAsync),
        Query("voice/get_rate", HoiioVoiceCall.RateAsync, "dest1", "dest2"),
        Query("user/get_balance", HoiioAccount.BalanceAsync),
        Query("user/get_info", HoiioAccount.InfoAsync),
        Query("number/get_countries", HoiioNumbers.CountriesAsync),
        Query("number/get_choices", HoiioNumbers.ChoicesAsync, "country"),
        Query("number/get_rates", HoiioNumbers.RatesAsync, "country"),
        Query("number/subscribe", HoiioNumbers.SubscribeAsync, "number", "duration"),
        Query("number/update_forwarding", HoiioNumbers.UpdateAsync, "number"),
        Query("number/get_active", HoiioNumbers.ActiveAsync),
        Block("sms/send", NotAvailable),
        Block("sms/bulk_send", NotAvailable),
        Block("sms/query_status", NotAvailable),
        Block("sms/get_history", NotAvailable),
        Block("sms/get_rate", NotAvailable),
        Block("fax/send", NotAvailable),
        Block("fax/query_status", NotAvailable),
        Block("fax/get_history", NotAvailable),
        Block("fax/get_rate", NotAvailable),
    ];

    private static readonly FrozenDictionary<string, HoiioEndpoint> ByPath = All.ToFrozenDictionary(static e => e.Path, StringComparer.Ordinal);

    /// <summary>The endpoint of a whole path, a slash at its end or not; null for none.</summary>
    public static HoiioEndpoint? Find(string? path) =>
        path?.StartsWith(Root, StringComparison.Ordinal) == true ? ByPath.GetValueOrDefault(path[Root.Length..] is [.. var rest, '/'] ? rest : path[Root.Length..]) : null;

    private static HoiioEndpoint Block(string path, HoiioOperation run, params string[] required) => new(path, required, IsLimited: false, run);

    private static HoiioEndpoint Query(string path, HoiioOperation run, params string[] required) => new(path, required, IsLimited: true, run);
}
