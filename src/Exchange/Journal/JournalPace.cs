namespace Switchhook.Exchange.Journal;

/// <summary>
/// How long what somebody waits for may wait for company. A durable write costs about as much as the calls in it: while little comes in, each is
/// written at once; while much comes in, writes follow one another at a distance, so that one serves several calls.
/// </summary>
internal sealed class JournalPace
{
    /// <summary>Entries a second from which writes keep a distance: those of more than a hundred calls.</summary>
    public const int Busy = 1_000;

    /// <summary>Entries a second from which the distance is the greatest.</summary>
    public const int VeryBusy = 2_000;

    private static readonly TimeSpan Distance = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan GreatDistance = TimeSpan.FromMilliseconds(8);

    /// <summary>The rate is told from about so much time.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMilliseconds(200);

    private TimeSpan _last;
    private double _level;

    /// <summary>What is to be waited before the next write.</summary>
    /// <param name="now">From any beginning.</param>
    public TimeSpan Left(TimeSpan now)
    {
        var rate = Level(now) / Memory.TotalSeconds;
        var distance = rate < Busy ? TimeSpan.Zero : rate < VeryBusy ? Distance : GreatDistance;
        return _last + distance > now ? _last + distance - now : TimeSpan.Zero;
    }

    /// <summary>So many entries were taken to be written.</summary>
    public void Took(int entries, TimeSpan now) => (_level, _last) = (Level(now) + entries, now);

    private double Level(TimeSpan now) => _level * Math.Exp((_last - now) / Memory);
}
