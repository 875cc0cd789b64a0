namespace Switchhook.Calls.Ports;

/// <summary>Notifications that the log stored, and what became of each. Safe from any thread.</summary>
public interface IOutbox
{
    /// <summary>At most <paramref name="most"/> notifications that are not done, in the order they were stored, behind the given number (0: from the first).</summary>
    /// <exception cref="StorageUnavailableException">They cannot be read now.</exception>
    IReadOnlyList<OutboxEntry> Pending(long after, int most);

    /// <summary>Stores the outcomes of attempts in one durable transaction.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was stored.</exception>
    void Save(IReadOnlyList<DeliveryAttempt> attempts);

    /// <summary>One notification by its id, or null.</summary>
    ValueTask<OutboxEntry?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Notifications that match, newest first, and how many there are before paging.</summary>
    ValueTask<OutboxPage> QueryAsync(OutboxQuery query, CancellationToken cancellation);

    /// <summary>Makes a notification that is done pending again, with its attempts forgotten but its id kept; it counts as created at that time. Null when there is none with that id.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was changed.</exception>
    OutboxEntry? Reopen(string id, DateTimeOffset at);
}

/// <summary>A stored notification.</summary>
/// <param name="Number">Its place in the order of storing.</param>
/// <param name="Notification">What is to be sent.</param>
/// <param name="CreatedAt">When it was stored.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="LastAttemptAt">When it was tried last; null before the first time.</param>
/// <param name="NextAttemptAt">When it is tried next; null when at once or never.</param>
/// <param name="LastOutcome">What came of the last attempt: a status or the failure's name with its detail.</param>
public sealed record OutboxEntry(
    long Number, Notification Notification, DateTimeOffset CreatedAt, OutboxState State, int Attempts, DateTimeOffset? LastAttemptAt,
    DateTimeOffset? NextAttemptAt, string? LastOutcome);

/// <summary>Where a notification stands.</summary>
public enum OutboxState
{
    Pending,
    Delivered,
    Failed,
}

/// <summary>What came of one attempt.</summary>
/// <param name="NextAttemptAt">When the next is due; null when there is none.</param>
public sealed record DeliveryAttempt(string Id, OutboxState State, int Attempts, DateTimeOffset At, DateTimeOffset? NextAttemptAt, string Outcome);

/// <summary>Which notifications to list; null members do not filter.</summary>
public sealed record OutboxQuery
{
    public string? Account { get; init; }
    public OutboxState? State { get; init; }
    public CallId? Call { get; init; }

    /// <summary>Who sent them.</summary>
    public string? Dialect { get; init; }

    /// <summary>Zero-based.</summary>
    public int Page { get; init; }
    public int PageSize { get; init; } = 50;
}

/// <summary>One page of notifications.</summary>
public sealed record OutboxPage(IReadOnlyList<OutboxEntry> Entries, long Total);
