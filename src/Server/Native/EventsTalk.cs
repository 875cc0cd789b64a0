using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Switchhook.Calls.Ports;
using Switchhook.Server.Events;

namespace Switchhook.Server.Native;

/// <summary>The talk with one reader over its WebSocket, to its end.</summary>
internal sealed class EventsTalk(WebSocket socket, EventReader reader, TimeProvider time) : IDisposable
{
    /// <summary>IANA's registry of close codes: 1013, try again later.</summary>
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    private readonly ArrayBufferWriter<byte> _text = new(4096);
    private readonly CancellationTokenSource _gone = new();
    private Task _sending = Task.CompletedTask;
    private long _told = reader.Place;

    /// <param name="stopping">What happened before is still told, then the socket is closed.</param>
    /// <param name="aborted">The connection is gone.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborted)
    {
        using var gone = aborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _gone);
        var hearing = HearAsync();
        try
        {
            var status = await TellAsync(stopping);
            await FarewellAsync(hearing, status);
        }
        finally
        {
            // Ends the hearing, whatever it is doing.
            socket.Abort();
            await hearing;
        }
    }

    public void Dispose() => _gone.Dispose();

    /// <summary>Sends events until there is a reason to close.</summary>
    private async Task<WebSocketCloseStatus> TellAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var batch = await reader.ReadAsync(_gone.Token);
                if (batch.MissedUntil is { } horizon)
                    await SendAsync(horizon, "missed", MissedDocument.Of(horizon));
                foreach (var happened in batch.Events)
                    await SendAsync(happened.Cursor, happened.Event.Name, happened.Json());
                _told = reader.Place;
                if (!batch.AtEnd)
                    continue;
                if (stopping.IsCancellationRequested)
                    return WebSocketCloseStatus.EndpointUnavailable;
                await WaitAsync(stopping);
            }
        }
        catch (TimeoutException)
        {
            return TryAgainLater;
        }
        catch (StorageUnavailableException)
        {
            return TryAgainLater;
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            return WebSocketCloseStatus.NormalClosure;
        }
    }

    private async Task WaitAsync(CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token, stopping);
        try
        {
            await reader.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!_gone.IsCancellationRequested)
        {
            // The server stops: one more look, then the farewell.
        }
    }

    /// <exception cref="TimeoutException">The reader is too slow. What it was to get is still under way.</exception>
    private Task SendAsync(long cursor, string name, ReadOnlySpan<byte> json)
    {
        _text.ResetWrittenCount();
        Encoding.UTF8.GetBytes($"{{\"cursor\":\"{cursor.ToString(CultureInfo.InvariantCulture)}\",\"event\":\"{name}\",\"data\":", _text);
        _text.Write(json);
        _text.Write("}"u8);
        _told = cursor;
        // Never cancelled: a message cut in the middle would leave nothing to say farewell with.
        var sending = socket.SendAsync(_text.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        if (sending.IsCompletedSuccessfully)
            return Task.CompletedTask;
        _sending = sending.AsTask();
        return _sending.WaitAsync(EventsEndpoint.LongestWrite, time, _gone.Token);
    }

    /// <summary>Hears the reader's pings, which are answered on the way, and its close.</summary>
    private async Task HearAsync()
    {
        var room = new byte[512];
        try
        {
            while ((await socket.ReceiveAsync(room.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                // A reader has nothing to say.
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is gone.
        }
        finally
        {
            await _gone.CancelAsync();
        }
    }

    private async Task FarewellAsync(Task hearing, WebSocketCloseStatus status)
    {
        try
        {
            // What is stuck gets as long once more: without its end no close can follow.
            await _sending.WaitAsync(EventsEndpoint.LongestWrite, time);
            if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
                return;
            var reason = string.Create(CultureInfo.InvariantCulture, $"cursor={_told}");
            await socket.CloseOutputAsync(status, reason, CancellationToken.None).WaitAsync(LongestFarewell, time);
            await hearing.WaitAsync(LongestFarewell, time);
        }
        catch (Exception e) when (e is TimeoutException or WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It does not listen any more.
        }
    }
}
