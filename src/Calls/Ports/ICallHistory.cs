using Switchhook.Calls.Causes;
using Switchhook.Calls.Hangup;

namespace Switchhook.Calls.Ports;

/// <summary>Ended calls, as the log stored them.</summary>
public interface ICallHistory
{
    /// <summary>The ended call with that id, or null.</summary>
    ValueTask<Call?> FindAsync(CallId id, CancellationToken cancellation);

    /// <summary>Ended calls that match, and how many there are before paging.</summary>
    ValueTask<CallPage> QueryAsync(CallQuery query, CancellationToken cancellation);

    /// <summary>The greatest id of a stored call, ended or live, or zero.</summary>
    CallId LastId();
}

/// <summary>Which ended calls to list; null members do not filter, several combine with AND.</summary>
public sealed record CallQuery
{
    /// <summary>Only calls this account may see.</summary>
    public string? Account { get; init; }

    /// <summary>Only calls that began then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only calls that began before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only calls with a greater id: the way to leaf through many, oldest first.</summary>
    public CallId? After { get; init; }
    public HangupCause? Cause { get; init; }

    /// <summary>The word of <see cref="HangupBy.Word"/>.</summary>
    public string? By { get; init; }
    public string? CallerNumber { get; init; }
    public string? Dialed { get; init; }

    /// <summary>What was dialled toward the callee.</summary>
    public string? CalleeDialed { get; init; }
    public CallId? Call { get; init; }
    public CallDirection? Direction { get; init; }

    /// <summary>Zero-based.</summary>
    public int Page { get; init; }
    public int PageSize { get; init; } = 50;
    public bool NewestFirst { get; init; } = true;

    /// <summary>False saves counting: the total is that of the page then.</summary>
    public bool WithTotal { get; init; } = true;
}

/// <summary>Direction as call records show it.</summary>
public enum CallDirection
{
    /// <summary>Between extensions of ours.</summary>
    Internal,
    /// <summary>From a trunk to us.</summary>
    Inbound,
    /// <summary>From us to a trunk.</summary>
    Outbound,
    /// <summary>From a trunk to a trunk.</summary>
    External,
}

/// <summary>One page of ended calls.</summary>
public sealed record CallPage(IReadOnlyList<Call> Calls, long Total);

/// <summary>The store cannot be used now: disk full, read-only, locked, gone.</summary>
public sealed class StorageUnavailableException : Exception
{
    public StorageUnavailableException() { }
    public StorageUnavailableException(string message) : base(message) { }
    public StorageUnavailableException(string message, Exception inner) : base(message, inner) { }
}
