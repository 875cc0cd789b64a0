namespace Switchhook.Exchange.Gate;

/// <summary>Counts that shrink by one whenever a time has passed, for a bounded number of keys. One thread only.</summary>
internal sealed class LeakyCounts<TKey>(TimeSpan forgivenEvery, int most, TimeProvider time)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Level> _levels = [];
    private readonly Queue<TKey> _order = new();

    /// <summary>Keys that are remembered.</summary>
    public int Remembered => _levels.Count;

    /// <summary>The count as it is now.</summary>
    public double Of(TKey key) => _levels.TryGetValue(key, out var level) ? Now(level) : 0;

    public void Add(TKey key)
    {
        if (!_levels.TryGetValue(key, out var level))
        {
            Forget();
            _order.Enqueue(key);
        }
        _levels[key] = new Level(Now(level) + 1, time.GetTimestamp());
    }

    /// <summary>What counts for nothing any more goes whenever it is its turn, so that an idle table becomes empty again under little load.</summary>
    private void Forget()
    {
        while (_order.TryPeek(out var oldest) && (_levels.Count >= most || Now(_levels[oldest]) <= 0))
            _levels.Remove(_order.Dequeue());
    }

    private double Now(Level level) =>
        level.Count <= 0 ? 0 : Math.Max(0, level.Count - (time.GetElapsedTime(level.At) / forgivenEvery));

    private readonly record struct Level(double Count, long At);
}
