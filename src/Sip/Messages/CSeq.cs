namespace Switchhook.Sip.Messages;

/// <summary>A command sequence (RFC 3261 §20.16).</summary>
/// <param name="Number">Any 32-bit number is read, although a sender must stay below 2^31 (§8.1.1.5).</param>
/// <param name="Method"><see cref="SipMethod.Other"/> for a method without a member; its name is in the header.</param>
public readonly record struct CSeq(uint Number, SipMethod Method)
{
    /// <summary>Reads the value of a CSeq row; false when it is not a number followed by a token.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out CSeq cseq) => TryParse(value, out cseq, out _);

    internal static bool TryParse(ReadOnlySpan<byte> value, out CSeq cseq, out ReadOnlySpan<byte> method)
    {
        cseq = default;
        method = default;
        value = SipText.Trim(value);
        var space = value.IndexOfAny((byte)' ', (byte)'\t');
        if (space < 0 || !SipText.TryNumber(value[..space], out var number)) return false;
        method = SipText.TrimStart(value[space..]);
        if (!SipText.IsToken(method)) return false;
        cseq = new(number, SipMethods.Parse(method));
        return true;
    }
}
