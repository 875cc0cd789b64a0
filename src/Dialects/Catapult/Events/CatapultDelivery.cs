using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Bxml;
using Switchhook.Dialects.Catapult.Calls;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Events;

/// <summary>How an event travels: one request to the call's address, and when that fails one with the same content to its fallback.</summary>
internal static class CatapultDelivery
{
    public const string JsonType = "application/json; charset=utf-8";

    private static readonly KeyValuePair<string, string> Agent = new("User-Agent", "BandwidthAPI/v1");

    /// <summary>How long an address has for its answer.</summary>
    public static TimeSpan TimeOf(CatapultCall call) => TimeSpan.FromMilliseconds(
        int.TryParse(call[CatapultDetail.CallbackTimeout], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : CatapultTerms.LongestCallbackTimeout);

    /// <summary>The notification; null for a call whose events go nowhere.</summary>
    public static Notification? To(CatapultCall call, string id, string? account, CatapultMembers members, bool terminal, bool byPost = false)
    {
        if (call[CatapultDetail.CallbackUrl] is not { } url)
            return null;
        var (time, byGet) = (TimeOf(call), call[CatapultDetail.CallbackHttpMethod] == "GET" && !byPost);
        return new Notification(id, call.Call.Id, CatapultWords.Dialect, Request(url, byGet, members, time, call.Call.Id), terminal)
        {
            Account = account,
            Policy = call[CatapultDetail.FallbackUrl] is { } fallback
                ? new DeliveryPolicy.Fallback(Request(fallback, byGet, members, time, call.Call.Id).Url, time)
                : DeliveryPolicy.Once.Instance,
        };
    }

    /// <summary>The same to an address that a verb of a document named.</summary>
    public static Notification ToVerb(CatapultCall call, string id, string account, string url, CatapultMembers members)
    {
        var time = BxmlScripts.VerbReplyTime;
        return new Notification(id, call.Call.Id, CatapultWords.Dialect, BxmlRequest.Get(url, members, time, call.Call.Id), Terminal: false)
        {
            Account = account,
            Policy = call[CatapultDetail.FallbackUrl] is { } fallback
                ? new DeliveryPolicy.Fallback(BxmlRequest.Get(fallback, members, time, call.Call.Id).Url, time)
                : DeliveryPolicy.Once.Instance,
        };
    }

    private static HttpCall Request(string url, bool byGet, CatapultMembers members, TimeSpan time, CallId call)
    {
        if (byGet)
            return BxmlRequest.Get(url, members, time, call);
        var (bare, secret) = BxmlRequest.WithoutUser(url);
        return new HttpCall
        {
            Url = bare,
            ContentType = JsonType,
            Body = members.ToJson(),
            Headers = secret is null ? [Agent] : [Agent, new("Authorization", $"Basic {secret}")],
            Timeout = time,
            FollowRedirects = false,
            Call = call,
        };
    }
}
