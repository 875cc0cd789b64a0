using Microsoft.AspNetCore.Http;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult;

/// <summary>The REST interface below <c>/v1</c>: who asks, what for, and the answer with the headers every answer has.</summary>
public sealed class CatapultApi
{
    internal const string Root = "/v1";

    private readonly CatapultPorts _ports;
    private readonly CatapultAccess _access;

    public CatapultApi(CatapultOutside outside, CatapultOptions options)
    {
        _ports = new CatapultPorts(outside, options);
        _access = new CatapultAccess(outside.Directory);
    }

    /// <summary>Answers a request whose path begins with <c>/v1</c>.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        CatapultAnswer answer;
        try
        {
            answer = await AnswerAsync(context, context.RequestAborted);
        }
        catch (StorageUnavailableException)
        {
            answer = CatapultError.Internal;
        }
        catch (BadHttpRequestException bad)
        {
            answer = CatapultError.BadParameters with { Status = bad.StatusCode };
        }
        await WriteAsync(context, answer);
    }

    /// <summary>The checks in their order: who asks, whose resources, which operation, the body; then the operation's own.</summary>
    private async ValueTask<CatapultAnswer> AnswerAsync(HttpContext context, CancellationToken cancellation)
    {
        if (_access.Find(context.Request.Headers.Authorization.ToString()) is not { Catapult.UserId: var user } account)
            return CatapultAnswer.Unauthorized;
        var path = new CatapultPath(context.Request.Path.Value ?? "");
        if (path.User is null)
            return CatapultError.NoSuchResource;
        if (path.User != user)
            return CatapultError.AccessDenied;
        switch (CatapultOperations.Find(context.Request.Method, path, out var operation, out var names))
        {
            case CatapultMatch.None: return CatapultError.NoSuchResource;
            case CatapultMatch.OtherMethod: return CatapultError.MethodNotAllowed;
        }
        if (!operation.HasOwnLimit && _ports.Limits.TakeRequest(account.Name, path.Rest is [var family, ..] ? family : "") is { } tooMany)
            return tooMany;
        var body = CatapultBody.Empty;
        if (operation.ReadsBody)
        {
            var octets = await CatapultBody.ReadAsync(context.Request, cancellation);
            if (octets is null)
                return CatapultError.BadParameters with { Status = StatusCodes.Status413PayloadTooLarge };
            if (!CatapultBody.TryParse(octets, out body))
                return CatapultError.BadParameters;
        }
        return await operation.Run(new CatapultAsk(account, user, _ports.Outside.Directory.Current, names, body, context) { Kept = _ports.Kept }, _ports, cancellation);
    }

    private static async Task WriteAsync(HttpContext context, CatapultAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            response.Headers[name] = value;
        if (answer.Location is { } location)
        {
            response.Headers.Location = location;
            response.Headers.CacheControl = "no-cache";
        }
        var body = answer.Error is { } error ? error.Write(context) : answer.Body;
        if (answer.File is { } file)
        {
            await file(context);
            return;
        }
        // Exactly this and no charset: there are clients that decode nothing else.
        if (body.Length > 0)
            response.ContentType = answer.ContentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
