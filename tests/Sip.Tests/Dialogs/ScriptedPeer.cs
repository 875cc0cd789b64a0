using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>A far side that says exactly what a test writes, at 10.0.0.2, opposite a user agent at 10.0.0.1.</summary>
internal sealed class ScriptedPeer
{
    private readonly SimulatedNetwork _network;
    private readonly SimulatedTransport _transport;
    private int _branch;

    public ScriptedPeer(SimulatedNetwork network, int host = 2)
    {
        _network = network;
        _transport = network.Add(host, text => Received.Add(Parse(text)));
    }

    public List<SipMessage> Received { get; } = [];

    /// <summary>The last message, which must be this request.</summary>
    public SipRequest Last(SipMethod method)
    {
        var request = Assert.IsType<SipRequest>(Received[^1]);
        Assert.Equal(method, request.Method);
        return request;
    }

    /// <summary>The requests of a method in the order they came, repeats included.</summary>
    public SipRequest[] All(SipMethod method) => [.. Received.OfType<SipRequest>().Where(request => request.Method == method)];

    public SipResponse[] Responses(SipMethod method) => [.. Received.OfType<SipResponse>().Where(response => response.CSeq.Method == method)];

    public void Reply(SipRequest request, int status, string tag = "peer", string contact = "<sip:peer@10.0.0.2>", params string[] rows)
    {
        var builder = SipResponseBuilder.ReplyTo(request, status, tag);
        if (status is > 100 and < 300 && request.Method == SipMethod.Invite) builder.Header(HeaderName.Contact, contact);
        foreach (var row in rows) builder.Header(row[..row.IndexOf(':')], row[(row.IndexOf(':') + 2)..]);
        Send(Encoding.UTF8.GetString(builder.Build().Wire.Span));
    }

    /// <summary>Sends a request; <c>{branch}</c> becomes a new branch.</summary>
    public string Request(string method, string to, int cseq, string callId = "call", string fromTag = "peer", string body = "", params string[] rows)
    {
        var branch = $"z9hG4bKpeer{_branch++}";
        var text = new StringBuilder($"{method} sip:us@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch={branch};rport\r\n")
            .Append($"Max-Forwards: 70\r\nFrom: <sip:peer@10.0.0.2>;tag={fromTag}\r\nTo: {to}\r\nCall-ID: {callId}\r\nCSeq: {cseq} {method}\r\n");
        if (!rows.Any(row => row.StartsWith("Contact:", StringComparison.Ordinal))) text.Append("Contact: <sip:peer@10.0.0.2>\r\n");
        foreach (var row in rows) text.Append(row).Append("\r\n");
        text.Append($"Content-Length: {body.Length}\r\n\r\n").Append(body);
        Send(text.ToString());
        return text.ToString();
    }

    /// <summary>Sends text as it is to the user agent.</summary>
    public void Send(string text)
    {
        _ = _transport.Send(SimulatedNetwork.To(1), Encoding.UTF8.GetBytes(text));
        _network.RunFor(TimeSpan.Zero);
    }

    private static SipMessage Parse(string text)
    {
        Assert.Equal(SipParseError.None, SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));
        return message!;
    }
}
