using System.Collections.Immutable;
using System.Globalization;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Replies;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>An OzML command as a verb. One that cannot run becomes <see cref="Verb.Invalid"/> with the vendor's code and message.</summary>
internal static class OzmlVerb
{
    private const int MaxSeconds = 86_400;

    private static readonly TimeSpan TransferRingTime = TimeSpan.FromSeconds(60);

    /// <summary>The command as it is, or as a template when it has variables.</summary>
    public static Verb From(ScriptElement element, OzmlContext context) =>
        !context.IsRouting && OzekiCommand.Find(Canonical(element.Name)) is { Script: OzekiPlace.Served } command && element.HasVariables
            ? new Verb.Template(command.Name, new OzmlTemplate(element, context), element.Line)
            : FromPlain(element, context);

    /// <summary>The command with whatever it says taken as it stands.</summary>
    public static Verb FromPlain(ScriptElement element, OzmlContext context) => OzekiCommand.Find(Canonical(element.Name)) switch
    {
        { Name: "Route" } when context.IsRouting => Route(element),
        { } command when context.IsRouting => Invalid(element, command.Name, OzekiAnswer.InappropriateCommand(command.Name)),
        { Script: OzekiPlace.Served } command => Served(command.Name, element, context),
        { Script: OzekiPlace.Elsewhere } command => Invalid(element, command.Name, OzekiAnswer.InappropriateCommand(command.Name)),
        _ => Invalid(element, element.Name, OzekiAnswer.NotImplementedCommand(element.Name)),
    };

    /// <summary>Scripts may use the classic name of ForwardCall.</summary>
    public static string Canonical(string name) => name.Equals("Forward", StringComparison.OrdinalIgnoreCase) ? "ForwardCall" : name;

    public static Verb.Invalid Wrong(ScriptElement e, string parameter, string command) =>
        Invalid(e, command, OzekiAnswer.InvalidParameter(parameter, command));

    public static bool TrySeconds(string? text, out TimeSpan time)
    {
        var whole = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxSeconds;
        time = TimeSpan.FromSeconds(seconds);
        return whole;
    }

    public static bool TryBool(string? text, out bool value)
    {
        value = false;
        return text is null || bool.TryParse(text, out value);
    }

