using System.Net;
using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Messages;

/// <summary>Messages read and answered in the same room, one after the other.</summary>
public sealed class SipScratchTests
{
    private static readonly SipEndpoint Source = SipEndpoint.From(IPAddress.Parse("192.0.2.7"), 5062);

    private readonly SipScratch _in = new();
    private readonly SipScratch _out = new();

    [Fact]
    public void A_message_in_a_scratch_reads_as_one_of_its_own()
    {
        var bytes = Sample.Bytes(Sample.Invite);

        var borrowed = Read(Ok("first", "z9hG4bKlong", new string('x', 5000)), Read(bytes));
        borrowed = Read(bytes, borrowed);

        var own = Sample.Parsed(Sample.Invite);
        Assert.Equal(own.ToString(), borrowed.ToString());
        Assert.Equal(own.Body.ToArray(), borrowed.Body.ToArray());
        Assert.Equal(Rows(own), Rows(borrowed));
        Assert.Equal((Sample.Text(own.FromTag), Sample.Text(own.Branch), own.CSeq), (Sample.Text(borrowed.FromTag), Sample.Text(borrowed.Branch), borrowed.CSeq));
        Assert.Equal(((SipRequest)own).Method, ((SipRequest)borrowed).Method);
    }

    [Fact]
    public void Nothing_of_a_message_is_left_in_the_next()
    {
        _ = Read(Sample.Bytes(Sample.Invite));

        var error = SipParser.TryParse("OPTIONS sip:b@x SIP/2.0\r\nFrom: x\r\n\r\n"u8, SipLimits.Default, _in, out var next);

        Assert.Equal(SipParseError.MissingVia, error);
        Assert.True(next!.FromTag.IsEmpty && next.ToTag.IsEmpty && next.Branch.IsEmpty && next.CallId.IsEmpty && next.Body.IsEmpty);
        Assert.Equal((default, false, false), (next.CSeq, next.IsReplyable, next.Has(HeaderName.Contact)));
    }

    [Fact]
    public void What_is_kept_stays_as_it_was_and_all_keep_the_same()
    {
        var kept = Read(Sample.Bytes(Sample.Invite)).Kept();
        var again = Read(Sample.Bytes(Sample.Invite));

        var same = again.Kept();
        _ = Read(Ok("second", "z9hG4bK2", "body"));

        Assert.Equal(Sample.Parsed(Sample.Invite).ToString(), kept.ToString());
        Assert.Same(same, same.Kept());
        Assert.NotSame(again, same);
        Assert.Equal("a1b2c3", Sample.Text(same.FromTag));
        Assert.Equal("v=0\r\n", Encoding.UTF8.GetString(same.Body.Span) + "\n");
    }

    [Fact]
    public void Reading_and_refusing_creates_nothing()
    {
        var invite = Sample.Bytes(Sample.Invite);
        for (var i = 0; i < 100; i++) _ = Refuse(invite);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _ = Refuse(invite);
        var created = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, created);
        Assert.Equal(
            SipResponseBuilder.ReplyTo(Sample.Request(Sample.Invite), 503, "tag"u8, Source.ToIPEndPoint()).Header("Retry-After", "5").Build().ToString(),
            Refuse(invite).ToString());
    }

    private static byte[] Ok(string callId, string branch, string body) => Encoding.UTF8.GetBytes(
        $"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch={branch}\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>;tag=2\r\n"
        + $"Call-ID: {callId}\r\nCSeq: 1 INVITE\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private static string[] Rows(SipMessage message)
    {
        var rows = new List<string>();
        foreach (var row in message.AllRows) rows.Add($"{row.Name} {Sample.Text(row.Value)}");
        return [.. rows];
    }

    private SipMessage Read(byte[] bytes, SipMessage? before = null)
    {
        Assert.Equal(SipParseError.None, SipParser.TryParse(bytes, SipLimits.Default, _in, out var message));
        Assert.NotSame(before, message!.Kept());
        return message;
    }

    private SipResponse Refuse(byte[] invite)
    {
        _ = SipParser.TryParse(invite, SipLimits.Default, _in, out var request);
        return SipResponseBuilder.ReplyTo(_out, (SipRequest)request!, 503, "tag"u8, Source).Header("Retry-After", "5").Build();
    }
}
