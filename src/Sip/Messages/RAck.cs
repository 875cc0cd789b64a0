using System.Globalization;
using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>A RAck value: which reliable provisional response a PRACK acknowledges (RFC 3262 §7.2).</summary>
/// <param name="RSeq">The RSeq of the response.</param>
/// <param name="CSeq">Its CSeq.</param>
public readonly record struct RAck(uint RSeq, CSeq CSeq)
{
    /// <summary>Reads the RAck of a PRACK; false when there is none that is two numbers and a method.</summary>
    public static bool TryRead(SipRequest prack, out RAck rack)
    {
        rack = default;
        return prack.TryGet(HeaderName.RAck, out var value) && TryParse(value, out rack);
    }

    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out RAck rack)
    {
        rack = default;
        value = SipText.Trim(value);
        var space = value.IndexOfAny((byte)' ', (byte)'\t');
        if (space < 0 || !SipText.TryNumber(value[..space], out var rseq) || !CSeq.TryParse(value[space..], out var cseq)) return false;
        rack = new(rseq, cseq);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{RSeq} {CSeq.Number} {Encoding.ASCII.GetString(CSeq.Method.Name())}");
}
