using Switchhook.Server.Events;

namespace Switchhook.Server.Native;

/// <summary>
/// <c>GET /switchhook/v1/events</c> as server-sent events and <c>GET /switchhook/v1/events/ws</c> as a WebSocket: the log from any cursor, and
/// then what happens. Each reader goes at its own pace; one that takes longer than <see cref="LongestWrite"/> for a write is cut and may come
/// back with the last cursor it was given.
/// </summary>
internal sealed class EventsEndpoint(NativePorts ports)
{
    public const int MostReaders = 200;
    public static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private int _readers;

    public Task<IResult> StreamAsync(HttpContext context, string? after, string? call, string? events) =>
        OpenAsync(context, after, call, events, reader => new EventsStream(reader, ports.Time));

    public Task<IResult> SocketAsync(HttpContext context, string? after, string? call, string? events) =>
        context.WebSockets.IsWebSocketRequest
            ? OpenAsync(context, after, call, events, reader => new EventsSocket(reader, ports.Time))
            : Task.FromResult(NotASocket(context));

    private async Task<IResult> OpenAsync(
        HttpContext context, string? after, string? call, string? events, Func<EventReader, IResult> shown)
    {
        var mistakes = new List<string>();
        if (EventsRequest.Read(context, after, call, events, mistakes) is not { } request)
            return Problem.BadRequest(mistakes).AsResult();
        if (Interlocked.Increment(ref _readers) > MostReaders)
        {
            Leave();
            return (new Problem(503, "too-many-readers", $"{MostReaders} readers are connected already") { RetryAfterSeconds = 10 }).AsResult();
        }
        try
        {
            var reader = await EventReader.OpenAsync(ports.Events, request.Filter, request.After, context.RequestAborted);
            return new Counted(this, shown(reader));
        }
        catch
        {
            Leave();
            throw;
        }
    }

    private static IResult NotASocket(HttpContext context)
    {
        context.Response.Headers.Upgrade = "websocket";
        return new Problem(426, "websocket-needed", "This address speaks WebSocket", "The same events as server-sent events are at /switchhook/v1/events").AsResult();
    }

    private void Leave() => Interlocked.Decrement(ref _readers);

    /// <summary>Holds one of the places of readers until it is done.</summary>
    private sealed class Counted(EventsEndpoint owner, IResult inner) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            try
            {
                await inner.ExecuteAsync(httpContext);
            }
            finally
            {
                owner.Leave();
            }
        }
    }
}
