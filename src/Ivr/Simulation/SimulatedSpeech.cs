using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Switchhook.Ivr.Simulation;

/// <summary>Once that the imagined caller talks; he is silent otherwise.</summary>
public readonly record struct SimulatedSpeech(TimeSpan From, TimeSpan To)
{
    /// <summary>Reads times as people write them, separated by blanks: <c>1s-4s 6s-7.5s</c>; false with the word that is none.</summary>
    public static bool TryParse(string text, out ImmutableArray<SimulatedSpeech> speech, [NotNullWhen(false)] out string? wrong)
    {
        var read = new List<SimulatedSpeech>();
        speech = [];
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            wrong = word;
            if (word.Split('-') is not [var begin, var end] || !SimulatedKeys.TryTime(begin, out var from) || !SimulatedKeys.TryTime(end, out var to) || to <= from)
                return false;
            read.Add(new SimulatedSpeech(from, to));
        }
        speech = [.. read.OrderBy(static s => s.From)];
        wrong = null;
        return true;
    }

    /// <summary>When the caller has been silent for so long, counted from a moment.</summary>
    public static TimeSpan SilentFor(ImmutableArray<SimulatedSpeech> speech, TimeSpan since, TimeSpan silence)
    {
        var end = since + silence;
        foreach (var (from, to) in speech)
        {
            if (to > since && from < end && to + silence > end)
                end = to + silence;
        }
        return end;
    }
}
