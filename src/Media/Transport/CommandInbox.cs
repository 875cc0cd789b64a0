namespace Switchhook.Media.Transport;

/// <summary>
/// Commands on their way to a media thread, in order. Bounded: each session may have <see cref="MostPerSession"/> waiting, and
/// besides those its opening and closing, which are never refused.
/// </summary>
internal sealed class CommandInbox(Poller poller)
{
    public const int MostPerSession = 64;

    private const int MostUnheard = 256;

    private readonly Lock _gate = new();
    private List<MediaCommand> _filling = [];
    private List<MediaCommand> _draining = [];
    private bool _hasRung;

    /// <summary>Wakes the thread only for what cannot wait until it is awake anyway; see <see cref="MediaCommand.Wakes"/>.</summary>
    public void Post(in MediaCommand command)
    {
        bool rings;
        lock (_gate)
        {
            _filling.Add(command);
            rings = !_hasRung && (command.Wakes || _filling.Count >= MostUnheard);
            _hasRung |= rings;
        }

        if (rings) poller.Ring();
    }

    /// <summary>What came since the last call; good until the next. Only for the media thread.</summary>
    public List<MediaCommand> Take()
    {
        lock (_gate)
        {
            _hasRung = false;
            _draining.Clear();
            (_filling, _draining) = (_draining, _filling);
            return _draining;
        }
    }
}
