using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox.Sessions;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Reports;

/// <summary>How a report travels: posted on a connection of its own, again every few seconds until the answer is 200.</summary>
internal static class OpenVoxDelivery
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private static readonly DeliveryPolicy UntilOk = new DeliveryPolicy.UntilOk(TimeSpan.FromSeconds(5), TimeSpan.FromHours(24));

    private static readonly IReadOnlyList<KeyValuePair<string, string>> Headers =
        [new("Accept", "application/json"), new("Connection", "close"), new("User-Agent", "WebAPI")];

    public static Notification To(OpenVoxSession listener, string id, CallId call, byte[] body, bool terminal) => new(
        id,
        call,
        OpenVoxWords.Dialect,
        new HttpCall
        {
            Url = listener.Target,
            ContentType = OpenVoxJson.ContentType,
            Body = body,
            Headers = Headers,
            Timeout = AnswerTime,
            FollowRedirects = false,
            Call = call == default ? null : call,
        },
        terminal)
    {
        Account = listener.Account,
        Policy = UntilOk,
    };
}
