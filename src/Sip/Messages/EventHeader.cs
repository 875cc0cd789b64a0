using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>An Event value (RFC 6665 §8.2.1).</summary>
/// <param name="Type">The package, with its templates; compared byte by byte.</param>
/// <param name="Id">Tells subscriptions of one dialog apart; null for none.</param>
public sealed record EventHeader(string Type, string? Id = null)
{
    /// <summary>Reads it; parameters other than the id are left out. False when the type or the id is no token.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out EventHeader header)
    {
        header = null!;
        var type = Cut(ref value);
        if (!SipText.IsToken(type)) return false;
        string? id = null;
        while (!value.IsEmpty)
        {
            var one = Cut(ref value);
            var equals = one.IndexOf((byte)'=');
            if (equals <= 0 || !SipText.EqualsIgnoreCase(SipText.Trim(one[..equals]), "id"u8)) continue;
            var text = SipText.Trim(one[(equals + 1)..]);
            if (!SipText.IsToken(text)) return false;
            id = Encoding.ASCII.GetString(text);
        }

        header = new(Encoding.ASCII.GetString(type), id);
        return true;
    }

    /// <summary>As NOTIFY repeats it (§8.2.1).</summary>
    public override string ToString() => Id is null ? Type : $"{Type};id={Id}";

    private static ReadOnlySpan<byte> Cut(ref ReadOnlySpan<byte> value)
    {
        var end = value.IndexOf((byte)';');
        var one = SipText.Trim(end < 0 ? value : value[..end]);
        value = end < 0 ? default : value[(end + 1)..];
        return one;
    }
}
