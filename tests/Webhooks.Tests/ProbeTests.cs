using System.Net;
using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks.Tests;

/// <summary>Whether a server could be asked.</summary>
public sealed class ProbeTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8099/x", HttpFailure.None)]
    [InlineData("http://nowhere.example/", HttpFailure.NameNotFound)]
    [InlineData("https://nowhere.example/", HttpFailure.NameNotFound)]
    [InlineData("http://169.254.169.254/", HttpFailure.AddressNotAllowed)]
    [InlineData("ftp://127.0.0.1/", HttpFailure.SchemeNotAllowed)]
    [InlineData("nothing", HttpFailure.InvalidUrl)]
    public async Task A_probe_names_what_is_wrong_and_sends_nothing(string url, HttpFailure expected)
    {
        using var caller = Calling.Trusting();

        var failure = await caller.ProbeAsync(url, default);

        Assert.Equal(expected, failure);
    }

    [Fact]
    public async Task A_host_that_answers_no_handshake_is_found_out()
    {
        await using var server = new RawServer(RawServer.Ok("this is no TLS"));
        using var caller = Calling.Trusting();

        var failure = await caller.ProbeAsync($"https://{IPAddress.Loopback}:{server.Port}/", default);

        Assert.Equal(HttpFailure.Broken, failure);
    }
}
