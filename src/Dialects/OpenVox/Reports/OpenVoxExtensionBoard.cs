using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;

namespace Switchhook.Dialects.OpenVox.Reports;

/// <summary>What an extension does, in the order of what wins when it does several things.</summary>
internal enum OpenVoxExtensionStatus
{
    Idle,
    Ringing,
    InUse,
}

/// <summary>
/// What every extension does, over all its calls, as far as events tell. Holds the live legs of extensions and nothing else. Belongs to the
/// thread that writes the log.
/// </summary>
internal sealed class OpenVoxExtensionBoard
{
    private readonly Dictionary<string, Dictionary<LegId, OpenVoxExtensionStatus>> _legs = new(StringComparer.Ordinal);

    /// <summary>Takes an event in; the extensions that do something else than before, in the order of their legs.</summary>
    public IReadOnlyList<(string Extension, OpenVoxExtensionStatus Status)> On(CallEvent happened)
    {
        List<(string, OpenVoxExtensionStatus)>? changes = null;
        foreach (var leg in happened.Call.Legs)
        {
            if (leg.Extension is { } extension && Put(extension, leg.Id, StatusOf(leg)) is { } changed)
                (changes ??= []).Add((extension, changed));
        }
        if (SecondAfterFirst(happened) is { } second && Put(second, new LegId(happened.Call.Id, 2), OpenVoxExtensionStatus.Ringing) is { } rings)
            (changes ??= []).Add((second, rings));
        // What went on before a crash is not known here, but who was told of it is still to hear of its end.
        if (happened is LegEnded { Record: { By: HangupBy.Recovery, Leg: var lost } } && happened.Call.FindLeg(lost.Number)?.Extension is { } freed
            && !_legs.ContainsKey(freed))
            (changes ??= []).Add((freed, OpenVoxExtensionStatus.Idle));
        return changes is null ? [] : changes;
    }

    /// <summary>
    /// The extension that is rung because the first party of a placed call has answered: its leg comes right after this event, and no event
    /// tells when it rings.
    /// </summary>
    private static string? SecondAfterFirst(CallEvent happened) => happened is LegAnswered { Leg.Number: 1 }
        && happened.Call is { AnsweredAt: null, Plan: CallPlan.Originated { Second: LegTarget.Extension second }, Legs.Length: 1 }
        ? second.Number : null;

    private static OpenVoxExtensionStatus StatusOf(Leg leg) => leg switch
    {
        { HasEnded: true } => OpenVoxExtensionStatus.Idle,
        { Direction: LegDirection.Inbound } or { AnsweredAt: not null } => OpenVoxExtensionStatus.InUse,
        { State: LegState.Ringing or LegState.Early } => OpenVoxExtensionStatus.Ringing,
        _ => OpenVoxExtensionStatus.Idle,
    };

    /// <summary>What the extension does now, when that is something else than before.</summary>
    private OpenVoxExtensionStatus? Put(string extension, LegId leg, OpenVoxExtensionStatus status)
    {
        _legs.TryGetValue(extension, out var legs);
        var before = Most(legs);
        if (status != OpenVoxExtensionStatus.Idle)
        {
            if (legs is null)
                _legs[extension] = legs = [];
            legs[leg] = status;
        }
        else if (legs?.Remove(leg) == true && legs.Count == 0)
        {
            _legs.Remove(extension);
        }
        return Most(legs) is var after && after != before ? after : null;
    }

    private static OpenVoxExtensionStatus Most(Dictionary<LegId, OpenVoxExtensionStatus>? legs) =>
        legs is { Count: > 0 } ? legs.Values.Max() : OpenVoxExtensionStatus.Idle;
}
