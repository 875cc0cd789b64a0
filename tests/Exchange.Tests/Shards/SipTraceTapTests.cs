using System.Net;
using System.Text;
using Switchhook.Calls;
using Switchhook.Exchange.Shards;
using Switchhook.Exchange.Tests.Whole;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Shards;

public sealed class SipTraceTapTests
{
    private static readonly CallId Call = new(42);
    private static readonly SipFlow Flow = SipFlow.Toward(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 5070));

    private readonly MemoryPorts _traces = new();
    private readonly SwitchCounts _counts = new();
    private readonly ManualTime _time = new();
    private readonly SipTraceTap _tap;

    public SipTraceTapTests() => _tap = new SipTraceTap(_traces, _counts, _time);

    [Fact]
    public void Messages_of_a_followed_call_are_kept_with_their_direction_text_and_time()
    {
        _tap.Follow(Message("INVITE sip:101@x SIP/2.0", "a", "INVITE"), Call, received: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        _tap.OnSent(Flow, Message("SIP/2.0 180 Ringing", "a", "INVITE"), SendResult.Sent);

        var entries = _traces.Find(Call)!;

        Assert.Equal(["sip-in", "sip-out"], entries.Select(e => e.Kind));
        Assert.StartsWith("INVITE", entries[0].Summary, StringComparison.Ordinal);
        Assert.Equal("180 Ringing to 127.0.0.1:5070", entries[1].Summary);
        Assert.Contains("Call-ID: a", entries[1].Detail, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), entries[1].At - entries[0].At);
    }

    [Fact]
    public void Other_messages_are_only_counted()
    {
        _tap.Follow(Message("INVITE sip:101@x SIP/2.0", "a", "INVITE"), Call, received: true);
        _tap.OnReceived(Flow, Message("OPTIONS sip:x SIP/2.0", "b", "OPTIONS"));
        _tap.OnSent(Flow, Message("SIP/2.0 200 OK", "b", "OPTIONS"), SendResult.Sent);

        Assert.Single(_traces.Find(Call)!);
        Assert.Equal(1, _counts.Messages()[("in", "OPTIONS")]);
        Assert.Equal(1, _counts.Messages()[("out", "200")]);
    }

    [Fact]
    public void A_call_that_is_done_with_is_followed_no_more()
    {
        var invite = Message("INVITE sip:101@x SIP/2.0", "a", "INVITE");
        _tap.Follow(invite, Call, received: true);

        _tap.Unfollow(invite);
        _tap.OnReceived(Flow, Message("BYE sip:x SIP/2.0", "a", "BYE"));

        Assert.Single(_traces.Find(Call)!);
    }

    [Fact]
    public void A_method_nobody_knows_is_counted_as_such()
    {
        _tap.OnReceived(Flow, Message("FROBNICATE sip:x SIP/2.0", "a", "FROBNICATE"));

        Assert.Equal(1, _counts.Messages()[("in", "OTHER")]);
    }

    private static SipMessage Message(string start, string callId, string method)
    {
        var text = $"{start}\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: {callId}\r\nCSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n";
        Assert.Equal(SipParseError.None, SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));
        return message!;
    }
}
