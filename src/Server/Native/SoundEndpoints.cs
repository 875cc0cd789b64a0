using Switchhook.Calls.Commands;
using Switchhook.Server.Json;

namespace Switchhook.Server.Native;

/// <summary>What is asked for the audio of a live call: <c>POST /switchhook/v1/calls/{id}/play</c> and its like.</summary>
internal sealed class SoundEndpoints(NativePorts ports)
{
    public Task<IResult> PlayAsync(HttpContext context, string id) => AskAsync(context, id, SoundRequest.Play);

    public Task<IResult> SpeakAsync(HttpContext context, string id) => AskAsync(context, id, SoundRequest.Speak);

    public Task<IResult> GatherAsync(HttpContext context, string id) => AskAsync(context, id, SoundRequest.Gather);

    public Task<IResult> DigitsAsync(HttpContext context, string id) => AskAsync(context, id, SoundRequest.Digits);

    public Task<IResult> MuteAsync(HttpContext context, string id) => AskAsync(context, id, SoundRequest.Mute);

    public Task<IResult> RecordAsync(HttpContext context, string id) => AskAsync(context, id, SoundRequest.Record);

    public Task<IResult> ConferenceAsync(HttpContext context, string id) => AskAsync(context, id, SoundRequest.Conference);

    public Task<IResult> SuperviseAsync(HttpContext context, string id) => AskAsync(context, id, SoundRequest.Supervise);

    private async Task<IResult> AskAsync(HttpContext context, string id, SoundRequest.Reader reader)
    {
        var account = context.Account();
        var (body, problem) = await RequestBody.ReadAsync(context);
        if (problem is not null)
            return problem.AsResult();
        if (await ports.FindAsync(id, account, context.RequestAborted) is not { } call)
            return Problem.NoSuchCall.AsResult();
        var mistakes = new List<Mistake>();
        if (SoundRequest.Read(body.Span, call, account, reader, mistakes) is not { } command)
            return Problem.BadRequest([.. mistakes.Select(m => m.ToString())]).AsResult();
        if (call.HasEnded)
            return Problem.Of(CallRefusal.CallEnded, id).AsResult();
        // Another account's call looks like none.
        if (command is CallCommand.Supervise supervise && ports.Calls.Find(supervise.Target)?.IsVisibleTo(account.Name) != true)
            return Problem.NoSuchCall.AsResult();
        var reply = await ports.Calls.AskAsync(command, context.RequestAborted);
        return reply.Done && reply.Call is { } after
            ? TypedResults.Json(after.ToDocument(), NativeJson.Shown.CallDocument) : Problem.Of(reply.Done ? CallRefusal.CallEnded : reply.Refusal, id).AsResult();
    }
}
