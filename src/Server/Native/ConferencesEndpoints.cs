using Switchhook.Calls;
using Switchhook.Calls.Audio;

namespace Switchhook.Server.Native;

/// <summary>The account's conferences as they are now: who sits where, taken from the live calls.</summary>
internal sealed class ConferencesEndpoints(NativePorts ports)
{
    private static readonly Problem NoSuchConference = new(404, "no-such-conference", "There is no conference of that name");

    public IResult List(HttpContext context) =>
        TypedResults.Json(new ConferenceListDocument(Rooms(context.Account().Name)), NativeJson.Shown.ConferenceListDocument);

    public IResult Show(HttpContext context, string room) => Rooms(context.Account().Name).FirstOrDefault(r => r.Room == room) is { } found
        ? TypedResults.Json(found, NativeJson.Shown.ConferenceDocument)
        : NoSuchConference.AsResult();

    /// <summary>By name; a call that is listened in on is no conference.</summary>
    private List<ConferenceDocument> Rooms(string account) =>
    [
        .. from call in ports.Calls.Live()
           where call.Audio.Seat is { Room.Watched: null } seat && string.Equals(seat.Room.Account, account, StringComparison.OrdinalIgnoreCase)
           orderby call.Id.Value
           group MemberOf(call, call.Audio.Seat!) by call.Audio.Seat!.Room.Name into room
           orderby room.Key
           select new ConferenceDocument(room.Key, [.. room]),
    ];

    private static ConferenceMemberDocument MemberOf(Call call, CallAudio.Place seat)
    {
        var leg = call.FindLeg(seat.Leg);
        return new ConferenceMemberDocument(
            call.Id.ToString(), new LegId(call.Id, seat.Leg).ToString(), leg?.Party.Number ?? "", WordOf(seat.Terms.Role), call.Audio.Muted.Contains(seat.Leg), seat.IsHeld);
    }

    private static string WordOf(MemberRole role) => role switch
    {
        MemberRole.Member => "member",
        MemberRole.Listener => "listener",
        MemberRole.Coach => "coach",
    };
}
