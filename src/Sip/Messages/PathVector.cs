using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>
/// The proxies between a registrar and a registered phone (RFC 3327): kept with the binding, repeated in the answer, and put before every
/// request to the phone as its Route set.
/// </summary>
public static class PathVector
{
    /// <summary>More proxies than any registration has on its way; beyond it the request is hostile.</summary>
    public const int MaxHops = 16;

    /// <summary>
    /// Reads the Path of a REGISTER, or of its answer, in the order a request to the phone visits it (§5.3): each value with its angle brackets,
    /// ready for the preloaded Route set of an INVITE.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="routes">The values; empty when there is no Path.</param>
    /// <returns>False when a value is no SIP URI in angle brackets, or there are more than <see cref="MaxHops"/>: answer 400.</returns>
    public static bool TryRead(SipMessage message, out IReadOnlyList<string> routes)
    {
        routes = [];
        if (!message.Has(HeaderName.Path)) return true;
        var values = new List<string>();
        foreach (var value in message.Values(HeaderName.Path))
        {
            if (values.Count == MaxHops || value.IndexOf((byte)'<') < 0 || !NameAddr.TryParse(value, out var address)) return false;
            if (!SipUri.TryParse(address.Uri, out var uri) || uri.Scheme is not (SipScheme.Sip or SipScheme.Sips)) return false;
            values.Add(Encoding.UTF8.GetString(value));
        }

        routes = values;
        return true;
    }

    /// <summary>
    /// Whether the phone knows that its registration has a Path (§5.1). A registrar may keep the Path of one that does not; it must not be told
    /// of it (§5.3).
    /// </summary>
    public static bool IsSupportedBy(SipRequest register) => register.Lists(HeaderName.Supported, "path"u8);

    /// <summary>Repeats the Path of a REGISTER in its 200 where the phone knows what that is (§5.3).</summary>
    public static SipResponseBuilder WithPathOf(this SipResponseBuilder response, SipRequest register) =>
        IsSupportedBy(register) ? response.CopyFrom(register, HeaderName.Path) : response;
}
