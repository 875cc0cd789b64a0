using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Catapult.Bridges;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>POST calls: rings a party; the answer comes before the party's.</summary>
internal static class CatapultCreateCall
{
    private const string Resource = "call";
    private const int RingSeconds = 60;
    private const int MostRingSeconds = 300;

    public static async ValueTask<CatapultAnswer> RunAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var fields = new CatapultFields(Resource, ask.Body);
        var details = ImmutableDictionary.CreateBuilder<string, string>();
        var (from, to) = (fields.Needed("from"), fields.Needed("to"));
        var ringTime = fields.Number("callTimeout", 1, MostRingSeconds) ?? RingSeconds;
        CatapultTerms.ReadCallbacks(fields, details);
        CatapultTerms.ReadRecording(fields, details);
        CatapultTerms.ReadTag(fields, details);
        CatapultTerms.Put(details, CatapultDetail.CallTimeout, ringTime);
        CatapultTerms.Put(details, CatapultDetail.User, ask.User);
        CatapultTerms.Put(details, CatapultDetail.To, to);
        var headers = CatapultTerms.ReadHeaders(fields, details);
        var (bridge, conference) = (fields.Text("bridgeId"), fields.Text("conferenceId"));
        var dialed = CatapultNumber.Dialed(to, ask.Directory);
        if (dialed is null)
            fields.Refuse(CatapultError.Invalid("Invalid phone number"));
        if (fields.Mistake is { } mistake)
            return mistake;
        if (!ask.Owns(from))
            return CatapultError.NumberNotOwned(ask.User, from);
        if (CatapultCredit.Refuse(ask.Account, dialed!) is { } poor)
            return poor;
        if (ports.Limits.TakeCall(ask.Account.Name, from) is { } tooFast)
            return tooFast;
        if (conference is { Length: > 0 })
            return CatapultError.NotFound("conference", conference);
        var orders = ImmutableArray.CreateBuilder<AudioOrder>();
        if (bridge is { Length: > 0 })
        {
            if (await CatapultBridgeOperations.RefuseAsync(ask, ports, bridge, cancellation) is { } full)
                return full;
            details[CatapultDetail.BridgeId] = bridge;
        }
        if (details.GetValueOrDefault(CatapultDetail.RecordingEnabled) == "true")
            orders.Add(CatapultTerms.RecordingOf(1, details.GetValueOrDefault));
        var reply = await ports.Calls.AskAsync(
            new CallCommand.Originate
            {
                Dialect = CatapultWords.Dialect,
                Account = ask.Account.Name,
                Caller = new Party(from, ask.Directory.Extension(from)?.Name),
                Dialed = dialed!,
                Then = ThenOf(details),
                RingTime = TimeSpan.FromSeconds(ringTime),
                Details = details.ToImmutable(),
                Enclosed = headers,
                EvenUnreachable = true,
                OnceAnswered = orders.ToImmutable(),
            },
            cancellation);
        if (reply is not { Done: true, Call: { } call })
            return Refused(reply.Refusal, from, to);
        var id = CatapultId.Of(new LegId(call.Id, 1));
        if (bridge is { Length: > 0 })
            await CatapultBridgeOperations.AddAsync(ask, ports, bridge, id, cancellation);
        return CatapultAnswer.Created(ask.Url($"calls/{id}"));
    }

    /// <summary>An application that takes its events by GET answers the one of the answer with a document.</summary>
    private static OnAnswer ThenOf(IReadOnlyDictionary<string, string> details) =>
        details.GetValueOrDefault(CatapultDetail.CallbackHttpMethod) == "GET" && details.GetValueOrDefault(CatapultDetail.CallbackUrl) is { } url
            ? new OnAnswer.RunScript(new ScriptRef(CatapultWords.Dialect, url))
            : new OnAnswer.Wait();

    private static CatapultError Refused(CallRefusal refusal, string from, string to) => refusal switch
    {
        CallRefusal.NoRoute or CallRefusal.InvalidNumber =>
            CatapultError.ForbiddenOf("invalid-call-to-number", $"Cannot make a call to number '{to}'", ("number", to)),
        _ => CatapultError.UnavailableOf("call-creation-failure", $"A call from '{from}' to '{to}' could not be created"),
    };
}
