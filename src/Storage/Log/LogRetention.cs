namespace Switchhook.Storage.Log;

/// <summary>How long what ended is kept. Live calls and notifications that are not done are kept whatever this says.</summary>
/// <param name="Events">Age after which an event, or a notification that is done, may go.</param>
/// <param name="Calls">Age after which an ended call may go; never less than that of events.</param>
/// <param name="MaxMegabytes">Size of what is stored from which the oldest goes whatever its age: events first, then calls.</param>
public sealed record LogRetention(TimeSpan Events, TimeSpan Calls, int MaxMegabytes)
{
    /// <summary>Thirty days of events, a year of calls, 4 GiB.</summary>
    public static readonly LogRetention Standard = new(TimeSpan.FromDays(30), TimeSpan.FromDays(365), 4096);
}
