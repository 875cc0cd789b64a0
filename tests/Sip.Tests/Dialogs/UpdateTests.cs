using System.Text;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>UPDATE on the wire (RFC 3311).</summary>
public sealed class UpdateTests
{
    private readonly SimulatedNetwork _network = new(1);
    private readonly SimulatedParty _us;
    private readonly SipUserAgent _agent;
    private readonly ScriptedPeer _peer;

    public UpdateTests()
    {
        _us = new SimulatedParty(_network, "us");
        _agent = _network.Add(1, _us);
        _peer = new ScriptedPeer(_network);
    }

    [Fact]
    public void An_offer_in_an_update_is_told_like_a_reinvite_and_answered()
    {
        var session = Answered();

        _peer.Request("UPDATE", To(session), 2, body: "v=0\r\n", rows: ["Contact: <sip:moved@10.0.0.2>", "Content-Type: application/sdp"]);
        var answered = session.AnswerReoffer("v=1\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        session.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.Zero);

        var ok = _peer.Responses(SipMethod.Update).Single();
        Assert.True(answered);
        Assert.Equal(200, ok.Status);
        Assert.Equal("v=1\r\n", Encoding.UTF8.GetString(ok.Body.Span));
        Assert.True(ok.Lists(HeaderName.Allow, "UPDATE"u8));
        Assert.Contains("update", _us.Of(session));
        Assert.Equal("sip:moved@10.0.0.2", Encoding.UTF8.GetString(_peer.Last(SipMethod.Bye).RequestUri));
    }

    [Fact]
    public void An_update_pending_when_we_say_bye_gets_487()
    {
        var session = Answered();
        _peer.Request("UPDATE", To(session), 2, body: "v=0\r\n", rows: "Content-Type: application/sdp");

        session.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal(487, _peer.Responses(SipMethod.Update).Single().Status);
        Assert.Equal(["acknowledged", "update", "hangup Bye"], _us.Of(session));
    }

    [Fact]
    public void An_update_pending_when_their_bye_comes_gets_487_and_the_next_481()
    {
        var session = Answered();
        _peer.Request("UPDATE", To(session), 2, body: "v=0\r\n", rows: "Content-Type: application/sdp");

        _peer.Request("BYE", To(session), 3);
        _peer.Request("UPDATE", To(session), 4);

        Assert.Equal([487, 481], _peer.Responses(SipMethod.Update).Select(response => response.Status));
    }

    [Fact]
    public void An_update_never_answered_by_its_user_is_given_up_and_another_may_come()
    {
        var session = Answered();
        _peer.Request("UPDATE", To(session), 2, body: "v=0\r\n", rows: "Content-Type: application/sdp");

        _network.RunFor(TimeSpan.FromSeconds(33));
        var late = session.AnswerReoffer("v=1\r\n"u8);
        _peer.Request("UPDATE", To(session), 3, body: "v=0\r\n", rows: "Content-Type: application/sdp");

        Assert.False(late);
        Assert.Equal(["acknowledged", "update", "update"], _us.Of(session));
    }

    [Fact]
    public void In_an_early_dialog_a_refresh_is_answered_and_an_offer_before_our_answer_refused_500_to_be_tried_later()
    {
        var session = Invited();
        session.Progress(180, []);
        _network.RunFor(TimeSpan.Zero);

        _peer.Request("UPDATE", To(session), 2);
        _peer.Request("UPDATE", To(session), 3, body: "v=0\r\n", rows: "Content-Type: application/sdp");

        var responses = _peer.Responses(SipMethod.Update);
        Assert.Equal([200, 500], responses.Select(response => response.Status));
        Assert.InRange(int.Parse(responses[1].GetText(HeaderName.RetryAfter)!), 0, 10);
    }

    [Fact]
    public void As_caller_an_early_offer_meets_our_own_and_gets_491()
    {
        var session = _agent.Invite(new OutgoingInvite
        {
            RequestUri = "sip:peer@10.0.0.2",
            From = new SipAddress("sip:us@10.0.0.1"),
            To = new SipAddress("sip:peer@10.0.0.2"),
            Flow = SimulatedNetwork.To(2),
            CallId = "call",
            Offer = "v=0\r\n"u8.ToArray(),
        }, _us);
        _network.RunFor(TimeSpan.Zero);
        var invite = _peer.Last(SipMethod.Invite);
        _peer.Reply(invite, 183);

        _peer.Request("UPDATE", To(session), 7);
        _peer.Request("UPDATE", To(session), 8, body: "v=0\r\n", rows: "Content-Type: application/sdp");
        _peer.Request("UPDATE", To(session), 9, fromTag: "stranger");
        _peer.Reply(invite, 200);
        _peer.Request("UPDATE", To(session), 6);

        Assert.Equal([200, 491, 481, 500], _peer.Responses(SipMethod.Update).Select(response => response.Status));
    }

    [Fact]
    public void Ours_goes_out_when_asked_and_its_answer_is_told()
    {
        var session = Answered();

        var sent = session.Update("v=2\r\n"u8);
        var second = session.Update("v=3\r\n"u8);
        var reinvite = session.Reoffer("v=3\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        var update = _peer.Last(SipMethod.Update);
        _peer.Request("INVITE", To(session), 2, body: "v=0\r\n", rows: "Content-Type: application/sdp");
        _peer.Reply(update, 200, rows: "Contact: <sip:there@10.0.0.2>");
        session.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.Zero);

        Assert.True(sent);
        Assert.False(second || reinvite);
        Assert.Equal("v=2\r\n", Encoding.UTF8.GetString(update.Body.Span));
        Assert.True(update.Has(HeaderName.Contact));
        Assert.Equal(491, _peer.Responses(SipMethod.Invite)[^1].Status);
        Assert.Equal(["acknowledged", "reoffer answered 200", "hangup Bye"], _us.Of(session).Select(word => word.Replace("update", "reoffer")));
        Assert.Equal("sip:there@10.0.0.2", Encoding.UTF8.GetString(_peer.Last(SipMethod.Bye).RequestUri));
    }

    [Fact]
    public void Ours_is_repeated_once_with_credentials()
    {
        var session = Answered();
        session.Credentials = new DigestLogin("us", "secret");

        session.Update("v=2\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        _peer.Reply(_peer.Last(SipMethod.Update), 401, rows: "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
        var again = _peer.Last(SipMethod.Update);
        _peer.Reply(again, 401, rows: "WWW-Authenticate: Digest realm=\"r\", nonce=\"m\", qop=\"auth\"");

        Assert.True(again.Has(HeaderName.Authorization));
        Assert.Equal(2u, again.CSeq.Number);
        Assert.Equal(["acknowledged", "update answered 401"], _us.Of(session));
    }

    [Fact]
    public void Ours_that_meets_theirs_is_tried_again_after_the_wait()
    {
        var session = Answered();

        session.Update("v=2\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        _peer.Reply(_peer.Last(SipMethod.Update), 491);
        var before = _peer.All(SipMethod.Update).Length;
        _network.RunFor(TimeSpan.FromSeconds(2.1));
        _peer.Reply(_peer.Last(SipMethod.Update), 200);

        Assert.Equal(1, before);
        Assert.Equal([1u, 2u], _peer.All(SipMethod.Update).Select(update => update.CSeq.Number).Distinct());
        Assert.Equal(["acknowledged", "update answered 200"], _us.Of(session));
    }

    [Fact]
    public void Ours_never_answered_ends_the_call()
    {
        var session = Answered();

        session.Update([]);
        _network.RunFor(TimeSpan.FromSeconds(33));

        Assert.Equal(["acknowledged", "reoffer answered 0", "ended TimedOut"], _us.Of(session));
        Assert.Equal(SipMethod.Bye, _peer.Last(SipMethod.Bye).Method);
    }

    private SipSession Invited()
    {
        _peer.Request("INVITE", "<sip:us@10.0.0.1>", 1, body: "v=0\r\n", rows: "Content-Type: application/sdp");
        return _us.Sessions[^1];
    }

    private SipSession Answered()
    {
        var session = Invited();
        session.Answer("v=0\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        _peer.Request("ACK", To(session), 1);
        return session;
    }

    private static string To(SipSession session) => $"<sip:us@10.0.0.1>;tag={session.LocalTag}";
}
