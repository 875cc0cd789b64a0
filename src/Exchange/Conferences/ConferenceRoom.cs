using Switchhook.Calls.Audio;
using Switchhook.Exchange.Running;
using Switchhook.Media.Mixing;
using Switchhook.Media.Transport;

namespace Switchhook.Exchange.Conferences;

/// <summary>One conference and its members. The parties of a call that is listened in on are mixed with them and are no members.</summary>
internal sealed class ConferenceRoom(RoomName name, MediaConference mixer)
{
    private readonly List<RunningLeg> _members = [];

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
        _members.Add(leg);
        if (terms.Role == MemberRole.Coach && coached is not null)
            mixer.SetRoute(session, coached, heard: true);
        return true;
    }

    public void Leave(RunningLeg leg)
    {
        if (_members.Remove(leg) && leg.Audio?.Media is { } session)
            mixer.Leave(session);
    }
}
