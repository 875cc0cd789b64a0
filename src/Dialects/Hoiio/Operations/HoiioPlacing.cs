using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Operations;

/// <summary>A call an application wants placed; everything in it was checked.</summary>
/// <param name="Dest">Who is called first.</param>
/// <param name="Shown">Whom the last one who is called sees.</param>
/// <param name="Rate">What a minute of it costs.</param>
/// <param name="Note">What is noted with it.</param>
internal sealed record HoiioPlacement(string Dest, Party Shown, decimal Rate, HoiioNote Note)
{
    /// <summary>What it is for once it is answered.</summary>
    public OnAnswer Then { get; init; } = new OnAnswer.Wait();

    /// <summary>Whom the first one sees, when that is not the same.</summary>
    public Party? ShownToFirst { get; init; }

    public TimeSpan RingTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest it may be, as asked; null for what the balance pays for.</summary>
    public int? MostSeconds { get; init; }

    /// <summary>The status for a number that leads nowhere after all.</summary>
    public string NotSupported { get; init; } = HoiioStatus.DestNotSupported;
}

/// <summary>Places calls, which must be paid for, and have room among those an application may have.</summary>
internal static class HoiioPlacing
{
    /// <summary>One call: the call, or the status that says why there is none.</summary>
    public static async ValueTask<(Call? Call, string Status)> PlaceAsync(HoiioAsk ask, HoiioPlacement placement, CancellationToken cancellation)
    {
        if (await HoiioCredit.CheckAsync(ask, placement.Rate, cancellation) is { } unpaid)
            return (null, unpaid);
        using var room = ask.Ports.Limit.TryTake(ask.Account.Name, 1);
        return room is null ? (null, HoiioStatus.Concurrent) : await OriginateAsync(ask, placement, cancellation);
    }

    /// <summary>The same for a call that was found to be paid for, and has its room.</summary>
    public static async ValueTask<(Call? Call, string Status)> OriginateAsync(HoiioAsk ask, HoiioPlacement placement, CancellationToken cancellation)
    {
        var reply = await ask.Ports.Calls.AskAsync(
            new CallCommand.Originate
            {
                Dialect = HoiioWords.Dialect,
                Account = ask.Account.Name,
                Caller = placement.Shown,
                Dialed = placement.Dest,
                ShownToFirst = placement.ShownToFirst,
                Then = placement.Then,
                RingTime = placement.RingTime,
                MaxDuration = await HoiioCredit.LongestAsync(ask, placement.MostSeconds, placement.Rate, cancellation),
                Note = placement.Note.Write(),
            },
            cancellation);
        if (reply is { Done: true, Call: { } call })
            return (call, HoiioStatus.Success);
        return (null, reply.Refusal is CallRefusal.NoRoute or CallRefusal.NotRegistered or CallRefusal.InvalidNumber ? placement.NotSupported : HoiioStatus.CallService);
    }
}
