using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>A Replaces value: the dialog whose place a new one takes, as seen by whoever is sent it (RFC 3891 §6.1).</summary>
/// <param name="CallId">The Call-ID.</param>
/// <param name="ToTag">The tag of the receiver of the request.</param>
/// <param name="FromTag">The tag of the other side.</param>
/// <param name="EarlyOnly">True when only an early dialog may be replaced.</param>
public sealed record ReplacesHeader(string CallId, string ToTag, string FromTag, bool EarlyOnly = false)
{
    /// <summary>Reads a value; false when the Call-ID or one of the tags is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out ReplacesHeader? replaces)
    {
        replaces = null;
        value = SipText.Trim(value);
        var end = value.IndexOf((byte)';');
        if (end <= 0) return false;
        var parameters = new SipParams(value[end..]);
        var to = parameters.Get("to-tag"u8);
        var from = parameters.Get("from-tag"u8);
        var callId = SipText.Trim(value[..end]);
        if (!parameters.IsWellFormed || to.IsEmpty || from.IsEmpty || callId.IsEmpty || callId.IndexOfAny((byte)' ', (byte)',') >= 0) return false;
        replaces = new(
            Encoding.UTF8.GetString(callId), Encoding.UTF8.GetString(to), Encoding.UTF8.GetString(from), parameters.Has("early-only"u8));
        return true;
    }

    /// <summary>Reads the Replaces among the headers of a URI, as Refer-To carries it (RFC 3891 §4); false when there is none that is one.</summary>
    public static bool TryRead(in SipUri uri, out ReplacesHeader? replaces)
    {
        replaces = null;
        foreach (var range in uri.Headers.Split((byte)'&'))
        {
            var header = uri.Headers[range];
            var equals = header.IndexOf((byte)'=');
            if (equals > 0 && SipText.EqualsIgnoreCase(header[..equals], "Replaces"u8))
                return TryParse(Encoding.UTF8.GetBytes(SipUri.Decode(header[(equals + 1)..])), out replaces);
        }

        return false;
    }

    /// <summary>The value escaped for the headers of a URI (RFC 3261 §19.1.2).</summary>
    public string ForUri() => Uri.EscapeDataString(ToString());

    /// <inheritdoc/>
    public override string ToString() => $"{CallId};to-tag={ToTag};from-tag={FromTag}" + (EarlyOnly ? ";early-only" : "");
}
