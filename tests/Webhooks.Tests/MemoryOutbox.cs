using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks.Tests;

/// <summary>An outbox in memory that can fail.</summary>
internal sealed class MemoryOutbox(TimeProvider time) : IOutbox
{
    private readonly Lock _lock = new();
    private readonly List<OutboxEntry> _entries = [];
    private readonly List<DeliveryAttempt> _saved = [];
    private int _saves;
    private int _reads;

    /// <summary>True: everything throws <see cref="StorageUnavailableException"/>.</summary>
    public bool IsDown { get; set; }

    /// <summary>Called before a page is read, with the number it begins behind.</summary>
    public Action<long>? Reading { get; set; }

    /// <summary>Transactions asked for.</summary>
    public int Saves => Volatile.Read(ref _saves);

    /// <summary>Pages asked for.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Everything saved, in order.</summary>
    public IReadOnlyList<DeliveryAttempt> Saved
    {
        get { lock (_lock) return [.. _saved]; }
    }

    public IReadOnlyList<OutboxEntry> All
    {
        get { lock (_lock) return [.. _entries]; }
    }

    /// <summary>Stores, as the log does before anybody is told.</summary>
    public IReadOnlyList<Notification> Store(params IEnumerable<Notification> notifications)
    {
        List<Notification> stored = [.. notifications];
        lock (_lock)
        {
            foreach (var notification in stored)
                _entries.Add(new OutboxEntry(_entries.Count + 1, notification, time.GetUtcNow(), OutboxState.Pending, 0, null, null, null));
        }
        return stored;
    }

    public OutboxEntry? Find(string id)
    {
        lock (_lock)
            return _entries.Find(e => e.Notification.Id == id);
    }

    public IReadOnlyList<OutboxEntry> Pending(long after, int most)
    {
        Interlocked.Increment(ref _reads);
        ThrowIfDown();
        Reading?.Invoke(after);
        lock (_lock)
            return [.. _entries.Where(e => e.Number > after && e.State == OutboxState.Pending).Take(most)];
    }

    public void Save(IReadOnlyList<DeliveryAttempt> attempts)
    {
        Interlocked.Increment(ref _saves);
        ThrowIfDown();
        lock (_lock)
        {
            foreach (var attempt in attempts)
            {
                _saved.Add(attempt);
                var index = _entries.FindIndex(e => e.Notification.Id == attempt.Id);
                if (index >= 0)
                {
                    _entries[index] = _entries[index] with
                    {
                        State = attempt.State,
                        Attempts = attempt.Attempts,
                        LastAttemptAt = attempt.At,
                        NextAttemptAt = attempt.NextAttemptAt,
                        LastOutcome = attempt.Outcome,
                    };
                }
            }
        }
    }

    public ValueTask<OutboxEntry?> FindAsync(string id, CancellationToken cancellation)
    {
        ThrowIfDown();
        return ValueTask.FromResult(Find(id));
    }

    public ValueTask<OutboxPage> QueryAsync(OutboxQuery query, CancellationToken cancellation)
    {
        ThrowIfDown();
        var found = All.Where(e => (query.Account is null || e.Notification.Account == query.Account) && (query.State is null || e.State == query.State)
            && (query.Call is null || e.Notification.Call == query.Call) && (query.Dialect is null || e.Notification.Dialect == query.Dialect)).Reverse().ToList();
        return ValueTask.FromResult(new OutboxPage([.. found.Skip(query.Page * query.PageSize).Take(query.PageSize)], found.Count));
    }

    public OutboxEntry? Reopen(string id, DateTimeOffset at)
    {
        ThrowIfDown();
        lock (_lock)
        {
            var index = _entries.FindIndex(e => e.Notification.Id == id);
            return index < 0 ? null : _entries[index] = _entries[index] with
            {
                CreatedAt = at,
                State = OutboxState.Pending,
                Attempts = 0,
                LastAttemptAt = null,
                NextAttemptAt = null,
                LastOutcome = null,
            };
        }
    }

    private void ThrowIfDown()
    {
        if (IsDown)
            throw new StorageUnavailableException("The disk is full.");
    }
}
