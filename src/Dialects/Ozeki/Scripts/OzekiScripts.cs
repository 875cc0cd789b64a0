using System.Globalization;
using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Messages;
using Switchhook.Dialects.Ozeki.Notifications;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>Scripts of this dialect: the document at hand, or the reply to a notification posted to the application.</summary>
public sealed class OzekiScripts(IHttpCaller http, IDirectory? directory = null, OzekiMessages? messages = null, IMediaFiles? files = null) : IScriptSource
{
    /// <summary>How long an application may take to reply; it is not asked again.</summary>
    private static readonly TimeSpan ReplyTime = TimeSpan.FromSeconds(10);

    /// <summary>Knows who left a message; null: nobody does.</summary>
    public ICallHistory? History { get; init; }

    /// <summary>The zone of the times of messages.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public string Dialect => OzekiAccess.Dialect;

    /// <inheritdoc/>
    public async ValueTask<ScriptFetch> FetchAsync(ScriptRequest request, CancellationToken cancellation)
    {
        var context = OzmlContext.Of(request.Call, directory?.Current ?? CallDirectory.Empty) with
        {
            IsRouting = request.Occasion == ScriptOccasion.RoutingInterception,
            Messages = messages,
            Files = files,
        };
        if (request.Script.Document is { } document)
            return Loaded(await WithVariablesAsync(Ozml.ReadParameter(document, context), document, request.Call, context, cancellation), source: null);
        if (OzekiUrl.Resolve(request.Script.Url ?? "", request.Base) is not { } url)
            return Failed(NoAddress(request));
        var reply = await http.SendAsync(
            new HttpCall
            {
                Url = url,
                ContentType = OzekiForm.ContentType,
                Body = Form(request),
                Headers = OzekiNotice.Headers,
                Timeout = ReplyTime,
                Call = request.Call.Id,
            },
            cancellation);
        if (!reply.Succeeded)
            return Failed(OzekiAnswer.ParseError(Why(reply)));
        // Nothing said in passing is nothing to do; the script goes on.
        return request.Occasion is ScriptOccasion.DtmfEntered or ScriptOccasion.RecordCompleted or ScriptOccasion.RoutingInterception && IsBlank(reply.Body.Span)
            ? Loaded(new OzmlReading([], null), url)
            : Loaded(await WithVariablesAsync(Ozml.ReadReply(reply.Body, context), Encoding.UTF8.GetString(reply.Body.Span), request.Call, context, cancellation), url);
    }

    private async ValueTask<OzmlReading> WithVariablesAsync(OzmlReading reading, string document, Call call, OzmlContext context, CancellationToken cancellation)
    {
        if (reading.Error is not null || context.IsRouting || files is null)
            return reading;
        var voicemail = new OzekiVoicemail(files, History, TimeZone);
        return reading with
        {
            Verbs = await voicemail.WithVariablesAsync(
                reading.Verbs, name => document.Contains(name, StringComparison.OrdinalIgnoreCase), call, context.Directory, cancellation),
        };
    }

    private static bool IsBlank(ReadOnlySpan<byte> body) => !body.ContainsAnyExcept(" \t\r\n"u8);

    private static byte[] Form(ScriptRequest request)
    {
        var call = request.Call;
        if (request.Recording is { } recording)
        {
            return OzekiForm.Write(
                ("NotificationName", request.Occasion.ToString()),
                ("CallId", call.Id.ToString()),
                ("RecordURL", recording.Url),
                ("Format", recording.Format),
                ("Duration", ((long)recording.Length.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        }
        if (request.Routing is { } routing)
        {
            return OzekiForm.Write(
                ("NotificationName", request.Occasion.ToString()),
                ("CallerID", routing.Caller),
                ("OriginalDialedNumber", routing.Dialed),
                ("LastDialedNumber", routing.LastDialed),
                ("LastCalledExtension", routing.LastCalled ?? ""),
                ("LastCallState", OzekiWords.RoutingState(routing.LastCause)),
                ("CallerExtension", routing.From));
        }
        return OzekiForm.Write(
            ("NotificationName", request.Occasion.ToString()),
            ("CallId", call.Id.ToString()),
            ("DtmfDigits", request.Entry?.Digits),
            ("CallerID", call.Caller.Number),
            ("CallerDisplayName", request.Occasion == ScriptOccasion.IncomingCall ? call.Caller.DisplayName ?? "" : null),
            ("Dialed", call.Dialed),
            ("ApiExtension", call.Origin.ApiExtension ?? ""));
    }

    private static OzekiAnswer NoAddress(ScriptRequest request) => request.Occasion switch
    {
        ScriptOccasion.IncomingCall => OzekiAnswer.ApiExtensionUnavailable(request.Call.Origin.ApiExtension ?? request.Call.Dialed),
        ScriptOccasion.CallConnected => OzekiAnswer.InvalidParameter("Url", "Call"),
        ScriptOccasion.GoTo or ScriptOccasion.Fetch => OzekiAnswer.InvalidParameter("Url", "GoTo"),
        ScriptOccasion.DtmfEntered => OzekiAnswer.InvalidParameter("ForwardToUrl", "UserInput"),
        ScriptOccasion.RoutingInterception => OzekiAnswer.InvalidParameter("Url", "Route"),
        ScriptOccasion.TransferEnded => OzekiAnswer.InvalidParameter("FinishedUrl", "BlindTransfer"),
        ScriptOccasion.RecordCompleted => OzekiAnswer.InvalidParameter("FinishedUrl", "Record"),
    };

    private static string Why(HttpReply reply) => reply.Failure == HttpFailure.None ? $"HTTP {reply.Status}" : reply.Failure.ToString();

    private static ScriptFetch Loaded(OzmlReading reading, string? source) => reading.Error is { } unreadable
        ? Failed(OzekiAnswer.ParseError(unreadable))
        : new ScriptFetch.Loaded(new Script(reading.Verbs, source) { Errors = OzekiScriptErrors.Instance });

    private static ScriptFetch.Failed Failed(OzekiAnswer answer) => new(answer.Code, answer.Message);
}
