using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>Reliable provisional responses on the wire (RFC 3262).</summary>
public sealed class ReliableProgressTests
{
    private const string Sdp = "Content-Type: application/sdp";

    private readonly SimulatedNetwork _network = new(1);
    private readonly SimulatedParty _us;
    private readonly SipUserAgent _agent;
    private readonly ScriptedPeer _peer;

    public ReliableProgressTests()
    {
        _us = new SimulatedParty(_network, "us");
        _agent = _network.Add(1, _us);
        _peer = new ScriptedPeer(_network);
    }

    [Fact]
    public void As_callee_who_is_required_to_we_repeat_until_the_prack_comes()
    {
        var session = Invited("v=0\r\n");

        session.Progress(183, "v=1\r\n"u8);
        _network.RunFor(TimeSpan.FromSeconds(1.6));
        var sent = _peer.Responses(SipMethod.Invite).Where(response => response.Status == 183).ToArray();
        _peer.Request("PRACK", To(session), 2, rows: $"RAck: {RSeq(sent[0])} 1 INVITE");
        _network.RunFor(TimeSpan.FromSeconds(40));

        Assert.Equal(3, sent.Length);
        Assert.True(sent[0].Lists(HeaderName.Require, "100rel"u8));
        Assert.Equal(200, _peer.Responses(SipMethod.Prack).Single().Status);
        Assert.Equal(3, _peer.Responses(SipMethod.Invite).Count(response => response.Status == 183));
        Assert.Equal(["prack"], _us.Of(session));
    }

