using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Bxml;

/// <summary>An event as a GET: its members follow whatever the address asks for already.</summary>
internal static class BxmlRequest
{
    private static readonly KeyValuePair<string, string> Agent = new("User-Agent", "BandwidthAPI/v1");

    public static HttpCall Get(string url, CatapultMembers members, TimeSpan timeout, CallId call)
    {
        var (bare, secret) = WithoutUser(url);
        return new HttpCall
        {
            Url = Append(bare, members),
            Method = "GET",
            Headers = secret is null ? [Agent] : [Agent, new("Authorization", $"Basic {secret}")],
            Timeout = timeout,
            FollowRedirects = false,
            Call = call,
        };
    }

    /// <summary>The address against that of the running document; null when that gives no http address.</summary>
    public static string? Resolve(string url, string? against)
    {
        if (CatapultFields.IsUrl(url))
            return url;
        return against is not null && Uri.TryCreate(against, UriKind.Absolute, out var root) && Uri.TryCreate(root, url, out var resolved)
            && CatapultFields.IsUrl(resolved.AbsoluteUri) ? resolved.AbsoluteUri : null;
    }

    private static string Append(string url, CatapultMembers members)
    {
        var fragment = url.IndexOf('#', StringComparison.Ordinal);
        var text = new StringBuilder(fragment < 0 ? url : url[..fragment]);
        var mark = url.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, value) in members.ToQuery())
        {
            text.Append(mark).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            mark = '&';
        }
        return text.ToString();
    }

    /// <summary>Name and password in an address become a header, which only https may carry.</summary>
    internal static (string Url, string? Secret) WithoutUser(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.UserInfo.Length == 0)
            return (url, null);
        var at = url.IndexOf('@', StringComparison.Ordinal);
        var bare = url[..(url.IndexOf("//", StringComparison.Ordinal) + 2)] + url[(at + 1)..];
        return (bare, address.Scheme == Uri.UriSchemeHttps ? Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))) : null);
    }
}
