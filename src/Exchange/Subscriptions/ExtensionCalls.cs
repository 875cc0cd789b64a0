using Switchhook.Calls;

namespace Switchhook.Exchange.Subscriptions;

/// <summary>Where an extension's side of a call stands, in the words of RFC 4235 §3.7.1.</summary>
internal enum DialogPhase
{
    Trying,
    Early,
    Confirmed,
    Terminated,
}

/// <summary>An extension's side of a call as others may see it.</summary>
/// <param name="Leg">Which.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="IsInitiator">True when the extension's phone called.</param>
/// <param name="Remote">Who is at the other side.</param>
internal sealed record ExtensionDialog(LegId Leg, DialogPhase Phase, bool IsInitiator, Party Remote);

/// <summary>The live calls of every extension, found by its number. Fed with every change of a call; on the shard's thread.</summary>
internal sealed class ExtensionCalls
{
    private readonly Dictionary<string, List<ExtensionDialog>> _live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ExtensionDialog> _last = new(StringComparer.Ordinal);

    /// <summary>The live ones. Without any, the last that ended: phones want to see that it has (RFC 4235 §3.7.1).</summary>
    public IReadOnlyList<ExtensionDialog> Of(string extension) =>
        _live.TryGetValue(extension, out var live) ? live : _last.TryGetValue(extension, out var last) ? [last] : [];

    /// <summary>Takes a call as it is now; <paramref name="changed"/> hears of each extension that it changes.</summary>
    public void Update(Call call, Action<string> changed)
    {
        foreach (var leg in call.Legs)
        {
            if (leg.Extension is { } extension && Take(extension, Describe(call, leg)))
                changed(extension);
        }
    }

    private bool Take(string extension, ExtensionDialog now)
    {
        var live = _live.GetValueOrDefault(extension);
        var at = live?.FindIndex(d => d.Leg == now.Leg) ?? -1;
        if (now.Phase == DialogPhase.Terminated)
        {
            // A leg that ended is shown again with every later change of its call.
            if (at < 0)
                return false;
            live!.RemoveAt(at);
            if (live.Count == 0)
                _live.Remove(extension);
            _last[extension] = now;
            return true;
        }
        if (at >= 0 && live![at] == now)
            return false;
        if (live is null)
            _live[extension] = live = [];
        if (at >= 0)
            live[at] = now;
        else
            live.Add(now);
        return true;
    }

    private static ExtensionDialog Describe(Call call, Leg leg)
    {
        var isCaller = leg.Role == LegRole.Caller;
        return new(leg.Id, PhaseOf(leg), leg.Direction == LegDirection.Inbound, isCaller ? new Party(call.Dialed) : call.Caller);
    }

    private static DialogPhase PhaseOf(Leg leg) => leg.State switch
    {
        LegState.Trying => DialogPhase.Trying,
        LegState.Ringing or LegState.Early => DialogPhase.Early,
        LegState.Ended or LegState.Moved => DialogPhase.Terminated,
        LegState.Ending when leg.AnsweredAt is null => DialogPhase.Early,
        _ => DialogPhase.Confirmed,
    };
}
