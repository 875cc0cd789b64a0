using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Tests.Dialogs;

namespace Switchhook.Sip.Tests.Torture;

/// <summary>RFC 4475 against a user agent on real sockets.</summary>
public sealed class TortureOverSocketsTests
{
    public static TheoryData<string> Names => [.. TortureCatalog.All.Select(message => message.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Over_udp_each_message_has_its_outcome_and_the_agent_goes_on(string name)
    {
        using var scene = new TortureScene();
        var message = TortureMessage.Of(name);

        var outcome = scene.OverUdp(message.Octets);

        Assert.Equal(message.OverUdp, outcome);
        Assert.Equal(0, scene.Agent.LiveDialogs);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Over_tcp_each_message_has_its_outcome_and_no_other_connection_suffers(string name)
    {
        using var scene = new TortureScene();
        var message = TortureMessage.Of(name);

        var outcome = scene.OverTcp(message.Octets);

        Assert.Equal(message.OverTcp ?? message.OverUdp, outcome);
        Assert.Equal(0, scene.Agent.LiveDialogs);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_repeated_message_is_answered_again_alike_and_handled_once(string name)
    {
        using var scene = new TortureScene();
        var message = TortureMessage.Of(name);

        var outcome = scene.OverUdp(message.Octets, message.Octets);

        var (handled, answer) = message.OverUdp.Split(", ") is [var first, var second] && first.StartsWith("handler", StringComparison.Ordinal)
            ? (first + ", ", second)
            : ("", message.OverUdp);
        Assert.Equal(message.OverUdp == "silence" ? "silence" : $"{handled}{answer}, {answer}", outcome);
        Assert.Single(scene.Answers.Select(each => each.ToString()).Append(scene.Answers.FirstOrDefault()?.ToString() ?? "").Distinct());
    }

    [Fact]
    public void One_agent_takes_all_messages_one_after_the_other()
    {
        using var scene = new TortureScene();

        scene.OverUdp([.. TortureCatalog.All.Select(message => message.Octets)]);

        var expected = TortureCatalog.All.Count(message => message.OverUdp != "silence");
        Assert.Equal(expected, scene.Answers.Count());
        Assert.Equal(0, scene.Agent.LiveDialogs);
        Assert.InRange(scene.Agent.Stack.LiveTransactions, 1, TortureCatalog.All.Length + 1);
    }

    [Theory]
    [InlineData("lwsdisp", 5060)] // sent-by without a port
    [InlineData("quotbal", 5050)] // sent-by with a port, and malformed besides
    [InlineData("badvers", 5060)] // a Via of another version
    [InlineData("badinv01", 5060)] // a Via with malformed parameters
    public void An_answer_goes_to_the_port_of_sent_by(string name, int port)
    {
        using var scene = new TortureScene();

        scene.OverUdp(TortureMessage.Of(name).Octets);

        Assert.Equal(port, scene.PortsAsked[0]);
    }

    [Fact]
    public void An_answer_goes_to_the_source_port_when_the_via_asks_for_it()
    {
        using var scene = new TortureScene();

        scene.OverUdp(TortureMessage.Of("mpart01").Octets);

        Assert.DoesNotContain(5060, scene.PortsAsked);
        Assert.DoesNotContain(5070, scene.PortsAsked);
    }

    [Theory]
    [InlineData("intmeth")]
    [InlineData("esc02")]
    public void The_answer_to_an_unknown_method_says_which_are_known(string name)
    {
        using var scene = new TortureScene();

        scene.OverUdp(TortureMessage.Of(name).Octets);

        var refusal = Assert.Single(scene.Answers);
        Assert.All(["INVITE", "ACK", "CANCEL", "BYE", "OPTIONS"], method => Assert.True(refusal.Lists(HeaderName.Allow, Messages.Sample.Bytes(method))));
    }

    [Fact]
    public void Two_requests_whose_branches_are_the_cookie_alone_are_two()
    {
        using var scene = new TortureScene();
        var text = Messages.Sample.Text(TortureMessage.Of("badbranch").Octets);

        var outcome = scene.OverUdp(
            Messages.Sample.Bytes(text), Messages.Sample.Bytes(text.Replace("badbranch.", "badbranch.another.", StringComparison.Ordinal)));

        Assert.Equal("handler OPTIONS, handler OPTIONS, 200 OK, 200 OK", outcome);
    }

    [Fact]
    public void A_call_from_an_element_of_rfc_2543_is_answered_acknowledged_and_hung_up()
    {
        using var scene = new TortureScene();
        var party = new SimulatedParty(new SimulatedNetwork(0), "callee");
        SipSession? session = null;
        scene.Inviting = invite => (session = invite.Accept(party)).Answer("v=0\r\n"u8);

        scene.OverUdp(TortureMessage.Of("inv2543").Octets);
        var answer = scene.Answers.OfType<SipResponse>().First();
        scene.OverUdp(Messages.Sample.Bytes(
            $"ACK sip:UserB@example.com SIP/2.0\nVia: SIP/2.0/UDP iftgw.example.com\nFrom: {answer.GetText(HeaderName.From)}\n" +
            $"To: {answer.GetText(HeaderName.To)}\nCall-ID: {answer.GetText(HeaderName.CallId)}\nCSeq: 56 ACK\n\n"));
        session!.HangUp(new SessionHangup());
        scene.Until(() => scene.Answers.OfType<SipRequest>().Any());

        var bye = scene.Answers.OfType<SipRequest>().First();
        Assert.Equal(["acknowledged", "hangup Bye"], party.Of(session));
        Assert.Equal((SipMethod.Bye, "sip:UserB@example.com;maddr=ss1.example.com"), (bye.Method, Messages.Sample.Text(bye.RequestUri))); // a strict route
        Assert.Equal("<sip:+13035551111@ift.client.example.net;user=phone>", bye.GetText(HeaderName.Route)); // no Contact: the target is From
        Assert.True(bye.ToTag.IsEmpty);
    }

    [Fact]
    public void A_refusal_of_a_request_without_addresses_repeats_what_there_is()
    {
        using var scene = new TortureScene();

        scene.OverUdp(TortureMessage.Of("insuf").Octets);

        var refusal = Assert.Single(scene.Answers);
        Assert.Equal("193942 INVITE", refusal.GetText(HeaderName.CSeq));
        Assert.Equal("z9hG4bKkdj.insuf", Messages.Sample.Text(refusal.Branch));
        Assert.False(refusal.Has(HeaderName.From) || refusal.Has(HeaderName.To) || refusal.Has(HeaderName.CallId));
    }
}
