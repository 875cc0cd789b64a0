using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>REFER, its NOTIFYs and Replaces on the wire (RFC 3515, RFC 4488, RFC 3891).</summary>
public sealed class ReferTests
{
    private readonly SimulatedNetwork _network = new(1);
    private readonly SimulatedParty _us;
    private readonly SipUserAgent _agent;
    private readonly ScriptedPeer _peer;

    public ReferTests()
    {
        _us = new SimulatedParty(_network, "us");
        _agent = _network.Add(1, _us, new SipUserAgentOptions { TakesReplaces = true });
        _peer = new ScriptedPeer(_network);
    }

    [Fact]
    public void A_refer_is_accepted_and_its_call_reported_to_the_end()
    {
        var session = Answered();

        _peer.Request("REFER", To(session), 2, rows: ["Refer-To: \"Bob\" <sip:bob@10.0.0.9>", "Referred-By: <sip:peer@10.0.0.2>"]);
        var refer = _us.Refers.Single();
        refer.Accept();
        _network.RunFor(TimeSpan.Zero);
        var first = _peer.Last(SipMethod.Notify);
        refer.Notify(180, final: false);
        refer.Notify(200, final: true);
        _peer.Reply(first, 200);
        var last = _peer.Last(SipMethod.Notify);
        _peer.Reply(last, 200);

        Assert.Equal("sip:bob@10.0.0.9", refer.Target);
        Assert.Equal("<sip:peer@10.0.0.2>", refer.ReferredBy);
        Assert.Null(refer.Replaces);
        Assert.Equal(202, _peer.Responses(SipMethod.Refer).Single().Status);
        Assert.Equal("refer", first.GetText(HeaderName.Event));
        Assert.StartsWith("active", first.GetText(HeaderName.SubscriptionState));
        Assert.Equal("message/sipfrag;version=2.0", first.GetText(HeaderName.ContentType));
        Assert.Equal("SIP/2.0 100 Trying\r\n", Text(first.Body));
        Assert.Equal("terminated;reason=noresource", last.GetText(HeaderName.SubscriptionState));
        Assert.Equal("SIP/2.0 200 OK\r\n", Text(last.Body));
        Assert.Equal(2, _peer.All(SipMethod.Notify).Length);
    }

    [Fact]
    public void The_notifies_of_a_second_refer_carry_its_cseq_as_id()
    {
        var session = Answered();
        _peer.Request("REFER", To(session), 2, rows: "Refer-To: sip:bob@10.0.0.9");
        _us.Refers[0].Reject(486);

        _peer.Request("REFER", To(session), 3, rows: "r: <sip:carol@10.0.0.9>");
        _us.Refers[1].Accept();
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal([486, 202], _peer.Responses(SipMethod.Refer).Select(response => response.Status));
        Assert.Equal("refer;id=3", _peer.Last(SipMethod.Notify).GetText(HeaderName.Event));
    }

    [Fact]
    public void A_refer_that_wants_no_subscription_gets_none()
    {
        var session = Answered();

        _peer.Request("REFER", To(session), 2, rows: ["Refer-To: <sip:bob@10.0.0.9>", "Refer-Sub: false", "Require: norefersub"]);
        _us.Refers.Single().Accept();
        _us.Refers.Single().Notify(200, final: true);
        _network.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal("false", _peer.Responses(SipMethod.Refer).Single().GetText(HeaderName.ReferSub));
        Assert.Empty(_peer.All(SipMethod.Notify));
    }

    [Theory]
    [InlineData("Subject: none")]
    [InlineData("Refer-To: <sip:bob@10.0.0.9>, <sip:carol@10.0.0.9>")]
    [InlineData("Refer-To: <nothing>")]
    public void A_refer_without_exactly_one_target_gets_400(string row)
    {
        var session = Answered();

        _peer.Request("REFER", To(session), 2, rows: row);

        Assert.Equal(400, _peer.Responses(SipMethod.Refer).Single().Status);
        Assert.Empty(_us.Refers);
    }

    [Fact]
    public void A_refer_with_replaces_names_the_session_that_it_means()
    {
        var session = Answered();
        var other = Answered("other");
        var replaces = Uri.EscapeDataString($"other;to-tag={other.LocalTag};from-tag=peer");

        _peer.Request("REFER", To(session), 2, rows: $"Refer-To: <sip:us@10.0.0.1?Replaces={replaces}&Subject=x>");
        var refer = _us.Refers.Single();

        Assert.Equal("sip:us@10.0.0.1", refer.Target);
        Assert.Equal(new ReplacesHeader("other", other.LocalTag, "peer"), refer.Replaces);
        Assert.Same(other, _agent.FindReplaced(refer.Replaces!).Session);
    }

