using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.OpenApi;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Server.Native;

/// <summary>The native API: <c>/switchhook/v1</c>, JSON, one key an account.</summary>
internal sealed class NativeApi(NativePorts ports)
{
    public const string Root = "/switchhook/v1";

    private readonly NativeAccess _access = new(ports.Directory);
    private readonly OriginateEndpoint _originate = new(ports);
    private readonly HangupEndpoint _hangup = new(ports);
    private readonly SoundEndpoints _sound = new(ports);
    private readonly ConferencesEndpoints _conferences = new(ports);
    private readonly RecordingsEndpoints _recordings = new(ports);
    private readonly LookEndpoints _look = new(ports);
    private readonly MessagesEndpoint _messages = new(ports);
    private readonly ExportEndpoint _export = new(ports);
    private readonly EventsEndpoint _events = new(ports);
    private readonly WebhookEndpoints _webhooks = new(ports);

    // The handlers bind nothing but texts, which the generator and the runtime do alike.
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The server is not trimmed.")]
    public void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Root).AddEndpointFilter(RequireAccountAsync);
        group.MapPost("/calls", (Delegate)_originate.HandleAsync)
            .WithName("originate").WithSummary("Place a call").WithDescription("Honours the header Idempotency-Key for 24 hours.")
            .Accepts<OriginateBody>("application/json")
            .Produces<CallDocument>(StatusCodes.Status201Created).Refuses(400, 401, 403, 409, 422, 503);
        group.MapGet("/calls", _look.ListAsync)
            .WithName("listCalls").WithSummary("List calls, newest first")
            .Produces<CallListDocument>().Refuses(400, 401, 403, 503);
        group.MapGet("/calls/export", _export.HandleAsync)
            .WithName("exportCalls").WithSummary("All ended calls, oldest first, as JSON lines or CSV")
            .WithDescription("format is jsonl or csv; since and until are times of beginning.")
            .Produces<string>(contentType: "application/jsonl").Refuses(400, 401, 403, 503);
        group.MapGet("/calls/{id}", _look.ShowAsync)
            .WithName("showCall").WithSummary("A call with its legs and their hangup records")
            .Produces<CallDocument>().Refuses(401, 403, 404, 503);
        group.MapGet("/calls/{id}/trace", _look.TraceAsync)
            .WithName("traceCall").WithSummary("What happened in a call, in order of time")
            .Produces<TraceDocument>().Refuses(401, 403, 404, 503);
        group.MapPost("/calls/{id}/hangup", _hangup.HandleAsync)
            .WithName("hangUp").WithSummary("End a call, or one leg of it").WithDescription("A repeat is answered like the first time.")
            .Accepts<HangupBody>(isOptional: true, "application/json")
            .Produces<CallDocument>().Refuses(400, 401, 403, 404, 409, 503);
        MapSound(group);
        group.MapPost("/messages", (Delegate)_messages.HandleAsync)
            .WithName("sendMessage").WithSummary("Send a text to the phones of an extension")
            .WithDescription("The answer comes with the first phone that takes it, or when all have failed; outcome says which.")
            .Accepts<MessageBody>("application/json")
            .Produces<MessageDocument>(StatusCodes.Status202Accepted).Refuses(400, 401, 403, 404, 503);
        group.MapGet("/events", (Delegate)_events.StreamAsync)
            .WithName("events").WithSummary("Events from any cursor and as they happen, as server-sent events")
            .WithDescription("after, or the header Last-Event-ID, goes on behind that cursor; 0 begins with the oldest event kept. call and events filter.")
            .Produces<EventDocument>(contentType: "text/event-stream").Refuses(400, 401, 403, 503);
        group.MapGet("/events/ws", (Delegate)_events.SocketAsync)
            .WithName("eventsSocket").WithSummary("The same events over a WebSocket")
            .WithDescription("Text messages with cursor, event and data. A browser offers the protocols switchhook and switchhook.key.KEY.")
            .Produces(StatusCodes.Status101SwitchingProtocols).Refuses(400, 401, 403, 426, 503);
        group.MapGet("/webhooks", _webhooks.ListAsync)
            .WithName("listWebhooks").WithSummary("List webhooks, newest first")
            .Produces<WebhookListDocument>().Refuses(400, 401, 403, 503);
        group.MapGet("/webhooks/{id}", _webhooks.ShowAsync)
            .WithName("showWebhook").WithSummary("A webhook with its body")
            .Produces<WebhookDocument>().Refuses(401, 403, 404, 503);
        group.MapPost("/webhooks/{id}/replay", _webhooks.ReplayAsync)
            .WithName("replayWebhook").WithSummary("Deliver a webhook again").WithDescription("Under the same id. One that is not done yet is refused.")
            .Produces<WebhookDocument>(StatusCodes.Status202Accepted).Refuses(401, 403, 404, 409, 503);
    }

    private void MapSound(RouteGroupBuilder group)
    {
        group.MapPost("/calls/{id}/play", _sound.PlayAsync)
            .WithName("play").WithSummary("Play a file to one party or all, or stop").WithDescription("The event playback.ended tells the end.")
            .Accepts<PlayBody>("application/json").Produces<CallDocument>().Refuses(400, 401, 403, 404, 409, 503);
        group.MapPost("/calls/{id}/speak", _sound.SpeakAsync)
            .WithName("speak").WithSummary("Speak a text to one party or all, or stop").WithDescription("The event playback.ended tells the end.")
            .Accepts<SpeakBody>("application/json").Produces<CallDocument>().Refuses(400, 401, 403, 404, 409, 503);
        group.MapPost("/calls/{id}/gather", _sound.GatherAsync)
            .WithName("gather").WithSummary("Gather keys of a party, or stop").WithDescription("The event gather.ended tells them.")
            .Accepts<GatherBody>(isOptional: true, "application/json").Produces<CallDocument>().Refuses(400, 401, 403, 404, 409, 503);
        group.MapPost("/calls/{id}/digits", _sound.DigitsAsync)
            .WithName("sendDigits").WithSummary("Press keys toward one party or all")
            .Accepts<DigitsBody>("application/json").Produces<CallDocument>().Refuses(400, 401, 403, 404, 409, 503);
        group.MapPost("/calls/{id}/mute", _sound.MuteAsync)
            .WithName("mute").WithSummary("Let nobody hear a party, or let them again")
            .Accepts<MuteBody>(isOptional: true, "application/json").Produces<CallDocument>().Refuses(400, 401, 403, 404, 409, 503);
        group.MapPost("/calls/{id}/record", _sound.RecordAsync)
            .WithName("record").WithSummary("Record a call, pause, go on, or stop").WithDescription("The event recording.ended tells the file.")
            .Accepts<RecordBody>(isOptional: true, "application/json").Produces<CallDocument>().Refuses(400, 401, 403, 404, 409, 503);
        group.MapPost("/calls/{id}/conference", _sound.ConferenceAsync)
            .WithName("conference").WithSummary("Put a call of one party into a conference, hold it there, or take it out")
            .Accepts<ConferenceBody>("application/json").Produces<CallDocument>().Refuses(400, 401, 403, 404, 409, 503);
        group.MapPost("/calls/{id}/supervise", _sound.SuperviseAsync)
            .WithName("supervise").WithSummary("Listen in on a live call with this one, whisper to one of its parties, or barge in")
            .Accepts<SuperviseBody>("application/json").Produces<CallDocument>().Refuses(400, 401, 403, 404, 409, 503);
        group.MapGet("/conferences", (Delegate)_conferences.List)
            .WithName("listConferences").WithSummary("The conferences that have members now")
            .Produces<ConferenceListDocument>().Refuses(401, 403);
        group.MapGet("/conferences/{room}", (Delegate)_conferences.Show)
            .WithName("showConference").WithSummary("A conference with its members")
            .Produces<ConferenceDocument>().Refuses(401, 403, 404);
        group.MapGet("/recordings", _recordings.ListAsync)
            .WithName("listRecordings").WithSummary("List recordings, those of the newest calls first")
            .Produces<RecordingListDocument>().Refuses(400, 401, 403, 404, 503);
        group.MapGet("/recordings/{id}", _recordings.ShowAsync)
            .WithName("showRecording").WithSummary("A recording")
            .Produces<RecordingDocument>().Refuses(401, 403, 404, 503);
        group.MapGet("/recordings/{id}/audio", _recordings.DownloadAsync)
            .WithName("downloadRecording").WithSummary("The audio of a recording").WithDescription("format is wav or mp3. One under way can be had too.")
            .Produces<string>(contentType: "audio/wav").Refuses(400, 401, 403, 404, 503);
    }

    private async ValueTask<object?> RequireAccountAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var account = _access.Find(call.HttpContext, out var problem);
        if (account is null)
            return problem!.AsResult();
        call.HttpContext.Features.Set(account);
        try
        {
            return await next(call);
        }
        catch (StorageUnavailableException)
        {
            return Problem.Storage.AsResult();
        }
    }
}

internal static class NativeContext
{
    /// <summary>The account the request's key belongs to.</summary>
    public static Account Account(this HttpContext context) => context.Features.GetRequiredFeature<Account>();

    /// <summary>Documents the failures an address answers with.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            route.Produces<ProblemDocument>(status, Problem.ContentType);
        return route;
    }

    private static T GetRequiredFeature<T>(this Microsoft.AspNetCore.Http.Features.IFeatureCollection features) =>
        features.Get<T>() ?? throw new InvalidOperationException($"The request has no {typeof(T).Name}.");
}
