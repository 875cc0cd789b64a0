using System.Collections.Frozen;
using System.Globalization;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Notifications;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Replies;

/// <summary>
/// A script that no call waits for: a reply to a notification, a block of a Request. Its commands are those of the HTTP interface, begun one
/// after the other; what they begin is not waited for. A wrong one is told to the error address, and the next one runs.
/// </summary>
internal sealed class OzekiSideScript(OzekiPorts ports, IHttpCaller http, IMediaFiles? files, OzekiSideCase about, CancellationToken stop)
{
    private static readonly FrozenSet<string> ThirdParty = FrozenSet.Create(
        StringComparer.Ordinal, "AttendedTransfer", "BlindTransfer", "ForwardCall", "Hangup", "Hold", "Play", "Record", "SendDTMF", "Speak", "Unhold");

    private static readonly FrozenSet<string> WithoutCall = FrozenSet.Create(
        StringComparer.Ordinal, "Call", "CallSetup", "Request", "SendSms", "SendEmail", "SendAlarmNotification", "Hangup", "MoveFile", "DeleteFile", OzekiSendMsg.Name);

    private ScriptVariables _variables = ScriptVariables.None;
    private ScriptItem? _item;
    private string? _source = about.Source;
    private int _steps;
    private int _fetches;

    /// <summary>Runs the reply of an application's server; an empty one is nothing to do.</summary>
    public async Task RunReplyAsync(ReadOnlyMemory<byte> body)
    {
        if (!body.Span.ContainsAnyExcept(" \t\r\n"u8))
            return;
        if (Ozml.ReadReplyRoot(body, out var root) is { } unreadable)
            await FailAsync(OzekiAnswer.ParseError(unreadable));
        else
            await RunAsync(Ozml.IsRoot(root!.Name) ? root.Children : [root]);
    }

    /// <summary>Runs commands in their order.</summary>
    /// <returns>False when the script is over, however deep it stands.</returns>
    public async Task<bool> RunAsync(IEnumerable<ScriptElement> commands)
    {
        foreach (var element in commands)
        {
            if (++_steps > ScriptLimits.Steps)
            {
                await FailAsync(OzekiAnswer.InappropriateCommand(element.Name));
                return false;
            }
            if (!await RunAsync(element.HasVariables ? element.Expand(new ScriptScope(_variables, _item)) : element))
                return false;
        }
        return true;
    }

    private async Task<bool> RunAsync(ScriptElement e)
    {
        if (OzekiCommand.Find(OzmlVerb.Canonical(e.Name)) is not { Name: var name })
            return await FailAsync(OzekiAnswer.NotImplementedCommand(e.Name));
        switch (name)
        {
            case "Delay" when OzmlVerb.TrySeconds(e.Main("Time"), out var time):
                await Task.Delay(time, ports.Time, stop);
                return true;
            case "Delay":
                return await FailAsync(OzekiAnswer.InvalidParameter("Time", name));
            case "Var":
                return await KeepAsync(e["ID"], name, v => v.With(e["ID"]!, e.Main("Value") ?? ""));
            case "Array":
                return await KeepAsync(e["ID"], name, v => v.With(e["ID"]!, [.. e.Items.Select(OzmlVerb.Item)]));
            case "ForEach":
                return await RoundsAsync(e);
            case "GoTo":
                return await GoToAsync(e);
            case "Exit":
                return false;
        }
        if (!(about.IsThirdParty ? ThirdParty : WithoutCall).Contains(name))
            return await FailAsync(OzekiAnswer.InappropriateCommand(name));
        var answer = await CarryAsync(name, e);
        if (answer.Code != OzekiAnswer.Ok.Code)
            await FailAsync(answer);
        // The call the script is about is over, and so is the script.
        return name != "Hangup" || answer.Code != OzekiAnswer.Ok.Code || e["CallId"] is { } other && other != about.CallId;
    }