    [Fact]
    public void A_refer_not_answered_when_the_session_ends_gets_487_and_reports_stop()
    {
        var session = Answered();
        _peer.Request("REFER", To(session), 2, rows: "Refer-To: <sip:bob@10.0.0.9>");

        session.HangUp(new SessionHangup());
        _us.Refers.Single().Accept();
        _us.Refers.Single().Notify(200, final: true);
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal(487, _peer.Responses(SipMethod.Refer).Single().Status);
        Assert.Empty(_peer.All(SipMethod.Notify));
    }

    [Fact]
    public void A_refer_never_answered_is_given_up()
    {
        var session = Answered();
        _peer.Request("REFER", To(session), 2, rows: "Refer-To: <sip:bob@10.0.0.9>");

        _network.RunFor(TimeSpan.FromSeconds(33));
        _us.Refers.Single().Accept();
        _network.RunFor(TimeSpan.Zero);

        Assert.Empty(_peer.Responses(SipMethod.Refer));
        Assert.Empty(_peer.All(SipMethod.Notify));
    }

    [Fact]
    public void Ours_tells_progress_and_the_end()
    {
        var session = Answered();

        var sent = session.Refer("sip:bob@10.0.0.9", new ReplacesHeader("a@b", "1", "2"));
        var second = session.Refer("sip:carol@10.0.0.9");
        _network.RunFor(TimeSpan.Zero);
        var refer = _peer.Last(SipMethod.Refer);
        _peer.Reply(refer, 202);
        Notified(session, 2, "refer", "active;expires=60", "SIP/2.0 180 Ringing\r\n");
        Notified(session, 3, $"refer;id={refer.CSeq.Number}", "terminated;reason=noresource", "SIP/2.0 486 Busy Here\r\n");
        Notified(session, 4, "refer", "active", "SIP/2.0 200 OK\r\n");

        Assert.True(sent && !second);
        Assert.Equal("<sip:bob@10.0.0.9?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>", refer.GetText(HeaderName.ReferTo));
        Assert.Equal("<sip:us@10.0.0.1>", refer.GetText(HeaderName.ReferredBy));
        Assert.True(refer.Has(HeaderName.Contact));
        Assert.Equal([200, 200, 481], _peer.Responses(SipMethod.Notify).Select(response => response.Status));
        Assert.Equal(["acknowledged", "refer progress 180", "refer finished 486"], _us.Of(session));
        Assert.True(session.Refer("sip:carol@10.0.0.9"));
    }

    [Fact]
    public void Ours_refused_or_taken_in_silence_is_over_at_once()
    {
        var session = Answered();

        session.Refer("sip:bob@10.0.0.9");
        _network.RunFor(TimeSpan.Zero);
        _peer.Reply(_peer.Last(SipMethod.Refer), 603);
        session.Refer("sip:bob@10.0.0.9", subscribe: false);
        _network.RunFor(TimeSpan.Zero);
        var silent = _peer.Last(SipMethod.Refer);
        _peer.Reply(silent, 202, rows: "Refer-Sub: false");

        Assert.Equal(["acknowledged", "refer finished 603", "refer finished 202"], _us.Of(session));
        Assert.Equal("false", silent.GetText(HeaderName.ReferSub));
        Assert.False(session.Refer("no uri"));
    }

    [Fact]
    public void Another_notify_is_for_the_user_to_answer()
    {
        var session = Answered();

        Notified(session, 2, "dialog", "active", "");

        Assert.Equal(405, _peer.Responses(SipMethod.Notify).Single().Status);
    }

    [Theory]
    [InlineData("{call};to-tag={ours};from-tag=peer", 0)]
    [InlineData("{call};from-tag=peer;to-tag={ours}", 0)]
    [InlineData("{call};to-tag={ours};from-tag=peer;early-only", 486)]
    [InlineData("{call};to-tag={ours};from-tag=stranger", 481)]
    [InlineData("elsewhere;to-tag={ours};from-tag=peer", 481)]
    [InlineData("{call};to-tag=1;from-tag=peer", 481)]
    [InlineData("{call};to-tag={ours}", 400)]
    [InlineData("{call}", 400)]
    [InlineData(";to-tag=1;from-tag=2", 400)]
    public void Replaces_finds_an_answered_session_by_call_id_and_tags(string value, int refusal)
    {
        var session = Answered();

        var found = _agent.FindReplaced(Invite(value.Replace("{call}", "call").Replace("{ours}", session.LocalTag)));

        Assert.Equal(refusal, found.Refusal);
        Assert.Equal(refusal == 0 ? session : null, found.Session);
    }

