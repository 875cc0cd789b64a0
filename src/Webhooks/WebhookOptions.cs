namespace Switchhook.Webhooks;

/// <summary>Limits toward customers' servers.</summary>
public sealed record WebhookOptions
{
    /// <summary>The most time one request may take, waiting for a slot, redirects and the body included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>True lets requests reach private, loopback and other special-purpose addresses.</summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>Requests under way at once.</summary>
    public int MaxConcurrent { get; init; } = 256;

    /// <summary>Requests that may wait for a slot; one more is <see cref="Calls.Ports.HttpFailure.Busy"/> at once.</summary>
    public int MaxWaiting { get; init; } = 4096;

    /// <summary>The longest reply body in octets.</summary>
    public int MaxReplyBytes { get; init; } = 1024 * 1024;

    /// <summary>Redirects followed for one request.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>Notifications delivered at once. Fewer than <see cref="MaxConcurrent"/>, so that silent receivers leave room for scripts to be fetched.</summary>
    public int MaxConcurrentNotifications => Math.Max(1, MaxConcurrent * 3 / 4);

    /// <summary>Notifications delivered to one host (scheme, name and port) at once.</summary>
    public int MaxConcurrentPerHost { get; init; } = 16;

    /// <summary>Failures of a host in a row after which it gets nothing for a while.</summary>
    public int CircuitFailures { get; init; } = 5;

    /// <summary>How long it gets nothing; then one notification is tried, which decides.</summary>
    public TimeSpan CircuitPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Notifications in memory, over all calls; the rest is in the outbox alone and read later.</summary>
    public int MaxPending { get; init; } = 65_536;

    /// <summary>Outcomes that may wait for the storage; beyond, nothing more is tried until it takes them.</summary>
    public int MaxUnsaved { get; init; } = 8192;

    /// <summary>Ports that requests may go to although they are on the list of those that speak other protocols.</summary>
    public IReadOnlyCollection<int> AllowedPorts { get; init; } = [];

    /// <summary>How long a stopping server goes on delivering what is queued.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);
}
