using Switchhook.Calls.Audio;
using Switchhook.Exchange.Running;
using Switchhook.Media.Mixing;
using Switchhook.Media.Prompts;
using Switchhook.Media.Tones;
using Switchhook.Media.Transport;

namespace Switchhook.Exchange.Conferences;

/// <summary>One conference and its members. The parties of a call that is listened in on are mixed with them and are no members.</summary>
internal sealed class ConferenceRoom(RoomName name, MediaConference mixer, ConferenceSounds sounds)
{
    private readonly List<RunningLeg> _members = [];
    private readonly HashSet<RunningLeg> _withSignals = [];

    public RoomName Name => name;

    public MediaConference Mixer => mixer;

    public IReadOnlyList<RunningLeg> Members => _members;

    public bool TryJoin(RunningLeg leg, MediaSession session, SeatTerms terms, MediaSession? coached)
    {
        var role = terms.Role switch
        {
            MemberRole.Member => ConferenceRole.Member,
            MemberRole.Listener => ConferenceRole.Listener,
            MemberRole.Coach => ConferenceRole.Coach,
        };
        if (!mixer.Join(session, role))
            return false;
        if (terms.Signals && _members.Count > 0)
            mixer.Announce(sounds.Join);
        _members.Add(leg);
        if (terms.Signals)
            _withSignals.Add(leg);
        if (terms.Role == MemberRole.Coach && coached is not null)
            mixer.SetRoute(session, coached, heard: true);
        return true;
    }

    public void Leave(RunningLeg leg)
    {
        if (!_members.Remove(leg))
            return;
        if (leg.Audio?.Media is { } session)
            mixer.Leave(session);
        if (_withSignals.Remove(leg) && _members.Count > 0)
            mixer.Announce(sounds.Leave);
    }

    /// <summary>A member neither hears nor is heard, or both again; one with signals hears music meanwhile.</summary>
    public void Hold(RunningLeg leg, bool on)
    {
        if (leg.Audio?.Media is not { } session)
            return;
        mixer.SetHold(session, on);
        // What a command has played there is not ours to end.
        if (!_withSignals.Contains(leg) || leg.Playback != 0)
            return;
        if (on)
            session.Play(sounds.Music, loop: true);
        else
            session.StopPlaying();
    }
}

/// <summary>What conferences sound like besides their members.</summary>
/// <param name="Join">Somebody comes.</param>
/// <param name="Leave">Somebody goes.</param>
/// <param name="Music">For who is held, or alone.</param>
internal sealed record ConferenceSounds(Prompt Join, Prompt Leave, Prompt Music)
{
    public const double JoinHz = 880, LeaveHz = 660;

    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(300);

    public static ConferenceSounds With(Prompt music) => new(
        Prompt.FromTone("joined", new Tone(JoinHz, 0, Length, TimeSpan.Zero)), Prompt.FromTone("left", new Tone(LeaveHz, 0, Length, TimeSpan.Zero)), music);
}
