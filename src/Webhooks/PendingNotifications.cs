using System.Threading.Channels;
using Switchhook.Calls;
using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks;

/// <summary>
/// What is queued, by call. A call with something to deliver is in the line exactly once, or in the hands of exactly one worker; that is
/// what keeps its notifications in order and one at a time. Workers give a call back after each delivery, so that busy calls take turns.
/// </summary>
internal sealed class PendingNotifications(int capacity, int capacityPerCall)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CallId, CallQueue> _calls = [];
    private readonly Channel<CallQueue> _line = Channel.CreateBounded<CallQueue>(capacity);   // never holds more calls than notifications
    private int _count;
    private bool _closed;

    /// <summary>Accepted and not yet delivered, those under way included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>False when closed or full. Terminal notifications find room where others no longer do.</summary>
    public bool TryAdd(Notification notification)
    {
        lock (_gate)
        {
            var queue = _calls.GetValueOrDefault(notification.Call);
            if (_closed || _count >= Limit(capacity, notification.Terminal))
                return false;
            if (queue is not null && queue.Waiting.Count >= Limit(capacityPerCall, notification.Terminal))
                return false;
            _count++;
            if (queue is not null)
            {
                queue.Waiting.Enqueue(notification);
                return true;
            }
            queue = new CallQueue(notification.Call);
            queue.Waiting.Enqueue(notification);
            _calls.Add(notification.Call, queue);
            return _line.Writer.TryWrite(queue);
        }
    }

    /// <summary>The next call that has something to deliver; null once closed and empty.</summary>
    public async ValueTask<CallQueue?> TakeAsync(CancellationToken cancellation)
    {
        try
        {
            return await _line.Reader.ReadAsync(cancellation).ConfigureAwait(false);   // wakes one worker, where waiting to read wakes all
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    /// <summary>The notification at the head of a call that was taken.</summary>
    public Notification Head(CallQueue queue)
    {
        lock (_gate)
            return queue.Waiting.Peek();
    }

    /// <summary>The head was delivered or given up: the call goes back into the line, or away when that was all.</summary>
    public void Done(CallQueue queue)
    {
        lock (_gate)
        {
            queue.Waiting.Dequeue();
            _count--;
            if (queue.Waiting.Count > 0)
                _line.Writer.TryWrite(queue);
            else
                _calls.Remove(queue.Call);
            CompleteWhenEmpty();
        }
    }

    /// <summary>Takes nothing more in.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            CompleteWhenEmpty();
        }
    }

    /// <summary>Takes out all that is left, in order per call.</summary>
    public IReadOnlyList<Notification> Abandon()
    {
        lock (_gate)
        {
            _closed = true;
            List<Notification> left = [.. _calls.Values.SelectMany(queue => queue.Waiting)];
            _calls.Clear();
            _count = 0;
            _line.Writer.TryComplete();
            return left;
        }
    }

    private void CompleteWhenEmpty()
    {
        if (_closed && _count == 0)
            _line.Writer.TryComplete();
    }

    private static int Limit(int capacity, bool terminal) => terminal ? capacity : capacity - (capacity / 8);
}
