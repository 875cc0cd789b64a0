using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>What an incoming session answers on the wire, message by message.</summary>
public sealed class IncomingSessionTests
{
    private readonly SimulatedNetwork _network = new(1);
    private readonly SimulatedParty _us;
    private readonly SipUserAgent _agent;
    private readonly ScriptedPeer _peer;

    public IncomingSessionTests()
    {
        _us = new SimulatedParty(_network, "us");
        _agent = _network.Add(1, _us);
        _peer = new ScriptedPeer(_network);
    }

    [Fact]
    public void A_call_is_answered_acknowledged_and_ended_by_the_caller()
    {
        var session = Invited();

        session.Progress(180, []);
        session.Answer("v=0\r\n"u8, new SipHeaderLine("X-Leg", "b\r\nEvil: 1"));
        _network.RunFor(TimeSpan.Zero);
        var ok = _peer.Responses(SipMethod.Invite)[^1];
        _peer.Request("ACK", To(session), 1);
        _peer.Request("BYE", To(session), 2, rows: "Reason: Q.850;cause=16");

        Assert.Equal([180, 200], _peer.Responses(SipMethod.Invite).Select(response => response.Status));
        Assert.Equal(session.LocalTag, Text(ok.ToTag));
        Assert.Equal("<sip:10.0.0.1:5060>", Text(ok.Get(HeaderName.Contact)));
        Assert.Equal("v=0\r\n", Text(ok.Body.Span));
        Assert.True(ok.TryGet("X-Leg"u8, out var leg) && leg.SequenceEqual("b  Evil: 1"u8));
        Assert.Equal(200, _peer.Responses(SipMethod.Bye).Single().Status);
        Assert.Equal(["acknowledged", "ended Bye", "released"], _us.Of(session));
        Assert.Equal("Q.850;cause=16", Text(_us.Ends[0].Message!.Get(HeaderName.Reason)));
        Assert.Equal(0, _agent.LiveDialogs);
    }

    [Fact]
    public void An_unanswered_leg_is_refused_with_status_reason_and_retry_after()
    {
        var session = Invited();

        session.HangUp(new SessionHangup(503, "Q.850;cause=42", "5"));
        _network.RunFor(TimeSpan.Zero);

        var refusal = _peer.Responses(SipMethod.Invite)[^1];
        Assert.Equal(503, refusal.Status);
        Assert.Equal("Q.850;cause=42", Text(refusal.Get(HeaderName.Reason)));
        Assert.Equal("5", Text(refusal.Get(HeaderName.RetryAfter)));
        Assert.Equal(["hangup FinalStatus 503"], _us.Of(session));
    }

    [Fact]
    public void The_ack_of_a_refusal_confirms_it()
    {
        var session = Invited("z9hG4bKsame");
        session.HangUp(new SessionHangup(486));
        _network.RunFor(TimeSpan.Zero);

        _peer.Send(Raw("ACK", session, 1, "z9hG4bKsame"));

        Assert.Equal(["hangup FinalStatus 486", "confirmed Yes", "released"], _us.Of(session));
    }

    [Fact]
    public void A_refusal_never_acknowledged_is_confirmed_as_timeout()
    {
        var session = Invited();

        session.HangUp(new SessionHangup(486));
        _network.RunFor(TimeSpan.FromSeconds(33));

        Assert.Equal(["hangup FinalStatus 486", "confirmed Timeout", "released"], _us.Of(session));
        Assert.Equal(0, _agent.LiveDialogs);
    }

    [Fact]
    public void A_cancel_gets_200_and_the_invite_487()
    {
        var session = Invited("z9hG4bKsame");

        _peer.Send(Raw("CANCEL", null, 1, "z9hG4bKsame", "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"));

        Assert.Equal(200, _peer.Responses(SipMethod.Cancel).Single().Status);
        Assert.Equal(487, _peer.Responses(SipMethod.Invite)[^1].Status);
        Assert.Equal(["ended Cancelled", "released"], _us.Of(session));
        Assert.Equal("SIP;cause=200;text=\"Call completed elsewhere\"", Text(_us.Ends[0].Message!.Get(HeaderName.Reason)));
    }

