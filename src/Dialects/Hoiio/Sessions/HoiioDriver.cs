using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Hoiio.Sessions;

/// <summary>Works off what sessions order, and ends those whose application does nothing. Runs until it is disposed.</summary>
internal sealed partial class HoiioDriver : IAsyncDisposable
{
    private static readonly TimeSpan LookAround = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeepBooks = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    private readonly ICallControl _calls;
    private readonly HoiioDesk _desk;
    private readonly HoiioOrders _orders;
    private readonly HoiioLedger _ledger;
    private readonly HoiioRunner _runner;
    private readonly HoiioOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    public HoiioDriver(ICallControl calls, HoiioDesk desk, HoiioOrders orders, HoiioLedger ledger, HoiioOptions options, TimeProvider time, ILogger log)
    {
        (_calls, _desk, _orders, _ledger, _options, _time, _log) = (calls, desk, orders, ledger, options, time, log);
        _runner = new HoiioRunner(calls, options);
        _work = Task.WhenAll([WatchAsync(), KeepBooksAsync(), .. orders.Readers.Select(WorkAsync)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _ledger.Save();
        _stop.Dispose();
    }

    private async Task WorkAsync(ChannelReader<HoiioOrder> lane)
    {
        try
        {
            await foreach (var order in lane.ReadAllAsync(_stop.Token).ConfigureAwait(false))
                await CarryAsync(order).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends.
        }
    }

    private async ValueTask CarryAsync(HoiioOrder order)
    {
        try
        {
            await _runner.CarryAsync(order, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw;
        }
#pragma warning disable CA1031 // A bug in one session's work must not stop those of the others.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogOrderFailed(bug, order.Call.ToString());
        }
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(LookAround, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                Watch();
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends.
        }
    }

    private async Task KeepBooksAsync()
    {
        // A start does not wait for a long log to be read.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var timer = new PeriodicTimer(KeepBooks, _time);
        try
        {
            do
                await KeepBooksOnceAsync().ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends.
        }
    }

    private async Task KeepBooksOnceAsync()
    {
        try
        {
            await _ledger.KeepAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw;
        }
#pragma warning disable CA1031 // The books are kept in rounds: whatever ends one, storage that is down or a bug, is logged and must not end those after it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogBooksFailed(failure);
        }
    }

    /// <summary>Hangs up where nothing was asked for too long; forgets what was opened for a call that is gone.</summary>
    internal void Watch()
    {
        var now = _time.GetUtcNow();
        foreach (var (call, seat) in _desk.Seats)
        {
            if (_calls.Find(call) is { } live)
            {
                seat.MissingSince = default;
                var idle = false;
                lock (seat.Gate)
                {
                    // Two parties of another dialect's call talk to each other whatever the application does.
                    if (live.Far == 0 && seat.IsIdle(now, _options.IdleTime))
                        idle = seat.Take(new HoiioInput.IdleTimeOver(), now).HangUp;
                }
                if (idle)
                    _orders.Give(new HoiioOrder.HangUp(call, new HangupBy.Timer(CallTimer.Idle)));
            }
            else if (seat.MissingSince == default)
                seat.MissingSince = now;
            else if (now - seat.MissingSince > Forgotten)
                _desk.Close(call);
        }
    }

    [LoggerMessage(EventName = "HoiioBooksFailed", Level = LogLevel.Warning, Message = "what accounts have spent could not be read; it is tried again in a minute")]
    private partial void LogBooksFailed(Exception failure);

    [LoggerMessage(EventName = "HoiioOrderFailed", Level = LogLevel.Error, Message = "what the session of call {Call} ordered met a bug")]
    private partial void LogOrderFailed(Exception bug, string call);
}
