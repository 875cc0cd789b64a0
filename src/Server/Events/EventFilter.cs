using System.Collections.Frozen;
using Switchhook.Calls;
using Switchhook.Calls.Events;

namespace Switchhook.Server.Events;

/// <summary>Which events a reader is shown: those of its account's calls, or of one call, or with some names.</summary>
/// <param name="Account">The reader's account; never shown anything of another.</param>
/// <param name="Call">All calls when null.</param>
/// <param name="Names">All names when null.</param>
internal sealed record EventFilter(string Account, CallId? Call = null, FrozenSet<string>? Names = null)
{
    public bool Wants(CallEvent happened) =>
        (Call is null || happened.Call.Id == Call)
        && (Names is null || Names.Contains(happened.Name))
        && happened.Call.IsVisibleTo(Account);
}
