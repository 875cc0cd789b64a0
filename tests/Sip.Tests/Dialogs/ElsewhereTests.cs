using System.Text;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>An INVITE that has several places to go to (RFC 3263 §4.3).</summary>
public sealed class ElsewhereTests
{
    private readonly SimulatedNetwork _network = new(1);
    private readonly SimulatedParty _us;
    private readonly SipUserAgent _agent;
    private readonly ScriptedPeer _first;
    private readonly ScriptedPeer _second;

    public ElsewhereTests()
    {
        _us = new SimulatedParty(_network, "us");
        _agent = _network.Add(1, _us);
        _first = new ScriptedPeer(_network);
        _second = new ScriptedPeer(_network, 3);
    }

    [Fact]
    public void A_503_sends_the_call_to_the_next_place_where_it_goes_on()
    {
        var session = Call();
        var invite = _first.Last(SipMethod.Invite);

        _first.Reply(invite, 100);
        _first.Reply(invite, 503);
        var again = _second.Last(SipMethod.Invite);
        _second.Reply(again, 200, contact: "<sip:peer@10.0.0.3>");

        Assert.Equal(Text(invite.CallId) + Text(invite.FromTag), Text(again.CallId) + Text(again.FromTag));
        Assert.Equal((1u, 2u), (invite.CSeq.Number, again.CSeq.Number));
        Assert.NotEqual(Text(invite.Branch), Text(again.Branch));
        Assert.Equal("v=0\r\n", Text(again.Body.Span));
        Assert.Equal(2u, _second.All(SipMethod.Ack).Single().CSeq.Number);
        Assert.Equal(["answered"], _us.Of(session).Where(e => !e.StartsWith("progress", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_place_that_does_not_answer_is_left_when_the_transaction_gives_up()
    {
        var session = Call();

        _network.RunFor(TimeSpan.FromSeconds(33));

        _second.Reply(_second.Last(SipMethod.Invite), 486);
        Assert.Equal(["ended Rejected", "released"], _us.Of(session));
    }

    [Fact]
    public void The_last_place_has_the_last_word()
    {
        var session = Call();

        _first.Reply(_first.Last(SipMethod.Invite), 503);
        _second.Reply(_second.Last(SipMethod.Invite), 503);

        Assert.Equal(["ended Rejected", "released"], _us.Of(session));
    }

    [Theory]
    [InlineData(486)]
    [InlineData(500)]
    [InlineData(603)]
    public void Any_other_refusal_is_one(int status)
    {
        var session = Call();

        _first.Reply(_first.Last(SipMethod.Invite), status);

        Assert.Empty(_second.Received);
        Assert.Equal(["ended Rejected", "released"], _us.Of(session));
    }

    [Fact]
    public void A_callee_that_has_rung_is_not_left_for_another_place()
    {
        var session = Call();

        _first.Reply(_first.Last(SipMethod.Invite), 180);
        _first.Reply(_first.Last(SipMethod.Invite), 503);

        Assert.Empty(_second.Received);
        Assert.Equal(["progress 180", "ended Rejected", "released"], _us.Of(session));
    }

    [Fact]
    public void A_call_that_was_hung_up_goes_nowhere_else()
    {
        var session = Call();

        session.HangUp(new SessionHangup());
        _first.Reply(_first.Last(SipMethod.Invite), 503);

        Assert.Empty(_second.Received);
        Assert.Equal(["hangup Nothing", "confirmed Yes", "released"], _us.Of(session));
    }

    [Fact]
    public void The_next_place_may_challenge_anew()
    {
        Call(with => with with { Credentials = new DigestLogin("1001", "secret") });

        _first.Reply(_first.Last(SipMethod.Invite), 401, rows: ["WWW-Authenticate: Digest realm=\"x\", nonce=\"one\", qop=\"auth\""]);
        _first.Reply(_first.Last(SipMethod.Invite), 503);
        var fresh = _second.Last(SipMethod.Invite);
        _second.Reply(fresh, 401, rows: ["WWW-Authenticate: Digest realm=\"x\", nonce=\"two\", qop=\"auth\""]);
        var proven = _second.Last(SipMethod.Invite);

        Assert.False(fresh.Has(HeaderName.Authorization));
        Assert.Contains("nonce=\"two\"", Text(proven.Get(HeaderName.Authorization)), StringComparison.Ordinal);
        Assert.Equal((3u, 4u), (fresh.CSeq.Number, proven.CSeq.Number));
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private SipSession Call(Func<OutgoingInvite, OutgoingInvite>? with = null)
    {
        var invite = new OutgoingInvite
        {
            RequestUri = "sip:1002@carrier.example",
            From = new SipAddress("sip:1001@10.0.0.1"),
            To = new SipAddress("sip:1002@carrier.example"),
            Flow = SimulatedNetwork.To(2),
            Elsewhere = [SimulatedNetwork.To(3)],
            Offer = "v=0\r\n"u8.ToArray(),
        };
        var session = _agent.Invite(with is null ? invite : with(invite), _us);
        _network.RunFor(TimeSpan.Zero);
        return session;
    }
}