    [Fact]
    public void A_cancel_after_our_2xx_gets_200_and_the_call_stands()
    {
        var session = Invited("z9hG4bKsame");
        session.Answer([]);
        _network.RunFor(TimeSpan.Zero);
        var before = _peer.Responses(SipMethod.Invite).Length;

        _peer.Send(Raw("CANCEL", null, 1, "z9hG4bKsame"));
        _peer.Request("ACK", To(session), 1);

        Assert.Equal(200, _peer.Responses(SipMethod.Cancel).Single().Status);
        Assert.Equal(before, _peer.Responses(SipMethod.Invite).Length);
        Assert.Equal(["acknowledged"], _us.Of(session));
        Assert.True(session.IsConfirmed);
    }

    [Fact]
    public void A_cancel_without_an_invite_gets_481()
    {
        _peer.Send(Raw("CANCEL", null, 1, "z9hG4bKnone"));

        Assert.Equal(481, _peer.Responses(SipMethod.Cancel).Single().Status);
    }

    [Fact]
    public void A_bye_for_an_unanswered_leg_gets_200_and_the_invite_487()
    {
        var session = Invited();
        session.Progress(180, []);
        _network.RunFor(TimeSpan.Zero);

        _peer.Request("BYE", To(session), 2);

        Assert.Equal(200, _peer.Responses(SipMethod.Bye).Single().Status);
        Assert.Equal(487, _peer.Responses(SipMethod.Invite)[^1].Status);
        Assert.Equal(["ended Bye", "released"], _us.Of(session));
    }

    [Fact]
    public void Hung_up_after_the_2xx_the_bye_waits_for_the_ack()
    {
        var session = Invited();
        session.Answer([]);
        session.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.FromSeconds(2));
        var before = _us.Of(session);
        var byes = _peer.All(SipMethod.Bye).Length;

        _peer.Request("ACK", To(session), 1);

