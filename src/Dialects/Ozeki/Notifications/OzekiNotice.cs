using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Notifications;

/// <summary>A notification whose reply nobody waits for.</summary>
internal static class OzekiNotice
{
    public static readonly IReadOnlyList<KeyValuePair<string, string>> Headers =
        [new("Cache-Control", "no-store,no-cache"), new("Pragma", "no-cache")];

    public static readonly TimeSpan ReplyTime = TimeSpan.FromSeconds(10);

    public static Notification To(string url, string id, CallId call, string? account, byte[] form, bool terminal) => new(
        id,
        call,
        OzekiAccess.Dialect,
        new HttpCall { Url = url, ContentType = OzekiForm.ContentType, Body = form, Headers = Headers, Timeout = ReplyTime, Call = call },
        terminal)
    {
        Account = account,
    };
}
