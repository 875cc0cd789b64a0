using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Hoiio.Notifications;

/// <summary>A notification on its way: a signed form, posted once.</summary>
internal static class HoiioNotice
{
    public const string SignatureHeader = "X-Hoiio-Signature";

    private const string ContentType = "application/x-www-form-urlencoded";
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(15);

    /// <param name="id">Unlike any other's.</param>
    /// <param name="account">Whose access token signs it.</param>
    /// <param name="url">Where to. What its query names comes back behind the parameters, unless they have it.</param>
    /// <param name="call">The call it is about.</param>
    /// <param name="parameters">Names and values in order.</param>
    /// <param name="terminal">It tells the end of the call.</param>
    public static Notification Of(string id, Account account, string url, CallId call, IReadOnlyList<(string Name, string Value)> parameters, bool terminal)
    {
        var body = Encoding.ASCII.GetBytes(Form(parameters, url));
        var hoiio = account.Hoiio!;
        return new Notification(id, call, HoiioWords.Dialect, new HttpCall
        {
            Url = hoiio.NotifyInQuery ? WithQuery(url, Encoding.ASCII.GetString(body)) : url,
            ContentType = ContentType,
            Body = body,
            Headers = [new(SignatureHeader, Sign(hoiio.AccessToken, body))],
            Timeout = AnswerTime,
            FollowRedirects = false,
            Call = call,
        }, terminal)
        { Account = account.Name };
    }

    /// <summary>Lower-case hexadecimal HMAC-SHA256 of the very bytes.</summary>
    public static string Sign(string token, ReadOnlySpan<byte> body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), body));

    private static string Form(IReadOnlyList<(string Name, string Value)> parameters, string url)
    {
        var form = new StringBuilder();
        foreach (var (name, value) in parameters)
            Append(form, name, value);
        foreach (var pair in new QueryStringEnumerable(QueryOf(url)))
        {
            var name = pair.DecodeName().ToString();
            if (name.Length > 0 && !parameters.Any(p => p.Name == name))
                Append(form, name, pair.DecodeValue().ToString());
        }
        return form.ToString();
    }

    private static string QueryOf(string url) =>
        url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var question ? url[question..].Split('#', 2)[0] : "";

    private static string WithQuery(string url, string query)
    {
        var parts = url.Split('#', 2);
        return $"{parts[0]}{(parts[0].Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}{(parts.Length > 1 ? "#" + parts[1] : "")}";
    }

    private static void Append(StringBuilder form, string name, string value) =>
        form.Append(form.Length > 0 ? "&" : "").Append(WebUtility.UrlEncode(name)).Append('=').Append(WebUtility.UrlEncode(value));
}