    private async ValueTask<OzekiAnswer> CarryAsync(string name, ScriptElement e)
    {
        if (name is "MoveFile" or "DeleteFile")
            return await MoveOrDeleteAsync(name, e);
        if (name == OzekiSendMsg.Name)
            return await OzekiSendMsg.RunAsync(e, about, ports, stop);
        var fields = new Dictionary<string, string>(e.Attributes, StringComparer.OrdinalIgnoreCase);
        if (MainOf(name) is { } main && e.Main(main) is { } value)
            fields[main] = value;
        if (name == OzekiRequest.Name)
            fields["RequestOzML"] = e.ToXml();
        Default(fields, "CallId", about.CallId);
        Default(fields, name == OzekiRequest.Name ? "ExtensionAddress" : "ApiExtension", about.ApiExtension);
        if (fields.TryGetValue("FinishedUrl", out var url) && OzekiUrl.Resolve(url, _source) is { } resolved)
            fields["FinishedUrl"] = resolved;
        // Over HTTP a text without a party is for all; here it must be said who hears it.
        if (name == "Speak" && e["Party"] is null)
            return OzekiAnswer.InvalidParameter("Party", name);
        return await OzekiOperations.RunAsync(name, new OzekiAsk(about.Account, ports.Directory.Current, OzekiParameters.Of(fields)), ports, stop);
    }

    private async ValueTask<OzekiAnswer> MoveOrDeleteAsync(string name, ScriptElement e)
    {
        if (OzmlVerb.Files(name, e, files) is not Verb.Errand errand)
            return OzekiAnswer.InvalidParameter(name == "MoveFile" && e["SourceFile"] is not null ? "TargetDirectory" : "SourceFile", name);
        return await errand.Work.RunAsync(stop) is { } error ? new OzekiAnswer(error.Code, error.Message) : OzekiAnswer.Ok;
    }

    private async Task<bool> KeepAsync(string? id, string name, Func<ScriptVariables, ScriptVariables?> change)
    {
        if (id is null || !OzmlVerb.IsName(id))
            return await FailAsync(OzekiAnswer.InvalidParameter("ID", name));
        if (change(_variables) is not { } changed)
            return await FailAsync(OzekiAnswer.InvalidParameter("Value", name));
        _variables = changed;
        return true;
    }

    private async Task<bool> RoundsAsync(ScriptElement e)
    {
        if (e["Source"] is not { } source)
            return await FailAsync(OzekiAnswer.InvalidParameter("Source", "ForEach"));
        var around = _item;
        foreach (var item in _variables.List(source))
        {
            _item = item;
            if (!await RunAsync(e.Children))
                return false;
        }
        _item = around;
        return true;
    }

    private async Task<bool> GoToAsync(ScriptElement e)
    {
        if (e.Main("Url") is not { } to || OzekiUrl.Resolve(to, _source) is not { } url)
            return await FailAsync(OzekiAnswer.InvalidParameter("Url", "GoTo"));
        if (++_fetches >= ScriptLimits.Fetches)
            return await FailAsync(OzekiAnswer.InappropriateCommand("GoTo"), goesOn: false);
        var reply = await PostAsync(url, ("NotificationName", "GoTo"), ("CallId", about.CallId), ("ApiExtension", about.ApiExtension));
        if (!reply.Succeeded)
            return await FailAsync(OzekiAnswer.ParseError(reply.Failure == HttpFailure.None ? $"HTTP {reply.Status}" : reply.Failure.ToString()), goesOn: false);
        _source = url;
        await RunReplyAsync(reply.Body);
        return false;
    }

    /// <summary>To the address given with the call, or else to the one configured for the account.</summary>
    private async Task<bool> FailAsync(OzekiAnswer answer, bool goesOn = true)
    {
        if ((about.Call?.Callbacks.ErrorUrl ?? about.Account.Ozeki?.ErrorUrl) is { } url)
        {
            await PostAsync(url, ("NotificationName", "Error"), ("Code", answer.Code.ToString(CultureInfo.InvariantCulture)), ("Message", answer.Message),
                ("CallId", about.CallId), ("Dialed", about.Call?.Dialed), ("ApiExtension", about.ApiExtension));
        }
        return goesOn;
    }

    private ValueTask<HttpReply> PostAsync(string url, params ReadOnlySpan<(string Name, string? Value)> fields) => http.SendAsync(
        new HttpCall { Url = url, ContentType = OzekiForm.ContentType, Body = OzekiForm.Write(fields), Headers = OzekiNotice.Headers, Timeout = OzekiNotice.ReplyTime }, stop);

    private static void Default(Dictionary<string, string> fields, string name, string? value)
    {
        if (value is not null && (!fields.TryGetValue(name, out var given) || given.Length == 0))
            fields[name] = value;
    }

    private static string? MainOf(string name) => name switch
    {
        "Speak" => "Text",
        "Play" => "AudioFile",
        "BlindTransfer" => "Target",
        "ForwardCall" => "Destination",
        "SendDTMF" => "Keys",
        "SendSms" or "SendEmail" => "Message",
        "Call" => "Dialed",
        _ => null,
    };
}
