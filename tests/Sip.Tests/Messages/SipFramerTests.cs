using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Messages;

public sealed class SipFramerTests
{
    [Fact]
    public void Every_prefix_of_a_message_needs_more_and_the_whole_is_a_message()
    {
        var bytes = Sample.Bytes(Sample.Invite)[..^1];

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(SipFrame.NeedMore, SipFramer.TryFrame(bytes.AsSpan(0, length), SipLimits.Default, out var none));
            Assert.Equal(0, none);
        }

        Assert.Equal(SipFrame.Message, SipFramer.TryFrame(bytes, SipLimits.Default, out var whole));
        Assert.Equal(bytes.Length, whole);
    }

    [Fact]
    public void Messages_and_keep_alives_in_one_buffer_come_out_one_by_one()
    {
        var one = Sample.Bytes(Sample.Invite)[..^1];
        byte[] buffer = [.. "\r\n\r\n"u8, .. one, .. "\r\n"u8, .. one, .. "\r\n\r\n"u8];
        var frames = new List<(SipFrame, int)>();

        while (SipFramer.TryFrame(buffer, SipLimits.Default, out var length) is var frame and not SipFrame.NeedMore)
        {
            frames.Add((frame, length));
            buffer = buffer[length..];
        }

        Assert.Empty(buffer);
        Assert.Equal(
            [(SipFrame.KeepAlive, 4), (SipFrame.Message, one.Length), (SipFrame.Message, one.Length + 2), (SipFrame.KeepAlive, 4)],
            frames);
    }

    [Theory]
    [InlineData("l : 2\r\n\r\nabX")]
    [InlineData("CONTENT-LENGTH:\r\n 2\r\n\r\nabX")]
    [InlineData("Content-Length: 2\r\nl: 2\r\n\r\nabX")]
    [InlineData("X: Content-Length: 9\r\nContent-Length: 2\r\n\r\nabX")]
    [InlineData("Folded: a\r\n Content-Length: 9\r\nContent-Length: 2\r\n\r\nabX")]
    public void Content_length_is_found_in_any_spelling(string rest)
    {
        var bytes = Encoding.ASCII.GetBytes("OPTIONS sip:x SIP/2.0\r\n" + rest);

        Assert.Equal(SipFrame.Message, SipFramer.TryFrame(bytes, SipLimits.Default, out var length));
        Assert.Equal(bytes.Length - 1, length);
    }

    [Theory]
    [InlineData("Via: x\r\n\r\n")]
    [InlineData("Content-Length: -2\r\n\r\n")]
    [InlineData("Content-Length: 99999999999\r\n\r\n")]
    [InlineData("Content-Length: 70000\r\n\r\n")]
    [InlineData("Content-Length: 4294967295\r\n\r\n")]
    [InlineData("Content-Length: 2\r\nContent-Length: 3\r\n\r\n")]
    [InlineData("Content-Length: 2, 3\r\n\r\n")]
    public void A_stream_whose_length_is_unknown_or_too_long_is_an_error(string rest)
    {
        var bytes = Encoding.ASCII.GetBytes("OPTIONS sip:x SIP/2.0\r\n" + rest);

        Assert.Equal(SipFrame.Error, SipFramer.TryFrame(bytes, SipLimits.Default, out _));
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("\n")]
    [InlineData("\r\r")]
    [InlineData("\r\n ")]
    [InlineData("\u0016\u0003\u0001")]
    public void What_cannot_start_a_message_is_an_error_at_once(string text)
    {
        Assert.Equal(SipFrame.Error, SipFramer.TryFrame(Encoding.ASCII.GetBytes(text), SipLimits.Default, out _));
    }

    [Fact]
    public void An_endless_header_part_is_an_error_at_the_limit()
    {
        var bytes = new byte[SipLimits.Default.MaxMessageBytes];
        bytes.AsSpan().Fill((byte)'a');

        Assert.Equal(SipFrame.NeedMore, SipFramer.TryFrame(bytes.AsSpan(1), SipLimits.Default, out _));
        Assert.Equal(SipFrame.Error, SipFramer.TryFrame(bytes, SipLimits.Default, out _));
    }
}
