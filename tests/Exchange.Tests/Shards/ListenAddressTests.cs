using Switchhook.Exchange.Shards;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Tests.Shards;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("udp://127.0.0.1:5060", SipTransportKind.Udp, "127.0.0.1:5060")]
    [InlineData("tcp://127.0.0.1:0", SipTransportKind.Tcp, "127.0.0.1:0")]
    [InlineData("TLS://0.0.0.0:5061/", SipTransportKind.Tls, "0.0.0.0:5061")]
    [InlineData("ws://[::1]:80", SipTransportKind.Ws, "[::1]:80")]
    [InlineData("wss://[::]:443", SipTransportKind.Wss, "[::]:443")]
    public void An_address_is_read(string text, SipTransportKind kind, string endpoint)
    {
        Assert.True(ListenAddress.TryParse(text, "198.51.100.1", out var listen));

        Assert.Equal((kind, endpoint, "198.51.100.1"), (listen.Kind, listen.Endpoint.ToString(), listen.AdvertisedHost));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:5060")]
    [InlineData("udp:127.0.0.1:5060")]
    [InlineData("sctp://127.0.0.1:5060")]
    [InlineData("udp://localhost:5060")]
    [InlineData("udp://127.0.0.1:70000")]
    [InlineData("udp://127.0.0.1:-1")]
    [InlineData("udp://")]
    [InlineData("://127.0.0.1:5060")]
    public void What_is_no_address_is_refused(string text) => Assert.False(ListenAddress.TryParse(text, null, out _));

    [Fact]
    public void An_address_is_described_as_it_is_written()
    {
        Assert.True(ListenAddress.TryParse("TCP://127.0.0.1:5060", null, out var listen));

        Assert.Equal("tcp://127.0.0.1:5060", ListenAddress.Describe(listen));
    }
}
