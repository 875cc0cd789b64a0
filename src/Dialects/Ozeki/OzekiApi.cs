using Microsoft.AspNetCore.Http;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Messages;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki;

/// <summary>The HTTP command interface: one path, the command in a parameter, and 200 with a code in the body whatever happens.</summary>
public sealed class OzekiApi(
    ICallControl calls, ICallHistory history, IDirectory directory, IRegistrations registrations, TimeProvider time, OzekiOptions options,
    OzekiMessages? messages = null, bool classic = false, IProvisioningChanges? changes = null)
{
    private const int MaxBodyBytes = 1024 * 1024;

    private readonly OzekiPorts _ports = new(calls, history, directory, registrations, time, options, messages);

    /// <summary>Says what is wrong with audio before it is to be played; null: nobody does.</summary>
    public IPrompts? Prompts { get => _ports.Prompts; init => _ports = _ports with { Prompts = value }; }

    /// <summary>Answers every request of this dialect's own listener, recordings among them: other paths get 404, other methods 405, a store that is down 503.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path.Value?.StartsWith(OzekiRecordings.Path, StringComparison.Ordinal) == true)
        {
            await OzekiRecordings.SendAsync(context, _ports.Options);
            return;
        }
        if (!context.Request.Path.Equals(classic ? "/" : "/api", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, POST";
            return;
        }
        OzekiAnswer answer;
        try
        {
            answer = await AnswerAsync(context, context.RequestAborted);
        }
        catch (StorageUnavailableException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;   // the vendor has no code for it
            return;
        }
        var body = OzekiXml.Write(answer);
        context.Response.ContentType = OzekiXml.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>The checks in the vendor's order: address, syntax, credentials, command, place; then the command's own.</summary>
    private async ValueTask<OzekiAnswer> AnswerAsync(HttpContext context, CancellationToken cancellation)
    {
        if (!_ports.Options.Admits(context.Connection.RemoteIpAddress))
            return OzekiAnswer.ForbiddenAddress;
        var body = HttpMethods.IsPost(context.Request.Method) ? await OzekiBody.ReadAsync(context.Request, MaxBodyBytes, cancellation) : new([], null);
        if (body.Error is { } unreadable)
            return OzekiAnswer.ParseError(unreadable);
        if (OzekiParameters.Read(body.Form, context.Request.QueryString.Value, out var parameters) is { } broken)
            return OzekiAnswer.ParseError(broken);
        if (parameters["command"] is not { } word)
            return OzekiAnswer.ParseError("no command");
        var directory = _ports.Directory.Current;
        if (OzekiAccess.Check(parameters, directory, classic ? _ports.Options.ClassicAccount : null, out var account) is { } refused)
            return refused;
        if (classic && changes is not null && OzekiConfig.Find(word) is { } config)
            return OzekiConfig.Run(config, new OzekiAsk(account, directory, parameters) { IsClassic = true }, changes, registrations);
        var known = (classic ? OzekiClassic.Current(word) : word) is { } current ? OzekiCommand.Find(current) : null;
        if (known is null or { Http: OzekiPlace.Later })
            return OzekiAnswer.NotImplementedCommand(word);
        if (known.Http == OzekiPlace.Elsewhere)
            return OzekiAnswer.InappropriateCommand(known.Name);
        if (!classic)
            return await OzekiOperations.RunAsync(known.Name, new OzekiAsk(account, directory, parameters), _ports, cancellation);
        return OzekiClassic.Missing(known.Name, parameters) is { } missing
            ? OzekiAnswer.InvalidParameter(missing, known.Name)
            : OzekiClassic.Rename(await OzekiOperations.RunAsync(known.Name, new OzekiAsk(account, directory, parameters) { IsClassic = true }, _ports, cancellation), known.Name);
    }
}
