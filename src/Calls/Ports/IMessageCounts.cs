namespace Switchhook.Calls.Ports;

/// <summary>How many voice messages wait for an extension. Safe from any thread.</summary>
public interface IMessageCounts
{
    /// <summary>The counts as they are now.</summary>
    MessageCounts Of(string extension);

    /// <summary>Has somebody told, on any thread, of every extension whose counts have changed. One listener: the last.</summary>
    void OnChange(Action<string> changed);
}

/// <summary>Voice messages of one extension (RFC 3842 §5.2).</summary>
/// <param name="New">Not heard yet, urgent ones included.</param>
/// <param name="Old">Heard and kept, urgent ones included.</param>
/// <param name="NewUrgent">Of the new ones.</param>
/// <param name="OldUrgent">Of the old ones.</param>
public sealed record MessageCounts(int New, int Old, int NewUrgent = 0, int OldUrgent = 0)
{
    /// <summary>An empty mailbox.</summary>
    public static readonly MessageCounts None = new(0, 0);
}
