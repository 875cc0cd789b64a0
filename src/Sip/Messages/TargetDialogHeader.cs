using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>A Target-Dialog value: a dialog that the sender of a request knows of, as seen by whoever is sent it (RFC 4538 §7).</summary>
/// <param name="CallId">The Call-ID.</param>
/// <param name="LocalTag">The tag of the receiver of the request.</param>
/// <param name="RemoteTag">The tag of the other side.</param>
public sealed record TargetDialogHeader(string CallId, string LocalTag, string RemoteTag)
{
    /// <summary>Reads a value; false when the Call-ID or one of the tags is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out TargetDialogHeader? target)
    {
        target = null;
        value = SipText.Trim(value);
        var end = value.IndexOf((byte)';');
        if (end <= 0) return false;
        var parameters = new SipParams(value[end..]);
        var local = parameters.Get("local-tag"u8);
        var remote = parameters.Get("remote-tag"u8);
        var callId = SipText.Trim(value[..end]);
        if (!parameters.IsWellFormed || local.IsEmpty || remote.IsEmpty || callId.IsEmpty || callId.IndexOfAny((byte)' ', (byte)',') >= 0) return false;
        target = new(Encoding.UTF8.GetString(callId), Encoding.UTF8.GetString(local), Encoding.UTF8.GetString(remote));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{CallId};local-tag={LocalTag};remote-tag={RemoteTag}";
}
