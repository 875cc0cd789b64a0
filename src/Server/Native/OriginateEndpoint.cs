using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Ports;
using Switchhook.Server.Json;

namespace Switchhook.Server.Native;

/// <summary><c>POST /switchhook/v1/calls</c>.</summary>
internal sealed class OriginateEndpoint(NativePorts ports)
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 255;

    /// <summary>The call is under way: while the database fails, its answer does not wait any longer.</summary>
    private static readonly TimeSpan LongestStore = TimeSpan.FromSeconds(5);

    private readonly IdempotencyKeys _keys = new(ports.Keys, ports.Time);

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var (body, problem) = await RequestBody.ReadAsync(context);
        if (problem is not null)
            return problem.AsResult();
        if (!context.Request.Headers.TryGetValue(KeyHeader, out var keys))
            return (await OriginateAsync(context, body)).Result;
        var key = keys.ToString();
        if (key.Length is 0 or > LongestKey || key.Any(c => c is < ' ' or > '~'))
            return Problem.BadRequest($"{KeyHeader}: must be 1 to {LongestKey} visible characters").AsResult();
        return await OnceAsync(context, key, body);
    }

    private async Task<IResult> OnceAsync(HttpContext context, string key, ReadOnlyMemory<byte> body)
    {
        var digest = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(body.Span));
        var once = await _keys.OnceAsync(
            new RequestKey(context.Account().Name, key), digest, () => StoredOriginateAsync(context, body), context.RequestAborted);
        return once switch
        {
            OnceOutcome.Answered(var answer) => new Created(answer),
            OnceOutcome.Failed(var result) => result,
            OnceOutcome.Reused => new Problem(422, "key-reused", $"This {KeyHeader} was used for another request").AsResult(),
            _ => new Problem(
                409, "outcome-unknown", "The server stopped while it placed the call of this key",
                "Look whether the call is among the calls; use another key to place one in any case").AsResult(),
        };
    }

    /// <summary>
    /// As <see cref="OriginateAsync"/>; the answer waits until the call's beginning is in the log, so that a key never leads to a call that a
    /// crash has wiped out.
    /// </summary>
    private async Task<(IResult Result, RequestAnswer? Answer)> StoredOriginateAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var before = ports.Events.Ring.Last;
        var (result, call) = await OriginateAsync(context, body);
        if (call is null)
            return (result, null);
        await ports.Events.Ring.SeenAsync(call.Id, before, LongestStore, ports.Time);
        return (result, Keep(call));
    }

    private async Task<(IResult Result, Call? Call)> OriginateAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var mistakes = new List<Mistake>();
        var command = OriginateRequest.Read(body.Span, context.Account(), ports.ScriptDialects, mistakes);
        if (command is null)
            return (Problem.BadRequest([.. mistakes.Select(m => m.ToString())]).AsResult(), null);
        // A client that hangs up its connection must not leave a call nobody knows of half placed.
        var reply = await ports.Calls.AskAsync(command, CancellationToken.None);
        if (!reply.Done || reply.Call is null)
            return (Problem.Of(reply.Done ? CallRefusal.Congestion : reply.Refusal, reply.Call?.Id.ToString()).AsResult(), null);
        return (new Created(Keep(reply.Call)), reply.Call);
    }

    private static RequestAnswer Keep(Call call) => new(
        $"{NativeApi.Root}/calls/{call.Id}", JsonSerializer.SerializeToUtf8Bytes(call.ToDocument(), NativeJson.Shown.CallDocument));

    private sealed class Created(RequestAnswer answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = StatusCodes.Status201Created;
            response.Headers.Location = answer.Location;
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body, httpContext.RequestAborted);
        }
    }
}
