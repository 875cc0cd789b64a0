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

    /// <summary>Notifications queued over all calls; the last eighth is kept for terminal ones.</summary>
    public int MaxPending { get; init; } = 65_536;

    /// <summary>Notifications queued for one call; the last eighth is kept for terminal ones.</summary>
    public int MaxPendingPerCall { get; init; } = 256;

    /// <summary>How long a stopping server goes on delivering what is queued.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);
}
