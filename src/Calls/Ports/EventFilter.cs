using Switchhook.Calls.Events;

namespace Switchhook.Calls.Ports;

/// <summary>Which events a reader of the log is shown: those of an account's calls, or of one call, or with some names.</summary>
/// <param name="Account">Nothing of another account is shown; everything when null.</param>
/// <param name="Call">All calls when null.</param>
/// <param name="Names">All names when null.</param>
public sealed record EventFilter(string? Account = null, CallId? Call = null, IReadOnlySet<string>? Names = null)
{
    /// <summary>Shows everything.</summary>
    public static EventFilter Everything { get; } = new();

    /// <summary>True for an event that is shown.</summary>
    public bool Wants(CallEvent happened) =>
        (Call is null || happened.Call.Id == Call)
        && (Names is null || Names.Contains(happened.Name))
        && (Account is null || happened.Call.IsVisibleTo(Account));
}