    [Fact]
    public void Replaces_finds_early_sessions_of_ours_only_and_none_that_is_ending()
    {
        var theirs = Invited("call");
        var ours = _agent.Invite(new OutgoingInvite
        {
            RequestUri = "sip:peer@10.0.0.2",
            From = new SipAddress("sip:us@10.0.0.1"),
            To = new SipAddress("sip:peer@10.0.0.2"),
            Flow = SimulatedNetwork.To(2),
            CallId = "ours",
        }, _us);
        _network.RunFor(TimeSpan.Zero);
        _peer.Reply(_peer.Last(SipMethod.Invite), 180);
        var ending = Answered("ending");
        ending.HangUp(new SessionHangup());

        int[] refusals =
        [
            _agent.FindReplaced(new ReplacesHeader("call", theirs.LocalTag, "peer")).Refusal,
            _agent.FindReplaced(new ReplacesHeader("ours", ours.LocalTag, "peer", EarlyOnly: true)).Refusal,
            _agent.FindReplaced(new ReplacesHeader("ours", ours.LocalTag, "other")).Refusal,
            _agent.FindReplaced(new ReplacesHeader("ending", ending.LocalTag, "peer")).Refusal,
            _agent.FindReplaced(SessionSamples.Request("INVITE")).Refusal,
        ];

        Assert.Equal([481, 0, 481, 603, 0], refusals);
    }

    [Fact]
    public void An_attended_transfer_leaves_the_two_others_talking()
    {
        var (bob, carol) = (new SimulatedParty(_network, "bob"), new SimulatedParty(_network, "carol"));
        var bobs = _network.Add(3, bob);
        var carols = _network.Add(4, carol, new SipUserAgentOptions { TakesReplaces = true });
        var toBob = Call(_agent, _us, 3);
        var toCarol = Call(_agent, _us, 4);
        _network.RunFor(TimeSpan.Zero);
        bob.Sessions[0].Answer("v=0\r\n"u8);
        carol.Sessions[0].Answer("v=0\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        carol.Inviting = invite =>
        {
            var replaced = carols.FindReplaced(invite.Request);
            carol.Sessions.Add(invite.Accept(carol));
            carol.Sessions[^1].Answer("v=0\r\n"u8);
            replaced.Session!.HangUp(new SessionHangup());
        };

        toBob.Refer("sip:carol@10.0.0.4", toCarol.ToReplaces());
        _network.RunFor(TimeSpan.Zero);
        var refer = bob.Refers.Single();
        refer.Accept();
        bob.Sessions.Add(Call(bobs, bob, 4, $"{refer.Replaces}"));
        _network.RunFor(TimeSpan.Zero);
        refer.Notify(200, final: true);
        _network.RunFor(TimeSpan.Zero);
        toBob.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(["answered", "refer progress 100", "refer finished 200", "hangup Bye", "confirmed Yes", "released"], _us.Of(toBob));
        Assert.Equal(["answered", "ended Bye", "released"], _us.Of(toCarol));
        Assert.True(bob.Sessions[^1].IsConfirmed);
        Assert.True(carol.Sessions[^1].IsConfirmed);
        Assert.Equal(bob.Sessions[^1].CallId, carol.Sessions[^1].CallId);
    }

    private static SipSession Call(SipUserAgent agent, SimulatedParty party, int host, string? replaces = null) => agent.Invite(
        new OutgoingInvite
        {
            RequestUri = $"sip:x@10.0.0.{host}",
            From = new SipAddress("sip:us@10.0.0.1"),
            To = new SipAddress($"sip:x@10.0.0.{host}"),
            Flow = SimulatedNetwork.To(host),
            Offer = "v=0\r\n"u8.ToArray(),
            Headers = replaces is null ? [] : [new("Replaces", replaces), new("Require", "replaces")],
        },
        party);

    private static SipRequest Invite(string replaces)
    {
        var text = "INVITE sip:us@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKx\r\nFrom: <sip:a@x>;tag=9\r\nTo: <sip:us@10.0.0.1>\r\n"
            + $"Call-ID: new\r\nCSeq: 1 INVITE\r\nReplaces: {replaces}\r\nContent-Length: 0\r\n\r\n";
        Assert.Equal(SipParseError.None, SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));
        return (SipRequest)message!;
    }

    private void Notified(SipSession session, int cseq, string package, string state, string body) =>
        _peer.Request("NOTIFY", To(session), cseq, body: body,
            rows: [$"Event: {package}", $"Subscription-State: {state}", "Content-Type: message/sipfrag"]);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static string To(SipSession session) => $"<sip:us@10.0.0.1>;tag={session.LocalTag}";

    private SipSession Invited(string callId)
    {
        _peer.Request("INVITE", "<sip:us@10.0.0.1>", 1, callId, body: "v=0\r\n", rows: "Content-Type: application/sdp");
        return _us.Sessions[^1];
    }

    private SipSession Answered(string callId = "call")
    {
        var session = Invited(callId);
        session.Answer("v=0\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        _peer.Request("ACK", To(session), 1, callId);
        return session;
    }
}
