namespace Switchhook.TestKit.Timing;

/// <summary>Things that arrived and are waited for by what they are, not by their order: what one waiter does not want stays for the next.</summary>
internal sealed class Inbox<T>(int capacity) where T : class
{
    private readonly Lock _lock = new();
    private readonly LinkedList<T> _items = [];
    private readonly LinkedList<Waiter> _waiters = [];

    /// <summary>Hands the item to the first waiter that wants it, or keeps it.</summary>
    public void Add(T item)
    {
        lock (_lock)
        {
            for (var node = _waiters.First; node is not null; node = node.Next)
            {
                if (!node.Value.Wants(item))
                    continue;
                _waiters.Remove(node);
                node.Value.Result.TrySetResult(item);
                return;
            }
            _items.AddLast(item);
            if (_items.Count > capacity)
                _items.RemoveFirst();
        }
    }

    /// <summary>Forgets what nobody has taken.</summary>
    public void Clear()
    {
        lock (_lock)
            _items.Clear();
    }

    /// <summary>Takes the first item that is wanted, now or when it comes; null when the deadline passes.</summary>
    public async Task<T?> TakeAsync(Func<T, bool> wants, TimeSpan deadline)
    {
        LinkedListNode<Waiter> node;
        lock (_lock)
        {
            if (TryTake(wants) is { } item)
                return item;
            node = _waiters.AddLast(new Waiter(wants));
        }
        using var expiry = new CancellationTokenSource(deadline, TimeProvider.System);
        await using var registration = expiry.Token.Register(() =>
        {
            lock (_lock)
            {
                if (node.List is not null)
                    _waiters.Remove(node);
            }
            node.Value.Result.TrySetResult(null);
        });
        return await node.Value.Result.Task;
    }

    private T? TryTake(Func<T, bool> wants)
    {
        for (var node = _items.First; node is not null; node = node.Next)
        {
            if (!wants(node.Value))
                continue;
            _items.Remove(node);
            return node.Value;
        }
        return null;
    }

    private sealed record Waiter(Func<T, bool> Wants)
    {
        public TaskCompletionSource<T?> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
