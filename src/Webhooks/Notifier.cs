using System.Text;
using Microsoft.Extensions.Logging;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Traces;

namespace Switchhook.Webhooks;

/// <summary>
/// Delivers notifications: those of one call in order and one at a time, different calls side by side, each attempted once. Queues are
/// bounded; what finds no room is refused, counted and logged.
/// </summary>
public sealed partial class Notifier : INotifier, IAsyncDisposable
{
    private readonly IHttpCaller _http;
    private readonly ICallTraces _traces;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly TimeSpan _drainTime;
    private readonly PendingNotifications _pending;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _workers;
    private int _disposed;

    public Notifier(IHttpCaller http, ICallTraces traces, TimeProvider time, ILogger<Notifier> log, WebhookOptions options)
    {
        _http = http;
        _traces = traces;
        _time = time;
        _log = log;
        _drainTime = options.DrainTime;
        _pending = new PendingNotifications(options.MaxPending, options.MaxPendingPerCall);
        _workers = Task.WhenAll(Enumerable.Range(0, options.MaxConcurrentNotifications).Select(_ => WorkAsync(_stopping.Token)));
    }

    /// <summary>Totals by result, and terminal notifications by dialect.</summary>
    public NotifierCounts Counts { get; } = new();

    /// <summary>Answered with a 2xx.</summary>
    public long Delivered => Counts.Delivered;

    /// <summary>Not delivered, for whatever reason; <see cref="NotifierCounts.Results"/> has the reasons.</summary>
    public long Failed => Counts.Failed;

    /// <summary>Accepted and not yet done.</summary>
    public int Pending => _pending.Count;

    /// <summary>Terminal notifications accepted, by dialect.</summary>
    public IReadOnlyDictionary<string, long> TerminalEvents => Counts.TerminalEvents;

    /// <inheritdoc/>
    public void Notify(IReadOnlyList<Notification> stored)
    {
        foreach (var notification in stored)
            TryNotify(notification);
    }

    internal bool TryNotify(Notification notification)
    {
        if (!_pending.TryAdd(notification))
        {
            Counts.Add(NotifierCounts.DroppedResult);
            LogDropped(notification.Call.ToString(), notification.Id, notification.Dialect, _pending.Count);
            return false;
        }
        if (notification.Terminal)
            Counts.AddTerminal(notification.Dialect);
        return true;
    }

    /// <summary>Takes nothing more in, delivers what is queued within <see cref="WebhookOptions.DrainTime"/>, and gives the rest up.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _pending.Close();
        try
        {
            await _workers.WaitAsync(_drainTime, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _workers.ConfigureAwait(false);
            foreach (var notification in _pending.Abandon())
            {
                LogAbandoned(notification.Call.ToString(), notification.Id, notification.Dialect);
                Finish(notification, new HttpReply(0, default, HttpFailure.TimedOut, "the server stopped"), NotifierCounts.AbandonedResult);
            }
        }
        _stopping.Dispose();
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            while (await _pending.TakeAsync(stopping).ConfigureAwait(false) is { } queue)
            {
                var notification = _pending.Head(queue);
                var reply = await SendAsync(notification, stopping).ConfigureAwait(false);
                Finish(notification, reply, NotifierCounts.Word(reply));
                _pending.Done(queue);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The drain time is over; what this worker held is still the head of its queue and is given up with the rest.
        }
    }

    private async ValueTask<HttpReply> SendAsync(Notification notification, CancellationToken stopping)
    {
        try
        {
            return await _http.SendAsync(notification.Request, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            // A bug must not end the worker, nor keep the call's later notifications back.
            LogBug(e, notification.Call.ToString(), notification.Id);
            return new HttpReply(0, default, HttpFailure.Broken, e.Message);
        }
    }

    private void Finish(Notification notification, HttpReply reply, string result)
    {
        Counts.Add(result);
        var outcome = reply.Failure == HttpFailure.None ? $"{reply.Status}" : $"{result}: {reply.Detail}";
        if (!reply.Succeeded)
            LogFailed(notification.Call.ToString(), notification.Id, notification.Dialect, notification.Request.Url, outcome);
        try
        {
            _traces.Add(notification.Call, Trace(notification, outcome));
            notification.OnReply?.Invoke(reply);
        }
        catch (Exception e)
        {
            LogBug(e, notification.Call.ToString(), notification.Id);
        }
    }

    private TraceEntry Trace(Notification notification, string outcome)
    {
        var request = notification.Request;
        var detail = request.Body.IsEmpty ? null : Encoding.UTF8.GetString(request.Body.Span);
        return new TraceEntry(_time.GetUtcNow(), "webhook", $"{request.Method} {request.Url}: {outcome}", detail);
    }

    [LoggerMessage(EventId = 1, EventName = "NotificationDropped", Level = LogLevel.Warning,
        Message = "Call {Call}: notification {Id} of {Dialect} found the queue full or closed ({Pending} pending)")]
    private partial void LogDropped(string call, string id, string dialect, int pending);

    [LoggerMessage(EventId = 2, EventName = "NotificationFailed", Level = LogLevel.Warning,
        Message = "Call {Call}: notification {Id} of {Dialect} to {Url} failed: {Outcome}")]
    private partial void LogFailed(string call, string id, string dialect, string url, string outcome);

    [LoggerMessage(EventId = 3, EventName = "NotificationAbandoned", Level = LogLevel.Warning,
        Message = "Call {Call}: notification {Id} of {Dialect} was still undelivered when the server stopped")]
    private partial void LogAbandoned(string call, string id, string dialect);

    [LoggerMessage(EventId = 4, EventName = "NotificationBug", Level = LogLevel.Error, Message = "Call {Call}: notification {Id} met a bug")]
    private partial void LogBug(Exception exception, string call, string id);
}
