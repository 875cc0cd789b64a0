using Switchhook.Calls.Audio;

namespace Switchhook.Calls.Events;

/// <summary>A party pressed a key: once a press, whichever way it came.</summary>
public sealed record DigitHeard : CallEvent
{
    public required LegId Leg { get; init; }

    /// <summary><c>0-9 * # A-D</c>.</summary>
    public required char Key { get; init; }
    public override string Name => "digit.heard";
}

/// <summary>Something a command asked to be played is heard from now on.</summary>
public sealed record PlaybackStarted : CallEvent
{
    public required LegId Leg { get; init; }

    /// <summary>Its number in the call, from 1.</summary>
    public required int Playback { get; init; }

    /// <summary>True for a text that is spoken.</summary>
    public bool IsSpeech { get; init; }
    public string? Tag { get; init; }
    public override string Name => "playback.started";
}

/// <summary>Something a command had played is over, or could not be played.</summary>
public sealed record PlaybackEnded : CallEvent
{
    public required LegId Leg { get; init; }

    /// <summary>Its number in the call, from 1.</summary>
    public int Playback { get; init; }

    /// <summary>True for a text that was spoken.</summary>
    public bool IsSpeech { get; init; }

    /// <summary>False for one that ended before anything of it was heard.</summary>
    public bool HasStarted { get; init; }
    public required PlaybackEnding Ending { get; init; }

    /// <summary>What went wrong, if anything.</summary>
    public string? Error { get; init; }
    public string? Tag { get; init; }
    public override string Name => "playback.ended";
}

/// <summary>Keys are gathered from now on, because a command asked for it.</summary>
public sealed record GatherStarted : CallEvent
{
    public required LegId Leg { get; init; }

    /// <summary>Its number in the call, from 1.</summary>
    public required int Gather { get; init; }
    public string? Tag { get; init; }
    public override string Name => "gather.started";
}

/// <summary>Keys were gathered by a command.</summary>
public sealed record GatherEnded : CallEvent
{
    public required LegId Leg { get; init; }

    /// <summary>Its number in the call, from 1.</summary>
    public int Gather { get; init; }

    /// <summary>Without the key that ended it.</summary>
    public required string Digits { get; init; }
    public required GatherEnding Ending { get; init; }
    public string? Tag { get; init; }
    public override string Name => "gather.ended";
}

/// <summary>A leg is being recorded from now on.</summary>
public sealed record RecordingStarted : CallEvent
{
    public required LegId Leg { get; init; }

    /// <summary>Its number in the call, from 1.</summary>
    public required int Recording { get; init; }
    public string? Tag { get; init; }
    public override string Name => "recording.started";
}

/// <summary>A recording is over and its file closed: once for each that started, maybe after <see cref="CallEnded"/>.</summary>
public sealed record RecordingEnded : CallEvent
{
    public required LegId Leg { get; init; }
    public required int Recording { get; init; }
    public required RecordingOutcome Outcome { get; init; }
    public string? Tag { get; init; }

    /// <summary>Who is told by its dialect; kept with the event, so that a start after a crash tells it too.</summary>
    public RecordingCallback? Callback { get; init; }
    public override string Name => "recording.ended";
}

/// <summary>The call has a seat in a conference.</summary>
public sealed record ConferenceJoined : CallEvent
{
    public required LegId Leg { get; init; }
    public required RoomName Room { get; init; }
    public required MemberRole Role { get; init; }
    public override string Name => "conference.joined";
}

/// <summary>The call has left its conference: once for each that it joined.</summary>
public sealed record ConferenceLeft : CallEvent
{
    public required LegId Leg { get; init; }
    public required RoomName Room { get; init; }
    public required ConferenceLeaving Why { get; init; }
    public override string Name => "conference.left";
}
