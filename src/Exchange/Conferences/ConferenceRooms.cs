using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Machine;
using Switchhook.Exchange.Running;
using Switchhook.Media.Mixing;
using Switchhook.Media.Transport;

namespace Switchhook.Exchange.Conferences;

/// <summary>Every conference there is. A room begins with its first member and ends with its last. Belongs to the shard's thread.</summary>
internal sealed class ConferenceRooms(MediaEngine media, ConferenceSounds sounds)
{
    /// <summary>Members of one room.</summary>
    public const int MostMembers = 200;

    private readonly Dictionary<RoomName, ConferenceRoom> _rooms = [];

    /// <summary>Rooms open; a copy of the count may be read from any thread.</summary>
    public int Count => _rooms.Count;

    /// <summary>True when another member would find a seat.</summary>
    public bool HasSeat(RoomName name) => !_rooms.TryGetValue(name, out var room) || room.Members.Count < MostMembers;

    /// <summary>Gives a leg a seat. False when every seat is taken, or the leg is on another media thread than the room.</summary>
    public bool TryJoin(RoomName name, RunningLeg leg, SeatTerms terms, RunningCall? watched, MediaSession? coached)
    {
        if (leg.Audio?.Media is not { } session || !HasSeat(name))
            return false;
        if (!_rooms.TryGetValue(name, out var room))
        {
            var options = new ConferenceOptions { MostSeats = MostMembers + 2, WaitingMusic = terms.Signals ? sounds.Music : null };
            room = new ConferenceRoom(name, media.CreateConference(options, name, session), sounds);
            _rooms.Add(name, room);
        }
        if (room.Members.Count == 0 && watched is not null)
            watched.SeatParties(room.Mixer);
        if (!room.TryJoin(leg, session, terms, coached))
        {
            CloseIfEmpty(room, watched);
            return false;
        }
        return true;
    }

    /// <summary>Takes a leg out of its room; nothing happens when it is in none.</summary>
    public void Leave(RoomName name, RunningLeg leg, RunningCall? watched)
    {
        if (!_rooms.TryGetValue(name, out var room))
            return;
        room.Leave(leg);
        CloseIfEmpty(room, watched);
    }

    /// <summary>Holds a member, or takes it back.</summary>
    public void Hold(RoomName name, RunningLeg leg, bool on)
    {
        if (_rooms.TryGetValue(name, out var room))
            room.Hold(leg, on);
    }

    /// <summary>The room of those who listen in on a call, or null.</summary>
    public ConferenceRoom? OfWatched(CallId call) => _rooms.GetValueOrDefault(Watching(call));

    /// <summary>The name of the room of those who listen in on a call.</summary>
    public static RoomName Watching(CallId call) => new("", call.ToString(), call);

    /// <summary>Who is in the room; empty when there is no such room.</summary>
    public IReadOnlyList<CallId> Members(RoomName name) => _rooms.TryGetValue(name, out var room) ? [.. room.Members.Select(static m => m.Id.Call)] : [];

    private void CloseIfEmpty(ConferenceRoom room, RunningCall? watched)
    {
        if (room.Members.Count > 0)
            return;
        _rooms.Remove(room.Name);
        room.Mixer.Close();
        watched?.RejoinParties();
    }

    /// <summary>The call that is listened in on is over: whoever listened is told and goes on alone.</summary>
    public void CloseWatching(CallId call)
    {
        if (OfWatched(call) is not { } room)
            return;
        foreach (var member in room.Members.ToArray())
            member.Call.Guard(static c => c.Give(new CallInput.SeatLost(ConferenceLeaving.Closed)));
    }
}
