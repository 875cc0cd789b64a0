using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Benchmarks;

/// <summary>How long one message takes from datagram to index, and from request to reply.</summary>
[MemoryDiagnoser]
public class SipParsing
{
    private readonly byte[] _bytes = Encoding.ASCII.GetBytes("""
        INVITE sip:bob@switch.example.org SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.7:5062;branch=z9hG4bKf00dcafe;rport
        Max-Forwards: 70
        From: "Alice" <sip:alice@example.org>;tag=a1b2c3
        To: <sip:bob@switch.example.org>
        Call-ID: 3848276298220188511@192.0.2.7
        CSeq: 314159 INVITE
        Contact: <sip:alice@192.0.2.7:5062;ob>
        Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, REFER, NOTIFY
        Supported: replaces, timer, 100rel
        User-Agent: Desk phone/1.2
        Content-Type: application/sdp
        Content-Length: 150

        v=0
        o=- 3724394400 3724394400 IN IP4 192.0.2.7
        s=-
        c=IN IP4 192.0.2.7
        t=0 0
        m=audio 4000 RTP/AVP 0 8 101
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-15
        a=sendrecv

        """.Replace("\n", "\r\n", StringComparison.Ordinal));

    private readonly byte[] _options = Encoding.ASCII.GetBytes("""
        OPTIONS sip:switch.example.org SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.7:5062;branch=z9hG4bKf00dcafe;rport
        Max-Forwards: 70
        From: <sip:alice@example.org>;tag=a1b2c3
        To: <sip:switch.example.org>
        Call-ID: 3848276298220188511@192.0.2.7
        CSeq: 1 OPTIONS
        Content-Length: 0


        """.Replace("\n", "\r\n", StringComparison.Ordinal));

    private readonly SipScratch _arrived = new();
    private readonly SipScratch _reply = new();
    private readonly SipEndpoint _from = SipEndpoint.From(IPAddress.Parse("192.0.2.7"), 5062);
    private readonly IPEndPoint _source = new(IPAddress.Parse("192.0.2.7"), 5062);
    private readonly SipRequest _invite;

    public SipParsing() => _invite = (SipRequest)Parsed(_bytes)!;

    [Benchmark(Baseline = true)]
    public SipMessage? Invite() => Parsed(_bytes);

    [Benchmark]
    public SipFrame Frame() => SipFramer.TryFrame(_bytes, SipLimits.Default, out _);

    [Benchmark]
    public SipResponse Ringing() =>
        SipResponseBuilder.ReplyTo(_invite, SipStatus.Ringing, "x1y2"u8)
            .Header(HeaderName.Contact, "<sip:switch@192.0.2.1>"u8)
            .Build();

    /// <summary>From the datagram to the octets of the answer.</summary>
    [Benchmark]
    public int OptionsAnswered() =>
        SipResponseBuilder.ReplyTo((SipRequest)Parsed(_options)!, SipStatus.Ok, "x1y2"u8, _source)
            .Header(HeaderName.Allow, "INVITE, ACK, CANCEL, BYE, OPTIONS"u8)
            .Build().Wire.Length;

    /// <summary>The same with a body each way.</summary>
    [Benchmark]
    public int InviteAnswered() =>
        SipResponseBuilder.ReplyTo((SipRequest)Parsed(_bytes)!, SipStatus.Ok, "x1y2"u8, _source)
            .Header(HeaderName.Contact, "<sip:switch@192.0.2.1>"u8)
            .Body("application/sdp"u8, _bytes.AsSpan(^150..))
            .Build().Wire.Length;

    /// <summary>As everything that arrives is read: in the room of the one before. Only what goes on to a transaction is copied out of it.</summary>
    [Benchmark]
    public int InviteArrived() => Arrived(_bytes).Wire.Length;

    /// <summary>As beyond the limits: read, refused, forgotten.</summary>
    [Benchmark]
    public int InviteRefused() =>
        SipResponseBuilder.ReplyTo(_reply, (SipRequest)Arrived(_bytes), SipStatus.ServiceUnavailable, "x1y2"u8, _from)
            .Header("Retry-After", "5")
            .Build().Wire.Length;

    private SipMessage Arrived(byte[] bytes)
    {
        var error = SipParser.TryParse(bytes, SipLimits.Default, _arrived, out var message);
        return error == SipParseError.None ? message! : throw new InvalidOperationException(error.ToString());
    }

    private static SipMessage? Parsed(byte[] bytes)
    {
        var error = SipParser.TryParse(bytes, SipLimits.Default, out var message);
        return error == SipParseError.None ? message : throw new InvalidOperationException(error.ToString());
    }
}
