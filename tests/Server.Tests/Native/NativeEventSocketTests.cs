using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Native;

public sealed class NativeEventSocketTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly CallCommand.Originate To811 = new()
    {
        Dialect = "native",
        Account = "demo",
        Caller = new Party("100"),
        Dialed = "811",
        Then = new OnAnswer.Wait(),
    };

    [Fact]
    public async Task Events_come_one_a_message_from_the_log_and_then_as_they_happen()
    {
        await using var server = await NativeServer.StartAsync(ringCapacity: 2);
        for (var i = 0; i < 5; i++)
            server.Exchange.Place(To811);
        server.Exchange.Place(To811 with { Account = "other" });
        using var socket = await OpenAsync(server, "?after=2");

        List<JsonElement> seen = [await ReadAsync(socket), await ReadAsync(socket), await ReadAsync(socket)];
        var call = server.Exchange.Place(To811);
        seen.Add(await ReadAsync(socket));

        Assert.Equal(["3", "4", "5", "7"], seen.Select(Cursor));
        Assert.All(seen, e => Assert.Equal("call.started", e.GetProperty("event").GetString()));
        Assert.Equal(call.Id.ToString(), seen[^1].GetProperty("data").GetProperty("call").GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_reader_behind_the_horizon_is_told_and_filters_hold()
    {
        await using var server = await NativeServer.StartAsync(ringCapacity: 2);
        var call = server.Exchange.Place(To811);
        for (var i = 0; i < 5; i++)
            server.Exchange.Place(To811);
        await server.PostAsync($"/switchhook/v1/calls/{call.Id}/hangup", null);
        server.Log.Forget(4);
        using var socket = await OpenAsync(server, $"?after=0&call={call.Id}&events=call.ended");

        var missed = await ReadAsync(socket);
        var ended = await ReadAsync(socket);

        Assert.Equal(("4", "missed", "4"), (Cursor(missed), missed.GetProperty("event").GetString(), missed.GetProperty("data").GetProperty("horizon").GetString()));
        Assert.Equal(("8", "call.ended"), (Cursor(ended), ended.GetProperty("event").GetString()));
    }

    [Fact]
    public async Task A_browser_offers_its_key_as_a_protocol()
    {
        await using var server = await NativeServer.StartAsync();
        server.Exchange.Place(To811);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("switchhook");
        socket.Options.AddSubProtocol("switchhook.key.shk_demo");

        await socket.ConnectAsync(Address(server, "?after=0"), CancellationToken.None);

        Assert.Equal("switchhook", socket.SubProtocol);
        Assert.Equal("1", Cursor(await ReadAsync(socket)));
    }

    [Theory]
    [InlineData("switchhook.key.shk_wrong")]
    [InlineData("switchhook.key.")]
    [InlineData("shk_demo")]
    public async Task A_wrong_key_is_refused(string protocol)
    {
        await using var server = await NativeServer.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.AddSubProtocol(protocol);

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(server, ""), CancellationToken.None));

        Assert.Equal(401, (int)socket.HttpStatusCode);
    }

    [Theory]
    [InlineData("", 426, "websocket-needed")]
    [InlineData("?after=1", 426, "websocket-needed")]
    public async Task A_request_that_is_no_web_socket_is_told_so(string query, int status, string code)
    {
        await using var server = await NativeServer.StartAsync();

        var answer = await server.GetAsync($"/switchhook/v1/events/ws{query}");

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_protocol_carries_no_key_for_anything_but_a_web_socket()
    {
        await using var server = await NativeServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/switchhook/v1/calls");
        request.Headers.TryAddWithoutValidation("Authorization", "");
        request.Headers.Add("Sec-WebSocket-Protocol", "switchhook.key.shk_demo");
        using var client = new HttpClient { BaseAddress = server.Client.BaseAddress };

        using var response = await client.SendAsync(request);

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_cursor_that_is_none_is_refused_before_the_socket_opens()
    {
        await using var server = await NativeServer.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Authorization", "Bearer shk_demo");

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(server, "?after=now"), CancellationToken.None));

        Assert.Equal(400, (int)socket.HttpStatusCode);
    }

    [Fact]
    public async Task The_readers_close_is_answered_and_what_it_says_is_let_go_by()
    {
        await using var server = await NativeServer.StartAsync();
        using var socket = await OpenAsync(server, "");
        await socket.SendAsync(Encoding.UTF8.GetBytes(new string('x', 100_000)), WebSocketMessageType.Text, true, CancellationToken.None);
        server.Exchange.Place(To811);
        Assert.Equal("1", Cursor(await ReadAsync(socket)));

        using var deadline = new CancellationTokenSource(Deadline);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "enough", deadline.Token);

        Assert.Equal((WebSocketState.Closed, WebSocketCloseStatus.NormalClosure), (socket.State, socket.CloseStatus));
    }

    [Fact]
    public async Task A_server_that_stops_says_so_with_the_cursor()
    {
        await using var server = await NativeServer.StartAsync();
        using var socket = await OpenAsync(server, "");
        server.Exchange.Place(To811);
        Assert.Equal("1", Cursor(await ReadAsync(socket)));
        server.Exchange.Place(To811 with { Account = "other" });

        var stopping = server.DisposeAsync().AsTask();
        var close = await CloseOfAsync(socket, []);
        await stopping;

        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, "cursor=2"), close);
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_closes_the_socket_with_the_cursor()
    {
        await using var server = await NativeServer.StartAsync(ringCapacity: 2);
        for (var i = 0; i < 8; i++)
            server.Exchange.Place(To811);
        server.Log.IsDown = true;
        using var socket = await OpenAsync(server, "?after=1");

        var close = await CloseOfAsync(socket, []);

        Assert.Equal(((WebSocketCloseStatus)1013, "cursor=1"), close);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_is_closed_with_the_cursor_to_come_back_with()
    {
        var time = new ManualTime();
        await using var server = await NativeServer.StartAsync(ringCapacity: 16, time: time);
        for (var i = 0; i < 20_000; i++)
            server.Exchange.Place(To811);
        using var slow = await OpenAsync(server, "?after=0");

        await server.Log.QuietAsync();
        time.Advance(TimeSpan.FromSeconds(10.5));
        List<string> seen = [];
        var close = await CloseOfAsync(slow, seen);
        using var again = await OpenAsync(server, $"?after={seen[^1]}");

        Assert.InRange(seen.Count, 1, 19_999);
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(n => n.ToString(CultureInfo.InvariantCulture)), seen);
        Assert.Equal(((WebSocketCloseStatus)1013, $"cursor={seen[^1]}"), close);
        Assert.Equal((seen.Count + 1).ToString(CultureInfo.InvariantCulture), Cursor(await ReadAsync(again)));
    }

    private static Uri Address(NativeServer server, string query) =>
        new UriBuilder(new Uri(server.Client.BaseAddress!, $"/switchhook/v1/events/ws{query}")) { Scheme = "ws" }.Uri;

    private static async Task<ClientWebSocket> OpenAsync(NativeServer server, string query)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer shk_demo");
        using var deadline = new CancellationTokenSource(Deadline);
        await socket.ConnectAsync(Address(server, query), deadline.Token);
        return socket;
    }

    private static string? Cursor(JsonElement message) => message.GetProperty("cursor").GetString();

    private static async Task<JsonElement> ReadAsync(ClientWebSocket socket) =>
        await NextAsync(socket) ?? throw new InvalidOperationException($"closed: {socket.CloseStatus} {socket.CloseStatusDescription}");

    private static async Task<(WebSocketCloseStatus? Status, string? Reason)> CloseOfAsync(ClientWebSocket socket, List<string> seen)
    {
        while (await NextAsync(socket) is { } message)
            seen.Add(Cursor(message)!);
        using var deadline = new CancellationTokenSource(Deadline);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", deadline.Token);
        return (socket.CloseStatus, socket.CloseStatusDescription);
    }

    private static async Task<JsonElement?> NextAsync(ClientWebSocket socket)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var message = new MemoryStream();
        var room = new byte[8192];
        while (true)
        {
            var part = await socket.ReceiveAsync(room.AsMemory(), deadline.Token);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(room, 0, part.Count);
            if (!part.EndOfMessage)
                continue;
            using var document = JsonDocument.Parse(message.ToArray());
            return document.RootElement.Clone();
        }
    }
}
