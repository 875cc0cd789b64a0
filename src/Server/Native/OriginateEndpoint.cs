using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Server.Json;

namespace Switchhook.Server.Native;

/// <summary><c>POST /switchhook/v1/calls</c>.</summary>
internal sealed class OriginateEndpoint(NativePorts ports)
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 255;
    private readonly IdempotencyKeys _keys = new(ports.Time);

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
        var text = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(body.Span));
        while (true)
        {
            var entry = _keys.Enter(context.Account().Name, key, text, out var first);
            if (!entry.IsFor(text))
                return new Problem(422, "key-reused", $"This {KeyHeader} was used for another request").AsResult();
            if (first)
                return await FirstAsync(context, entry, body);
            // Null: the first one failed and freed the key, so this one may try.
            if (await entry.Answer.WaitAsync(context.RequestAborted) is { } kept)
                return new Created(kept);
        }
    }

    private async Task<IResult> FirstAsync(HttpContext context, IdempotencyKeys.Entry entry, ReadOnlyMemory<byte> body)
    {
        KeptAnswer? kept = null;
        try
        {
            (var result, kept) = await OriginateAsync(context, body);
            return result;
        }
        finally
        {
            if (kept is null)
                entry.Forget();
            else
                entry.Finish(kept);
        }
    }

    private async Task<(IResult Result, KeptAnswer? Kept)> OriginateAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var mistakes = new List<Mistake>();
        var command = OriginateRequest.Read(body.Span, context.Account(), ports.ScriptDialects, mistakes);
        if (command is null)
            return (Problem.BadRequest([.. mistakes.Select(m => m.ToString())]).AsResult(), null);
        // A client that hangs up its connection must not leave a call nobody knows of half placed.
        var reply = await ports.Calls.AskAsync(command, CancellationToken.None);
        if (!reply.Done || reply.Call is null)
            return (Problem.Of(reply.Done ? CallRefusal.Congestion : reply.Refusal, reply.Call?.Id.ToString()).AsResult(), null);
        var kept = Keep(reply.Call);
        return (new Created(kept), kept);
    }

    private static KeptAnswer Keep(Call call) => new(
        $"{NativeApi.Root}/calls/{call.Id}", JsonSerializer.SerializeToUtf8Bytes(call.ToDocument(), NativeJson.Shown.CallDocument));

    private sealed class Created(KeptAnswer answer) : IResult
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
