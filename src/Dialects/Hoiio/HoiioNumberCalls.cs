using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Hoiio;

/// <summary>Calls to numbers of an application: it is told, and they ring until it acts.</summary>
internal sealed class HoiioNumberCalls(HoiioOptions options) : INumberApplications
{
    /// <inheritdoc/>
    public NumberOffer? Offer(NumberEntry number, CallDirectory directory, ArrivingCall arriving) =>
        number is { To.Hoiio: { } url, Account: { } account } && directory.Account(account) is { Hoiio: not null } known && known.MayUse(HoiioWords.Dialect)
            ? new NumberOffer(new CallPlan.Offered(HoiioWords.Dialect, url, options.OfferTime))
            : null;
}
