using System.Text.Json;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;

namespace Switchhook.Server.Native;

/// <summary>Makes the webhooks of the accounts' own subscriptions: the event as the event stream shows it, signed, tried for a day.</summary>
internal sealed class WebhookSource(IDirectory directory) : INotificationSource
{
    public void Collect(CallEvent happened, ICollection<Notification> notifications)
    {
        var current = directory.Current;
        byte[]? body = null;
        var number = 0;
        foreach (var name in happened.Call.Accounts)
        {
            if (current.Account(name) is not { } account || !account.MayUse("native"))
                continue;
            foreach (var webhook in account.Webhooks)
            {
                if (!webhook.Wants(happened.Name))
                    continue;
                body ??= JsonSerializer.SerializeToUtf8Bytes(happened.ToDocument(), NativeJson.Shown.EventDocument);
                notifications.Add(Make(happened, account, webhook.Url, body, ++number));
            }
        }
    }

    private static Notification Make(CallEvent happened, Account account, string url, byte[] body, int number)
    {
        // A redirect is a refusal: what is signed for one address is not shown to another.
        var request = new HttpCall { Url = url, ContentType = "application/json", Body = body, FollowRedirects = false, Call = happened.Call.Id };
        return new Notification($"{happened.Id}.webhook.{number}", happened.Call.Id, "native", request, Terminal: happened is CallEnded)
        {
            Account = account.Name,
            Policy = DeliveryPolicy.BackOff.Standard,
            Signed = true,
        };
    }
}
