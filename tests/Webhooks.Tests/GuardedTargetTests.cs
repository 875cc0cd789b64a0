using System.Net;
using Switchhook.Calls.Ports;
using Switchhook.Webhooks.Transport;

namespace Switchhook.Webhooks.Tests;

/// <summary>Where requests may go.</summary>
public sealed class GuardedTargetTests
{
    [Theory]
    [InlineData("http://127.0.0.1:25/", HttpFailure.PortNotAllowed)]
    [InlineData("http://127.0.0.1:22/", HttpFailure.PortNotAllowed)]
    [InlineData("https://example.com:5060/", HttpFailure.PortNotAllowed)]
    [InlineData("http://[::1]:6667/", HttpFailure.PortNotAllowed)]
    [InlineData("http://example.com:0/", HttpFailure.PortNotAllowed)]
    [InlineData("http://example.com:70000/", HttpFailure.InvalidUrl)]
    public async Task A_port_of_another_protocol_is_refused_where_private_addresses_are_allowed_too(string url, HttpFailure expected)
    {
        using var caller = Calling.Trusting();

        var reply = await caller.SendAsync(Calling.Post(url), default);

        Assert.Equal((0, expected), (reply.Status, reply.Failure));
    }

    [Fact]
    public async Task A_port_that_the_operator_allows_is_called()
    {
        using var caller = Calling.Trusting(options: new WebhookOptions { AllowedPorts = [25] });

        var reply = await caller.SendAsync(Calling.Post("http://nowhere.example:25/"), default);

        Assert.Equal(HttpFailure.NameNotFound, reply.Failure);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://[::]/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://[ff02::1]/")]
    [InlineData("http://255.255.255.255/")]
    public async Task Some_addresses_are_refused_where_private_ones_are_allowed_too(string url)
    {
        using var caller = Calling.Trusting();

        var reply = await caller.SendAsync(Calling.Post(url), default);

        Assert.Equal(HttpFailure.AddressNotAllowed, reply.Failure);
    }

    [Fact]
    public async Task A_name_is_resolved_once_for_a_connection_so_that_it_cannot_turn_private_after_the_check()
    {
        await using var server = new RawServer(RawServer.Ok("ok"));
        var asked = 0;
        using var caller = Calling.Guarded((_, _) => Task.FromResult<IPAddress[]>([++asked == 1 ? Calling.Public : IPAddress.Loopback]), server.Port);

        var first = await caller.SendAsync(Calling.Post("http://rebinding.example/"), default);
        var second = await caller.SendAsync(Calling.Post("http://rebinding.example/"), default);

        Assert.Equal("ok", first.Text());
        Assert.Equal(HttpFailure.AddressNotAllowed, second.Failure);
        Assert.Equal(2, asked);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("::ffff:192.168.0.1")]
    [InlineData("93.184.216.34,10.0.0.1")]
    public async Task A_name_with_any_private_address_is_refused(string addresses)
    {
        NameResolver resolve = (_, _) => Task.FromResult(addresses.Split(',').Select(IPAddress.Parse).ToArray());
        using var caller = Calling.Guarded(resolve);

        var reply = await caller.SendAsync(Calling.Post("http://innocent.example/"), default);

        Assert.Equal(HttpFailure.AddressNotAllowed, reply.Failure);
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://0/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://user:secret@10.0.0.1/")]
    [InlineData("https://192.168.1.1/")]
    public async Task A_private_address_is_refused_however_it_is_spelt(string url)
    {
        using var caller = Calling.Guarded((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        var reply = await caller.SendAsync(Calling.Post(url), default);

        Assert.Equal(HttpFailure.AddressNotAllowed, reply.Failure);
    }
}
