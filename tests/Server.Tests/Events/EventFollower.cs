using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json;
using Switchhook.TestKit.Servers;

namespace Switchhook.Server.Tests.Events;

public enum Way
{
    Stream,
    Socket,
}

/// <summary>An event with its cursor, as a reader was given it.</summary>
internal sealed record SeenEvent(long Cursor, string Name, string Id, string Call, int Sequence);

/// <summary>An application that follows the events, and goes on behind the last cursor it was given whenever it comes back.</summary>
internal sealed class EventFollower(Way way, string key = ProvisioningBuilder.NativeKey)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly List<SeenEvent> _seen = [];

    public IReadOnlyList<SeenEvent> Seen => _seen;

    /// <summary>Reads until an event fits or the connection is lost. False when it was lost.</summary>
    public async Task<bool> FollowAsync(TestServer server, Func<SeenEvent, bool> last)
    {
        var after = _seen.Count == 0 ? 0 : _seen[^1].Cursor;
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await foreach (var next in way == Way.Stream ? StreamAsync(server.Http, after, deadline.Token) : SocketAsync(server.Http, after, deadline.Token))
            {
                _seen.Add(next);
                if (last(next))
                    return true;
            }
            return false;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or WebSocketException)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<SeenEvent> StreamAsync(
        Uri http, long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = http };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var stream = await client.GetStreamAsync(new Uri($"/switchhook/v1/events?after={after}", UriKind.Relative), stop);
        using var reader = new StreamReader(stream);
        while (await EventView.ReadAsync(reader, stop) is { } next)
            yield return Seeing(next.Id, next.Name, JsonDocument.Parse(next.Data).RootElement);
    }

    private async IAsyncEnumerable<SeenEvent> SocketAsync(
        Uri http, long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        await socket.ConnectAsync(new UriBuilder(new Uri(http, $"/switchhook/v1/events/ws?after={after}")) { Scheme = "ws" }.Uri, stop);
        var room = new byte[8192];
        while (true)
        {
            using var message = new MemoryStream();
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(room.AsMemory(), stop);
                if (part.MessageType == WebSocketMessageType.Close)
                    yield break;
                message.Write(room, 0, part.Count);
            }
            while (!part.EndOfMessage);
            var json = JsonDocument.Parse(message.ToArray()).RootElement;
            yield return Seeing(json.GetProperty("cursor").GetString()!, json.GetProperty("event").GetString()!, json.GetProperty("data"));
        }
    }

    private static SeenEvent Seeing(string cursor, string name, JsonElement data) => name == "missed"
        ? throw new InvalidOperationException($"Missed: {data}")
        : new(
        long.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture), name, data.GetProperty("id").GetString()!,
        data.GetProperty("call").GetProperty("id").GetString()!, data.GetProperty("sequence").GetInt32());
}
