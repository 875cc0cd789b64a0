namespace Switchhook.Media.Transport;

/// <summary>
/// Commands on their way to a media thread, in order. Bounded: each session may have <see cref="MostPerSession"/> waiting, and
/// besides those its opening and closing, which are never refused.
/// </summary>
internal sealed class CommandInbox(Poller poller)
{
    public const int MostPerSession = 64;

    private readonly Lock _gate = new();
    private List<MediaCommand> _filling = [];
    private List<MediaCommand> _draining = [];

    public void Post(in MediaCommand command)
    {
        bool wasEmpty;
        lock (_gate)
        {
            wasEmpty = _filling.Count == 0;
            _filling.Add(command);
        }

        if (wasEmpty) poller.Ring();
    }

    /// <summary>What came since the last call; good until the next. Only for the media thread.</summary>
    public List<MediaCommand> Take()
    {
        lock (_gate)
        {
            _draining.Clear();
            (_filling, _draining) = (_draining, _filling);
            return _draining;
        }
    }
}
