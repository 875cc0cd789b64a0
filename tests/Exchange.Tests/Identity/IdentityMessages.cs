using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Tests.Identity;

/// <summary>INVITEs that say who calls.</summary>
internal static class IdentityMessages
{
    public static SipRequest Invite(string from, params string[] rows)
    {
        var text = "INVITE sip:101@switchhook.local SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
            + $"From: {from};tag=1\r\nTo: <sip:101@switchhook.local>\r\nCall-ID: i1\r\nCSeq: 1 INVITE\r\nContact: <sip:192.0.2.4>\r\n"
            + $"{string.Concat(rows.Select(r => r + "\r\n"))}Content-Length: 0\r\n\r\n";
        Assert.Equal(SipParseError.None, SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));
        return (SipRequest)message!;
    }
}
