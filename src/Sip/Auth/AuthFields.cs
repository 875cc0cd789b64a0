using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Auth;

/// <summary>A challenge or credentials taken apart: <c>scheme name=value, name="value" …</c> (RFC 7235 §2.1).</summary>
internal readonly ref struct AuthFields
{
    private readonly ReadOnlySpan<byte> _fields;

    private AuthFields(ReadOnlySpan<byte> scheme, ReadOnlySpan<byte> fields)
    {
        Scheme = scheme;
        _fields = fields;
    }

    public ReadOnlySpan<byte> Scheme { get; }

    public static bool TryParse(ReadOnlySpan<byte> value, out AuthFields fields)
    {
        value = SipText.Trim(value);
        var end = value.IndexOfAny((byte)' ', (byte)'\t');
        fields = end <= 0 ? default : new(value[..end], SipText.TrimStart(value[end..]));
        return end > 0 && SipText.IsToken(value[..end]);
    }

    /// <summary>The first field with this name, without its quotes; empty when absent or when the text before it is malformed.</summary>
    public ReadOnlySpan<byte> Get(ReadOnlySpan<byte> name)
    {
        var rest = _fields;
        while (!rest.IsEmpty)
        {
            var equals = rest.IndexOf((byte)'=');
            if (equals <= 0) return default;
            var written = SipText.Trim(rest[..equals]);
            rest = SipText.TrimStart(rest[(equals + 1)..]);
            ReadOnlySpan<byte> value;
            int end;
            if (!rest.IsEmpty && rest[0] == (byte)'"')
            {
                end = SipText.QuotedLength(rest);
                if (end < 0) return default;
                value = rest[1..(end - 1)];
                rest = rest[end..];
                end = rest.IndexOf((byte)',');
                if (!SipText.Trim(end < 0 ? rest : rest[..end]).IsEmpty) return default;
            }
            else
            {
                end = rest.IndexOf((byte)',');
                value = SipText.Trim(end < 0 ? rest : rest[..end]);
            }

            if (SipText.EqualsIgnoreCase(written, name)) return value;
            rest = end < 0 ? default : SipText.TrimStart(rest[(end + 1)..]);
        }

        return default;
    }
}