    [Fact]
    public void Numbers_go_up_by_one_and_a_second_response_waits()
    {
        var session = Invited("v=0\r\n");

        session.Progress(180, []);
        session.Progress(183, "v=1\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        var first = _peer.Responses(SipMethod.Invite)[^1];
        _peer.Request("PRACK", To(session), 2, rows: $"RAck: {RSeq(first)} 1 INVITE");
        var second = _peer.Responses(SipMethod.Invite)[^1];

        Assert.Equal([180, 183], new[] { first.Status, second.Status });
        Assert.Equal(RSeq(first) + 1, RSeq(second));
    }

    [Fact]
    public void Never_acknowledged_the_invite_is_refused_504()
    {
        var session = Invited("v=0\r\n");

        session.Progress(180, []);
        _network.RunFor(TimeSpan.FromSeconds(32.1));

        Assert.Equal(504, _peer.Responses(SipMethod.Invite)[^1].Status);
        Assert.Equal(["ended AckTimeout", "released"], _us.Of(session));
    }

    [Theory]
    [InlineData("RAck: 77 1 INVITE")]
    [InlineData("RAck: {0} 2 INVITE")]
    [InlineData("RAck: {0} 1 UPDATE")]
    [InlineData("RAck: {0}")]
    [InlineData("Subject: none")]
    public void A_prack_that_matches_nothing_gets_481(string row)
    {
        var session = Invited("v=0\r\n");
        session.Progress(180, []);
        _network.RunFor(TimeSpan.Zero);

        _peer.Request("PRACK", To(session), 2, rows: string.Format(row, RSeq(_peer.Responses(SipMethod.Invite)[^1])));

        Assert.Equal(481, _peer.Responses(SipMethod.Prack).Single().Status);
        Assert.Empty(_us.Of(session));
    }

    [Fact]
    public void Our_answer_waits_for_the_prack_of_our_description()
    {
        var session = Invited("v=0\r\n");
        session.Progress(183, "v=1\r\n"u8);
        var answered = session.Answer([]);
        var again = session.Answer([]);
        _network.RunFor(TimeSpan.Zero);
        var before = _peer.Responses(SipMethod.Invite).Select(response => response.Status).ToArray();

        _peer.Request("PRACK", To(session), 2, rows: $"RAck: {RSeq(_peer.Responses(SipMethod.Invite)[^1])} 1 INVITE");

        Assert.True(answered);
        Assert.False(again);
        Assert.Equal([183], before);
        Assert.Equal(200, _peer.Responses(SipMethod.Invite)[^1].Status);
    }

    [Fact]
    public void An_offer_in_a_prack_is_told_and_answered_in_its_200_and_an_early_update_may_follow()
    {
        var session = Invited("v=0\r\n");
        session.Progress(183, "v=1\r\n"u8);
        _network.RunFor(TimeSpan.Zero);

        _peer.Request("PRACK", To(session), 2, body: "v=2\r\n", rows: [$"RAck: {RSeq(_peer.Responses(SipMethod.Invite)[^1])} 1 INVITE", Sdp]);
        session.AnswerReoffer("v=3\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        var ours = session.Update("v=4\r\n"u8);
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal(["prack offer", "prack"], _us.Of(session));
        Assert.Equal("v=3\r\n", Text(_peer.Responses(SipMethod.Prack).Single().Body));
        Assert.True(ours);
        Assert.Equal("v=4\r\n", Text(_peer.Last(SipMethod.Update).Body));
    }

    [Fact]
    public void Our_offer_in_a_response_is_answered_by_the_prack()
    {
        var session = Invited("");
        session.Progress(183, "v=1\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        _peer.Request("UPDATE", To(session), 2, body: "v=9\r\n", rows: Sdp);

        _peer.Request("PRACK", To(session), 3, body: "v=2\r\n", rows: [$"RAck: {RSeq(_peer.Responses(SipMethod.Invite)[^1])} 1 INVITE", Sdp]);

        Assert.Equal(491, _peer.Responses(SipMethod.Update).Single().Status);
        Assert.Equal(200, _peer.Responses(SipMethod.Prack).Single().Status);
        Assert.Equal(["prack"], _us.Of(session));
    }

    [Fact]
    public void As_caller_we_acknowledge_each_reliable_response_once_and_in_order()
    {
        var session = Call("v=0\r\n");
        var invite = _peer.Last(SipMethod.Invite);

        _peer.Reply(invite, 180, rows: Reliable(41));
        _peer.Reply(invite, 180, rows: Reliable(41));
        _peer.Reply(invite, 183, rows: Reliable(43));
        _peer.Reply(invite, 183, rows: Reliable(42));

        var pracks = _peer.All(SipMethod.Prack);
        Assert.Equal(["41 1 INVITE", "42 1 INVITE"], pracks.Select(prack => prack.GetText(HeaderName.RAck)));
        Assert.Equal([2u, 3u], pracks.Select(prack => prack.CSeq.Number));
        Assert.Equal("peer", Encoding.UTF8.GetString(pracks[0].ToTag));
        Assert.Equal(["progress 180", "progress 183"], _us.Of(session));
    }

    [Fact]
    public void Each_fork_has_numbers_of_its_own_and_the_winner_goes_on_with_its_cseq()
    {
        var session = Call("v=0\r\n");
        var invite = _peer.Last(SipMethod.Invite);

        _peer.Reply(invite, 180, tag: "one", rows: Reliable(7));
        _peer.Reply(invite, 180, tag: "two", rows: Reliable(9));
        _peer.Reply(invite, 200, tag: "two");
        session.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal(["7 1 INVITE", "9 1 INVITE"], _peer.All(SipMethod.Prack).Select(prack => prack.GetText(HeaderName.RAck)));
        Assert.Equal(1u, _peer.All(SipMethod.Ack).Single().CSeq.Number);
        Assert.Equal(3u, _peer.Last(SipMethod.Bye).CSeq.Number);
    }

    [Fact]
    public void An_offer_in_a_reliable_response_is_answered_in_the_prack()
    {
        var session = Call("");
        _peer.Send(WithBody(_peer.Last(SipMethod.Invite), 183, "v=1\r\n", Reliable(1)));
        var before = _peer.All(SipMethod.Prack).Length;

        var answered = session.AnswerProgress(_us.Progress.Single().Response, "v=2\r\n"u8);
        var again = session.AnswerProgress(_us.Progress.Single().Response, "v=2\r\n"u8);
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal(0, before);
        Assert.True(answered && !again);
        Assert.Equal("v=2\r\n", Text(_peer.Last(SipMethod.Prack).Body));
    }

    [Fact]
    public void A_prack_overtaken_by_another_request_is_sent_once_more()
    {
        Call("v=0\r\n");
        _peer.Reply(_peer.Last(SipMethod.Invite), 180, rows: Reliable(1));

        _peer.Reply(_peer.Last(SipMethod.Prack), 500);
        _peer.Reply(_peer.Last(SipMethod.Prack), 500);

        Assert.Equal([2u, 3u], _peer.All(SipMethod.Prack).Select(prack => prack.CSeq.Number));
    }

    private static string[] Reliable(int number) => ["Require: 100rel", $"RSeq: {number}"];

    private static uint RSeq(SipResponse response) => response.TryGetNumber(HeaderName.RSeq, out var number) ? number : 0;

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static string To(SipSession session) => $"<sip:us@10.0.0.1>;tag={session.LocalTag}";

    private static string WithBody(SipRequest invite, int status, string body, string[] rows)
    {
        var builder = SipResponseBuilder.ReplyTo(invite, status, "peer").Header(HeaderName.Contact, "<sip:peer@10.0.0.2>");
        foreach (var row in rows) builder.Header(row[..row.IndexOf(':')], row[(row.IndexOf(':') + 2)..]);
        return Encoding.UTF8.GetString(builder.Body("application/sdp", Encoding.UTF8.GetBytes(body)).Build().Wire.Span);
    }

    private SipSession Call(string offer)
    {
        var session = _agent.Invite(new OutgoingInvite
        {
            RequestUri = "sip:peer@10.0.0.2",
            From = new SipAddress("sip:us@10.0.0.1"),
            To = new SipAddress("sip:peer@10.0.0.2"),
            Flow = SimulatedNetwork.To(2),
            Offer = Encoding.UTF8.GetBytes(offer),
        }, _us);
        _network.RunFor(TimeSpan.Zero);
        return session;
    }

    private SipSession Invited(string offer)
    {
        _peer.Request("INVITE", "<sip:us@10.0.0.1>", 1, body: offer, rows: offer.Length > 0 ? ["Require: 100rel", Sdp] : ["Require: 100rel"]);
        return _us.Sessions[^1];
    }
}
