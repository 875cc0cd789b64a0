using System.Collections.Immutable;
using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>The classic profile: the same commands, some under other names, with payloads of their own.</summary>
internal static class OzekiClassic
{
    /// <summary>The current name of a command as classic clients write it; a command that came later is none here.</summary>
    public static string? Current(string word) => word.ToUpperInvariant() switch
    {
        "FORWARD" => "ForwardCall",
        "GETCALLHISTORY" => "ListCallHistory",
        "FORWARDCALL" or "LISTCALLHISTORY" or "CALLSETUP" or "REQUEST" or "LISTADDRESSBOOKCONTACTS" or "LISTADDRESSBOOKNAMES" or "SENDMESSAGE" or "RECEIVEMESSAGE"
            or "BEEP" or "EXIT" or "SENDMSG" or "WAITFORMSG" => null,
        _ => word,
    };

    /// <summary>The answer under the name the client used.</summary>
    public static OzekiAnswer Rename(OzekiAnswer answer, string command) => command switch
    {
        "ForwardCall" => answer with { Message = answer.Message.Replace("'ForwardCall'", "'Forward'", StringComparison.Ordinal) },
        "ListCallHistory" => answer with { Message = answer.Message.Replace("'ListCallHistory'", "'GetCallHistory'", StringComparison.Ordinal) },
        _ => answer,
    };

    /// <summary>What is mandatory here and not in the current profile, the first that is missing.</summary>
    public static string? Missing(string command, OzekiParameters p) => command switch
    {
        "Call" when p["Dialed"] is null && p["Dialled"] is null => null,   // named by the command itself, before these
        "Call" => p["ApiExtension"] is null ? "ApiExtension" : p["Url"] is null ? "Url" : null,
        "SendSms" or "SendEmail" when p["Recipient"] is not null && p["ApiExtension"] is null => "ApiExtension",
        _ => null,
    };

    public static OzekiElement LiveCall(Call call, DateTimeOffset now, TimeZoneInfo zone) => new("CallInfo",
        new OzekiElement("CallState", OzekiWords.LiveState(call.State)),
        new OzekiElement("CallId", call.Id.ToString()),
        new OzekiElement("Source", OzekiWords.Source(call)),
        new OzekiElement("CallerId", call.Caller.Number),
        new OzekiElement("Destination", OzekiWords.Destination(call)),
        new OzekiElement("StartTime", TimeZoneInfo.ConvertTime(call.StartedAt, zone).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture)),
        new OzekiElement("RingDuration", WholeSeconds(call is { RingingAt: { } from, AnsweredAt: { } to } ? to - from : TimeSpan.Zero)),
        new OzekiElement("TalkDuration", WholeSeconds(OzekiWords.TalkTime(call, now))));

    /// <summary>Total and rows of the history.</summary>
    public static ImmutableArray<OzekiElement> History(long total, ImmutableArray<OzekiElement> rows) => [new("NumberOfCalls", total), new("Calls", rows)];

    public static OzekiElement ExtensionSummary(Extension extension) => new("ExtensionSummary",
        new OzekiElement("Id", extension.Number),
        new OzekiElement("Type", extension.Kind is ExtensionKind.Phone or ExtensionKind.DemoPhone ? "SIP" : OzekiWords.ExtensionType(extension)));

    private static long WholeSeconds(TimeSpan time) => Math.Max(0, (long)time.TotalSeconds);
}
