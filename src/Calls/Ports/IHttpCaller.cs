namespace Switchhook.Calls.Ports;

/// <summary>The one guarded way to a customer's server. Refuses forbidden addresses, caps size, time and redirects; never throws for what a server does.</summary>
public interface IHttpCaller
{
    ValueTask<HttpReply> SendAsync(HttpCall call, CancellationToken cancellation);

    /// <summary>
    /// Whether a request could be sent there, without sending one: the URL is one, its host has an allowed address, and for https the host
    /// completes a TLS handshake; <see cref="HttpFailure.Broken"/> when it does not.
    /// </summary>
    ValueTask<HttpFailure> ProbeAsync(string url, CancellationToken cancellation) => new(HttpFailure.None);
}

/// <summary>One request to a customer's server.</summary>
public sealed record HttpCall
{
    public required string Url { get; init; }
    public string Method { get; init; } = "POST";
    public string? ContentType { get; init; }
    public ReadOnlyMemory<byte> Body { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
    public TimeSpan? Timeout { get; init; }
    public bool FollowRedirects { get; init; } = true;

    /// <summary>The longest body taken, where it is not the usual one.</summary>
    public int? MaxReplyBytes { get; init; }

    /// <summary>The call it is about, for the trace.</summary>
    public CallId? Call { get; init; }
}

/// <summary>What came of it: a status with a body, or a named failure with <see cref="Status"/> 0.</summary>
public sealed record HttpReply(int Status, ReadOnlyMemory<byte> Body, HttpFailure Failure, string? Detail)
{
    /// <summary>True for a 2xx.</summary>
    public bool Succeeded => Status is >= 200 and < 300;

    /// <summary>The ETag header as it came, or null (RFC 9110 §8.8.3).</summary>
    public string? ETag { get; init; }

    /// <summary>The Last-Modified header as it came, or null (RFC 9110 §8.8.2).</summary>
    public string? LastModified { get; init; }

    /// <summary>How long the reply is fresh by Cache-Control's max-age (RFC 9111 §5.2.2.1); null when it does not say.</summary>
    public TimeSpan? FreshFor { get; init; }

    /// <summary>False when the server forbids to keep the reply (no-store).</summary>
    public bool MayKeep { get; init; } = true;
}

/// <summary>Why a request to a customer's server brought no status.</summary>
public enum HttpFailure
{
    None,
    InvalidUrl,
    SchemeNotAllowed,
    PortNotAllowed,
    AddressNotAllowed,
    NameNotFound,
    CannotConnect,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    Broken,
    /// <summary>Too many requests are under way.</summary>
    Busy,
}

/// <summary>Delivers notifications to customers: per call in order and one at a time. Safe from any thread; never blocks.</summary>
public interface INotifier
{
    /// <summary>
    /// Takes notifications that are stored, in the order they were stored. None is refused: what finds no room in memory is read from
    /// <see cref="IOutbox.Pending"/> later, and per call the order is kept.
    /// </summary>
    void Notify(IReadOnlyList<Notification> stored);
}

/// <summary>Reads what customers' servers reply to the notifications of one dialect.</summary>
public interface INotificationReplies
{
    /// <summary>Whose notifications.</summary>
    string Dialect { get; }

    /// <summary>A notification was answered with a 2xx. Must return at once.</summary>
    void Take(Notification told, HttpReply reply);
}

/// <summary>Hears which notifications of one dialect reached nobody.</summary>
public interface INotificationFailures
{
    /// <summary>Whose notifications.</summary>
    string Dialect { get; }

    /// <summary>A notification was given up: neither its address nor its fallback took it. Must return at once.</summary>
    void GivenUp(Notification told);
}

/// <summary>One notification.</summary>
/// <param name="Id">Stays the same over retries.</param>
/// <param name="Dialect">Who sends it, for metrics.</param>
/// <param name="Terminal">True when it tells the end of a call.</param>
public sealed record Notification(string Id, CallId Call, string Dialect, HttpCall Request, bool Terminal)
{
    /// <summary>Whose notification it is: who may list and replay it, and whose secrets sign it.</summary>
    public string? Account { get; init; }

    /// <summary>How hard delivery is tried.</summary>
    public DeliveryPolicy Policy { get; init; } = DeliveryPolicy.Once.Instance;

    /// <summary>True to sign each attempt with the account's secrets (Standard Webhooks).</summary>
    public bool Signed { get; init; }
}

/// <summary>
/// How hard the delivery of a notification is tried. Notifications of one call wait for each other whatever the policy; a time to give up
/// counts from when the notification was stored, and is followed by one last attempt.
/// </summary>
public abstract record DeliveryPolicy
{
    /// <summary>One attempt, whatever comes of it.</summary>
    public sealed record Once : DeliveryPolicy
    {
        public static readonly Once Instance = new();
    }

    /// <summary>One attempt; when it fails, one to another address.</summary>
    /// <param name="FallbackUrl">The other address.</param>
    /// <param name="FallbackTimeout">How long that may take; null for the usual time.</param>
    public sealed record Fallback(string FallbackUrl, TimeSpan? FallbackTimeout) : DeliveryPolicy;

    /// <summary>Again at an even pace until the answer is 200.</summary>
    public sealed record UntilOk(TimeSpan Every, TimeSpan GiveUpAfter) : DeliveryPolicy;

    /// <summary>Again with growing, scattered pauses until the answer is a 2xx.</summary>
    /// <param name="First">The first pause, doubled with every failure; of each, between a half and the whole is waited.</param>
    public sealed record BackOff(TimeSpan First, TimeSpan Longest, TimeSpan GiveUpAfter) : DeliveryPolicy
    {
        /// <summary>From 5 s to 15 min, for 24 h.</summary>
        public static readonly BackOff Standard = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(24));
    }

    private DeliveryPolicy() { }
}
