using Microsoft.AspNetCore.Http.HttpResults;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Server.Json;

namespace Switchhook.Server.Native;

/// <summary><c>POST /switchhook/v1/calls/{id}/hangup</c>: a call that is over or ending already is answered like the first time.</summary>
internal sealed class HangupEndpoint(NativePorts ports)
{
    public async Task<IResult> HandleAsync(HttpContext context, string id)
    {
        var account = context.Account();
        var (body, problem) = await RequestBody.ReadAsync(context);
        if (problem is not null)
            return problem.AsResult();
        if (await ports.FindAsync(id, account, context.RequestAborted) is not { } call)
            return Problem.NoSuchCall.AsResult();
        var mistakes = new List<Mistake>();
        if (HangupRequest.Read(body.Span, call.Id, mistakes) is not { } request)
            return Problem.BadRequest([.. mistakes.Select(m => m.ToString())]).AsResult();
        if (request.Leg is { } leg && call.FindLeg(leg) is null)
            return Problem.Of(CallRefusal.NoSuchLeg, id).AsResult();
        if (call.HasEnded)
            return Shown(call);

        var command = new CallCommand.HangUp(call.Id, new HangupBy.Api("native", account.Name), request.Cause, request.Leg);
        var reply = await ports.Calls.AskAsync(command, context.RequestAborted);
        return reply.Refusal switch
        {
            CallRefusal.None or CallRefusal.HangupInProgress or CallRefusal.CallEnded =>
                Shown(reply.Call ?? await ports.FindAsync(id, account, context.RequestAborted) ?? call),
            // It ended between the look and the request, and its end was stored first.
            CallRefusal.NoSuchCall => await ports.FindAsync(id, account, context.RequestAborted) is { } ended
                ? Shown(ended) : Problem.NoSuchCall.AsResult(),
            var refusal => Problem.Of(refusal, id).AsResult(),
        };
    }

    private static JsonHttpResult<CallDocument> Shown(Call call) => TypedResults.Json(call.ToDocument(), NativeJson.Shown.CallDocument);
}
