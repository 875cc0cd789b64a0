using Switchhook.Calls.Commands;

namespace Switchhook.Calls.Ports;

/// <summary>The exchange as dialects, console and scripts see it: ask it something, look at calls. Safe from any thread.</summary>
public interface ICallControl
{
    /// <summary>
    /// Asks. For a hangup that ends the call at once, the answer comes after its record was stored; the hangup message itself has left
    /// long before. Never throws for anything a caller can cause.
    /// </summary>
    ValueTask<CallReply> AskAsync(CallCommand command, CancellationToken cancellation);

    /// <summary>The live call with that id, or null. Calls in <see cref="CallState.Ended"/> are in <see cref="ICallHistory"/>.</summary>
    Call? Find(CallId id);

    /// <summary>
    /// Why a call to that number would be refused now: <see cref="CallRefusal.NoRoute"/> when it leads nowhere,
    /// <see cref="CallRefusal.None"/> when it may be tried.
    /// </summary>
    CallRefusal Reach(string number) => CallRefusal.None;

    /// <summary>All live calls, oldest first.</summary>
    IReadOnlyList<Call> Live();
}
