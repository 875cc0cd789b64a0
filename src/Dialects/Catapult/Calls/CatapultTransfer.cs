using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>POST calls/{id} with the state transferring: rings somebody for the call's party; who answers hears the whisper and is joined to it.</summary>
internal sealed record CatapultTransfer(CatapultCall Call, string To, string Dialed, Party? Shown, string? CallerId, CatapultSound? Whisper)
{
    private const int RingSeconds = 60;
    private static readonly string[] Reasons =
    [
        "unknown", "user-busy", "no-answer", "unavailable", "unconditional", "time-of-day", "do-not-disturb", "deflection", "follow-me", "out-of-service", "away",
    ];

    /// <summary>What the new leg keeps.</summary>
    public required ImmutableDictionary<string, string> Details { get; init; }

    /// <summary>What its INVITE carries.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Enclosed { get; init; } = [];

    /// <summary>Reads the parameters; null after a mistake.</summary>
    public static CatapultTransfer? Read(CatapultAsk ask, CatapultCall call, CatapultFields fields)
    {
        var to = fields.Needed("transferTo");
        var dialed = CatapultNumber.Dialed(to, ask.Directory);
        if (dialed is null)
            fields.Refuse(CatapultError.Invalid("Invalid phone number"));
        var callerId = fields.Text("transferCallerId") is { Length: > 0 } given ? given : null;
        if (callerId is not null && callerId != "private" && !ask.Owns(callerId) && !(call.IsInbound && callerId == call.From))
            fields.Refuse(CatapultError.Invalid($"The callerId {callerId} is not allowed. It must be `private` or a phone number owned by user"));
        CatapultSound? whisper = null;
        if (fields.Part("whisperAudio") is { } part)
        {
            whisper = CatapultSound.Read(ask, part);
            if (part.Mistake is { } wrong)
                fields.Refuse(wrong);
        }
        var details = ImmutableDictionary.CreateBuilder<string, string>();
        CatapultTerms.ReadCallbacks(fields, details);
        CatapultTerms.ReadTag(fields, details);
        var enclosed = CatapultDiversion.For(call, fields.Word("diversionTreatment", "none", "propagate", "stack"), fields.Word("diversionReason", Reasons), ask.Context.Request.Host.Host);
        if (fields.Mistake is not null)
            return null;
        if (!details.ContainsKey(CatapultDetail.CallbackUrl))
            Inherit(call, details, CatapultDetail.CallbackUrl, CatapultDetail.FallbackUrl);
        Inherit(call, details, CatapultDetail.CallbackHttpMethod, CatapultDetail.CallbackTimeout);
        CatapultTerms.Put(details, CatapultDetail.User, ask.User);
        CatapultTerms.Put(details, CatapultDetail.To, to);
        CatapultTerms.Put(details, CatapultDetail.CallTimeout, RingSeconds);
        return new CatapultTransfer(call, to, dialed!, ShownOf(call, callerId), callerId, whisper) { Details = details.ToImmutable(), Enclosed = enclosed };
    }

    public async ValueTask<CatapultAnswer> RunAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (Whisper is not null && await Whisper.PrepareAsync(ports, cancellation) is { } unplayable)
            return unplayable;
        var reply = await ports.Calls.AskAsync(
            new CallCommand.Dial(Call.Call.Id, Dialed, TimeSpan.FromSeconds(RingSeconds), Shown)
            {
                Whisper = Whisper?.Source is { } source ? [source] : [],
                Details = Details,
                Enclosed = Enclosed,
            },
            cancellation);
        if (reply is not { Done: true, Call: { } after })
        {
            return reply.Refusal is CallRefusal.NoRoute or CallRefusal.NotRegistered or CallRefusal.InvalidNumber or CallRefusal.Congestion
                ? CatapultError.UnavailableOf("call-transfer-error", $"Call '{Call.Id}' could not be transferred to '{To}'", ("callId", Call.Id))
                : await CatapultRefusals.AnswerAsync(ask, ports, Call, reply.Refusal, cancellation);
        }
        var kept = ImmutableDictionary<string, string?>.Empty.Add(CatapultDetail.TransferTo, To).Add(CatapultDetail.TransferCallerId, CallerId);
        await ports.Calls.AskAsync(new CallCommand.KeepDetails(Call.Call.Id, Call.Leg.Id.Number, kept), cancellation);
        var leg = after.Legs.First(l => ReferenceEquals(l.Details, Details));
        return CatapultAnswer.Created(ask.Url($"calls/{CatapultId.Of(leg)}"));
    }

    private static Party? ShownOf(CatapultCall call, string? callerId) => callerId switch
    {
        null when call.IsInbound => null,
        null => new Party(call.From),
        "private" => new Party(call.From, IsWithheld: true),
        var number => new Party(number),
    };

    private static void Inherit(CatapultCall call, ImmutableDictionary<string, string>.Builder details, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!details.ContainsKey(name))
                CatapultTerms.Put(details, name, call[name]);
        }
    }
}
