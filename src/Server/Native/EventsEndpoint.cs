using System.Globalization;
using System.Text;
using System.Text.Json;
using Switchhook.Server.Events;

namespace Switchhook.Server.Native;

/// <summary>
/// <c>GET /switchhook/v1/events</c>: server-sent events. Each reader goes through the ring at its own pace; one that falls behind the oldest
/// kept event, or takes longer than <see cref="LongestWrite"/> for a write, is cut and may come back with its last event's id.
/// </summary>
internal sealed class EventsEndpoint(NativePorts ports)
{
    private const int MostReaders = 200;
    private const int Batch = 64;
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private int _readers;

    public IResult HandleAsync(HttpContext context, string? after)
    {
        var place = ports.Events.Last;
        var missed = false;
        var cursor = after ?? context.Request.Headers["Last-Event-ID"].ToString();
        if (cursor == "0")
            place = 0;
        else if (cursor.Length > 0)
        {
            if (!ports.Events.TryPlace(cursor, out place, out var fromThisRun))
                return Problem.BadRequest($"after: must be the id of an event, or 0, not '{cursor}'").AsResult();
            missed = !fromThisRun;
        }
        return Interlocked.Increment(ref _readers) <= MostReaders ? new Stream(this, place, missed) : Refused();
    }

    private IResult Refused()
    {
        Interlocked.Decrement(ref _readers);
        return (new Problem(503, "too-many-readers", $"{MostReaders} readers are connected already") { RetryAfterSeconds = 10 }).AsResult();
    }

    private sealed class Stream(EventsEndpoint owner, long place, bool missed) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "text/event-stream";
            httpContext.Response.Headers.CacheControl = "no-store";
            try
            {
                await owner.SendAsync(httpContext, place, missed);
            }
            catch (OperationCanceledException)
            {
                // The reader left, was too slow, or the server stops: the connection is over either way.
                httpContext.Abort();
            }
            finally
            {
                Interlocked.Decrement(ref owner._readers);
            }
        }
    }

    private async Task SendAsync(HttpContext context, long place, bool missed)
    {
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var account = context.Account().Name;
        var text = new StringBuilder(": here are the events\n\n");
        while (true)
        {
            var read = ports.Events.Read(place, Batch);
            if (missed || (read.Missed && place == 0))
                text.Append("event: missed\ndata: {\"detail\":\"Earlier events are no longer kept; read the calls themselves.\"}\n\n");
            else if (read.Missed)
                throw new OperationCanceledException("The reader fell behind.");
            missed = false;
            foreach (var entry in read.Entries)
            {
                place = entry.Number;
                if (entry.Event.Call.IsVisibleTo(account))
                    Append(text, entry);
            }
            if (text.Length > 0)
                await WriteAsync(context, text);
            if (read.Entries.Count > 0)
                continue;
            // What came before the stop has been sent.
            if (stopping.IsCancellationRequested)
                return;
            await WaitAsync(context, place, text, stopping);
        }
    }

    private void Append(StringBuilder text, RingEntry entry) => text
        .Append(CultureInfo.InvariantCulture, $"id: {ports.Events.CursorAt(entry.Number)}\nevent: {entry.Event.Name}\ndata: ")
        .Append(JsonSerializer.Serialize(entry.Event.ToDocument(), NativeJson.Shown.EventDocument))
        .Append("\n\n");

    private async Task WriteAsync(HttpContext context, StringBuilder text)
    {
        using var tooSlow = new CancellationTokenSource(LongestWrite, ports.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooSlow.Token, context.RequestAborted);
        await context.Response.WriteAsync(text.ToString(), either.Token);
        await context.Response.Body.FlushAsync(either.Token);
        text.Clear();
    }

    /// <summary>Waits for the next event; when none comes for a while, a comment keeps the connection open through proxies.</summary>
    private async Task WaitAsync(HttpContext context, long place, StringBuilder text, CancellationToken stopping)
    {
        using var quiet = new CancellationTokenSource(KeepAlive, ports.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, context.RequestAborted, stopping);
        try
        {
            await ports.Events.WaitAsync(place, either.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            text.Append(":\n\n");
        }
    }
}
