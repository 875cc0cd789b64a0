using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks;

/// <summary>
/// Signs requests as Standard Webhooks says: <c>webhook-id</c>, <c>webhook-timestamp</c> and <c>webhook-signature</c>, an HMAC-SHA256 over the
/// three joined by dots, id, time and body. With two live secrets there are two signatures, so that a receiver may change over at leisure.
/// The secrets are those of the directory at the time of the attempt; none of them is stored with the notification.
/// </summary>
public sealed class WebhookSigner(IDirectory directory)
{
    private const string SecretPrefix = "whsec_";

    /// <summary>The request with the headers. An account without a secret gets id and time alone.</summary>
    public HttpCall Sign(Notification notification, HttpCall request, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        List<KeyValuePair<string, string>> headers = [.. request.Headers, new("webhook-id", notification.Id), new("webhook-timestamp", seconds)];
        var secrets = SecretsOf(notification);
        if (secrets.Count > 0)
            headers.Add(new("webhook-signature", string.Join(' ', secrets.Select(secret => Signature(secret, notification.Id, seconds, request.Body.Span)))));
        return request with { Headers = headers };
    }

    /// <summary>One signature: <c>v1,</c> and base64.</summary>
    internal static string Signature(string secret, string id, string seconds, ReadOnlySpan<byte> body)
    {
        var key = Convert.FromBase64String(secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{seconds}."));
        hmac.AppendData(body);
        return $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}";
    }

    /// <summary>The subscription's own secret, or else the account's, and the one before it while that lives.</summary>
    private List<string> SecretsOf(Notification notification)
    {
        if (notification.Account is null || directory.Current.Account(notification.Account) is not { } account)
            return [];
        var own = account.Webhooks.FirstOrDefault(webhook => webhook.Url == notification.Request.Url)?.Secret;
        return [.. new[] { own ?? account.WebhookSecret, own is null ? account.WebhookSecretPrevious : null }.OfType<string>()];
    }
}
