namespace Switchhook.Exchange.Journal;

/// <summary>
/// How long changes may wait for company, those somebody waits for and the others. A durable write costs about as much as the calls in it: while
/// little comes in, each is written at once or soon; while much comes in, writes follow one another at a distance, so that one serves several calls.
/// </summary>
/// <param name="company">What nobody waits for, such as the end of a call its caller hung up, waits so long at quiet times, and subscribers hear of it so much later.</param>
internal sealed class JournalPace(TimeSpan company)
{
    /// <summary>Entries a second from which writes keep a distance: those of more than a hundred calls.</summary>
    public const int Busy = 1_000;

    /// <summary>Entries a second from which the distance is the greatest.</summary>
    public const int VeryBusy = 2_000;

    /// <summary>Company enough for a write: what waits longer only lives longer, and is dearer to collect.</summary>
    public const int Enough = 250;

    private static readonly TimeSpan UsualCompany = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Distance = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan GreatDistance = TimeSpan.FromMilliseconds(8);

    /// <summary>The rate is told from about so much time.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMilliseconds(200);

    private TimeSpan _last;
    private double _level;

    public JournalPace()
        : this(UsualCompany) { }

    /// <summary>How long entries may wait as long as nobody waits for one of them.</summary>
    /// <param name="now">From any beginning.</param>
    public TimeSpan Gather(TimeSpan now)
    {
        var rate = Rate(now);
        return rate < Busy ? company : company * Math.Clamp(Enough / rate / company.TotalSeconds, 1, 4);
    }

    /// <summary>What is to be waited before the next write.</summary>
    /// <param name="now">From any beginning.</param>
    public TimeSpan Left(TimeSpan now)
    {
        var rate = Rate(now);
        var distance = rate < Busy ? TimeSpan.Zero : rate < VeryBusy ? Distance : GreatDistance;
        return _last + distance > now ? _last + distance - now : TimeSpan.Zero;
    }

    /// <summary>So many entries were taken to be written.</summary>
    public void Took(int entries, TimeSpan now) => (_level, _last) = (Level(now) + entries, now);

    private double Rate(TimeSpan now) => Level(now) / Memory.TotalSeconds;

    private double Level(TimeSpan now) => _level * Math.Exp((_last - now) / Memory);
}
