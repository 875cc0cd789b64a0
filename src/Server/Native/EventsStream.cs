using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Switchhook.Calls.Ports;
using Switchhook.Server.Events;

namespace Switchhook.Server.Native;

/// <summary>Events to one reader as server-sent events: <c>id:</c> is the cursor.</summary>
internal sealed class EventsStream(EventReader reader, TimeProvider time) : IResult
{
    private readonly ArrayBufferWriter<byte> _text = new(4096);
    private long _told;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers.CacheControl = "no-store";
        try
        {
            await SendAsync(httpContext);
        }
        catch (OperationCanceledException)
        {
            // The reader left or was too slow: the connection is over, and it knows the last cursor it got.
            httpContext.Abort();
        }
        catch (StorageUnavailableException)
        {
            // What was written arrives; the reader may come back when the log can be read again.
        }
    }

    private async Task SendAsync(HttpContext context)
    {
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        _told = reader.Place;
        Append(": here are the events\n\n"u8);
        await WriteAsync(context);
        while (true)
        {
            var batch = await reader.ReadAsync(context.RequestAborted);
            if (batch.MissedUntil is { } horizon)
                Append(horizon, "missed", MissedDocument.Of(horizon));
            foreach (var happened in batch.Events)
                Append(happened.Cursor, happened.Event.Name, happened.Json());
            await WriteAsync(context);
            if (!batch.AtEnd)
                continue;
            // What came before the stop has been sent.
            if (stopping.IsCancellationRequested)
                return;
            await WaitAsync(context, stopping);
        }
    }

    private void Append(long cursor, string name, ReadOnlySpan<byte> json)
    {
        AppendId(cursor);
        Append("event: "u8);
        Encoding.UTF8.GetBytes(name, _text);
        Append("\ndata: "u8);
        Append(json);
        Append("\n\n"u8);
    }

    private void AppendId(long cursor)
    {
        Append("id: "u8);
        Utf8Formatter.TryFormat(cursor, _text.GetSpan(20), out var written);
        _text.Advance(written);
        Append("\n"u8);
        _told = cursor;
    }

    private void Append(ReadOnlySpan<byte> text) => _text.Write(text);

    private async Task WriteAsync(HttpContext context)
    {
        if (_text.WrittenCount == 0)
            return;
        using var tooSlow = new CancellationTokenSource(EventsEndpoint.LongestWrite, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooSlow.Token, context.RequestAborted);
        await context.Response.Body.WriteAsync(_text.WrittenMemory, either.Token);
        await context.Response.Body.FlushAsync(either.Token);
        _text.ResetWrittenCount();
    }

    /// <summary>
    /// Waits for the next event. When none comes for a while, a comment keeps the connection open through proxies, and an id without an event
    /// moves the reader's cursor over what was not for it.
    /// </summary>
    private async Task WaitAsync(HttpContext context, CancellationToken stopping)
    {
        using var quiet = new CancellationTokenSource(EventsEndpoint.KeepAlive, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, context.RequestAborted, stopping);
        try
        {
            await reader.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            Append(":\n"u8);
            if (reader.Place > _told)
                AppendId(reader.Place);
            Append("\n"u8);
        }
    }
}
