using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Messages;

/// <summary>Path (RFC 3327).</summary>
public sealed class PathVectorTests
{
    [Fact]
    public void The_path_is_read_in_the_order_of_visiting_over_all_its_rows()
    {
        var register = Register("Path: <sip:p3.example;lr>, \"Edge\" <sip:p2.example;lr>;x=1", "Path: <sips:p1.example;lr>");

        var read = PathVector.TryRead(register, out var routes);

        Assert.True(read);
        Assert.Equal(["<sip:p3.example;lr>", "\"Edge\" <sip:p2.example;lr>;x=1", "<sips:p1.example;lr>"], routes);
    }

    [Fact]
    public void Without_a_path_there_are_no_routes()
    {
        Assert.True(PathVector.TryRead(Register("Subject: none"), out var routes));
        Assert.Empty(routes);
    }

    [Theory]
    [InlineData("Path: sip:p1.example;lr")]
    [InlineData("Path: <tel:123>")]
    [InlineData("Path: <sip:p1.example;lr")]
    [InlineData("Path: <nothing>")]
    public void A_path_that_cannot_be_a_route_is_refused(string row)
    {
        Assert.False(PathVector.TryRead(Register(row), out _));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void A_path_has_a_bound(int hops, bool expected)
    {
        var register = Register("Path: " + string.Join(", ", Enumerable.Range(0, hops).Select(hop => $"<sip:p{hop}.example;lr>")));

        Assert.Equal(expected, PathVector.TryRead(register, out _));
    }

    [Theory]
    [InlineData("Supported: gruu, path", "<sip:p1.example;lr>")]
    [InlineData("Supported: gruu", null)]
    public void The_answer_repeats_the_path_to_a_phone_that_knows_of_it(string supported, string? expected)
    {
        var register = Register("Path: <sip:p1.example;lr>", supported);

        var ok = SipResponseBuilder.ReplyTo(register, 200, "tag").WithPathOf(register).Build();

        Assert.Equal(expected, ok.GetText(HeaderName.Path));
    }

    private static SipRequest Register(params string[] rows)
    {
        var text = "REGISTER sip:pbx.example SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@pbx.example>;tag=1\r\n"
            + "To: <sip:a@pbx.example>\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\n" + string.Concat(rows.Select(row => row + "\r\n")) + "Content-Length: 0\r\n\r\n";
        Assert.Equal(SipParseError.None, SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));
        return (SipRequest)message!;
    }
}
