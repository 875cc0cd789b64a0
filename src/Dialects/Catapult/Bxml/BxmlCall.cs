using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Catapult.Calls;
using Switchhook.Dialects.Catapult.Events;

namespace Switchhook.Dialects.Catapult.Bxml;

/// <summary>A call that is steered by documents, as its application knows it.</summary>
/// <param name="User">The account's id in addresses.</param>
/// <param name="Leg">The leg the document runs on.</param>
/// <param name="From">The calling party's number.</param>
/// <param name="To">What was called.</param>
internal sealed record BxmlCall(string User, LegId Leg, string From, string To)
{
    /// <summary>Where its events go.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>Asked once when the first address fails.</summary>
    public string? FallbackUrl { get; init; }

    /// <summary>How long either has for an answer.</summary>
    public TimeSpan CallbackTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The application's own word for the call.</summary>
    public string? Tag { get; init; }

    /// <summary>The application that took the call, when it came in.</summary>
    public string? Application { get; init; }

    /// <summary>What its caller is told of, where it came in; null for one that was placed.</summary>
    public CatapultCaller? Caller { get; init; }

    /// <summary>Null for a call of nobody who may use this dialect.</summary>
    public static BxmlCall? Of(Call call, CallDirectory directory)
    {
        var name = call.Origin.Account ?? call.Accounts.FirstOrDefault();
        if (name is null || directory.Account(name) is not { Catapult.UserId: var user } account || !account.MayUse(CatapultWords.Dialect))
            return null;
        var leg = call.FindLeg(call.Near) ?? call.FindLeg(1);
        if (leg is null)
            return new BxmlCall(user, new LegId(call.Id, 1), call.Caller.Number, call.Dialed);
        var side = new CatapultCall(call, leg);
        return new BxmlCall(side[CatapultDetail.User] ?? user, leg.From ?? leg.Id, side.From, side.To)
        {
            CallbackUrl = side[CatapultDetail.CallbackUrl],
            FallbackUrl = side[CatapultDetail.FallbackUrl],
            CallbackTime = CatapultDelivery.TimeOf(side),
            Tag = side[CatapultDetail.Tag],
            Application = side[CatapultDetail.ApplicationId],
            Caller = CatapultCaller.Of(side),
        };
    }
}