        Assert.Empty(before);
        Assert.Equal(0, byes);
        Assert.Single(_peer.All(SipMethod.Bye));
        Assert.Equal(["hangup Bye"], _us.Of(session));
    }

    [Fact]
    public void A_2xx_without_ack_is_repeated_and_ends_in_a_bye()
    {
        var session = Invited();
        session.Answer([]);

        _network.RunFor(TimeSpan.FromSeconds(32.1));

        Assert.Equal(11, _peer.Responses(SipMethod.Invite).Length);
        _ = _peer.All(SipMethod.Bye)[0];
        Assert.Equal(["ended AckTimeout"], _us.Of(session));
        _peer.Reply(_peer.Last(SipMethod.Bye), 200);
        Assert.Equal(["ended AckTimeout", "released"], _us.Of(session));
    }

    [Fact]
    public void A_reinvite_is_told_answered_and_acknowledged()
    {
        var session = Answered();

        _peer.Request("INVITE", To(session), 2, body: "v=0\r\n", rows: ["Content-Type: application/sdp", "Contact: <sip:moved@10.0.0.2:5060>"]);
        var answered = session.AnswerReoffer("v=0\r\na=recvonly\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        _peer.Request("ACK", To(session), 2);
        session.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.Zero);

        Assert.True(answered);
        Assert.Equal(200, _peer.Responses(SipMethod.Invite)[^1].Status);
        Assert.Equal("sip:moved@10.0.0.2:5060", Text(_peer.Last(SipMethod.Bye).RequestUri));
        Assert.Equal(["acknowledged", "reoffer", "acknowledged", "hangup Bye"], _us.Of(session));
    }

    [Fact]
    public void Hung_up_with_a_reinvite_pending_the_bye_leaves_at_once_and_the_reinvite_gets_487()
    {
        var session = Answered();
        _peer.Request("INVITE", To(session), 2);

        session.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.Zero);

        Assert.Single(_peer.All(SipMethod.Bye));
        Assert.Equal(487, _peer.Responses(SipMethod.Invite)[^1].Status);
    }

    [Fact]
    public void A_reinvite_that_meets_ours_gets_491_and_a_second_one_500_with_retry_after()
    {
        var session = Answered();
        session.Reoffer([]);
        _network.RunFor(TimeSpan.Zero);
        _peer.Request("INVITE", To(session), 2);
        var glare = _peer.Responses(SipMethod.Invite)[^1].Status;
        _peer.Reply(_peer.All(SipMethod.Invite)[^1], 491);

        _peer.Request("INVITE", To(session), 3);
        _peer.Request("INVITE", To(session), 4);

        Assert.Equal(491, glare);
        Assert.Equal(500, _peer.Responses(SipMethod.Invite)[^1].Status);
        Assert.True(_peer.Responses(SipMethod.Invite)[^1].Has(HeaderName.RetryAfter));
        Assert.Equal(["acknowledged", "reoffer answered 491", "reoffer"], _us.Of(session));
    }

    [Fact]
    public void A_cancel_of_a_pending_reinvite_ends_that_one_and_the_call_goes_on()
    {
        var session = Answered();
        _peer.Send(Raw("INVITE", session, 2, "z9hG4bKpending"));
        _peer.Send(Raw("INVITE", session, 3, "z9hG4bKrefused"));

        _peer.Send(Raw("CANCEL", session, 3, "z9hG4bKrefused"));
        var stillPending = _peer.Responses(SipMethod.Invite)[^1].Status;
        _peer.Send(Raw("CANCEL", session, 2, "z9hG4bKpending"));

        Assert.Equal(500, stillPending);
        Assert.Equal([200, 200], _peer.Responses(SipMethod.Cancel).Select(response => response.Status));
        Assert.Equal(487, _peer.Responses(SipMethod.Invite)[^1].Status);
        Assert.False(session.AnswerReoffer([]));
        Assert.True(session.IsConfirmed);
    }

    [Fact]
    public void Requests_out_of_order_get_500_and_others_in_the_call_their_answers()
    {
        var session = Answered();
        _peer.Request("INFO", To(session), 7, body: "Signal=1", rows: "Content-Type: application/dtmf-relay");
        _peer.Request("OPTIONS", To(session), 8);
        _peer.Request("MESSAGE", To(session), 9);

        _peer.Request("BYE", To(session), 3);

        Assert.Equal(200, _peer.Responses(SipMethod.Info).Single().Status);
        Assert.Equal(200, _peer.Responses(SipMethod.Options).Single().Status);
        Assert.True(_peer.Responses(SipMethod.Options).Single().Lists(HeaderName.Supported, "100rel"u8));
        Assert.Equal(405, _peer.Responses(SipMethod.Message).Single().Status);
        Assert.Equal(500, _peer.Responses(SipMethod.Bye).Single().Status);
        Assert.Equal(["acknowledged", "info"], _us.Of(session));
    }

    [Fact]
    public void Requests_of_unknown_dialogs_get_481()
    {
        var session = Answered();

        _peer.Request("BYE", "<sip:us@10.0.0.1>;tag=0123456789abcdef", 2);
        _peer.Request("BYE", To(session), 2, callId: "other");
        _peer.Request("BYE", To(session), 2, fromTag: "stranger");
        _peer.Request("INVITE", "<sip:us@10.0.0.1>;tag=zzz", 2);

        Assert.Equal([481, 481, 481], _peer.Responses(SipMethod.Bye).Select(response => response.Status));
        Assert.Equal(481, _peer.Responses(SipMethod.Invite)[^1].Status);
        Assert.True(session.IsConfirmed);
    }

    [Theory]
    [InlineData("Require: 100rel, none, timer, such", 420)]
    [InlineData("Content-Type: text/plain", 415)]
    [InlineData("Content-Type: application/sdp\r\nContent-Encoding: gzip", 415)]
    public void An_invite_that_asks_for_what_we_do_not_know_is_refused(string row, int expected)
    {
        _peer.Request("INVITE", "<sip:us@10.0.0.1>", 1, body: "x", rows: row);

        var refusal = _peer.Responses(SipMethod.Invite).Single();
        Assert.Equal(expected, refusal.Status);
        Assert.Empty(_us.Sessions);
        if (expected == 420) Assert.Equal("none, such", Text(refusal.Get(HeaderName.Unsupported)));
        else if (row.Contains("gzip", StringComparison.Ordinal)) Assert.Equal("identity", Text(refusal.Get(HeaderName.AcceptEncoding)));
        else Assert.StartsWith("application/sdp", Text(refusal.Get(HeaderName.Accept)));
    }

    [Fact]
    public void An_invite_with_no_hops_left_gets_483_and_one_nobody_decides_about_500()
    {
        _peer.Send(Raw("INVITE", null, 1, "z9hG4bKhops").Replace("Max-Forwards: 70", "Max-Forwards: 0", StringComparison.Ordinal));
        _us.Inviting = _ => { };
        _peer.Send(Raw("INVITE", null, 2, "z9hG4bKundecided"));

        Assert.Equal([483, 500], _peer.Responses(SipMethod.Invite).Select(response => response.Status));
    }

    [Fact]
    public void An_invite_can_be_challenged_without_a_session()
    {
        _us.Inviting = invite => invite.Reply(401, new SipHeaderLine("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\""));

        _peer.Request("INVITE", "<sip:us@10.0.0.1>", 1);

        var challenge = _peer.Responses(SipMethod.Invite).Single();
        Assert.Equal(401, challenge.Status);
        Assert.True(challenge.Has(HeaderName.WwwAuthenticate));
        Assert.False(challenge.ToTag.IsEmpty);
        Assert.Equal(0, _agent.LiveDialogs);
    }

    [Fact]
    public void A_phone_behind_nat_is_reached_where_its_invite_came_from()
    {
        _peer.Send(Raw("INVITE", null, 1, "z9hG4bKnat")
            .Replace("UDP 10.0.0.2", "UDP 192.168.1.7:5060", StringComparison.Ordinal)
            .Replace("Contact: <sip:peer@10.0.0.2>", "Contact: <sip:peer@192.168.1.7:5060>", StringComparison.Ordinal));
        var session = _us.Sessions.Single();
        session.Answer([]);
        _peer.Request("ACK", To(session), 1);

        session.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal("sip:peer@192.168.1.7:5060", Text(_peer.Last(SipMethod.Bye).RequestUri));
    }

    [Fact]
    public void Requests_outside_calls_reach_the_handler_and_unknown_methods_get_501()
    {
        _peer.Request("OPTIONS", "<sip:us@10.0.0.1>", 1);
        _peer.Request("JUGGLE", "<sip:us@10.0.0.1>", 2);
        _peer.Request("BYE", "<sip:us@10.0.0.1>", 3);

        Assert.Equal([200, 501, 481], _peer.Received.OfType<SipResponse>().Select(response => response.Status));
    }

    private SipSession Invited(string branch = "z9hG4bKfirst")
    {
        _peer.Send(Raw("INVITE", null, 1, branch));
        return _us.Sessions.Single();
    }

    private SipSession Answered()
    {
        var session = Invited();
        session.Answer([]);
        _peer.Request("ACK", To(session), 1);
        return session;
    }

    private static string Raw(string method, SipSession? session, int cseq, string branch, string rows = "") =>
        $"{method} sip:us@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch={branch};rport\r\nMax-Forwards: 70\r\n" +
        $"From: <sip:peer@10.0.0.2>;tag=peer\r\nTo: {(session is null ? "<sip:us@10.0.0.1>" : To(session))}\r\nCall-ID: call\r\n" +
        $"CSeq: {cseq} {method}\r\nContact: <sip:peer@10.0.0.2>\r\n{rows}Content-Length: 0\r\n\r\n";

    private static string To(SipSession session) => $"<sip:us@10.0.0.1>;tag={session.LocalTag}";

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
