namespace Switchhook.Sip.Messages;

/// <summary>How much of a message the parser accepts; whatever is beyond is a named <see cref="SipParseError"/>.</summary>
/// <param name="MaxMessageBytes">Octets of one datagram or stream message, body included.</param>
/// <param name="MaxHeaderRows">Header rows of one message; the parser never takes more than 256.</param>
/// <param name="MaxRowBytes">Octets of one row with its folded lines, also of the start line; never more than 65,535.</param>
/// <param name="MaxVias">Via values over all rows: more hops than Max-Forwards usually allows (70, §8.1.1.6) hint at a loop.</param>
public readonly record struct SipLimits(int MaxMessageBytes, int MaxHeaderRows, int MaxRowBytes, int MaxVias)
{
    /// <summary>64 kB a message, 256 rows, 8 kB a row, 70 Vias.</summary>
    public static SipLimits Default { get; } = new(MaxMessageBytes: 65_536, MaxHeaderRows: 256, MaxRowBytes: 8_192, MaxVias: 70);
}
