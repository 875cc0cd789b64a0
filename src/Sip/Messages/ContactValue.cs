namespace Switchhook.Sip.Messages;

/// <summary>One value of Contact (RFC 3261 §20.10).</summary>
public readonly ref struct ContactValue
{
    private ContactValue(bool isStar, NameAddr address)
    {
        IsStar = isStar;
        Address = address;
    }

    /// <summary>True for <c>*</c>, which removes every binding when Expires is 0 (§10.2.2).</summary>
    public bool IsStar { get; }

    /// <summary>The address; empty for a star.</summary>
    public NameAddr Address { get; }

    /// <summary>The URI as written.</summary>
    public ReadOnlySpan<byte> Uri => Address.Uri;

    /// <summary>The parameters of the Contact, not of its URI.</summary>
    public SipParams Params => Address.Params;

    /// <summary>The expires parameter in seconds; null when absent or no 32-bit number, which means the default (§10.3 step 7).</summary>
    public uint? ExpiresSeconds => Params.TryGetNumber("expires"u8, out var seconds) ? seconds : null;

    /// <summary>The q parameter in thousandths, 0 to 1000; null when absent or malformed.</summary>
    public int? QThousandths => Params.TryGet("q"u8, out var q) ? ReadQ(q) : null;

    /// <summary>The instance of the device (RFC 5626 §4.1), with its angle brackets; empty when there is none.</summary>
    public ReadOnlySpan<byte> Instance => Params.Get("+sip.instance"u8);

    /// <summary>Reads one value as <see cref="SipMessage.Values"/> yields it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out ContactValue contact)
    {
        value = SipText.Trim(value);
        if (value is [(byte)'*'])
        {
            contact = new(true, default);
            return true;
        }

        var read = NameAddr.TryParse(value, out var address) && address.Params.IsWellFormed;
        contact = read ? new(false, address) : default;
        return read;
    }

    /// <summary>qvalue: <c>0[.ddd]</c> or <c>1[.000]</c> (RFC 3261 §25.1).</summary>
    private static int? ReadQ(ReadOnlySpan<byte> q)
    {
        if (q.IsEmpty || q.Length > 5 || q[0] is not ((byte)'0' or (byte)'1') || (q.Length > 1 && q[1] != (byte)'.')) return null;
        var thousandths = (q[0] - '0') * 1000;
        var weight = 100;
        for (var i = 2; i < q.Length; i++, weight /= 10)
        {
            if (!char.IsAsciiDigit((char)q[i])) return null;
            thousandths += (q[i] - '0') * weight;
        }

        return thousandths <= 1000 ? thousandths : null;
    }
}
