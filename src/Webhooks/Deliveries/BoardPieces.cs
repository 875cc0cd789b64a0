using Switchhook.Calls;
using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks.Deliveries;

/// <summary>A notification in memory, and what the machine says of it. Guarded by the <see cref="DeliveryBoard"/>, as everything here.</summary>
internal sealed class PendingDelivery(Notification notification, Delivery delivery, bool wasRead)
{
    public Notification Notification { get; } = notification;
    public Delivery Delivery { get; set; } = delivery;

    /// <summary>True when it came from the outbox, not from the log as it was stored.</summary>
    public bool WasRead { get; } = wasRead;

    /// <summary>The request of the next attempt.</summary>
    public HttpCall Request => Notification.Policy is DeliveryPolicy.Fallback fallback && Delivery.State is DeliveryState.Ready { AtFallback: true } or DeliveryState.Trying { AtFallback: true }
        ? Notification.Request with { Url = fallback.FallbackUrl, Timeout = fallback.FallbackTimeout ?? Notification.Request.Timeout }
        : Notification.Request;
}

/// <summary>
/// What keeps its order: the notifications of one call to one receiver. A subscription of an account is a receiver of its own; what a dialect
/// tells has the host as its receiver, since one application may take it at several paths.
/// </summary>
/// <param name="Who">The account of the subscription, or the dialect.</param>
/// <param name="Where">The address of the subscription, or the host.</param>
internal readonly record struct LaneKey(CallId Call, string Who, string Where)
{
    /// <summary>Stands for it where very many are remembered; two receivers of one call may share one.</summary>
    public LaneMark Mark => new(Call, HashCode.Combine(Who, Where));

    public static LaneKey Of(Notification notification) => notification is { Signed: true, Account: { } account }
        ? new LaneKey(notification.Call, account, notification.Request.Url)
        : new LaneKey(notification.Call, notification.Dialect, Target.OriginOf(notification.Request.Url));
}

/// <summary>See <see cref="LaneKey.Mark"/>.</summary>
internal readonly record struct LaneMark(CallId Call, int Receiver);

/// <summary>The notifications of one call to one receiver that are not done. The first is in a target's line, under way, or pausing; the others wait for it.</summary>
/// <param name="home">The target in whose share of the memory they are.</param>
internal sealed class Lane(LaneKey key, string home)
{
    public LaneKey Key { get; } = key;
    public string Home { get; } = home;
    public Queue<PendingDelivery> Waiting { get; } = new();
}

/// <summary>One server: scheme, host and port.</summary>
internal sealed class Target(string origin, Circuit circuit)
{
    public string Origin { get; } = origin;
    public Circuit Circuit { get; set; } = circuit;

    /// <summary>Lanes whose next notification goes here and may go now.</summary>
    public Queue<Lane> Line { get; } = new();
    public int UnderWay { get; set; }

    /// <summary>Notifications in memory that go here.</summary>
    public int Held { get; set; }

    public bool IsIdle => Held == 0 && UnderWay == 0 && Line.Count == 0;

    /// <summary>Idle, and there is nothing to remember about it.</summary>
    public bool IsUnused => IsIdle && Circuit.State is CircuitState.Closed { FailuresInARow: 0 } or CircuitState.HalfOpen;

    /// <summary>The origin of a URL; empty for what is no URL.</summary>
    public static string OriginOf(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? $"{uri.Scheme}://{uri.IdnHost}:{uri.Port}" : "";
}

/// <summary>One attempt that may be made now.</summary>
internal sealed record Attempt(Lane Lane, PendingDelivery Pending, Target Target, HttpCall Request)
{
    public Notification Notification => Pending.Notification;
}

/// <summary>What came of an attempt, or of none.</summary>
/// <param name="State">Where the notification stands after it.</param>
/// <param name="Result">The word it is counted under.</param>
/// <param name="Text">A status, or the failure with its detail.</param>
internal sealed record Outcome(Notification Notification, HttpCall Request, DateTimeOffset At, DeliveryState State, string Result, string Text);
