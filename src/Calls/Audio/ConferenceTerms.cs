namespace Switchhook.Calls.Audio;

/// <summary>A conference room: each account has its own names.</summary>
/// <param name="Account">Whose room.</param>
/// <param name="Name">Its name.</param>
/// <param name="Watched">The live call that is listened in on, when the room is none of its own but that call.</param>
public sealed record RoomName(string Account, string Name, CallId? Watched = null)
{
    /// <summary>The longest name.</summary>
    public const int MostCharacters = 128;
}

/// <summary>A member's part.</summary>
public enum MemberRole
{
    /// <summary>Speaks and hears.</summary>
    Member,
    /// <summary>Hears, and is heard by nobody.</summary>
    Listener,
    /// <summary>Hears all, and is heard by one.</summary>
    Coach,
}

/// <summary>How a call takes part in a conference.</summary>
/// <param name="Role">Its part.</param>
/// <param name="CoachOf">The leg that hears a coach.</param>
/// <param name="Muted">Muted from the beginning.</param>
/// <param name="Signals">Tones tell the others that it comes and goes, and it hears music while it is held. Who begins a room so hears music while it is alone.</param>
public sealed record SeatTerms(MemberRole Role = MemberRole.Member, LegId? CoachOf = null, bool Muted = false, bool Signals = false);

/// <summary>Why a call is in its conference no more.</summary>
public enum ConferenceLeaving
{
    /// <summary>It was asked to leave, and goes on without.</summary>
    Left,
    /// <summary>It was hung up.</summary>
    HungUp,
    /// <summary>It was joined to another party.</summary>
    Joined,
    /// <summary>The call that was listened in on is over.</summary>
    Closed,
    /// <summary>There was no seat after all.</summary>
    Failed,
}
