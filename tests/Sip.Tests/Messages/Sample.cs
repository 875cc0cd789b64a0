using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Messages;

/// <summary>Messages for tests, written with plain line ends.</summary>
internal static class Sample
{
    public const string Invite = """
        INVITE sip:bob@switch.example.org;transport=udp SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.7:5062;branch=z9hG4bKf00dcafe;rport
        Via: SIP/2.0/TCP [2001:db8::1]:5060;branch=z9hG4bKsecond;received=198.51.100.4
        Max-Forwards: 70
        From: "Alice, \"Al\" Example" <sip:alice@example.org>;tag=a1b2c3
        To: Bob <sip:bob@switch.example.org>
        Call-ID: 3848276298220188511@192.0.2.7
        CSeq: 314159 INVITE
        Contact: <sip:alice@192.0.2.7:5062;ob>;expires=300;q=0.7;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"
        Allow: INVITE, ACK, CANCEL, BYE
        Allow: OPTIONS,UPDATE
        Supported: replaces, timer,100rel
        User-Agent: Desk phone/1.2
        X-Trunk: north
        Content-Type: application/sdp
        Content-Length: 4

        v=0

        """;

    /// <summary>The text as bytes with CRLF line ends.</summary>
    public static byte[] Bytes(string text) =>
        Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));

    public static SipRequest Request(string text) => Assert.IsType<SipRequest>(Parsed(text));

    public static SipResponse Response(string text) => Assert.IsType<SipResponse>(Parsed(text));

    public static SipMessage Parsed(string text)
    {
        Assert.Equal(SipParseError.None, SipParser.TryParse(Bytes(text), SipLimits.Default, out var message));
        return message!;
    }

    public static SipParseError Fault(string text, out SipMessage? message) =>
        SipParser.TryParse(Bytes(text), SipLimits.Default, out message);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
