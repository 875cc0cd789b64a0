using System.Text;
using System.Text.Json;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Ozeki.Messages;

/// <summary>
/// The HTTP gateway that takes text messages for numbers outside. <c>{recipient}</c>, <c>{sender}</c>, <c>{message}</c> and <c>{id}</c> stand for the
/// message's parts in the address and in the body, encoded for where they stand; without a body it is a GET.
/// </summary>
public sealed record OzekiSmsGateway(string Url, string? Body = null, string ContentType = "application/x-www-form-urlencoded", string? Authorization = null)
{
    internal HttpCall Request(OzekiSms sms)
    {
        var isJson = ContentType.Contains("json", StringComparison.OrdinalIgnoreCase);
        return new HttpCall
        {
            Url = Fill(Url, sms, Uri.EscapeDataString),
            Method = Body is null ? "GET" : "POST",
            ContentType = Body is null ? null : ContentType,
            Body = Body is null ? default : Encoding.UTF8.GetBytes(Fill(Body, sms, isJson ? static t => JsonEncodedText.Encode(t).ToString() : Uri.EscapeDataString)),
            Headers = Authorization is { } proof ? [new("Authorization", proof)] : [],
        };
    }

    /// <summary>One pass, so that what a message says is never taken for a placeholder.</summary>
    private static string Fill(string template, OzekiSms sms, Func<string, string> encode)
    {
        var filled = new StringBuilder(template.Length + sms.Text.Length);
        for (var i = 0; i < template.Length;)
        {
            var end = template[i] == '{' ? template.IndexOf('}', i) : -1;
            var value = end < 0 ? null : template[(i + 1)..end] switch
            {
                "recipient" => sms.Recipient,
                "sender" => sms.Sender,
                "message" => sms.Text,
                "id" => sms.Id,
                _ => null,
            };
            if (value is null)
            {
                filled.Append(template[i++]);
                continue;
            }
            filled.Append(encode(value));
            i = end + 1;
        }
        return filled.ToString();
    }
}
