using System.Collections.Immutable;
using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Catapult.Calls;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Applications;

/// <summary>Calls to numbers of applications: answered at once, offered to the application, or given to the document it answers with.</summary>
public sealed class CatapultIncoming : INumberApplications
{
    /// <summary>Why a call is refused; its errors are told by these.</summary>
    internal const string NoApplication = "no application for the number", NoAddress = "the application has no address for calls";

    /// <summary>What a call that nobody takes ends with.</summary>
    internal const HangupCause NobodyThere = HangupCause.SubscriberAbsent;

    private const string XHeader = "X-";

    /// <summary>How long an application has to answer or reject a call that rings.</summary>
    private static readonly TimeSpan OfferTime = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan FetchTime = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public NumberOffer? Offer(NumberEntry number, CallDirectory directory, ArrivingCall arriving)
    {
        if (number.To.CatapultApplication is not { } id || number.Account is not { } owner
            || directory.Account(owner) is not { Catapult.UserId: var user } account || !account.MayUse(CatapultWords.Dialect))
            return null;
        if (directory.CatapultApplication(id) is not { } application)
            return Refused(NoApplication);
        // The documented way to refuse every call.
        if (application.IncomingCallUrl is not { } url)
        {
            return Refused(NoAddress) with
            {
                Details = ImmutableDictionary<string, string>.Empty
                    .Add(CatapultDetail.User, user).Add(CatapultDetail.To, number.Number)
                    .Add(CatapultDetail.ApplicationId, application.Id).Add(CatapultDetail.ApplicationName, application.Name ?? application.Id),
            };
        }
        return new NumberOffer(PlanOf(application, url)) { Details = DetailsOf(application, url, user, number.Number, arriving) };
    }

    private static CallPlan PlanOf(CatapultApplication application, string url) => (application.AutoAnswer, IsGet(application)) switch
    {
        (true, true) => new CallPlan.Scripted(new ScriptRef(CatapultWords.Dialect, url), FetchTime),
        (true, false) => new CallPlan.Service(ServiceBehaviour.Answer),
        _ => new CallPlan.Offered(CatapultWords.Dialect, application.Id, OfferTime),
    };

    private static bool IsGet(CatapultApplication application) => application.CallbackHttpMethod.Equals("get", StringComparison.OrdinalIgnoreCase);

    private static NumberOffer Refused(string rule) => new(new CallPlan.Refused(NobodyThere, rule));

    private static ImmutableDictionary<string, string> DetailsOf(CatapultApplication application, string url, string user, string number, ArrivingCall arriving)
    {
        var details = ImmutableDictionary.CreateBuilder<string, string>();
        details[CatapultDetail.User] = user;
        details[CatapultDetail.ApplicationId] = application.Id;
        details[CatapultDetail.To] = number;
        details[CatapultDetail.CallbackUrl] = url;
        details[CatapultDetail.CallbackHttpMethod] = IsGet(application) ? "GET" : "POST";
        CatapultTerms.Put(details, CatapultDetail.FallbackUrl, application.IncomingCallFallbackUrl);
        CatapultTerms.Put(details, CatapultDetail.CallbackTimeout, application.IncomingCallUrlCallbackTimeout);
        CatapultTerms.Put(details, CatapultDetail.PreferredId, First(arriving, "P-Preferred-Identity") ?? First(arriving, "P-Asserted-Identity"));
        if (All(arriving, CatapultDiversion.Header) is { Length: > 0 } diversion)
        {
            details[CatapultDetail.DiversionHeader] = diversion;
            CatapultTerms.Put(details, CatapultDetail.Diversion, CatapultDiversion.Describe(diversion));
        }
        var own = arriving.Headers.Where(static h => h.Key.StartsWith(XHeader, StringComparison.OrdinalIgnoreCase))
            .GroupBy(static h => h.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(static g => g.Key, static g => g.First().Value, StringComparer.Ordinal);
        if (own.Count > 0)
            details[CatapultDetail.SipHeaders] = JsonSerializer.Serialize(own, CatapultTexts.Default.DictionaryStringString);
        return details.ToImmutable();
    }

    /// <summary>Rows of one name are one list (RFC 3261 §7.3.1).</summary>
    private static string All(ArrivingCall arriving, string name) =>
        string.Join(", ", arriving.Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(static h => h.Value));

    private static string? First(ArrivingCall arriving, string name) =>
        arriving.Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
