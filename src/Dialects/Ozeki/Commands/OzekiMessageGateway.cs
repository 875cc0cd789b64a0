using System.Collections.Immutable;
using System.Globalization;
using Switchhook.Dialects.Ozeki.Messages;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>SendMessage and ReceiveMessage: the commands of the vendor's message gateway, which have an answer of their own.</summary>
internal static class OzekiMessageGateway
{
    private const string Send = "SendMessage";
    private const string Receive = "ReceiveMessage";
    private const string TextType = "SMS:TEXT";
    private const int MostMessages = 100;

    public static OzekiAnswer RunSend(OzekiAsk ask, OzekiPorts ports)
    {
        var p = ask.Parameters;
        if (!Is(p["Action"], "sendmessage"))
            return OzekiAnswer.InvalidParameter("Action", Send);
        if (!p.TryInt("MessageCount", 1, MostMessages, 1, out var count))
            return OzekiAnswer.InvalidParameter("MessageCount", Send);
        if (!p.TryLine("Originator", out var originator))
            return OzekiAnswer.InvalidParameter("Originator", Send);
        var sender = originator ?? OzekiCall.FindApiExtension(ask, null) ?? ask.Account.Name;
        var sms = new List<(string To, string Text)>();
        for (var i = 0; i < count; i++)
        {
            // With a count the names are numbered; without one they are plain.
            var number = p["MessageCount"] is null ? "" : i.ToString(CultureInfo.InvariantCulture);
            if (!OzekiNumber.TryRead(p["Recipient" + number], ask.Directory, out var recipient))
                return OzekiAnswer.InvalidParameter("Recipient" + number, Send);
            if (p["MessageType" + number] is { } type && !Is(type, TextType))
                return OzekiAnswer.InvalidParameter("MessageType" + number, Send);
            if (p["MessageData" + number] is not { } text)
                return OzekiAnswer.InvalidParameter("MessageData" + number, Send);
            sms.Add((recipient, text));
        }
        var taken = sms.Select(m => (m.To, m.Text, Id: ports.Messages?.TrySend(m.To, sender, m.Text, null))).Where(m => m.Id is not null).ToList();
        if (taken.Count == 0)
            return OzekiAnswer.SmsDestinationNotFound;
        var now = OzekiWords.Time(ports.Time.GetUtcNow(), ports.Options.TimeZone);
        return Answer("sendmessage", taken.Select(m => Element(m.Id!, sender, m.To, m.Text, now, "")));
    }

    public static OzekiAnswer RunReceive(OzekiAsk ask, OzekiPorts ports)
    {
        var p = ask.Parameters;
        if (!Is(p["Action"], "receivemessage"))
            return OzekiAnswer.InvalidParameter("Action", Receive);
        if (p["Folder"] is { } folder && !Is(folder, "inbox"))
            return OzekiAnswer.InvalidParameter("Folder", Receive);
        if (!p.TryInt("Limit", 1, 1000, 1000, out var limit))
            return OzekiAnswer.InvalidParameter("Limit", Receive);
        var received = ports.Messages?.Received(ask.Account.Name, limit, takeAway: Is(p["AfterDownload"], "delete")) ?? [];
        return Answer("receivemessage", received.Select(m =>
        {
            var at = OzekiWords.Time(m.At, ports.Options.TimeZone);
            return Element(m.Id, m.Sender, m.Recipient, m.Text, at, at);
        }));
    }

    private static OzekiAnswer Answer(string action, IEnumerable<OzekiElement> messages) => OzekiAnswer.Ok with
    {
        Root = new OzekiElement("response", new OzekiElement("action", action), new OzekiElement("data", messages.ToImmutableArray())),
    };

    private static OzekiElement Element(string id, string originator, string recipient, string text, string sent, string received) => new("message",
        new OzekiElement("messageid", id),
        new OzekiElement("originator", originator),
        new OzekiElement("recipient", recipient),
        new OzekiElement("messagetype", TextType),
        new OzekiElement("messagedata", text),
        new OzekiElement("senttime", sent),
        new OzekiElement("receivedtime", received));

    private static bool Is(string? value, string word) => word.Equals(value, StringComparison.OrdinalIgnoreCase);
}
