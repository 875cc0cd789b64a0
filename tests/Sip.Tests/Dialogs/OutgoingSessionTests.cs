using System.Text;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>What an outgoing session puts on the wire, message by message.</summary>
public sealed class OutgoingSessionTests
{
    private readonly SimulatedNetwork _network = new(1);
    private readonly SimulatedParty _us;
    private readonly SipUserAgent _agent;
    private readonly ScriptedPeer _peer;

    public OutgoingSessionTests()
    {
        _us = new SimulatedParty(_network, "us");
        _agent = _network.Add(1, _us);
        _peer = new ScriptedPeer(_network);
    }

    [Fact]
    public void A_call_is_invited_acknowledged_and_hung_up()
    {
        var session = Call(with => with with { Headers = [new("P-Asserted-Identity", "<sip:1001@x>")] });
        var invite = _peer.Last(SipMethod.Invite);

        _peer.Reply(invite, 180);
        _peer.Reply(invite, 200);
        session.HangUp(new SessionHangup(Reason: "Q.850;cause=16;text=\"done\""));
        _network.RunFor(TimeSpan.Zero);
        var (ack, bye) = (_peer.All(SipMethod.Ack).Single(), _peer.Last(SipMethod.Bye));
        _peer.Reply(bye, 200);

        Assert.Equal("sip:1002@10.0.0.2", Text(invite.RequestUri));
        Assert.Equal("\"Alice \\\"A\\\"\" <sip:1001@10.0.0.1>;tag=" + session.LocalTag, Text(invite.Get(HeaderName.From)));
        Assert.Equal("<sip:1001@10.0.0.1:5060>", Text(invite.Get(HeaderName.Contact)));
        Assert.Equal("<sip:1001@x>", Text(invite.Get(HeaderName.PAssertedIdentity)));
        Assert.Equal("v=0\r\n", Text(invite.Body.Span));
        Assert.Equal("sip:peer@10.0.0.2", Text(ack.RequestUri));
        Assert.Equal(1u, ack.CSeq.Number);
        Assert.Equal("peer", Text(bye.ToTag));
        Assert.Equal(2u, bye.CSeq.Number);
        Assert.Equal("Q.850;cause=16;text=\"done\"", Text(bye.Get(HeaderName.Reason)));
        Assert.NotEqual(Text(ack.Branch), Text(bye.Branch));
        Assert.Equal(["progress 180", "answered", "hangup Bye", "confirmed Yes", "released"], _us.Of(session));
    }

    [Fact]
    public void Requests_in_the_call_follow_the_recorded_route_in_reverse()
    {
        var session = Call();

        _peer.Reply(_peer.Last(SipMethod.Invite), 200, contact: "<sip:peer@10.9.9.9:5070>",
            rows: ["Record-Route: <sip:far.example;lr>, <sip:10.0.0.2;lr>"]);

        var ack = _peer.Last(SipMethod.Ack);
        Assert.Equal("sip:peer@10.9.9.9:5070", Text(ack.RequestUri));
        Assert.Equal(["<sip:10.0.0.2;lr>", "<sip:far.example;lr>"], Rows(ack, HeaderName.Route));
        Assert.Equal(["<sip:10.0.0.2;lr>", "<sip:far.example;lr>"], session.Snapshot()!.Routes);
    }

    [Fact]
    public void A_strict_router_gets_its_own_address_as_request_uri()
    {
        Call();

        _peer.Reply(_peer.Last(SipMethod.Invite), 200, contact: "<sip:peer@10.9.9.9>",
            rows: ["Record-Route: <sip:far.example;lr>, <sip:10.0.0.2>"]);

        var ack = _peer.Last(SipMethod.Ack);
        Assert.Equal("sip:10.0.0.2", Text(ack.RequestUri));
        Assert.Equal(["<sip:far.example;lr>", "<sip:peer@10.9.9.9>"], Rows(ack, HeaderName.Route));
    }

