using System.Net;
using System.Net.Sockets;
using Switchhook.Calls.Ports;
using Switchhook.TestKit.Timing;
using Switchhook.Webhooks.Transport;

namespace Switchhook.Webhooks.Tests;

public sealed class GuardedHttpCallerTests
{
    [Fact]
    public async Task A_request_arrives_as_given_and_the_answer_comes_back()
    {
        await using var server = new RawServer(RawServer.Ok("thanks"));
        using var caller = Calling.Trusting();
        var call = Calling.Post(server.Url, "état") with { Headers = [new("X-Signature", "abc"), new("Authorization", "Basic eA==")] };

        var reply = await caller.SendAsync(call, default);

        Assert.Equal((200, HttpFailure.None, "thanks"), (reply.Status, reply.Failure, reply.Text()));
        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /hook HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/plain\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Signature: abc\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nAuthorization: Basic eA==\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nétat", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(204, true)]
    [InlineData(304, false)]
    [InlineData(404, false)]
    [InlineData(500, false)]
    public async Task Any_status_is_an_answer_and_not_a_failure(int status, bool succeeded)
    {
        await using var server = new RawServer($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var caller = Calling.Trusting();

        var reply = await caller.SendAsync(Calling.Post(server.Url), default);

        Assert.Equal((status, HttpFailure.None, succeeded), (reply.Status, reply.Failure, reply.Succeeded));
    }

    [Fact]
    public async Task A_get_has_no_body_and_keeps_its_query()
    {
        await using var server = new RawServer(RawServer.Ok());
        using var caller = Calling.Trusting();

        await caller.SendAsync(new HttpCall { Url = server.Url + "?a=1&b=%20x", Method = "get" }, default);

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("GET /hook?a=1&b=%20x HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Length", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", HttpFailure.InvalidUrl)]
    [InlineData("example.com/hook", HttpFailure.InvalidUrl)]
    [InlineData("http://", HttpFailure.InvalidUrl)]
    [InlineData("/etc/passwd", HttpFailure.SchemeNotAllowed)]
    [InlineData("file:///etc/passwd", HttpFailure.SchemeNotAllowed)]
    [InlineData("ftp://example.com/", HttpFailure.SchemeNotAllowed)]
    [InlineData("gopher://example.com:25/x", HttpFailure.SchemeNotAllowed)]
    public async Task What_is_no_web_address_is_refused_by_name(string url, HttpFailure expected)
    {
        using var caller = Calling.Trusting();

        var reply = await caller.SendAsync(Calling.Post(url), default);

        Assert.Equal((0, expected), (reply.Status, reply.Failure));
        Assert.False(string.IsNullOrEmpty(reply.Detail));
    }

    [Fact]
    public async Task A_body_that_drips_forever_is_cut_off_after_the_time_out()
    {
        var time = new ManualTime();
        await using var server = new RawServer(async (_, connection, stopping) =>
        {
            await RawServer.SayAsync(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", stopping);
            for (var second = 0; second < 12; second++)
            {
                await RawServer.SayAsync(connection, "x", stopping);
                time.Advance(TimeSpan.FromSeconds(1));
            }
            await RawServer.HangAsync("", connection, stopping);
        });
        using var caller = Calling.Trusting(time);

        var reply = await caller.SendAsync(Calling.Post(server.Url), default).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(HttpFailure.TimedOut, reply.Failure);
    }

    [Theory]
    [InlineData("GE T", "fine")]
    [InlineData("", "fine")]
    [InlineData("POST", "two\r\nInjected: yes")]
    public async Task A_method_or_header_that_would_break_the_request_is_never_sent(string method, string value)
    {
        await using var server = new RawServer(RawServer.Ok());
        using var caller = Calling.Trusting();

        var reply = await caller.SendAsync(Calling.Post(server.Url) with { Method = method, Headers = [new("X-A", value)] }, default);

        Assert.Equal(HttpFailure.InvalidUrl, reply.Failure);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_after_the_time_out()
    {
        await using var server = new RawServer(RawServer.HangAsync);
        var time = new ManualTime();
        using var caller = Calling.Trusting(time);

        var sending = caller.SendAsync(Calling.Post(server.Url), default).AsTask();
        await server.RequestAsync();
        time.Advance(TimeSpan.FromSeconds(9.9));
        var early = sending.IsCompleted;
        time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.False(early);
        Assert.Equal(HttpFailure.TimedOut, (await sending.WaitAsync(TimeSpan.FromSeconds(20))).Failure);
    }

    [Fact]
    public async Task A_body_that_stalls_counts_against_the_calls_own_time_out()
    {
        var began = new TaskCompletionSource();
        await using var server = new RawServer(async (_, connection, stopping) =>
        {
            await RawServer.SayAsync(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome", stopping);
            began.SetResult();
            await RawServer.HangAsync("", connection, stopping);
        });
        var time = new ManualTime();
        using var caller = Calling.Trusting(time);

        var sending = caller.SendAsync(Calling.Post(server.Url) with { Timeout = TimeSpan.FromSeconds(2) }, default).AsTask();
        await began.Task.WaitAsync(TimeSpan.FromSeconds(20));
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpFailure.TimedOut, (await sending.WaitAsync(TimeSpan.FromSeconds(20))).Failure);
    }

    [Theory]
    [InlineData("Content-Length: 999999999")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("X-Length: until closed")]
    public async Task An_endless_body_is_cut_off_at_the_limit(string framing)
    {
        await using var server = new RawServer(async (_, connection, stopping) =>
        {
            await RawServer.SayAsync(connection, $"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n", stopping);
            var chunk = "1000\r\n" + new string('x', 0x1000) + "\r\n";
            while (!stopping.IsCancellationRequested)
                await RawServer.SayAsync(connection, chunk, stopping);
        });
        using var caller = Calling.Trusting(options: new WebhookOptions { MaxReplyBytes = 100_000 });

        var reply = await caller.SendAsync(Calling.Post(server.Url), default).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((0, HttpFailure.TooLarge, 0), (reply.Status, reply.Failure, reply.Body.Length));
    }

    [Fact]
    public async Task A_body_of_just_the_limit_is_taken()
    {
        await using var server = new RawServer(RawServer.Ok(new string('x', 5000)));
        using var caller = Calling.Trusting(options: new WebhookOptions { MaxReplyBytes = 5000 });

        Assert.Equal(5000, (await caller.SendAsync(Calling.Post(server.Url), default)).Body.Length);
    }

    [Fact]
    public async Task Endless_headers_are_cut_off()
    {
        await using var server = new RawServer(async (_, connection, stopping) =>
        {
            await RawServer.SayAsync(connection, "HTTP/1.1 200 OK\r\n", stopping);
            while (!stopping.IsCancellationRequested)
                await RawServer.SayAsync(connection, "X-More: " + new string('y', 1000) + "\r\n", stopping);
        });
        using var caller = Calling.Trusting();

        var reply = await caller.SendAsync(Calling.Post(server.Url), default).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(HttpFailure.TooLarge, reply.Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 2000 Much\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public async Task Garbage_is_a_broken_answer(string answer)
    {
        await using var server = new RawServer(answer);
        using var caller = Calling.Trusting();

        var reply = await caller.SendAsync(Calling.Post(server.Url), default);

        Assert.Equal((0, HttpFailure.Broken), (reply.Status, reply.Failure));
    }

    [Fact]
    public async Task Random_answers_never_throw()
    {
        var random = new Random(8);
        const string good = "HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        await using var server = new RawServer((_, connection, stopping) =>
        {
            string answer;
            lock (random)
            {
                var mutilated = good.ToCharArray();
                for (var i = random.Next(12); i > 0; i--)
                    mutilated[random.Next(mutilated.Length)] = (char)random.Next(256);
                answer = new string(mutilated, 0, random.Next(mutilated.Length));
            }
            return RawServer.SayAsync(connection, answer, stopping);
        });
        using var caller = Calling.Trusting(options: new WebhookOptions { Timeout = TimeSpan.FromSeconds(30) });

        for (var i = 0; i < 300; i++)
        {
            var reply = await caller.SendAsync(Calling.Post(server.Url), default);
            Assert.Equal(reply.Status == 0, reply.Failure != HttpFailure.None);
        }
    }

    [Fact]
    public async Task Nobody_listening_and_a_name_without_an_address_have_names()
    {
        using var caller = Calling.Trusting();
        int closed;
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            closed = ((IPEndPoint)socket.LocalEndPoint!).Port;
        }

        var refused = await caller.SendAsync(Calling.Post($"http://127.0.0.1:{closed}/"), default);
        var unknown = await caller.SendAsync(Calling.Post("http://nowhere.example/"), default);

        Assert.Equal(HttpFailure.CannotConnect, refused.Failure);
        Assert.Equal(HttpFailure.NameNotFound, unknown.Failure);
    }

    [Fact]
    public async Task Where_https_is_asked_for_and_plain_text_answers_there_is_no_connection()
    {
        await using var server = new RawServer("this is no TLS at all\r\n\r\n");
        using var caller = Calling.Trusting();

        var reply = await caller.SendAsync(Calling.Post($"https://127.0.0.1:{server.Port}/"), default);

        Assert.Equal(HttpFailure.CannotConnect, reply.Failure);
    }

    [Fact]
    public async Task Requests_beyond_the_bound_wait_and_beyond_the_waiting_line_are_refused()
    {
        await using var server = new RawServer(RawServer.HangAsync);
        var time = new ManualTime();
        using var caller = Calling.Trusting(time, new WebhookOptions { MaxConcurrent = 2, MaxWaiting = 1 });

        var first = caller.SendAsync(Calling.Post(server.Url), default).AsTask();
        var second = caller.SendAsync(Calling.Post(server.Url), default).AsTask();
        var third = caller.SendAsync(Calling.Post(server.Url) with { Timeout = TimeSpan.FromSeconds(5) }, default).AsTask();
        var fourth = await caller.SendAsync(Calling.Post(server.Url), default);
        await server.RequestAsync();
        await server.RequestAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        var gaveUp = await third.WaitAsync(TimeSpan.FromSeconds(20));
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(HttpFailure.Busy, fourth.Failure);
        Assert.Equal(HttpFailure.Busy, gaveUp.Failure);
        Assert.Equal(HttpFailure.TimedOut, (await first.WaitAsync(TimeSpan.FromSeconds(20))).Failure);
        Assert.Equal(HttpFailure.TimedOut, (await second.WaitAsync(TimeSpan.FromSeconds(20))).Failure);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_slot_is_free_again_after_every_way_a_request_can_end()
    {
        await using var broken = new RawServer("junk");
        await using var good = new RawServer(RawServer.Ok());
        using var caller = Calling.Trusting(options: new WebhookOptions { MaxConcurrent = 1, MaxWaiting = 0 });

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpFailure.Broken, (await caller.SendAsync(Calling.Post(broken.Url), default)).Failure);
            Assert.Equal(HttpFailure.NameNotFound, (await caller.SendAsync(Calling.Post("http://nowhere.example/"), default)).Failure);
            Assert.True((await caller.SendAsync(Calling.Post(good.Url), default)).Succeeded);
        }
    }

    [Fact]
    public async Task Only_the_askers_own_cancellation_throws()
    {
        await using var server = new RawServer(RawServer.HangAsync);
        using var caller = Calling.Trusting();
        using var cancelling = new CancellationTokenSource();

        var sending = caller.SendAsync(Calling.Post(server.Url), cancelling.Token).AsTask();
        await server.RequestAsync();
        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }
}
