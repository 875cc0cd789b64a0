using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Hoiio.Checks;
using Switchhook.Dialects.Hoiio.Notifications;
using Switchhook.Dialects.Hoiio.Operations;
using Switchhook.Dialects.Hoiio.Wire;

namespace Switchhook.Dialects.Hoiio;

/// <summary>The HTTP interface below <c>/open/</c>: GET or POST, parameters in the query or a form, 200 with a status in the body.</summary>
public sealed partial class HoiioApi
{
    private readonly IDirectory _directory;
    private readonly HoiioAccess _access;
    private readonly HoiioRateLimit _limit;
    private readonly HoiioPorts _ports;
    private readonly HoiioOptions _options;
    private readonly ILogger _log;

    internal HoiioApi(IDirectory directory, HoiioPorts ports, HoiioOptions options, ILogger log)
    {
        (_directory, _ports, _options, _log) = (directory, ports, options, log);
        _access = new HoiioAccess(directory);
        _limit = new HoiioRateLimit(options.MaxPerMinute, ports.Time);
    }

    /// <summary>Answers a request below <c>/open/</c>.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        if (path?.StartsWith(HoiioRecordings.Path, StringComparison.Ordinal) == true)
        {
            await SendRecordingAsync(context, path);
            return;
        }
        if (HoiioPath.Find(path) is not { } endpoint)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        JsonObject reply;
        try
        {
            reply = await AnswerAsync(context.Request, endpoint, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // Whoever asks is owed an answer in its own format; the bug is logged.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogRequestFailed(bug, endpoint.Path);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            reply = HoiioStatus.Reply(HoiioStatus.Internal);
        }
        var body = HoiioJson.Write(reply);
        context.Response.ContentType = HoiioJson.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>The checks every endpoint shares, in the vendor's order.</summary>
    private async ValueTask<JsonObject> AnswerAsync(HttpRequest request, HoiioEndpoint endpoint, CancellationToken cancellation)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsPost(request.Method))
            return HoiioStatus.Reply(HoiioStatus.InvalidMethod);
        if (await HoiioForm.ReadAsync(request, cancellation) is not { } parameters)
            return HoiioStatus.Reply(HoiioStatus.Malformed);
        if (FirstMissing(parameters, ["app_id", "access_token"]) is { } credential)
            return HoiioStatus.Reply(HoiioStatus.Missing(credential));
        if (_access.Find(parameters["app_id"]) is not { } account)
            return HoiioStatus.Reply(HoiioStatus.InvalidApplication);
        if (!HoiioAccess.IsTokenOf(account, parameters["access_token"]))
            return HoiioStatus.Reply(HoiioStatus.InvalidToken);
        if (endpoint.IsLimited && !_limit.TryTake(account.Name, endpoint.Path))
            return HoiioStatus.Reply(HoiioStatus.RateLimit);
        return FirstMissing(parameters, endpoint.Required) is { } missing
            ? HoiioStatus.Reply(HoiioStatus.Missing(missing))
            : await endpoint.Run(new HoiioAsk(account, _directory.Current, parameters, _ports), cancellation);
    }

    private static string? FirstMissing(IReadOnlyDictionary<string, string> parameters, string[] required) => Array.Find(required, r => !parameters.ContainsKey(r));

    private async Task SendRecordingAsync(HttpContext context, string path)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || HoiioRecordings.FileOf(path, _directory.Current) is not { } file
            || _options.OpenRecording(file) is not { } recording)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await using (recording)
        {
            context.Response.ContentType = "audio/mpeg";
            context.Response.ContentLength = recording.Length;
            await recording.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    [LoggerMessage(EventName = "HoiioRequestFailed", Level = LogLevel.Error, Message = "a request to {Path} met a bug")]
    private partial void LogRequestFailed(Exception bug, string path);
}
