using System.Globalization;
using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>What we support beyond RFC 3261, and what of it a request needs (§8.2.2.3, §19.2).</summary>
public sealed partial class SipUserAgent
{
    // There are not that many extensions; a request that requires more does not deserve an answer as long as itself.
    private const int MostTagsNamed = 32;

    private readonly byte[] _supported;

    private ReadOnlySpan<byte> Supported => _supported;

    private static byte[] SupportedOf(SipUserAgentOptions options) => Encoding.ASCII.GetBytes(
        "timer, 100rel, norefersub" + (options.TakesReplaces ? ", replaces" : "") + (options.TakesPath ? ", path" : "")
        + (options.TakesTargetDialog ? ", tdialog" : ""));

    /// <summary>The extensions we support, for the Supported of answers outside of sessions (RFC 3261 §11.2).</summary>
    public string SupportedExtensions => Encoding.ASCII.GetString(Supported);

    internal SipUserAgentOptions Options { get; }

    private bool IsSupported(ReadOnlySpan<byte> tag) =>
        SipText.EqualsIgnoreCase(tag, "timer"u8) || SipText.EqualsIgnoreCase(tag, "100rel"u8) || SipText.EqualsIgnoreCase(tag, "norefersub"u8)
        || (Options.TakesReplaces && SipText.EqualsIgnoreCase(tag, "replaces"u8))
        || (Options.TakesTargetDialog && SipText.EqualsIgnoreCase(tag, "tdialog"u8))
        || (Options.TakesPath && SipText.EqualsIgnoreCase(tag, "path"u8));

    /// <summary>§8.2.2.3: an extension that the caller needs and we lack. True when it has been answered.</summary>
    private bool HasUnknownRequire(IncomingRequest request)
    {
        if (!request.Request.Has(HeaderName.Require)) return false;
        var tags = new StringBuilder();
        var unknown = 0;
        foreach (var tag in request.Request.Values(HeaderName.Require))
        {
            if (!SipText.IsToken(tag))
            {
                request.Reply(400);
                return true;
            }

            if (!IsSupported(tag) && unknown++ < MostTagsNamed) tags.Append(tags.Length == 0 ? "" : ", ").Append(Encoding.ASCII.GetString(tag));
        }

        if (unknown == 0) return false;
        request.Reply(420, new SipHeaderLine("Unsupported", tags.ToString()));
        return true;
    }

    /// <summary>RFC 4028 §9: a session interval below what we bear, from a far side that can be told so. True when it has been answered.</summary>
    internal bool IsTooBrief(IncomingRequest request)
    {
        if (!SessionExpires.TryRead(request.Request, out var asked) || asked.Seconds >= Options.MinSessionInterval.TotalSeconds) return false;
        if (!request.Request.Lists(HeaderName.Supported, "timer"u8) && !request.Request.Lists(HeaderName.Require, "timer"u8)) return false;
        request.Reply(422, new SipHeaderLine("Min-SE", ((long)Options.MinSessionInterval.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        return true;
    }
}
