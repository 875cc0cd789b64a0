using System.Xml.Linq;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Subscriptions;

namespace Switchhook.Exchange.Tests.Subscriptions;

public sealed class EventDocumentsTests
{
    private static readonly XNamespace Info = "urn:ietf:params:xml:ns:dialog-info";
    private static readonly XNamespace Pidf = "urn:ietf:params:xml:ns:pidf";

    [Theory]
    [InlineData(0, 3, "no", "0/3 (0/0)")]
    [InlineData(2, 0, "yes", "2/0 (0/0)")]
    public void Messages_wait_while_there_is_a_new_one(int fresh, int old, string waiting, string counts)
    {
        var text = EventDocuments.MessageSummary("101", "pbx.example", new MessageCounts(fresh, old));

        Assert.Equal($"Messages-Waiting: {waiting}\r\nMessage-Account: sip:101@pbx.example\r\nVoice-Message: {counts}\r\n", text);
    }

    [Fact]
    public void A_dialog_tells_its_state_its_direction_and_the_other_side()
    {
        var xml = Read([new(new LegId(new CallId(7), 2), DialogPhase.Early, false, new Party("+36 1", "A \"B\" <&>\u0001"))]);

        var dialog = Assert.Single(xml.Elements(Info + "dialog"));
        Assert.Equal(("3", "full", "sip:102@pbx.example"), (xml.Attribute("version")!.Value, xml.Attribute("state")!.Value, xml.Attribute("entity")!.Value));
        Assert.Equal(("recipient", "early"), (dialog.Attribute("direction")!.Value, dialog.Element(Info + "state")!.Value));
        var identity = dialog.Element(Info + "remote")!.Element(Info + "identity")!;
        Assert.Equal(("sip:+36%201@pbx.example", "A \"B\" <&>"), (identity.Value, identity.Attribute("display")!.Value));
    }

    [Fact]
    public void A_caller_who_is_withheld_is_not_named()
    {
        var text = EventDocuments.DialogInfo(
            "102", "pbx.example", [new(new LegId(new CallId(7), 2), DialogPhase.Confirmed, false, new Party("+3612345", "Secret", IsWithheld: true))], 0);

        Assert.DoesNotContain("3612345", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", text, StringComparison.Ordinal);
        Assert.Contains("anonymous.invalid", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((int)DialogPhase.Early, false, false)]
    [InlineData((int)DialogPhase.Early, true, true)]
    [InlineData((int)DialogPhase.Trying, true, true)]
    [InlineData((int)DialogPhase.Confirmed, false, true)]
    [InlineData((int)DialogPhase.Terminated, true, false)]
    public void Who_talks_or_calls_is_on_the_phone(int phase, bool isInitiator, bool isBusy) =>
        Assert.Equal(isBusy, EventDocuments.IsOnThePhone([new(default, (DialogPhase)phase, isInitiator, new Party("1"))]));

    [Theory]
    [InlineData(true, "open")]
    [InlineData(false, "closed")]
    public void Presence_says_whether_somebody_can_be_reached(bool isOpen, string basic)
    {
        var xml = XDocument.Parse(EventDocuments.Presence("*10#", "pbx.example", isOpen, isOnThePhone: true)).Root!;

        Assert.Equal("sip:*10%23@pbx.example", xml.Attribute("entity")!.Value);
        Assert.Equal(basic, xml.Element(Pidf + "tuple")!.Element(Pidf + "status")!.Element(Pidf + "basic")!.Value);
        Assert.Contains("on-the-phone", xml.ToString(), StringComparison.Ordinal);
    }

    private static XElement Read(IReadOnlyList<ExtensionDialog> dialogs) => XDocument.Parse(EventDocuments.DialogInfo("102", "pbx.example", dialogs, 3)).Root!;
}
