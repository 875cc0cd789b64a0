using System.Text;
using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Traces;
using Switchhook.Webhooks.Deliveries;

namespace Switchhook.Webhooks;

/// <summary>
/// Delivers stored notifications: those of one call to one receiver in order and one at a time, everything else side by side, as often as
/// each one's policy says. What comes of every attempt goes back to the outbox; what is pending there at the start is delivered too. A notification whose
/// delivery could not be stored before a crash is delivered again, under the same id.
/// </summary>
public sealed partial class Notifier : INotifier, IAsyncDisposable
{
    private readonly IHttpCaller _http;
    private readonly ICallTraces _traces;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly TimeSpan _drainTime;
    private readonly WebhookSigner _signer;
    private readonly DeliveryBoard _board;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _drained = new();
    private readonly OutboxKeeper _outbox;
    private readonly int _workerCount;
    private Task _workers = Task.CompletedTask;
    private Task _keeper = Task.CompletedTask;
    private int _disposed;

    /// <param name="signer">Signs what is to be signed, at each attempt.</param>
    public Notifier(
        IHttpCaller http, IOutbox outbox, WebhookSigner signer, ICallTraces traces, TimeProvider time, ILogger<Notifier> log, WebhookOptions options)
    {
        (_http, _signer, _traces, _time, _log, _drainTime) = (http, signer, traces, time, log, options.DrainTime);
        _board = new DeliveryBoard(options, time, Tell);
        _outbox = new OutboxKeeper(outbox, _board, time, log);
        _workerCount = options.MaxConcurrentNotifications;
    }

    /// <summary>Who reads the replies; the dialects that are not there have theirs read by nobody.</summary>
    public IReadOnlyList<INotificationReplies> Replies { get; init; } = [];

    /// <summary>Who hears of what was given up.</summary>
    public IReadOnlyList<INotificationFailures> Failures { get; init; } = [];

    /// <summary>Totals by result, and terminal notifications by dialect.</summary>
    public NotifierCounts Counts { get; } = new();

    /// <summary>Answered as their policy wants.</summary>
    public long Delivered => Counts.Delivered;

    /// <summary>Given up.</summary>
    public long Failed => Counts.Failed;

    /// <summary>Stored and not done, whether in memory or not.</summary>
    public long Pending => _board.Pending;

    /// <summary>Terminal notifications by dialect, each counted once.</summary>
    public IReadOnlyDictionary<string, long> TerminalEvents => Counts.TerminalEvents;

    /// <summary>Begins to deliver, with what the outbox holds. Once, when the server has everything else it needs: it may turn out to be the second on its data.</summary>
    public void Start()
    {
        _workers = Task.WhenAll(Enumerable.Range(0, _workerCount).Select(_ => WorkAsync(_stopping.Token)));
        _keeper = Task.Run(() => _outbox.RunAsync(_drained.Token));
    }

    /// <inheritdoc/>
    public void Notify(IReadOnlyList<Notification> stored)
    {
        foreach (var notification in stored)
        {
            if (notification.Terminal)
                Counts.AddTerminal(notification.Dialect);
        }
        _board.Take(stored);
    }

    /// <summary>Delivers one again that was done and that the outbox made pending.</summary>
    public void NotifyAgain(OutboxEntry reopened) => _board.TakeAgain(reopened);

    /// <summary>Delivers what can go at once within <see cref="WebhookOptions.DrainTime"/>; everything else stays in the outbox for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _board.Close();
        try
        {
            await _workers.WaitAsync(_drainTime, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _workers.ConfigureAwait(false);
        }
        await _drained.CancelAsync().ConfigureAwait(false);
        await _keeper.ConfigureAwait(false);
        if (_board.Pending is > 0 and var left)
            LogLeft(left);
        _board.Dispose();
        _stopping.Dispose();
        _drained.Dispose();
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            while (await _board.TakeAsync(stopping).ConfigureAwait(false) is { } attempt)
            {
                var reply = await SendAsync(attempt, stopping).ConfigureAwait(false);
                _board.Finished(attempt, reply);
                TakeReply(attempt.Notification, reply);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The drain time is over; what this worker held is still pending in the outbox.
        }
    }

    private async ValueTask<HttpReply> SendAsync(Attempt attempt, CancellationToken stopping)
    {
        var notification = attempt.Notification;
        try
        {
            var request = notification.Signed ? _signer.Sign(notification, attempt.Request, _time.GetUtcNow()) : attempt.Request;
            return await _http.SendAsync(request, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            // A bug must not end the worker, nor keep later notifications back for ever.
            LogBug(e, notification.Call.ToString(), notification.Id);
            return new HttpReply(0, default, HttpFailure.Broken, e.Message);
        }
    }

    private void TakeReply(Notification told, HttpReply reply)
    {
        if (!reply.Succeeded)
            return;
        try
        {
            foreach (var reader in Replies)
            {
                if (reader.Dialect == told.Dialect)
                    reader.Take(told, reply);
            }
        }
#pragma warning disable CA1031 // A bug of a reader stops no delivery.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogBug(e, told.Call.ToString(), told.Id);
        }
    }

    private void Tell(Outcome outcome)
    {
        var notification = outcome.Notification;
        Counts.Add(outcome.Result);
        switch (outcome.State)
        {
            case DeliveryState.Failed:
                Counts.Add(NotifierCounts.GivenUpResult);
                LogGivenUp(notification.Call.ToString(), notification.Id, notification.Dialect, outcome.Request.Url, outcome.Text);
                break;
            case DeliveryState.Waiting waiting:
                LogFailed(notification.Call, notification.Id, notification.Dialect, outcome.Request.Url, outcome.Text, waiting.Until);
                break;
        }
        try
        {
            _traces.Add(notification.Call, Trace(outcome));
            if (outcome.State is not DeliveryState.Failed)
                return;
            foreach (var listener in Failures)
            {
                if (listener.Dialect == notification.Dialect)
                    listener.GivenUp(notification);
            }
        }
#pragma warning disable CA1031 // A bug of a listener stops no delivery.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogBug(e, notification.Call.ToString(), notification.Id);
        }
    }

    private TraceEntry Trace(Outcome outcome)
    {
        var request = outcome.Request;
        var detail = request.Body.IsEmpty ? null : Encoding.UTF8.GetString(request.Body.Span);
        if (detail is not null && !_traces.ShowsKeys)
            detail = TraceKeys.HideInBody(detail);
        return new TraceEntry(outcome.At, "webhook", $"{request.Method} {request.Url}: {outcome.Text}", detail);
    }

    [LoggerMessage(EventId = 1, EventName = "NotificationGivenUp", Level = LogLevel.Warning,
        Message = "Call {Call}: notification {Id} of {Dialect} to {Url} was given up: {Outcome}")]
    private partial void LogGivenUp(string call, string id, string dialect, string url, string outcome);

    [LoggerMessage(EventId = 2, EventName = "NotificationFailed", Level = LogLevel.Information,
        Message = "Call {Call}: notification {Id} of {Dialect} to {Url} failed: {Outcome}; again at {Next}")]
    private partial void LogFailed(CallId call, string id, string dialect, string url, string outcome, DateTimeOffset next);

    [LoggerMessage(EventId = 3, EventName = "NotificationsLeft", Level = LogLevel.Information,
        Message = "{Count} notifications are pending; they stay stored and are delivered after the next start")]
    private partial void LogLeft(long count);

    [LoggerMessage(EventId = 4, EventName = "NotificationBug", Level = LogLevel.Error, Message = "Call {Call}: notification {Id} met a bug")]
    private partial void LogBug(Exception e, string call, string id);
}
