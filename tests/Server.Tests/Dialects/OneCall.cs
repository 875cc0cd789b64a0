using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>A call an application placed, and the far side's view of it.</summary>
/// <param name="Number">The number that was called first.</param>
/// <param name="Id">The call's id as the native API shows it.</param>
/// <param name="Legs">Its parties, all of them behind the carrier.</param>
public sealed record OneCall(string Number, string Id, IReadOnlyList<ScriptedCall> Legs)
{
    /// <summary>How many requests of that method every party got, each counted once however often it was sent.</summary>
    public IEnumerable<int> Got(string method) => Legs.Select(leg =>
    {
        var branches = new HashSet<string>(StringComparer.Ordinal);
        leg.Phone.CountReceived(m => m.Is(method) && m.CallId == leg.CallId && branches.Add(m.Branch));
        return branches.Count;
    });
}
