namespace Switchhook.Server.Native;

/// <summary>What a request with a key was answered.</summary>
internal sealed record KeptAnswer(string Location, byte[] Body);

/// <summary>
/// Remembers the answers of requests that carried an Idempotency-Key, for a day and for so many of them; the oldest goes first. Two requests
/// with one key at the same time share one answer.
/// </summary>
internal sealed class IdempotencyKeys(TimeProvider time, int capacity = 10_000)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Account, string Key), Entry> _entries = [];
    private readonly Queue<Entry> _order = new();

    /// <summary>
    /// The first to come with a key gets a new entry and must finish it; others get the same entry and may await its answer.
    /// </summary>
    public Entry Enter(string account, string key, string body, out bool first)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            while (_order.TryPeek(out var oldest) && (oldest.Until <= now || _order.Count >= capacity || oldest.IsForgotten))
                Remove(_order.Dequeue());
            first = !_entries.TryGetValue((account, key), out var entry);
            if (entry is null)
            {
                entry = new Entry(this, account, key, body, now + KeptFor);
                _entries[(account, key)] = entry;
                _order.Enqueue(entry);
            }
            return entry;
        }
    }

    private void Remove(Entry entry)
    {
        if (_entries.TryGetValue((entry.Account, entry.Key), out var current) && ReferenceEquals(current, entry))
            _entries.Remove((entry.Account, entry.Key));
    }

    internal sealed class Entry(IdempotencyKeys owner, string account, string key, string body, DateTimeOffset until)
    {
        private readonly TaskCompletionSource<KeptAnswer?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Account => account;
        public string Key => key;
        public DateTimeOffset Until => until;
        public bool IsForgotten { get; private set; }

        /// <summary>The answer; null when the first request failed and the key is free again.</summary>
        public Task<KeptAnswer?> Answer => _answer.Task;

        /// <summary>True when the request is the one the key was first used for.</summary>
        public bool IsFor(string otherBody) => string.Equals(body, otherBody, StringComparison.Ordinal);

        public void Finish(KeptAnswer answer) => _answer.TrySetResult(answer);

        /// <summary>Frees the key: what failed may be tried again.</summary>
        public void Forget()
        {
            lock (owner._gate)
            {
                IsForgotten = true;
                owner.Remove(this);
            }
            _answer.TrySetResult(null);
        }
    }
}
