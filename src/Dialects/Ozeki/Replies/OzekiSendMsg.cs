using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Replies;

/// <summary>SendMsg beside a call: a text to a phone in the name of the API extension, by the one connection there is.</summary>
internal static class OzekiSendMsg
{
    public const string Name = "SendMsg";

    /// <summary>SIP MESSAGE (RFC 3428).</summary>
    public const string Connection = "sip";

    public static async ValueTask<OzekiAnswer> RunAsync(ScriptElement e, OzekiSideCase about, OzekiPorts ports, CancellationToken cancellation)
    {
        if (e["ToConnection"] is not { } connection)
            return OzekiAnswer.InvalidParameter("ToConnection", Name);
        if (e.Main("Text") is not { } text)
            return OzekiAnswer.InvalidParameter("Text", Name);
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

    public static bool IsSip(string connection) => connection.Equals(Connection, StringComparison.OrdinalIgnoreCase);
}
