using Switchhook.Calls.Audio;

namespace Switchhook.Calls.Commands;

/// <summary>What can be asked for the audio of a live call. A leg goes by its number; null means every party that is there, if not said otherwise.</summary>
public abstract record AudioOrder
{
    /// <summary>Play something, in place of what is played; the end is told by <see cref="Events.PlaybackEnded"/>.</summary>
    /// <param name="Leg">Who hears it.</param>
    /// <param name="Source">What.</param>
    /// <param name="Loop">Again and again.</param>
    /// <param name="Tag">The asker's own word for it.</param>
    /// <param name="Most">The longest it is played, from when it begins to sound; null: to its end.</param>
    public sealed record Play(int? Leg, AudioSource Source, bool Loop = false, string? Tag = null, TimeSpan? Most = null) : AudioOrder;

    /// <summary>Stop what is played; refused as <see cref="CallRefusal.NotPlaying"/> when nothing is.</summary>
    public sealed record StopPlaying(int? Leg) : AudioOrder;

    /// <summary>Gather keys of a leg, the near one when null; the end is told by <see cref="Events.GatherEnded"/>. One at a time in a call.</summary>
    public sealed record Gather(int? Leg, GatherTerms Terms) : AudioOrder;

    /// <summary>Stop gathering; what was pressed is told.</summary>
    public sealed record StopGathering : AudioOrder;

    /// <summary>Press keys toward a party: <c>0-9 * # A-D</c>; <c>,</c> and <c>w</c> wait half a second, <c>W</c> a whole one.</summary>
    public sealed record SendKeys(int? Leg, string Keys) : AudioOrder;

    /// <summary>Let nobody hear a party, or let them again.</summary>
    public sealed record Mute(int? Leg, bool On) : AudioOrder;

    /// <summary>Record a leg, the near one when null; the end is told by <see cref="Events.RecordingEnded"/>. One at a time on a leg, and one beside it (<see cref="RecordingTerms.Beside"/>).</summary>
    public sealed record Record(int? Leg, RecordingTerms Terms) : AudioOrder;

    /// <summary>Leave out what is said, or go on; null means every recording of the call.</summary>
    public sealed record PauseRecording(int? Recording, bool Paused) : AudioOrder;

    /// <summary>End a recording; null means every one of the call.</summary>
    public sealed record StopRecording(int? Recording) : AudioOrder;

    /// <summary>Put a call of one party into a conference, which begins with its first member and ends with its last.</summary>
    public sealed record JoinConference(RoomName Room, SeatTerms Terms) : AudioOrder;

    /// <summary>Take the call out of its conference; it goes on.</summary>
    public sealed record LeaveConference : AudioOrder;

    /// <summary>Let the call neither hear its conference nor be heard there, or both again.</summary>
    public sealed record HoldSeat(bool On) : AudioOrder;

    private AudioOrder() { }
}
