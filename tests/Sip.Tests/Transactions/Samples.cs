using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Transactions;

/// <summary>Messages the transaction tests exchange.</summary>
internal static class Samples
{
    public static SipRequest Request(
        SipMethod method, string branch = "z9hG4bKone", string sentBy = "192.0.2.7:5060", string? toTag = null, string callId = "call-1", uint cseq = 1,
        bool rport = true, string transport = "UDP")
    {
        var toParameter = toTag is null ? "" : $";tag={toTag}";
        var name = Encoding.ASCII.GetString(method.Name());
        return Parse<SipRequest>(
            $"{name} sip:bob@198.51.100.1 SIP/2.0\r\nVia: SIP/2.0/{transport} {sentBy}{(branch.Length > 0 ? ";branch=" + branch : "")}{(rport ? ";rport" : "")}\r\n" +
            $"Max-Forwards: 70\r\nRoute: <sip:proxy.example;lr>\r\nFrom: <sip:alice@example.org>;tag=a1\r\nTo: <sip:bob@example.org>{toParameter}\r\n" +
            $"Call-ID: {callId}\r\nCSeq: {cseq} {name}\r\nContent-Length: 0\r\n\r\n");
    }

    public static SipResponse Response(SipRequest request, int status, string toTag = "b1") =>
        SipResponseBuilder.ReplyTo(request, status, toTag).Build();

    public static T Parse<T>(string text)
        where T : SipMessage
    {
        Assert.Equal(SipParseError.None, SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));
        return Assert.IsType<T>(message);
    }
}
