using System.Threading.Channels;
using Switchhook.Calls;
using Switchhook.Calls.Hangup;

namespace Switchhook.Dialects.Hoiio.Sessions;

/// <summary>What a session wants of its call next.</summary>
internal abstract record HoiioOrder(CallId Call)
{
    /// <summary>Say the message of the block.</summary>
    public sealed record Say(CallId Call, HoiioBlock Block) : HoiioOrder(Call);

    /// <summary>The message is over: what the block is for.</summary>
    public sealed record GoOn(CallId Call, HoiioBlock Block, string Account) : HoiioOrder(Call);

    /// <summary>Put the call into its room.</summary>
    public sealed record Seat(CallId Call, string Account, string Room) : HoiioOrder(Call);

    /// <summary>Somebody else has brought the call back from hold.</summary>
    public sealed record StopMusic(CallId Call) : HoiioOrder(Call);

    /// <summary>End the call.</summary>
    public sealed record HangUp(CallId Call, HangupBy By) : HoiioOrder(Call);
}

/// <summary>Orders on their way, those of one call in order. Holds a few for each live call at most, and those are bounded.</summary>
internal sealed class HoiioOrders
{
    private const int Lanes = 8;

    private readonly Channel<HoiioOrder>[] _lanes = [.. Enumerable.Range(0, Lanes).Select(static _ => Channel.CreateUnbounded<HoiioOrder>(new() { SingleReader = true }))];

    public IReadOnlyList<ChannelReader<HoiioOrder>> Readers => [.. _lanes.Select(static l => l.Reader)];

    public void Give(HoiioOrder order) => _lanes[(int)(order.Call.Value % Lanes)].Writer.TryWrite(order);
}
