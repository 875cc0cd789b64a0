using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>POST calls/{id}/gather, and GET and POST of one: keys of the party, one gather at a time.</summary>
internal static class CatapultGather
{
    private const string Resource = "gather";
    private const int MostDigits = 30;
    private const decimal UsualTimeout = 5;
    private const decimal LongestTimeout = 30;

    public static async ValueTask<CatapultAnswer> CreateAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (call, missing) = await CatapultCall.NeedAsync(ask, ports, cancellation);
        if (missing is not null)
            return missing;
        var fields = new CatapultFields(Resource, ask.Body);
        var most = fields.Number("maxDigits", 1, MostDigits) ?? MostDigits;
        var timeout = TimeSpan.FromSeconds((double)(fields.Decimal("interDigitTimeout", 0, LongestTimeout) ?? UsualTimeout));
        var (ends, tag) = (fields.Text("terminatingDigits") ?? "#", fields.Text("tag"));
        CatapultSound? prompt = null;
        if (fields.Part("prompt") is { } part)
        {
            part.Truth("bargeable");   // always true, whatever is said
            prompt = CatapultSound.Read(ask, part);
            if (part.Mistake is { } wrong)
                fields.Refuse(wrong);
        }
        if (fields.Mistake is { } mistake)
            return mistake;
        if (call.State != "active")
            return call.WrongState;
        if (prompt is not null && await prompt.PrepareAsync(ports, cancellation) is { } unplayable)
            return unplayable;
        var terms = new GatherTerms
        {
            MaxDigits = most,
            FirstTimeout = timeout,
            DigitTimeout = timeout,
            EndKeys = ends,
            Tag = tag,
            Prompt = prompt?.Source,
            LoopPrompt = prompt?.Loop ?? false,
        };
        var reply = await ports.Calls.AskAsync(new CallCommand.Sound(call.Call.Id, new AudioOrder.Gather(call.Leg.Id.Number, terms)), cancellation);
        return reply switch
        {
            { Done: true, Call: { } asked } => CatapultAnswer.Created(ask.Url($"calls/{call.Id}/gather/{CatapultId.Of(CatapultId.Gather, new LegId(asked.Id, asked.Audio.LastGather))}")),
            { Refusal: CallRefusal.AlreadyGathering } => CatapultError.ConflictOf(
                "call-duplicate-gather-error", $"DTMF digits are already being gathered for call {call.Id}", ("callId", call.Id)),
            _ => await CatapultRefusals.AnswerAsync(ask, ports, call, reply.Refusal, cancellation),
        };
    }

    public static async ValueTask<CatapultAnswer> ShowAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (call, missing) = await CatapultCall.NeedAsync(ask, ports, cancellation);
        return missing ?? await FindAsync(ask, ports, call, cancellation) switch
        {
            { } gather => Show(ask, call, gather),
            null => CatapultError.NotFound(Resource, ask["gatherId"]),
        };
    }

    /// <summary>The one change there is: it is completed.</summary>
    public static async ValueTask<CatapultAnswer> UpdateAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (call, missing) = await CatapultCall.NeedAsync(ask, ports, cancellation);
        if (missing is not null)
            return missing;
        if (await FindAsync(ask, ports, call, cancellation) is not { } gather)
            return CatapultError.NotFound(Resource, ask["gatherId"]);
        var fields = new CatapultFields(Resource, ask.Body);
        if (fields.Word("state", "completed") is null)
            fields.Refuse(CatapultError.Missing(Resource, "state"));
        if (fields.Mistake is { } mistake)
            return mistake;
        if (gather.Ended is not null)
            return CatapultError.InvalidState(call.Id, "COMPLETED");
        var refusal = await CatapultRefusals.OrderAsync(ports, call, new AudioOrder.StopGathering(), cancellation);
        return refusal == CallRefusal.NotGathering
            ? CatapultError.InvalidState(call.Id, "COMPLETED")
            : await CatapultRefusals.AnswerAsync(ask, ports, call, refusal, cancellation);
    }

    /// <summary>The word for an ending.</summary>
    public static string ReasonOf(GatherEnding ending) => ending switch
    {
        GatherEnding.MaxDigits => "max-digits",
        GatherEnding.EndKey => "terminating-digit",
        GatherEnding.Timeout => "inter-digit-timeout",
        GatherEnding.HungUp => "hung-up",
        GatherEnding.Cancelled => "cancelled",
    };

    // Strict clients know only four reasons; the fifth is told in the event alone.
    private static CatapultAnswer Show(CatapultAsk ask, CatapultCall call, Found gather) => CatapultAnswer.Of(new CatapultMembers
    {
        { "id", ask["gatherId"] },
        { "state", gather.Ended is null ? "started" : "completed" },
        { "reason", gather.Ended is null or { Ending: GatherEnding.Cancelled } ? null : ReasonOf(gather.Ended.Ending) },
        { "digits", gather.Ended?.Digits },
        { "call", ask.Url($"calls/{call.Id}") },
        { "createdTime", CatapultWords.Time(gather.Started.At) },
        { "completedTime", CatapultWords.Time(gather.Ended?.At) },
    });

    /// <summary>The gather of the path as the log has it; null when the call has had none of that id.</summary>
    private static async ValueTask<Found?> FindAsync(CatapultAsk ask, CatapultPorts ports, CatapultCall call, CancellationToken cancellation)
    {
        if (!CatapultId.TryParse(CatapultId.Gather, ask["gatherId"], out var id) || id.Call != call.Call.Id)
            return null;
        GatherStarted? started = null;
        GatherEnded? ended = null;
        await foreach (var happened in ports.EventsOfAsync(id.Call, cancellation))
        {
            if (happened is GatherStarted began && began.Gather == id.Number && began.Leg.Number == call.Leg.Id.Number)
                started = began;
            else if (happened is GatherEnded over && over.Gather == id.Number)
                ended = over;
        }
        return started is null ? null : new Found(started, ended);
    }

    private sealed record Found(GatherStarted Started, GatherEnded? Ended);
}
