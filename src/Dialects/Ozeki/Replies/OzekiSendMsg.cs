using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Messages;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Replies;

/// <summary>SendMsg beside a call: a text to a phone in the name of the API extension, or by a connection that leads outside.</summary>
internal static class OzekiSendMsg
{
    public const string Name = "SendMsg";

    /// <summary>SIP MESSAGE (RFC 3428).</summary>
    public const string Connection = "sip";

    private const string Sms = "sms", Email = "email";

    public static async ValueTask<OzekiAnswer> RunAsync(ScriptElement e, OzekiSideCase about, OzekiPorts ports, CancellationToken cancellation)
    {
        if (e["ToConnection"] is not { } named)
            return OzekiAnswer.InvalidParameter("ToConnection", Name);
        var connection = OzekiNumber.WithoutHost(named);
        if (e.Main("Text") is not { } text)
            return OzekiAnswer.InvalidParameter("Text", Name);
        if (IsOutside(connection))
            return await OutsideAsync(connection, e, text, about, ports, cancellation).ConfigureAwait(false);
        if (!IsSip(connection))
            return OzekiAnswer.NotImplementedCommand(Name);
        // Without an address it is whoever wrote.
        if ((e["ToAddress"] ?? about.Sender) is not { } to)
            return OzekiAnswer.InvalidParameter("ToAddress", Name);
        var ask = new OzekiAsk(about.Account, ports.Directory.Current, OzekiParameters.Of(e.Attributes));
        if ((about.ApiExtension ?? OzekiCall.FindApiExtension(ask, null)) is not { } own)
            return OzekiAnswer.ApiExtensionUnavailable("");
        var number = OzekiNumber.WithoutHost(to);
        // Not to an application: its reply might send another, and so on without end.
        var isTaken = ports.Messages is { } messages && ports.Directory.Current.Extension(number)?.Kind != ExtensionKind.Api
            && await messages.TellAsync(TextMessage.Plain(own, number, text), cancellation).ConfigureAwait(false);
        return isTaken ? OzekiAnswer.Ok : OzekiAnswer.SmsDestinationNotFound;
    }

    /// <summary>True for the connections of SendSms and SendEmail.</summary>
    public static bool IsOutside(string connection) =>
        connection.Equals(Sms, StringComparison.OrdinalIgnoreCase) || connection.Equals(Email, StringComparison.OrdinalIgnoreCase);

    /// <summary>The text as that of SendSms or SendEmail.</summary>
    /// <param name="ask">Has the address as <c>Recipient</c> and the text as <c>Message</c>.</param>
    /// <returns>Null and what sends it, or what to answer, in this command's words.</returns>
    public static OzekiAnswer? Outside(string connection, OzekiAsk ask, OzekiMessages? messages, out IScriptErrand errand)
    {
        OzekiAnswer? wrong;
        if (connection.Equals(Email, StringComparison.OrdinalIgnoreCase))
        {
            wrong = OzekiSendEmail.Read(ask, messages, out var mail);
            errand = mail;
        }
        else
        {
            wrong = OzekiSendSms.Read(ask, messages, out var sms);
            errand = sms;
        }
        return wrong is { Code: 302 } ? OzekiAnswer.InvalidParameter("ToAddress", Name) : wrong;
    }

    private static async ValueTask<OzekiAnswer> OutsideAsync(
        string connection, ScriptElement e, string text, OzekiSideCase about, OzekiPorts ports, CancellationToken cancellation)
    {
        var fields = new Dictionary<string, string>(e.Attributes, StringComparer.OrdinalIgnoreCase)
        {
            ["Recipient"] = e["ToAddress"] ?? about.Sender ?? "",
            ["Message"] = text,
            ["ApiExtension"] = about.ApiExtension ?? "",
        };
        if (Outside(connection, new OzekiAsk(about.Account, ports.Directory.Current, OzekiParameters.Of(fields)), ports.Messages, out var errand) is { } wrong)
            return wrong;
        return await errand.RunAsync(cancellation).ConfigureAwait(false) is null ? OzekiAnswer.Ok : OzekiAnswer.SmsDestinationNotFound;
    }

    public static bool IsSip(string connection) => connection.Equals(Connection, StringComparison.OrdinalIgnoreCase);
}