    private static Verb Served(string name, ScriptElement e, OzmlContext context) => name switch
    {
        "Speak" => new Verb.Speak(ScriptElement.Collapse(e.Main("Text") ?? ""), e["Language"], e["Voice"], e.Line),
        "Play" => Play(e, context),
        "Beep" => new Verb.Beep(e.Line),
        "Delay" => TrySeconds(e.Main("Time"), out var time) ? new Verb.Delay(time, e.Line) : Wrong(e, "Time", name),
        "Hangup" => new Verb.HangUp(e["CallId"], e.Line),
        "Reject" => new Verb.Reject(e.Line),
        "Exit" => new Verb.Exit(e.Line),
        // An SQL query in place of an address is of the vendor's database scripts, which there are none of here.
        "GoTo" => e.Main("Url") is { } url && !url.Any(char.IsWhiteSpace) ? new Verb.GoTo(url, e.Line) : Wrong(e, "Url", name),
        "UserInput" => OzmlMenu.UserInput(e, context),
        "Var" => e["ID"] is { } id && IsName(id) ? new Verb.Set(id, e.Main("Value") ?? "", e.Line) : Wrong(e, "ID", name),
        "Array" => e["ID"] is { } id && IsName(id) ? new Verb.SetList(id, [.. e.Items.Select(Item)], e.Line) : Wrong(e, "ID", name),
        "ForEach" => e["Source"] is { } source ? new Verb.ForEach(source, OzmlMenu.Verbs(e.Children, context), e.Line) : Wrong(e, "Source", name),
        "BlindTransfer" => BlindTransfer(e, context),
        "Record" => Record(e),
        OzekiSendMsg.Name => OzmlOrders.SendMsg(e, context),
        "WaitForMsg" => OzmlMenu.WaitForMsg(e, context),
        "Call" => OzmlOrders.Call(e, context),
        "CallSetup" => OzmlOrders.CallSetup(e, context),
        OzekiSendSms.Name => OzmlOrders.SendSms(e, context),
        OzekiSendEmail.Name => OzmlOrders.SendEmail(e, context),
        OzekiAlarm.Name => OzmlOrders.SendAlarm(e, context),
        "ReceiveAlarmNotification" => new Verb.ReceiveAlarm(OzmlMenu.Verbs(e.Inside("Received"), context), e.Line),
        "MoveFile" or "DeleteFile" => Files(name, e, context.Files),
        OzekiRequest.Name => OzmlOrders.Request(e, context),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "A served command without a verb."),
    };

    private static Verb Play(ScriptElement e, OzmlContext context)
    {
        if (e.Main("AudioFile") is not { } file || !IsAudioFile(file))
            return Wrong(e, "AudioFile", "Play");
        if (!TryBool(e["Repeat"], out var repeat))
            return Wrong(e, "Repeat", "Play");
        if (!TrySeconds(e["Timeout"] ?? "0", out var timeout))
            return Wrong(e, "Timeout", "Play");
        return new Verb.Play(OzekiVoicemail.AudioOf(file, context) ?? file, repeat, timeout > TimeSpan.Zero ? timeout : null, e.Line);
    }

    public static Verb Files(string name, ScriptElement e, IMediaFiles? media)
    {
        // The main parameter of DeleteFile is its file; MoveFile has two and no main one.
        var moves = name == "MoveFile";
        if ((moves ? e["SourceFile"] : e.Main("SourceFile")) is not { } file)
            return Wrong(e, "SourceFile", name);
        if (moves && e["TargetDirectory"] is null)
            return Wrong(e, "TargetDirectory", name);
        return media is { } files ? new Verb.Errand(name, new OzekiFiles(name, file, moves ? e["TargetDirectory"] : null, files), e.Line) : Wrong(e, "SourceFile", name);
    }

    private static Verb Route(ScriptElement e)
    {
        if (!TrySeconds(e["RingTime"] ?? $"{OzekiCall.DefaultRingSeconds}", out var ringTime) || ringTime < TimeSpan.FromSeconds(1) || ringTime > TimeSpan.FromSeconds(OzekiCall.MaxRingSeconds))
            return Wrong(e, "RingTime", "Route");
        if (!OzekiParameters.IsLine(e["CallerId"]))
            return Wrong(e, "CallerId", "Route");
        if (e["DialedNumber"] is { } number && !OzekiNumber.AreDigits(number))
            return Wrong(e, "DialedNumber", "Route");
        // No destination refuses the caller, so it has to be said.
        if (e.Main("Destination") is null && !e.Attributes.ContainsKey("Destination"))
            return Wrong(e, "Destination", "Route");
        var destination = OzekiNumber.WithoutHost(e.Main("Destination") ?? "");
        return OzekiParameters.IsLine(destination) ? new Verb.Route(destination, ringTime, e["CallerId"], e["DialedNumber"], e.Line) : Wrong(e, "Destination", "Route");
    }

    private static Verb BlindTransfer(ScriptElement e, OzmlContext context)
    {
        if (!OzekiNumber.TryRead(e.Main("Target"), context.Directory, out var target))
            return Wrong(e, "Target", "BlindTransfer");
        var url = e["FinishedUrl"];
        return url is null || OzekiUrl.IsAbsolute(url)
            ? new Verb.Transfer([target], TransferRingTime, url, e.Line)
            : Wrong(e, "FinishedUrl", "BlindTransfer");
    }

    private static Verb Record(ScriptElement e) => OzekiRecord.Read(name => e[name], out var record) is { } wrong
        ? Wrong(e, wrong, OzekiRecord.Name)
        : new Verb.Record(record.Format, record.Longest, record.Silence, record.FinishKeys, record.FinishedUrl, record.Folder, e.Line);

    /// <summary>An element of a list: text, with its attributes and the elements in it as fields.</summary>
    public static ScriptItem Item(ScriptElement e)
    {
        var fields = e.Attributes.Select(a => (a.Key, a.Value)).Concat(e.Children.Select(c => (Key: c.Name, Value: c.Text.Trim())));
        var byName = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in fields)
            byName[name] = value;
        return new ScriptItem(e.Text.Trim(), byName.Count == 0 ? null : byName.ToImmutable());
    }

    /// <summary>An http address, or a path that stays below the folder it is taken from.</summary>
    public static bool IsAudioFile(string file) =>
        OzekiUrl.IsAbsolute(file)
        || (!file.Contains(':', StringComparison.Ordinal) && file[0] is not ('/' or '\\') && !file.Split('/', '\\').Contains("..") && !file.Any(char.IsControl));

    public static bool IsName(string id) => id.Length <= 128 && (char.IsAsciiLetter(id[0]) || id[0] == '_') && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static Verb.Invalid Invalid(ScriptElement e, string word, OzekiAnswer error) => new(word, error.Code, error.Message, e.Line);
}
