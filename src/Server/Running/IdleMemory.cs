namespace Switchhook.Server.Running;

/// <summary>
/// Gives memory back while nothing goes on: soon after the start, and when a load is over. Calls may be up as long as they are silent: it takes a
/// moment in which nothing else happens, which audio would not bear.
/// </summary>
/// <param name="packets">RTP packets that ever came and went.</param>
/// <param name="allocated">Octets ever allocated: what goes on at all shows in it.</param>
internal sealed class IdleMemory(Func<long> packets, Func<long> allocated)
{
    /// <summary>An idle server allocates less in a second: a scrape of its figures, a probe of a trunk.</summary>
    private const long Quiet = 256 * 1024;

    /// <summary>Less is not worth the trouble.</summary>
    private const long Worthwhile = 8 * 1024 * 1024;

    // What a load has left is let go of after a moment, and once more when the transactions that absorb repeats have ended, 32 s after the
    // last call (RFC 3261 §17).
    private const int FirstAfter = 10;
    private const int AgainAfter = 34;

    private int _quietSeconds;
    private long _before;
    private long _packets;
    private long _atLastLoad;
    private long _given;

    /// <summary>Looks once a second. True when memory is to be given back now.</summary>
    public bool Look()
    {
        var (now, sound) = (allocated(), packets());
        var isQuiet = sound == _packets && now - _before < Quiet;
        (_before, _packets) = (now, sound);
        if (!isQuiet)
        {
            (_quietSeconds, _atLastLoad) = (0, now);
            return false;
        }
        _quietSeconds++;
        if (_quietSeconds is not (FirstAfter or AgainAfter) || _atLastLoad - _given < Worthwhile)
            return false;
        if (_quietSeconds == AgainAfter)
            _given = now;
        return true;
    }

    /// <summary>Collects, compacts, and lets go of all that can be had again.</summary>
    /// <param name="storage">Lets go of what it holds of the database.</param>
    public static void GiveBack(Action storage)
    {
        storage();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        SystemHeap.GiveBack();
        MappedCode.LetGo();
    }
}
