using System.Globalization;
using System.Text;
using System.Xml;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Routing;

namespace Switchhook.Exchange.Subscriptions;

/// <summary>The bodies of NOTIFYs: pure.</summary>
internal static class EventDocuments
{
    /// <summary>RFC 3842 §5.2.</summary>
    public static string MessageSummary(string extension, string domain, MessageCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"Messages-Waiting: {(counts.New > 0 ? "yes" : "no")}\r\nMessage-Account: {Address(extension, domain)}\r\nVoice-Message: {counts.New}/{counts.Old} ({counts.NewUrgent}/{counts.OldUrgent})\r\n");

    /// <summary>RFC 4235 §4.1: all there is, every time; the version tells documents apart.</summary>
    public static string DialogInfo(string extension, string domain, IReadOnlyList<ExtensionDialog> dialogs, uint version)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"")
            .Append(version).Append("\" state=\"full\" entity=\"").Append(Escape(Address(extension, domain))).Append("\">\r\n");
        foreach (var dialog in dialogs)
        {
            text.Append("<dialog id=\"").Append(dialog.Leg).Append("\" direction=\"").Append(dialog.IsInitiator ? "initiator" : "recipient").Append("\">")
                .Append("<state>").Append(Word(dialog.Phase)).Append("</state><local><identity>").Append(Escape(Address(extension, domain)))
                .Append("</identity></local><remote><identity");
            var remote = dialog.Remote;
            if (remote is { IsWithheld: false, DisplayName: { } name })
                text.Append(" display=\"").Append(Escape(name)).Append('"');
            text.Append('>').Append(remote.IsWithheld ? "sip:anonymous@anonymous.invalid" : Escape(Address(remote.Number, domain)))
                .Append("</identity></remote></dialog>\r\n");
        }
        return text.Append("</dialog-info>\r\n").ToString();
    }

    /// <summary>RFC 3863 §4, with the activity of RFC 4480 §3.2 while the extension is in a call.</summary>
    public static string Presence(string extension, string domain, bool isOpen, bool isOnThePhone)
    {
        var address = Escape(Address(extension, domain));
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<presence xmlns=\"urn:ietf:params:xml:ns:pidf\"")
            .Append(" xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\" xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\" entity=\"").Append(address)
            .Append("\">\r\n<tuple id=\"phone\"><status><basic>").Append(isOpen ? "open" : "closed").Append("</basic></status><contact>").Append(address)
            .Append("</contact></tuple>\r\n");
        if (isOnThePhone)
            text.Append("<dm:person id=\"person\"><rpid:activities><rpid:on-the-phone/></rpid:activities></dm:person>\r\n");
        return text.Append("</presence>\r\n").ToString();
    }

    /// <summary>On the phone: in a call or calling. Who is only rung is not yet.</summary>
    public static bool IsOnThePhone(IReadOnlyList<ExtensionDialog> dialogs) =>
        dialogs.Any(static d => d.Phase == DialogPhase.Confirmed || (d.IsInitiator && d.Phase is DialogPhase.Trying or DialogPhase.Early));

    private static string Word(DialogPhase phase) => phase switch
    {
        DialogPhase.Trying => "trying",
        DialogPhase.Early => "early",
        DialogPhase.Confirmed => "confirmed",
        DialogPhase.Terminated => "terminated",
    };

    private static string Address(string number, string domain) => $"sip:{SipNumbers.Escape(number)}@{domain}";

    /// <summary>Names come from far sides: what XML cannot hold at all is left out.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '&': escaped.Append("&amp;"); break;
                case '<': escaped.Append("&lt;"); break;
                case '>': escaped.Append("&gt;"); break;
                case '"': escaped.Append("&quot;"); break;
                case var high when char.IsHighSurrogate(high) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]):
                    escaped.Append(high).Append(text[++i]);
                    break;
                case var plain when XmlConvert.IsXmlChar(plain): escaped.Append(plain); break;
            }
        }
        return escaped.ToString();
    }
}