    [Fact]
    public void A_trunk_that_challenges_gets_the_invite_once_more_with_credentials_and_its_ack_carries_them()
    {
        var session = Call(with => with with { Credentials = new DigestLogin("trunk", "secret") });
        var first = _peer.Last(SipMethod.Invite);

        _peer.Reply(first, 407, rows: ["Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5"]);
        var second = _peer.Last(SipMethod.Invite);
        _peer.Reply(second, 200);

        Assert.Equal(2u, second.CSeq.Number);
        Assert.Equal(Text(first.CallId), Text(second.CallId));
        Assert.Equal(Text(first.FromTag), Text(second.FromTag));
        Assert.NotEqual(Text(first.Branch), Text(second.Branch));
        Assert.StartsWith("Digest username=\"trunk\"", Text(second.Get(HeaderName.ProxyAuthorization)), StringComparison.Ordinal);
        Assert.Equal("v=0\r\n", Text(second.Body.Span));
        var ack = _peer.Last(SipMethod.Ack);
        Assert.Equal(2u, ack.CSeq.Number);
        Assert.Equal(Text(second.Get(HeaderName.ProxyAuthorization)), Text(ack.Get(HeaderName.ProxyAuthorization)));
        Assert.Equal(["answered"], _us.Of(session));
    }

    [Fact]
    public void A_bye_that_is_challenged_is_repeated_once_with_credentials()
    {
        var session = Call(with => with with { Credentials = new DigestLogin("trunk", "secret") });
        _peer.Reply(_peer.Last(SipMethod.Invite), 200);
        session.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.Zero);

        _peer.Reply(_peer.Last(SipMethod.Bye), 401, rows: ["WWW-Authenticate: Digest realm=\"r\", nonce=\"n\""]);
        var again = _peer.Last(SipMethod.Bye);
        _peer.Reply(again, 200);

