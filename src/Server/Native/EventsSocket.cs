using Switchhook.Server.Events;

namespace Switchhook.Server.Native;

/// <summary>
/// Events to one reader over a WebSocket (RFC 6455): a text message each, <c>{ "cursor": "7", "event": "call.ended", "data": { … } }</c>. Whatever
/// the reader sends is let go by, but for its close and its pings. Every close of ours has the cursor to come back with as its reason.
/// </summary>
internal sealed class EventsSocket(EventReader reader, TimeProvider time) : IResult
{
    /// <summary>Offered by browsers beside the key, and chosen: a browser wants one of its offers taken.</summary>
    public const string Protocol = "switchhook";

    /// <summary>What a browser offers its key as, since it can set no header.</summary>
    public const string KeyProtocol = "switchhook.key.";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var socket = await httpContext.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = httpContext.WebSockets.WebSocketRequestedProtocols.Contains(Protocol) ? Protocol : null,
            KeepAliveInterval = EventsEndpoint.KeepAlive,
            KeepAliveTimeout = EventsEndpoint.LongestWrite,
        });
        using var talk = new EventsTalk(socket, reader, time);
        var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await talk.RunAsync(stopping, httpContext.RequestAborted);
    }
}
