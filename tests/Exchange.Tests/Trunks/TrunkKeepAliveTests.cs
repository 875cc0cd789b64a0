using System.Text;
using Switchhook.Exchange.Trunks;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Tests.Trunks;

public sealed class TrunkKeepAliveTests
{
    [Theory]
    [InlineData("200 OK", "Flow-Timer: 90", true, 90)]
    [InlineData("200 OK", "Flow-Timer: 1", true, 15)]
    [InlineData("200 OK", "Flow-Timer: 4000000000", true, 3600)]
    [InlineData("200 OK", "Flow-Timer: 0", false, null)]
    [InlineData("200 OK", "Require: outbound", true, null)]
    [InlineData("200 OK", "Supported: path, outbound", true, null)]
    [InlineData("200 OK", "Supported: path", false, null)]
    [InlineData("403 No", "Flow-Timer: 90", false, null)]
    public void Only_a_registrar_that_answers_pings_is_pinged(string status, string header, bool isPinged, int? seconds)
    {
        var text = $"SIP/2.0 {status}\r\nVia: SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 REGISTER\r\n{header}\r\nContent-Length: 0\r\n\r\n";
        Assert.Equal(SipParseError.None, SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));

        var pinged = TrunkKeepAlive.TryRead((SipResponse)message!, out var timer);

        Assert.Equal((isPinged, seconds), (pinged, (int?)timer?.TotalSeconds));
    }
}
