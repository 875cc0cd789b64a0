using System.Diagnostics.CodeAnalysis;

namespace Switchhook.Webhooks;

/// <summary>One request on the way through redirects (RFC 9110 §15.4).</summary>
internal sealed record HttpHop(Uri Url, string Method, ReadOnlyMemory<byte> Body, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    private const string Product = "Switchhook";

    /// <summary>True for a redirect that says where to.</summary>
    public static bool IsRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is not null;

    /// <summary>The request after a redirect: 307 and 308 repeat it, the others turn it into a GET as browsers do.</summary>
    public HttpHop To(Uri target, int status)
    {
        var repeats = status is 307 or 308 || IsMethod("GET") || IsMethod("HEAD");
        var sameOrigin = Uri.Compare(Url, target, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
        return new HttpHop(
            target,
            repeats ? Method : "GET",
            repeats ? Body : default,
            sameOrigin ? Headers : [.. Headers.Where(header => !IsSecret(header.Key))]);
    }

    /// <summary>False when the method or a header has characters that HTTP does not allow.</summary>
    public bool TryMakeRequest(string? contentType, [NotNullWhen(true)] out HttpRequestMessage? request)
    {
        request = null;
        if (Method.Length == 0 || !Method.All(char.IsAsciiLetter) || Headers.Any(header => !CanBeSent(header.Key) || !CanBeSent(header.Value)))
            return false;
        var made = new HttpRequestMessage(new HttpMethod(Method.ToUpperInvariant()), Url);
        if (!Body.IsEmpty || !(IsMethod("GET") || IsMethod("HEAD") || IsMethod("DELETE")))
        {
            made.Content = new ReadOnlyMemoryContent(Body);
            if (contentType is not null && CanBeSent(contentType))
                made.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        foreach (var (name, value) in Headers)
        {
            if (!made.Headers.TryAddWithoutValidation(name, value))
                made.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        if (!made.Headers.Contains("User-Agent"))
            made.Headers.TryAddWithoutValidation("User-Agent", Product);
        request = made;
        return true;
    }

    private bool IsMethod(string name) => Method.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool CanBeSent(string text) => text.All(c => c is >= ' ' and < '\x7f' or '\t');

    // What proves who we are to one server is not shown to another.
    private static bool IsSecret(string header) =>
        header.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || header.Equals("Cookie", StringComparison.OrdinalIgnoreCase);
}
