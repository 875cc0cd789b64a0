using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>SendAlarmNotification: calls an alarm receiver and gives it a Contact ID message; what came of it is told when the call is over.</summary>
internal sealed record OzekiAlarm(string Number, string ApiExtension, AlarmMessage Message, string? ResultUrl)
{
    public const string Name = "SendAlarmNotification";

    /// <summary>The root of the script such a call runs; no application writes it.</summary>
    public const string Root = "ContactIdCall";

    /// <summary>The parameters in the order of the vendor's table: the first that is wrong is named.</summary>
    /// <returns>Null and the alarm, or what to answer.</returns>
    public static OzekiAnswer? Read(OzekiAsk ask, out OzekiAlarm alarm)
    {
        alarm = null!;
        var p = ask.Parameters;
        if (!OzekiNumber.TryRead(p["PhoneNumber"], ask.Directory, out var number))
            return OzekiAnswer.InvalidParameter("PhoneNumber", Name);
        if (p["AccountNumber"] is not { Length: 4 } account || !AreDigits(account))
            return OzekiAnswer.InvalidParameter("AccountNumber", Name);
        if (!TryPadded(p["EventCode"], 3, out var code))
            return OzekiAnswer.InvalidParameter("EventCode", Name);
        if (!TryPadded(p["PartitionNumber"], 2, out var partition))
            return OzekiAnswer.InvalidParameter("PartitionNumber", Name);
        if (!TryPadded(p["ZoneNumber"], 3, out var zone))
            return OzekiAnswer.InvalidParameter("ZoneNumber", Name);
        if (QualifierOf(p["EventQualifier"]) is not { } qualifier)
            return OzekiAnswer.InvalidParameter("EventQualifier", Name);
        if (!p.TryLine("ApiExtension", out var extension))
            return OzekiAnswer.InvalidParameter("ApiExtension", Name);
        if (!p.TryUrl("ResultUrl", out var resultUrl))
            return OzekiAnswer.InvalidParameter("ResultUrl", Name);
        if (OzekiCall.FindApiExtension(ask, extension) is not { } api)
            return OzekiAnswer.ApiExtensionUnavailable(extension ?? "");
        alarm = new OzekiAlarm(number, api, new AlarmMessage(account, qualifier, code, partition, zone), resultUrl);
        return null;
    }

    public CallCommand.Originate ToCommand(string account) => new()
    {
        Dialect = OzekiAccess.Dialect,
        Account = account,
        Caller = new Party(ApiExtension, ApiExtension),
        Dialed = Number,
        Then = new OnAnswer.RunScript(new ScriptRef(OzekiAccess.Dialect, null, ToDocument())),
        ApiExtension = ApiExtension,
        RingTime = TimeSpan.FromSeconds(OzekiCall.DefaultRingSeconds),
        Callbacks = new CallCallbacks(FinishedUrl: ResultUrl),
    };

    public static async ValueTask<OzekiAnswer> RunAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        if (Read(ask, out var alarm) is { } wrong)
            return wrong;
        var reply = await ports.Calls.AskAsync(alarm.ToCommand(ask.Account.Name), cancellation);
        return reply.Done ? OzekiAnswer.Ok : OzekiCall.Refused(reply.Refusal, "PhoneNumber", Name, alarm.Number);
    }

    /// <summary>The message of a call that gives one to a receiver; null for another call.</summary>
    public static AlarmMessage? MessageOf(Call call) =>
        call.Plan is CallPlan.Originated { Then: OnAnswer.RunScript { Script: { Dialect: OzekiAccess.Dialect, Document: { } document } } }
        && document.StartsWith("<" + Root, StringComparison.Ordinal) && Ozml.ReadRoot(document, out var root) is null ? MessageOf(root!) : null;

    /// <summary>True when the receiver acknowledged the message of that call, which then is over.</summary>
    public static bool WasAcknowledged(Call call) => call.By is HangupBy.Script { Verb: Name };

    /// <summary>The one verb of such a call's script.</summary>
    public static ImmutableArray<Verb> Verbs(ScriptElement root) => [new Verb.SendAlarm(MessageOf(root), root.Line)];

    private static AlarmMessage MessageOf(ScriptElement root) => new(
        root["Account"] ?? "", QualifierOf(root["Qualifier"]) ?? AlarmQualifier.NewEvent, root["Code"] ?? "", root["Partition"] ?? "", root["Zone"] ?? "");

    private string ToDocument() => new ScriptElement(
        Root, 1, new Dictionary<string, string>
        {
            ["Account"] = Message.Account,
            ["Qualifier"] = Message.Qualifier.ToString(),
            ["Code"] = Message.EventCode,
            ["Partition"] = Message.Partition,
            ["Zone"] = Message.Zone,
        }, "", []).ToXml();

    private static AlarmQualifier? QualifierOf(string? word) => word?.ToUpperInvariant() switch
    {
        null or "NEWEVENT" => AlarmQualifier.NewEvent,
        "NEWRESTORE" => AlarmQualifier.NewRestore,
        "STATUSREPORT" => AlarmQualifier.StatusReport,
        _ => null,
    };

    private static bool TryPadded(string? text, int digits, out string padded)
    {
        padded = text?.PadLeft(digits, '0') ?? "";
        return padded.Length == digits && AreDigits(padded);
    }

    private static bool AreDigits(string text) => text.All(char.IsAsciiDigit);
}
