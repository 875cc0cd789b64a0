using System.Globalization;
using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>The body of a NOTIFY about a REFER: the status line of the referred request's response (RFC 3515 §2.4.5, RFC 3420).</summary>
internal static class Sipfrag
{
    public static ReadOnlySpan<byte> ContentType => "message/sipfrag;version=2.0"u8;

    public static byte[] OfStatus(int status) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"SIP/2.0 {status} {Encoding.UTF8.GetString(SipStatus.ReasonPhrase(status))}\r\n"));

    /// <summary>The status; 0 when the body does not begin with a status line.</summary>
    public static int StatusOf(ReadOnlySpan<byte> body)
    {
        body = SipText.TrimStart(body);
        if (body.Length < 11 || !SipText.EqualsIgnoreCase(body[..8], "SIP/2.0 "u8)) return 0;
        return SipText.TryNumber(body[8..11], out var status) && status is >= 100 and <= 699 ? (int)status : 0;
    }
}
