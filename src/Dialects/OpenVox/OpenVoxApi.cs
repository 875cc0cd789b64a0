using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox.Operations;
using Switchhook.Dialects.OpenVox.Sessions;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox;

/// <summary>The HTTP interface: one path an operation, a token in the query, and 200 with the outcome in the body whatever happens.</summary>
public sealed class OpenVoxApi(
    ICallControl calls, IDirectory directory, IRegistrations registrations, OpenVoxSessions sessions, TimeProvider time, OpenVoxOptions options)
{
    private readonly OpenVoxPorts _ports = new(calls, registrations, sessions, time, options);
    private readonly OpenVoxLogin _login = new(sessions, time);

    /// <summary>Answers every request of this dialect's own listener.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["Access-control-allow-origin"] = "*";
        headers["Access-control-allow-methods"] = "GET, POST, OPTIONS, PUT, DELETE";
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            headers["Access-Control-Allow-Headers"] = "Content-Type";
            return;
        }
        var query = new OpenVoxQuery(context.Request.QueryString.Value);
        var answer = await AnswerAsync(context, query, context.RequestAborted);
        var body = query.IsXml ? OpenVoxXml.Write(answer.Document) : OpenVoxJson.Write(answer.Document);
        context.Response.ContentType = query.IsXml ? OpenVoxXml.ContentType : OpenVoxJson.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>The checks in their order: address, method, token, path, body; then the operation's own.</summary>
    private async ValueTask<OpenVoxAnswer> AnswerAsync(HttpContext context, OpenVoxQuery query, CancellationToken cancellation)
    {
        var from = OpenVoxTarget.Plain(context.Connection.RemoteIpAddress);
        if (!options.Admits(from))
            return OpenVoxErrno.AddressRefused;
        if (!HttpMethods.IsPost(context.Request.Method))
            return OpenVoxErrno.PostOnly;
        var operation = OpenVoxPath.OperationOf(context.Request.Path.Value);
        if (operation == "login")
        {
            var form = await OpenVoxBody.ReadAsync(context.Request, cancellation);
            return OpenVoxBody.Parse(form, query.IsXml, out var credentials) ?? Named(_login.Run(credentials, from, directory.Current), form);
        }
        if (query.Token is not { Length: > 0 } token)
            return OpenVoxErrno.TokenBlank;
        switch (sessions.Use(token, out var session))
        {
            case OpenVoxTokenState.Unknown: return OpenVoxErrno.NoSuchToken;
            case OpenVoxTokenState.TimedOut: return OpenVoxErrno.TokenTimedOut;
        }
        var current = directory.Current;
        // An account may have gone, or lost the dialect, since it logged in.
        if (current.Account(session.Account) is not { } account || !account.MayUse(OpenVoxWords.Dialect))
            return OpenVoxErrno.NoSuchToken;
        if (operation is null || OpenVoxPath.Find(operation) is not { } run)
            return OpenVoxErrno.NotSupported;
        var body = await OpenVoxBody.ReadAsync(context.Request, cancellation);
        if (OpenVoxBody.Parse(body, query.IsXml, out var fields) is { } unreadable)
            return unreadable;
        return Named(await run(new OpenVoxAsk(session, account, current, fields), _ports, cancellation), body);
    }

    /// <summary>A body that is not there at all where something is needed has a number of its own.</summary>
    private static OpenVoxAnswer Named(OpenVoxAnswer answer, byte[]? body) =>
        answer.Errno == OpenVoxErrno.MissingParameter && OpenVoxBody.IsBlank(body) ? OpenVoxErrno.EmptyBody : answer;

    /// <summary>Token and type of the query; names are the vendor's, the last of each counts.</summary>
    private readonly struct OpenVoxQuery
    {
        public OpenVoxQuery(string? query)
        {
            foreach (var pair in new QueryStringEnumerable(query))
            {
                var name = pair.DecodeName().Span;
                if (name is "token")
                    Token = pair.DecodeValue().ToString();
                else if (name is "type")
                    IsXml = pair.DecodeValue().Span is "xml";
            }
        }

        public string? Token { get; }
        public bool IsXml { get; }
    }
}
