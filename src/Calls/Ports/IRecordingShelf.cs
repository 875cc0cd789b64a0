using System.Collections.Immutable;

namespace Switchhook.Calls.Ports;

/// <summary>Recordings as they are on disk, those under way included. Whose they are is told by their calls. Safe from any thread; may wait for the disk.</summary>
public interface IRecordingShelf
{
    /// <summary>The recordings of a call, by number.</summary>
    IReadOnlyList<KeptRecording> Of(CallId call);

    /// <summary>Calls with recordings, newest first; at most so many.</summary>
    /// <param name="before">Only calls older than this one.</param>
    /// <param name="most">How many.</param>
    IReadOnlyList<CallId> Calls(CallId? before, int most);

    /// <summary>The file; null when it is not there.</summary>
    /// <param name="call">Of which call.</param>
    /// <param name="number">Its number in the call.</param>
    /// <param name="format"><c>wav</c> or <c>mp3</c>.</param>
    Stream? Open(CallId call, int number, string format);

    /// <summary>Deletes the file of that format; false when it is not there. The description goes with the last one.</summary>
    bool Delete(CallId call, int number, string format);

    /// <summary>The name to play it by; null when it is not there.</summary>
    string? Playable(CallId call, int number, string format);
}

/// <summary>A recording.</summary>
/// <param name="Call">Of which call.</param>
/// <param name="Number">Its number in the call, from 1.</param>
/// <param name="Leg">Number of the recorded leg.</param>
/// <param name="State"><c>recording</c>, <c>finished</c>, or <c>recovered</c> after a crash.</param>
/// <param name="StartedAt">When it began, as it is written; null when unknown.</param>
/// <param name="Length">How long it is; zero while it is under way.</param>
/// <param name="Formats">The files there are: <c>wav</c>, <c>mp3</c>.</param>
public sealed record KeptRecording(CallId Call, int Number, int Leg, string State, DateTimeOffset? StartedAt, TimeSpan Length, IReadOnlyList<string> Formats)
{
    /// <summary>The accounts that may have it; empty for one that does not say, where the call knows.</summary>
    public ImmutableArray<string> Accounts { get; init; } = [];

    /// <summary>Whose sides are heard, in the words of the description.</summary>
    public string? Sides { get; init; }
    public int Channels { get; init; }
    public int SampleRateHz { get; init; }

    /// <summary>Why it ended, in the words of the description.</summary>
    public string? Ending { get; init; }

    /// <summary>The formats it is to have once it is finished.</summary>
    public bool BecomesMp3 { get; init; }

    /// <summary>Octets of the file of each format.</summary>
    public IReadOnlyDictionary<string, long> Octets { get; init; } = new Dictionary<string, long>();
}
