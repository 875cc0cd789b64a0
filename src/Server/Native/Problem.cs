using Switchhook.Calls.Commands;

namespace Switchhook.Server.Native;

/// <summary>A failure with a name, as RFC 9457 writes it. The name is also the fragment of its page: <c>/docs#no-route</c>.</summary>
internal sealed record Problem(int Status, string Code, string Title, string? Detail = null)
{
    public const string ContentType = "application/problem+json";

    /// <summary>The call it is about, when one exists.</summary>
    public string? Call { get; init; }
    public IReadOnlyList<string>? Mistakes { get; init; }
    public int? RetryAfterSeconds { get; init; }

    public static Problem Unauthorized { get; } = new(401, "unauthorized", "A native key is needed", "Send the header Authorization: Bearer shk_…");

    public static Problem Forbidden { get; } = new(403, "forbidden", "The account may not use the native API");

    public static Problem ForbiddenAddress { get; } = new(403, "forbidden-address", "This address may not use the APIs");

    public static Problem NoSuchCall { get; } = new(404, "no-such-call", "There is no such call");

    public static Problem NoSuchWebhook { get; } = new(404, "no-such-webhook", "There is no such webhook");

    public static Problem WebhookPending { get; } = new(409, "webhook-pending", "The webhook is not done yet and is tried again by itself");

    public static Problem Storage { get; } =
        new(503, "storage-unavailable", "The call records cannot be read now") { RetryAfterSeconds = 5 };

    public static Problem BadRequest(params IReadOnlyList<string> mistakes) =>
        new(400, "bad-request", "The request cannot be understood", string.Join("; ", mistakes)) { Mistakes = mistakes };

    /// <summary>For a bare status that something else set.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        404 => new(404, "no-such-page", "There is nothing at this address", "The addresses are listed at /docs"),
        405 => new(405, "wrong-method", "The method does not fit this address"),
        413 => new(413, "too-large", "The request is too large"),
        415 => new(415, "wrong-type", "The body must be application/json"),
        >= 500 => new(status, "internal-error", "Something broke here; the log has the details"),
        _ => new(status, "bad-request", "The request cannot be understood"),
    };

    public IResult AsResult() => new ProblemResult(this);

    /// <summary>A refusal of the exchange.</summary>
    public static Problem Of(CallRefusal refusal, string? call) => Of(refusal) with { Call = call };

    private static Problem Of(CallRefusal refusal) => refusal switch
    {
        CallRefusal.NoSuchCall => NoSuchCall,
        CallRefusal.CallEnded => new Problem(409, "call-ended", "The call is over"),
        CallRefusal.HangupInProgress => new Problem(409, "hangup-in-progress", "The call is being hung up"),
        CallRefusal.WrongState => new Problem(409, "wrong-state", "The call is not in a state that allows it"),
        CallRefusal.NoSuchLeg => new Problem(404, "no-such-leg", "The call has no such leg"),
        CallRefusal.NoRoute => new Problem(422, "no-route", "No extension, number or route fits the number"),
        CallRefusal.NotRegistered => new Problem(422, "not-registered", "No phone is registered for the extension"),
        CallRefusal.InvalidNumber => new Problem(422, "invalid-number", "The number is not one"),
        CallRefusal.TooManyCalls => new Problem(503, "too-many-calls", "The limit of live calls or calls a second is reached") { RetryAfterSeconds = 1 },
        CallRefusal.ShuttingDown => new Problem(503, "shutting-down", "The server is stopping") { RetryAfterSeconds = 30 },
        CallRefusal.Congestion => new Problem(503, "congestion", "No media port is free, or too much is waiting") { RetryAfterSeconds = 1 },
        CallRefusal.NotPlaying => new Problem(409, "not-playing", "Nothing is being played"),
        CallRefusal.AlreadyGathering => new Problem(409, "already-gathering", "Keys are being gathered already"),
        CallRefusal.NotGathering => new Problem(409, "not-gathering", "No keys are being gathered"),
        CallRefusal.AlreadyRecording => new Problem(409, "already-recording", "The leg is being recorded already"),
        CallRefusal.NotRecording => new Problem(409, "not-recording", "Nothing is being recorded"),
        CallRefusal.AlreadyInConference => new Problem(409, "already-in-conference", "The call is in a conference already"),
        CallRefusal.NotInConference => new Problem(409, "not-in-conference", "The call is in no conference"),
        CallRefusal.ConferenceFull => new Problem(409, "conference-full", "Every seat of the conference is taken"),
        CallRefusal.None => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "Not a refusal."),
    };

    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        if (RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (Status == 401)
            response.Headers.WWWAuthenticate = "Bearer realm=\"switchhook\"";
        var document = new ProblemDocument($"/docs#{Code}", Title, Status, Detail, context.Request.Path, Code, Call, Mistakes);
        await response.WriteAsJsonAsync(document, NativeJson.Shown.ProblemDocument, ContentType, context.RequestAborted);
    }

    private sealed class ProblemResult(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => problem.WriteAsync(httpContext);
    }
}
