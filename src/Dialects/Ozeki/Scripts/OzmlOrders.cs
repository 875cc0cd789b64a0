using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Replies;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>Commands of a script that are the same over HTTP: read by the same code, and left to the exchange.</summary>
internal static class OzmlOrders
{
    public static Verb Call(ScriptElement e, OzmlContext context)
    {
        if (Ask(e, context, ("Dialed", e["Dialed"] ?? e["Dialled"] ?? e.Text)) is not { } ask)
            return Unavailable(e, context);
        return OzekiCall.Read(ask, out var call) is { } wrong ? Wrong(e, wrong) : new Verb.Order("Call", call.ToCommand(ask.Account.Name), e.Line);
    }

    public static Verb CallSetup(ScriptElement e, OzmlContext context)
    {
        if (Ask(e, context) is not { } ask)
            return Unavailable(e, context);
        return OzekiCallSetup.Read(ask, out var setup) is { } wrong ? Wrong(e, wrong) : new Verb.Order("CallSetup", setup.ToCommand(ask.Account.Name), e.Line);
    }

    public static Verb Request(ScriptElement e, OzmlContext context)
    {
        if (Ask(e, context, ("ExtensionAddress", e["ExtensionAddress"] ?? context.ApiExtension ?? "")) is not { } ask)
            return Unavailable(e, context);
        return OzekiRequest.Read(ask, e, out var call) is { } wrong ? Wrong(e, wrong) : new Verb.Order(OzekiRequest.Name, call.ToCommand(ask.Account.Name), e.Line);
    }

    public static Verb SendAlarm(ScriptElement e, OzmlContext context)
    {
        if (Ask(e, context) is not { } ask)
            return Unavailable(e, context);
        return OzekiAlarm.Read(ask, out var alarm) is { } wrong ? Wrong(e, wrong) : new Verb.Order(OzekiAlarm.Name, alarm.ToCommand(ask.Account.Name), e.Line);
    }

    public static Verb SendSms(ScriptElement e, OzmlContext context)
    {
        if (Ask(e, context, ("Message", e.Main("Message") ?? "")) is not { } ask)
            return Unavailable(e, context);
        return OzekiSendSms.Read(ask, context.Messages, out var sms) is { } wrong ? Wrong(e, wrong) : new Verb.Errand(OzekiSendSms.Name, sms, e.Line);
    }

    public static Verb SendEmail(ScriptElement e, OzmlContext context)
    {
        if (Ask(e, context, ("Message", e.Main("Message") ?? "")) is not { } ask)
            return Unavailable(e, context);
        return OzekiSendEmail.Read(ask, context.Messages, out var mail) is { } wrong ? Wrong(e, wrong) : new Verb.Errand(OzekiSendEmail.Name, mail, e.Line);
    }

    /// <summary>A text to a named connection: <c>sip</c> is the exchange's own, <c>sms</c> and <c>email</c> are those of SendSms and SendEmail.</summary>
    public static Verb SendMsg(ScriptElement e, OzmlContext context)
    {
        if (e["ToConnection"] is not { } named)
            return OzmlVerb.Wrong(e, "ToConnection", OzekiSendMsg.Name);
        if (e.Main("Text") is not { } text)
            return OzmlVerb.Wrong(e, "Text", OzekiSendMsg.Name);
        var connection = OzekiNumber.WithoutHost(named);
        if (!OzekiSendMsg.IsOutside(connection))
            return new Verb.SendMessage(connection, e["ToAddress"], text, e.Line);
        if (Ask(e, context, ("Recipient", e["ToAddress"] ?? ""), ("Message", text)) is not { } ask)
            return Unavailable(e, context);
        return OzekiSendMsg.Outside(connection, ask, context.Messages, out var errand) is { } wrong ? Wrong(e, wrong) : new Verb.Errand(OzekiSendMsg.Name, errand, e.Line);
    }

    /// <summary>The element as a request of the account the script belongs to; null when there is no such account.</summary>
    private static OzekiAsk? Ask(ScriptElement e, OzmlContext context, params ReadOnlySpan<(string Name, string Value)> more)
    {
        if (context.Account is not { } name || context.Directory.Account(name) is not { } account)
            return null;
        var fields = new Dictionary<string, string>(e.Attributes, StringComparer.OrdinalIgnoreCase);
        foreach (var (field, value) in more)
            fields[field] = value.Trim();
        if (!fields.TryGetValue("ApiExtension", out var api) || api.Length == 0)
            fields["ApiExtension"] = context.ApiExtension ?? "";
        return new OzekiAsk(account, context.Directory, OzekiParameters.Of(fields));
    }

    private static Verb.Invalid Unavailable(ScriptElement e, OzmlContext context) =>
        Wrong(e, OzekiAnswer.ApiExtensionUnavailable(e["ApiExtension"] ?? context.ApiExtension ?? ""));

    private static Verb.Invalid Wrong(ScriptElement e, OzekiAnswer wrong) => new(e.Name, wrong.Code, wrong.Message, e.Line);
}
