using System.Collections.Frozen;

namespace Switchhook.Storage.Log;

/// <summary>A bit for each kind of event. The bits are stored: kinds are only added, at the end.</summary>
internal static class EventKinds
{
    public const long All = -1;

    /// <summary>Kinds that have no bit of their own.</summary>
    public const long Other = 1L << 62;

    private static readonly string[] Names =
    [
        "call.started", "call.ringing", "leg.answered", "call.answered", "call.held", "call.unheld", "call.forwarded", "call.transferred",
        "leg.moved", "call.transfer-failed", "script.failed", "leg.ended", "call.ended", "hangup.confirmed", "digit.heard", "playback.ended",
        "gather.ended", "recording.started", "recording.ended", "conference.joined", "conference.left", "playback.started",
        "gather.started", "call.noted", "leg.noted",
    ];

    private static readonly FrozenDictionary<string, long> Bits =
        Names.Select((name, place) => KeyValuePair.Create(name, 1L << place)).ToFrozenDictionary(StringComparer.Ordinal);

    public static long Of(string name) => Bits.GetValueOrDefault(name, Other);

    /// <summary>Where one of the names may be: what has its own bit now may have been stored before it had.</summary>
    public static long AnyOf(IEnumerable<string> names) => names.Aggregate(Other, static (kinds, name) => kinds | Of(name));
}
