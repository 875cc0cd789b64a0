using System.Net;
using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks.Tests;

public sealed class RedirectTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8088/switchhook/v1/calls", HttpFailure.AddressNotAllowed)]
    [InlineData("http://[::ffff:10.0.0.1]/", HttpFailure.AddressNotAllowed)]
    [InlineData("http://inside.example/", HttpFailure.AddressNotAllowed)]
    [InlineData("file:///etc/passwd", HttpFailure.SchemeNotAllowed)]
    [InlineData("ftp://public.example/", HttpFailure.SchemeNotAllowed)]
    [InlineData("http://public.example:25/", HttpFailure.PortNotAllowed)]
    public async Task A_redirect_meets_the_same_checks(string location, HttpFailure expected)
    {
        await using var server = new RawServer(RawServer.Redirect(307, location));
        using var caller = Calling.Guarded(
            (host, _) => Task.FromResult<IPAddress[]>([host == "inside.example" ? IPAddress.Parse("192.168.7.7") : Calling.Public]), server.Port);

        var reply = await caller.SendAsync(Calling.Post("http://public.example/"), default);

        Assert.Equal(expected, reply.Failure);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(301, "GET", false)]
    [InlineData(302, "GET", false)]
    [InlineData(303, "GET", false)]
    [InlineData(307, "POST", true)]
    [InlineData(308, "POST", true)]
    public async Task A_post_is_repeated_or_becomes_a_get_by_the_status(int status, string method, bool hasBody)
    {
        await using var server = new RawServer((request, connection, stopping) => RawServer.SayAsync(
            connection, request.Contains(" /hook ", StringComparison.Ordinal) ? RawServer.Redirect(status, "/next?x=1") : RawServer.Ok("there"), stopping));
        using var caller = Calling.Trusting();

        var reply = await caller.SendAsync(Calling.Post(server.Url, "payload"), default);

        Assert.Equal("there", reply.Text());
        Assert.StartsWith($"{method} /next?x=1 HTTP/1.1\r\n", server.Requests[1], StringComparison.Ordinal);
        Assert.Equal(hasBody, server.Requests[1].EndsWith("payload", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Five_redirects_are_followed_and_a_sixth_is_too_many()
    {
        await using var server = new RawServer((request, connection, stopping) =>
        {
            var left = int.Parse(request.Split(' ')[1].TrimStart('/'), provider: null);
            return RawServer.SayAsync(connection, left == 0 ? RawServer.Ok("end") : RawServer.Redirect(302, $"/{left - 1}"), stopping);
        });
        using var caller = Calling.Trusting();

        var five = await caller.SendAsync(Calling.Post($"http://127.0.0.1:{server.Port}/5"), default);
        var six = await caller.SendAsync(Calling.Post($"http://127.0.0.1:{server.Port}/6"), default);

        Assert.Equal("end", five.Text());
        Assert.Equal(HttpFailure.TooManyRedirects, six.Failure);
        Assert.Equal(12, server.Requests.Count);
    }

    [Fact]
    public async Task A_redirect_that_is_not_to_be_followed_is_the_answer()
    {
        await using var server = new RawServer(RawServer.Redirect(302, "/next"));
        using var caller = Calling.Trusting();

        var reply = await caller.SendAsync(Calling.Post(server.Url) with { FollowRedirects = false }, default);

        Assert.Equal((302, HttpFailure.None), (reply.Status, reply.Failure));
    }

    [Fact]
    public async Task Credentials_go_to_the_same_server_only()
    {
        await using var other = new RawServer(RawServer.Ok());
        await using var server = new RawServer((request, connection, stopping) => RawServer.SayAsync(
            connection, RawServer.Redirect(307, request.Contains(" /hook ", StringComparison.Ordinal) ? "/again" : other.Url), stopping));
        using var caller = Calling.Trusting();

        await caller.SendAsync(Calling.Post(server.Url) with { Headers = [new("Authorization", "Basic eA=="), new("X-Id", "7")] }, default);

        Assert.Contains("Authorization: Basic", server.Requests[1], StringComparison.Ordinal);
        var elsewhere = Assert.Single(other.Requests);
        Assert.DoesNotContain("Authorization", elsewhere, StringComparison.Ordinal);
        Assert.Contains("X-Id: 7", elsewhere, StringComparison.Ordinal);
    }
}
