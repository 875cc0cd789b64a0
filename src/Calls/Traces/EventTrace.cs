using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;

namespace Switchhook.Calls.Traces;

/// <summary>An event as a line of the trace.</summary>
/// <param name="happened">The event.</param>
/// <param name="showKeys">Whether keys that were pressed may stand there.</param>
public sealed class EventTrace(CallEvent happened, bool showKeys) : TraceEntry(happened.At, "event", happened.Name, null)
{
    /// <inheritdoc/>
    public override string Summary => happened switch
    {
        LegEnded ended => $"{ended.Name} {ended.Record.Leg} by {ended.Record.By.Word}, {HangupCauses.NameOf(ended.Record.Cause)}",
        LegMoved moved => $"{moved.Name} {moved.Leg} to {moved.To}",
        LegAnswered answered => $"{answered.Name} {answered.Leg}",
        HangupConfirmed confirmed => $"{confirmed.Name} {confirmed.Leg} {confirmed.Confirmation}",
        DigitHeard heard => $"{heard.Name} {heard.Leg} {Shown(heard.Key.ToString())}",
        PlaybackStarted played => $"{played.Name} {played.Leg}",
        GatherStarted gather => $"{gather.Name} {gather.Leg}",
        PlaybackEnded played => $"{played.Name} {played.Leg} {played.Ending}{(played.Error is { } error ? $": {error}" : "")}",
        GatherEnded gathered => $"{gathered.Name} {gathered.Leg} '{Shown(gathered.Digits)}' {gathered.Ending}",
        RecordingStarted started => $"{started.Name} {started.Leg}, recording {started.Recording}",
        RecordingEnded recorded => $"{recorded.Name} {recorded.Leg}, recording {recorded.Recording} {recorded.Outcome.Ending}, {recorded.Outcome.Length}",
        ConferenceJoined joined => $"{joined.Name} {joined.Leg} '{joined.Room.Name}' as {joined.Role}",
        ConferenceLeft left => $"{left.Name} {left.Leg} '{left.Room.Name}' {left.Why}",
        ScriptFailed failed => $"{failed.Name} {failed.Code} {failed.Message}",
        _ => happened.Name,
    };

    private string Shown(string keys) => showKeys ? keys : TraceKeys.Hide(keys);
}
