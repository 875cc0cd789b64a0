using System.Net;
using Switchhook.Media.Transport;

namespace Switchhook.Media.Tests.Transport;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("192.0.2.5:4001", 16)]
    [InlineData("255.255.255.255:65535", 16)]
    [InlineData("[2001:db8::7]:40000", 28)]
    public void An_address_goes_to_the_kernels_layout_and_back(string text, int length)
    {
        var endPoint = IPEndPoint.Parse(text);

        var peer = PeerAddress.From(endPoint);

        Assert.Equal((endPoint, endPoint.Port, length, true), (peer.ToEndPoint(), peer.Port, peer.Length, peer.IsSet));
    }

    [Theory]
    [InlineData("192.0.2.5:1", "192.0.2.5:2", true)]
    [InlineData("192.0.2.5:1", "192.0.2.6:1", false)]
    [InlineData("[2001:db8::7]:1", "[2001:db8::7]:2", true)]
    [InlineData("[2001:db8::7]:1", "[2001:db8::8]:1", false)]
    public void The_same_machine_is_known_whatever_the_port(string one, string other, bool same)
    {
        var (a, b) = (PeerAddress.From(IPEndPoint.Parse(one)), PeerAddress.From(IPEndPoint.Parse(other)));

        Assert.Equal(same, a.IsSameHost(b));
        Assert.False(a.Equals(b));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.15.0.1", false)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("169.254.9.9", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("::1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("2001:db8::1", false)]
    public void Private_addresses_are_told_from_public_ones(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, PeerAddress.From(new IPEndPoint(IPAddress.Parse(address), 5)).IsPrivate);
}