        Assert.Equal(3u, again.CSeq.Number);
        Assert.True(again.Has(HeaderName.Authorization));
        Assert.Equal(["answered", "hangup Bye", "confirmed Yes", "released"], _us.Of(session));
    }

    [Fact]
    public void Hung_up_before_any_response_the_cancel_waits_for_a_provisional_one()
    {
        var session = Call();
        var invite = _peer.Last(SipMethod.Invite);

        session.HangUp(new SessionHangup(Reason: "SIP;cause=200"));
        _network.RunFor(TimeSpan.Zero);
        var before = _peer.All(SipMethod.Cancel).Length;
        _peer.Reply(invite, 100, tag: "");
        var cancel = _peer.Last(SipMethod.Cancel);
        _peer.Reply(cancel, 200);
        _peer.Reply(invite, 487);

        Assert.Equal(0, before);
        Assert.Equal(Text(invite.Branch), Text(cancel.Branch));
        Assert.Equal(1u, cancel.CSeq.Number);
        Assert.Equal("SIP;cause=200", Text(cancel.Get(HeaderName.Reason)));
        Assert.Equal(["hangup Cancel", "confirmed Yes", "released"], _us.Of(session));
    }

    [Fact]
    public void A_2xx_that_crosses_the_cancel_gets_ack_and_bye()
    {
        var session = Call();
        var invite = _peer.Last(SipMethod.Invite);
        _peer.Reply(invite, 180);
        session.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.Zero);

        _peer.Reply(invite, 200);
        var bye = _peer.Last(SipMethod.Bye);
        _peer.Reply(bye, 200);

        Assert.Single(_peer.All(SipMethod.Cancel));
        Assert.Single(_peer.All(SipMethod.Ack));
        Assert.Equal(["progress 180", "hangup Cancel", "confirmed Yes", "released"], _us.Of(session));
    }

    [Fact]
    public void Every_2xx_of_a_losing_fork_gets_ack_and_bye_at_its_own_contact()
    {
        var session = Call();
        var invite = _peer.Last(SipMethod.Invite);
        var other = new ScriptedPeer(_network, 3);

        _peer.Reply(invite, 200, tag: "winner");
        _peer.Reply(invite, 200, tag: "loser", contact: "<sip:other@10.0.0.3>");
        _peer.Reply(invite, 200, tag: "loser", contact: "<sip:other@10.0.0.3>");
        other.Reply(other.All(SipMethod.Bye)[0], 200);

        Assert.Equal(["winner"], _peer.All(SipMethod.Ack).Select(ack => Text(ack.ToTag)));
        Assert.Equal(["loser", "loser"], other.All(SipMethod.Ack).Select(ack => Text(ack.ToTag)));
        Assert.Equal("loser", Text(other.All(SipMethod.Bye).Single().ToTag));
        Assert.Equal(["answered"], _us.Of(session));
    }

    [Fact]
    public void A_repeated_2xx_gets_the_same_ack_again()
    {
        Call();
        var invite = _peer.Last(SipMethod.Invite);

        _peer.Reply(invite, 200);
        _peer.Reply(invite, 200);

        var acks = _peer.All(SipMethod.Ack);
        Assert.Equal(2, acks.Length);
        Assert.Equal(acks[0].ToString(), acks[1].ToString());
    }

    [Theory]
    [InlineData(302)]
    [InlineData(486)]
    [InlineData(603)]
    public void A_refusal_is_told_with_its_response(int status)
    {
        var session = Call();

        _peer.Reply(_peer.Last(SipMethod.Invite), status, rows: ["Reason: Q.850;cause=17"]);

        Assert.Equal(["ended Rejected", "released"], _us.Of(session));
        Assert.Equal(status, _us.Ends[0].Status);
        Assert.Equal("Q.850;cause=17", Text(_us.Ends[0].Message!.Get(HeaderName.Reason)));
    }

    [Fact]
    public void A_call_nobody_answers_times_out_after_64_t1()
    {
        var session = Call();

        _network.RunFor(TimeSpan.FromSeconds(31.9));
        var before = _us.Of(session);
        _network.RunFor(TimeSpan.FromSeconds(0.2));

        Assert.Empty(before);
        Assert.Equal(["ended TimedOut", "released"], _us.Of(session));
    }

    [Fact]
    public void A_reinvite_of_ours_is_acknowledged_and_told()
    {
        var session = Call();
        _peer.Reply(_peer.Last(SipMethod.Invite), 200);

        var offered = session.Reoffer("v=0\r\na=sendonly\r\n"u8);
        var twice = session.Reoffer("v=0\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        var reinvite = _peer.Last(SipMethod.Invite);
        _peer.Reply(reinvite, 200, contact: "<sip:moved@10.0.0.2:5060>");
        var ack = _peer.Last(SipMethod.Ack);

        Assert.True(offered);
        Assert.False(twice);
        Assert.Equal(2u, reinvite.CSeq.Number);
        Assert.Equal("v=0\r\na=sendonly\r\n", Text(reinvite.Body.Span));
        Assert.Equal(2u, ack.CSeq.Number);
        Assert.Equal("sip:moved@10.0.0.2:5060", Text(ack.RequestUri));
        Assert.Equal(["answered", "reoffer answered 200"], _us.Of(session));
    }

    [Fact]
    public void A_reinvite_that_collides_is_tried_again_with_the_next_cseq()
    {
        var session = Call();
        _peer.Reply(_peer.Last(SipMethod.Invite), 200);
        session.Reoffer("v=0\r\na=sendonly\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        _peer.Reply(_peer.Last(SipMethod.Invite), 491);
        _network.RunFor(TimeSpan.FromSeconds(2));
        var waiting = _peer.All(SipMethod.Invite).Length;

        _network.RunFor(TimeSpan.FromSeconds(2.01));
        var again = _peer.All(SipMethod.Invite)[2];
        _peer.Reply(again, 200);

        Assert.Equal(2, waiting);
        Assert.Equal(3u, again.CSeq.Number);
        Assert.Equal("v=0\r\na=sendonly\r\n", Text(again.Body.Span));
        Assert.Equal(["answered", "reoffer answered 200"], _us.Of(session));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a uri")]
    [InlineData("sip:")]
    public void A_uri_that_is_none_is_refused_before_anything_is_sent(string uri)
    {
        Assert.Throws<ArgumentException>(() => Call(with => with with { RequestUri = uri }));
        Assert.Empty(_peer.Received);
        Assert.Equal(0, _agent.LiveDialogs);
    }

    [Fact]
    public void A_dialog_taken_up_from_a_snapshot_can_be_hung_up()
    {
        var first = Call();
        _peer.Reply(_peer.Last(SipMethod.Invite), 200);
        var snapshot = first.Snapshot()!;
        var network = new SimulatedNetwork(2);
        var successor = new SimulatedParty(network, "successor");
        var agent = network.Add(1, successor);
        var peer = new ScriptedPeer(network);

        Assert.True(agent.TryResume(snapshot, successor, null, out var session));
        session!.HangUp(new SessionHangup(Reason: "Q.850;cause=41"));
        network.RunFor(TimeSpan.Zero);
        var bye = peer.Last(SipMethod.Bye);
        peer.Reply(bye, 200);

        Assert.Equal("sip:peer@10.0.0.2", Text(bye.RequestUri));
        Assert.Equal(first.CallId, Text(bye.CallId));
        Assert.Equal(first.LocalTag, Text(bye.FromTag));
        Assert.Equal("peer", Text(bye.ToTag));
        Assert.True(bye.CSeq.Number > snapshot.LocalCSeq);
        Assert.Equal(["hangup Bye", "confirmed Yes", "released"], successor.Of(session));
        Assert.Equal(0, agent.LiveDialogs);
    }

    [Fact]
    public void A_phone_that_answers_an_invite_of_a_process_before_is_acknowledged_and_hung_up()
    {
        Call();
        var invite = _peer.Last(SipMethod.Invite);
        var network = new SimulatedNetwork(2);
        var agent = network.Add(1, new SimulatedParty(network, "successor"));
        var peer = new ScriptedPeer(network);

        peer.Reply(invite, 200, "late", rows: "Record-Route: <sip:10.0.0.9;lr>");
        network.RunFor(TimeSpan.Zero);
        var ack = Assert.Single(peer.All(SipMethod.Ack));
        var bye = Assert.Single(peer.All(SipMethod.Bye));
        peer.Reply(invite, 200, "late");
        network.RunFor(TimeSpan.Zero);
        var byesWhileOneIsOut = peer.All(SipMethod.Bye).Length;
        peer.Reply(bye, 200, "late");
        network.RunFor(TimeSpan.FromMinutes(1));

        Assert.Equal((invite.CSeq.Number, invite.CSeq.Number + 1), (ack.CSeq.Number, bye.CSeq.Number));
        Assert.Equal(("sip:peer@10.0.0.2", "late"), (Text(bye.RequestUri), Text(bye.ToTag)));
        Assert.Equal(Text(invite.FromTag), Text(bye.FromTag));
        Assert.Equal("<sip:10.0.0.9;lr>", Text(bye.Get(HeaderName.Route)));
        Assert.Equal(1, byesWhileOneIsOut);
        Assert.Equal(0, agent.LiveDialogs);
        Assert.Equal(0, agent.Stack.LiveTransactions);
    }

    [Theory]
    [InlineData(SipMethod.Invite, 486, "<sip:peer@10.0.0.2>")]
    [InlineData(SipMethod.Invite, 180, "<sip:peer@10.0.0.2>")]
    [InlineData(SipMethod.Options, 200, "<sip:peer@10.0.0.2>")]
    [InlineData(SipMethod.Invite, 200, "")]
    public void Any_other_stray_answer_is_passed_over(SipMethod method, int status, string contact)
    {
        var network = new SimulatedNetwork(2);
        var agent = network.Add(1, new SimulatedParty(network, "us"));
        var peer = new ScriptedPeer(network);

        peer.Send($"SIP/2.0 {status} Any\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKgone\r\nFrom: <sip:us@10.0.0.1>;tag=00112233aabbccdd\r\n"
            + $"To: <sip:peer@10.0.0.2>;tag=late\r\nCall-ID: gone\r\nCSeq: 1 {method.ToString().ToUpperInvariant()}\r\n"
            + (contact.Length > 0 ? $"Contact: {contact}\r\n" : "") + "Content-Length: 0\r\n\r\n");
        network.RunFor(TimeSpan.Zero);

        Assert.Empty(peer.Received);
        Assert.Equal(0, agent.LiveDialogs);
    }

    private SipSession Call(Func<OutgoingInvite, OutgoingInvite>? with = null)
    {
        var invite = new OutgoingInvite
        {
            RequestUri = "sip:1002@10.0.0.2",
            From = new SipAddress("sip:1001@10.0.0.1", "Alice \"A\""),
            To = new SipAddress("sip:1002@10.0.0.2"),
            ContactUser = "1001",
            Flow = SimulatedNetwork.To(2),
            Offer = "v=0\r\n"u8.ToArray(),
        };
        var session = _agent.Invite(with is null ? invite : with(invite), _us);
        _network.RunFor(TimeSpan.Zero);
        return session;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private static string[] Rows(SipMessage message, HeaderName name)
    {
        var rows = new List<string>();
        foreach (var row in message.Rows(name)) rows.Add(Text(row));
        return [.. rows];
    }
}
