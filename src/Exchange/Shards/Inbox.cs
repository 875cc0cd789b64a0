using System.Collections.Concurrent;

namespace Switchhook.Exchange.Shards;

/// <summary>Inputs for a shard: many writers, one reader. Bounded; a full inbox refuses, and the writer says so to whoever asked.</summary>
internal sealed class Inbox<T>(int capacity)
{
    private readonly ConcurrentQueue<T> _queue = new();
    private int _count;

    /// <summary>False when full. Inputs that finish work already begun pass <paramref name="must"/>, since refusing them would lose it; there are only so many of those.</summary>
    public bool TryWrite(T item, bool must = false)
    {
        if (Interlocked.Increment(ref _count) > capacity && !must)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }
        _queue.Enqueue(item);
        return true;
    }

    /// <summary>The next item, on the reader's thread.</summary>
    public bool TryRead(out T? item)
    {
        if (!_queue.TryDequeue(out item))
            return false;
        Interlocked.Decrement(ref _count);
        return true;
    }
}
