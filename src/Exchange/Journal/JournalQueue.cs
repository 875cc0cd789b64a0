using System.Collections.Concurrent;
using System.Diagnostics;

namespace Switchhook.Exchange.Journal;

/// <summary>
/// Entries for one writer that gathers: while nobody waits for an entry it lets a few more come together, so that one durable write serves
/// them all. Many threads add; one takes.
/// </summary>
internal sealed class JournalQueue(JournalPace pace) : IDisposable
{
    private readonly ConcurrentQueue<JournalEntry> _entries = new();
    private readonly ManualResetEventSlim _some = new(false, spinCount: 0);
    private readonly ManualResetEventSlim _urgent = new(false, spinCount: 0);
    private readonly ManualResetEventSlim _end = new(false, spinCount: 0);
    private volatile bool _writerSleeps;
    private volatile bool _closed;
    private int _count;

    /// <summary>Entries that were added and whose handling is not <see cref="Done"/>.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>False once closed.</summary>
    /// <param name="entry">What to add.</param>
    /// <param name="urgent">Somebody waits for it: the writer does not gather any longer.</param>
    public bool TryAdd(in JournalEntry entry, bool urgent)
    {
        if (_closed)
            return false;
        Interlocked.Increment(ref _count);
        _entries.Enqueue(entry);
        if (urgent)
            _urgent.Set();
        // Between the entry and the look at the flag, and the other way round in Take: without a full fence each side could miss the other.
        Interlocked.MemoryBarrier();
        if (_writerSleeps)
            _some.Set();
        return true;
    }

    /// <summary>Waits for entries, lets others come as long as nobody waits for one, and moves up to <paramref name="most"/> of them. False when closed and empty.</summary>
    public bool Take(List<JournalEntry> batch, int most)
    {
        while (_entries.IsEmpty)
        {
            if (_closed)
                return false;
            _some.Reset();
            _writerSleeps = true;
            Interlocked.MemoryBarrier();
            // An entry may have come between the look and the flag.
            if (_entries.IsEmpty && !_closed)
                _some.Wait();
            _writerSleeps = false;
        }
        if (!_closed && _entries.Count < most)
            _urgent.Wait(pace.Gather(Stopwatch.GetElapsedTime(0)));
        var pause = pace.Left(Stopwatch.GetElapsedTime(0));
        if (!_closed && pause.TotalMilliseconds >= 1 && _entries.Count < most)
            _end.Wait(pause);
        _urgent.Reset();
        while (batch.Count < most && _entries.TryDequeue(out var entry))
            batch.Add(entry);
        pace.Took(batch.Count, Stopwatch.GetElapsedTime(0));
        return true;
    }

    /// <summary>So many taken entries have been dealt with.</summary>
    public void Done(int entries) => Interlocked.Add(ref _count, -entries);

    /// <summary>Nothing more can be added; what was is still taken.</summary>
    public void Close()
    {
        _closed = true;
        _end.Set();
        _urgent.Set();
        _some.Set();
    }

    public void Dispose()
    {
        _some.Dispose();
        _urgent.Dispose();
        _end.Dispose();
    }
}
