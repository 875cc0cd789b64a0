using System.Collections.Concurrent;
using Switchhook.Calls;
using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Hoiio.Sessions;

/// <summary>Every live session by its call. Safe from any thread.</summary>
internal sealed class HoiioDesk(IDirectory directory)
{
    private readonly ConcurrentDictionary<CallId, HoiioSeat> _seats = new();

    public IEnumerable<KeyValuePair<CallId, HoiioSeat>> Seats => _seats;

    public HoiioSeat? Find(CallId call) => _seats.GetValueOrDefault(call);

    /// <summary>The session of a call that is this dialect's own; null for calls of others and for those that are no sessions.</summary>
    public HoiioSeat? Open(Call call) =>
        Find(call.Id) ?? (Begin(call) is { } seat ? _seats.GetOrAdd(call.Id, seat) : null);

    /// <summary>A call of anybody's that talks, or is held, becomes a session of the account that asks: its turn.</summary>
    public HoiioSeat Adopt(Call call, string account)
    {
        HoiioState state = call.State is CallState.Held ? new HoiioState.Held() : new HoiioState.Ready();
        return _seats.GetOrAdd(call.Id, _ => new HoiioSeat(account, new HoiioSession(state, new HoiioBlock(HoiioBlockKind.Answer, 0))));
    }

    public void Close(CallId call) => _seats.TryRemove(call, out _);

    /// <summary>The account whose application a call belongs to; null when it belongs to none of this dialect.</summary>
    public string? OwnerOf(Call call) =>
        HoiioNote.Of(call)?.Account ?? (call.Plan is CallPlan.Offered { Dialect: HoiioWords.Dialect } ? directory.Current.Number(call.Dialed)?.Account : null);

    private HoiioSeat? Begin(Call call)
    {
        if (HoiioNote.Of(call) is { } note)
            return note.Purpose == HoiioPurpose.Session ? new HoiioSeat(note.Account, HoiioSession.From(note)) : null;
        return call.Plan is CallPlan.Offered { Dialect: HoiioWords.Dialect } offered && OwnerOf(call) is { } account
            ? new HoiioSeat(account, new HoiioSession(new HoiioState.RingingIn(), new HoiioBlock(HoiioBlockKind.Answer, 0, offered.Application)) { LastUrl = offered.Application })
            : null;
    }
}
