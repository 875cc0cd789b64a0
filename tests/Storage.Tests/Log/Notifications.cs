using Switchhook.Calls;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Tests.Log;

/// <summary>Ordinary notifications to vary.</summary>
internal static class Notifications
{
    public static Notification Make(string id, long call, string account = "demo") => new(
        id,
        new CallId(call),
        "native",
        new HttpCall
        {
            Url = "https://app.test/hook?x=1",
            Method = "PUT",
            ContentType = "application/json",
            Body = "{\"a\":\"ü\"}"u8.ToArray(),
            Headers = [new("X-One", "1"), new("X-One", "2")],
            Timeout = TimeSpan.FromSeconds(7),
            FollowRedirects = false,
            Call = new CallId(call),
        },
        Terminal: true)
    {
        Account = account,
        Signed = true,
    };
}
