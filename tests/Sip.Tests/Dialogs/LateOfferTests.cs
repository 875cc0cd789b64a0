using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>An INVITE of ours without an offer: the 2xx makes it, the ACK answers it (RFC 3261 §13.2.1, §13.2.2.4).</summary>
public sealed class LateOfferTests
{
    private readonly SimulatedNetwork _network = new(1);
    private readonly SimulatedParty _us;
    private readonly SipUserAgent _agent;
    private readonly ScriptedPeer _peer;

    public LateOfferTests()
    {
        _us = new SimulatedParty(_network, "us");
        _agent = _network.Add(1, _us);
        _peer = new ScriptedPeer(_network);
    }

    [Fact]
    public void The_offer_of_the_2xx_is_answered_in_the_ack_and_in_every_repeat_of_it()
    {
        _us.Offering = static session => session.AnswerOffer("v=2\r\n"u8);
        var session = Call();
        var invite = _peer.Last(SipMethod.Invite);

        Answer(invite, "v=1\r\n");
        var ack = _peer.Last(SipMethod.Ack);
        Answer(invite, "v=1\r\n");

        Assert.True(invite.Body.IsEmpty);
        Assert.False(invite.Has(HeaderName.ContentType));
        Assert.Equal(("v=2\r\n", "application/sdp"), (Encoding.UTF8.GetString(ack.Body.Span), ack.GetText(HeaderName.ContentType)));
        Assert.Equal(["v=2\r\n", "v=2\r\n"], _peer.All(SipMethod.Ack).Select(a => Encoding.UTF8.GetString(a.Body.Span)));
        Assert.Equal(["offer", "answered"], _us.Of(session));
    }

    [Fact]
    public void A_2xx_that_is_repeated_before_the_answer_is_no_second_offer()
    {
        _us.Offering = static _ => { };
        var session = Call();
        var invite = _peer.Last(SipMethod.Invite);

        Answer(invite, "v=1\r\n");
        Answer(invite, "v=1\r\n");
        var before = _peer.All(SipMethod.Ack).Length;
        var answered = session.AnswerOffer("v=2\r\n"u8);
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal((0, true, 1), (before, answered, _peer.All(SipMethod.Ack).Length));
        Assert.False(session.AnswerOffer("v=3\r\n"u8));
        Assert.Equal(["offer", "answered"], _us.Of(session));
    }

    [Fact]
    public void A_2xx_without_an_offer_is_acknowledged_and_the_user_told_that_there_is_none()
    {
        var session = Call();

        Answer(_peer.Last(SipMethod.Invite), "");

        Assert.True(_peer.Last(SipMethod.Ack).Body.IsEmpty);
        Assert.Equal(["answered"], _us.Of(session));
    }

    [Fact]
    public void A_hangup_before_the_answer_acknowledges_and_says_bye()
    {
        _us.Offering = static session => session.HangUp(new SessionHangup(488, "Q.850;cause=88"));
        var session = Call();

        Answer(_peer.Last(SipMethod.Invite), "v=1\r\n");

        Assert.Single(_peer.All(SipMethod.Ack));
        var bye = _peer.Last(SipMethod.Bye);
        Assert.Equal("Q.850;cause=88", bye.GetText(HeaderName.Reason));
        _peer.Reply(bye, 200);
        Assert.Equal(["offer", "hangup Bye", "confirmed Yes", "released"], _us.Of(session));
    }

    [Fact]
    public void A_fork_that_answers_second_is_acknowledged_and_hung_up_while_the_first_waits()
    {
        _us.Offering = static _ => { };
        var session = Call();
        var invite = _peer.Last(SipMethod.Invite);

        Answer(invite, "v=1\r\n", "one");
        Answer(invite, "v=1\r\n", "two");
        var bye = _peer.Last(SipMethod.Bye);
        _peer.Reply(bye, 200);
        session.AnswerOffer("v=2\r\n"u8);
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal("two", Encoding.UTF8.GetString(bye.ToTag));
        Assert.Equal(["two", "one"], _peer.All(SipMethod.Ack).Select(a => Encoding.UTF8.GetString(a.ToTag)));
        Assert.Equal(["offer", "answered"], _us.Of(session));
    }

    [Fact]
    public void A_far_side_that_hangs_up_before_the_answer_has_its_2xx_acknowledged_all_the_same()
    {
        _us.Offering = static _ => { };
        var session = Call();

        Answer(_peer.Last(SipMethod.Invite), "v=1\r\n");
        _peer.Request("BYE", $"<sip:1001@10.0.0.1>;tag={session.LocalTag}", 1, session.CallId);

        Assert.Single(_peer.All(SipMethod.Ack));
        Assert.Equal(200, _peer.Responses(SipMethod.Bye).Single().Status);
        Assert.Equal(["offer", "ended Bye", "released"], _us.Of(session));
        Assert.Equal(0, _agent.LiveDialogs);
    }

    [Fact]
    public void An_offer_answered_in_a_prack_is_not_answered_again_in_the_ack()
    {
        var session = Call();
        var invite = _peer.Last(SipMethod.Invite);

        Answer(invite, "v=1\r\n", status: 183, rows: "Require: 100rel\r\nRSeq: 1\r\n");
        session.AnswerProgress(_us.Progress.Single().Response, "v=2\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        _peer.Reply(_peer.Last(SipMethod.Prack), 200);
        Answer(invite, "v=1\r\n");

        Assert.True(_peer.Last(SipMethod.Ack).Body.IsEmpty);
        Assert.Equal(["progress 183", "answered"], _us.Of(session));
    }

    private SipSession Call()
    {
        var session = _agent.Invite(
            new OutgoingInvite
            {
                RequestUri = "sip:1002@10.0.0.2",
                From = new SipAddress("sip:1001@10.0.0.1"),
                To = new SipAddress("sip:1002@10.0.0.2"),
                Flow = SimulatedNetwork.To(2),
            },
            _us);
        _us.Sessions.Add(session);
        _network.RunFor(TimeSpan.Zero);
        return session;
    }

    private void Answer(SipRequest invite, string sdp, string tag = "peer", int status = 200, string rows = "")
    {
        var text = Encoding.UTF8.GetString(
            SipResponseBuilder.ReplyTo(invite, status, tag).Header(HeaderName.Contact, "<sip:peer@10.0.0.2>").Build().Wire.Span);
        var end = text.IndexOf("Content-Length", StringComparison.Ordinal);
        _peer.Send($"{text[..end]}{rows}{(sdp.Length > 0 ? "Content-Type: application/sdp\r\n" : "")}Content-Length: {sdp.Length}\r\n\r\n{sdp}");
    }
}
