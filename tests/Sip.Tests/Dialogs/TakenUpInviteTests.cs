using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>INVITEs without a final response that another process left: callers are refused, phones are cancelled.</summary>
public sealed class TakenUpInviteTests
{
    private readonly SimulatedNetwork _network = new(1);
    private readonly SimulatedParty _us;
    private readonly SipUserAgent _agent;
    private readonly ScriptedPeer _peer;
    private readonly SimulatedNetwork _later = new(2);
    private readonly SimulatedParty _successor;
    private readonly SipUserAgent _heir;
    private readonly ScriptedPeer _laterPeer;

    public TakenUpInviteTests()
    {
        _us = new SimulatedParty(_network, "us");
        _agent = _network.Add(1, _us);
        _peer = new ScriptedPeer(_network);
        _successor = new SimulatedParty(_later, "successor");
        _heir = _later.Add(1, _successor);
        _laterPeer = new ScriptedPeer(_later);
    }

    [Fact]
    public void A_phone_that_rings_is_cancelled_and_its_487_acknowledged()
    {
        var first = Call();
        var invite = _peer.Last(SipMethod.Invite);
        _peer.Reply(invite, 180);
        var left = first.Unanswered()!;

        Assert.True(_heir.TryTakeUp(left, _successor, null, out var session));
        session.HangUp(new SessionHangup(503, "Q.850;cause=41"));
        _later.RunFor(TimeSpan.Zero);
        var cancel = _laterPeer.Last(SipMethod.Cancel);
        _laterPeer.Reply(cancel, 200);
        _laterPeer.Reply(invite, 487);
        var ack = _laterPeer.Last(SipMethod.Ack);
        _later.RunFor(TimeSpan.FromMinutes(1));

        Assert.Equal(Text(invite.Branch), Text(cancel.Branch));
        Assert.Equal(Text(invite.Branch), Text(ack.Branch));
        Assert.Equal(Text(invite.RequestUri), Text(cancel.RequestUri));
        Assert.Equal((invite.CSeq.Number, Text(invite.FromTag), ""), (cancel.CSeq.Number, Text(cancel.FromTag), Text(cancel.ToTag)));
        Assert.Equal("Q.850;cause=41", Text(cancel.Get(HeaderName.Reason)));
        Assert.Equal(["hangup Cancel", "confirmed Yes", "released"], _successor.Of(session));
        Assert.Equal((0, 0), (_heir.LiveDialogs, _heir.Stack.LiveTransactions));
    }

    [Fact]
    public void A_phone_that_has_forgotten_the_call_is_waited_for_no_longer_than_an_answer_of_it_would_take_to_be_repeated()
    {
        var first = Call();
        _peer.Reply(_peer.Last(SipMethod.Invite), 180);

        Assert.True(_heir.TryTakeUp(first.Unanswered()!, _successor, null, out var session));
        session.HangUp(new SessionHangup(503, "Q.850;cause=41"));
        _later.RunFor(TimeSpan.Zero);
        _laterPeer.Reply(_laterPeer.Last(SipMethod.Cancel), 481);
        _later.RunFor(TimeSpan.FromSeconds(3.5));
        var before = _heir.LiveDialogs;
        _later.RunFor(TimeSpan.FromSeconds(1.5));

        Assert.Equal((1, 0), (before, _heir.LiveDialogs));
        Assert.Equal(["hangup Cancel", "confirmed Yes", "released"], _successor.Of(session));
    }

    [Fact]
    public void A_phone_whose_answer_crosses_the_cancel_is_acknowledged_and_hung_up()
    {
        var first = Call();
        var invite = _peer.Last(SipMethod.Invite);
        _peer.Reply(invite, 180);

        Assert.True(_heir.TryTakeUp(first.Unanswered()!, _successor, null, out var session));
        session.HangUp(new SessionHangup(503, "Q.850;cause=41"));
        _later.RunFor(TimeSpan.Zero);
        _laterPeer.Reply(_laterPeer.Last(SipMethod.Cancel), 200);
        _laterPeer.Reply(invite, 200);
        _later.RunFor(TimeSpan.Zero);
        var (ack, bye) = (_laterPeer.All(SipMethod.Ack).Single(), _laterPeer.Last(SipMethod.Bye));
        _laterPeer.Reply(bye, 200);

        Assert.Equal((invite.CSeq.Number, "peer", "peer"), (ack.CSeq.Number, Text(ack.ToTag), Text(bye.ToTag)));
        Assert.True(bye.CSeq.Number > invite.CSeq.Number);
        Assert.Equal(["hangup Cancel", "confirmed Yes", "released"], _successor.Of(session));
    }

    [Fact]
    public void A_caller_is_refused_with_the_tag_it_knows_and_repeats_of_its_invite_are_answered_the_same()
    {
        var first = Invited();
        first.Progress(180, []);
        _network.RunFor(TimeSpan.Zero);
        var left = first.Unanswered()!;

        Assert.True(_heir.TryTakeUp(left, _successor, null, out var session));
        session.HangUp(new SessionHangup(503, "Q.850;cause=41"));
        _later.RunFor(TimeSpan.Zero);
        _laterPeer.Send(Raw("INVITE", "<sip:us@10.0.0.1>"));
        _laterPeer.Send(Raw("ACK", To(session)));
        _later.RunFor(TimeSpan.FromMinutes(1));

        var refusals = _laterPeer.Responses(SipMethod.Invite);
        Assert.Equal([503, 503], refusals.Select(static r => r.Status));
        Assert.All(refusals, r => Assert.Equal((first.LocalTag, "Q.850;cause=41"), (Text(r.ToTag), Text(r.Get(HeaderName.Reason)))));
        Assert.Equal(["hangup FinalStatus 503", "confirmed Yes", "released"], _successor.Of(session));
        Assert.Equal((0, 0), (_heir.LiveDialogs, _heir.Stack.LiveTransactions));
    }

    [Fact]
    public void An_invite_with_a_final_response_is_not_written_down()
    {
        var answered = Call();
        _peer.Reply(_peer.Last(SipMethod.Invite), 200);
        var refused = Invited();
        refused.HangUp(new SessionHangup(486));

        Assert.Null(answered.Unanswered());
        Assert.Null(refused.Unanswered());
    }

    [Theory]
    [InlineData("")]
    [InlineData("INVITE sip:x SIP/2.0\r\n\r\n")]
    [InlineData("OPTIONS sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP y;branch=z9hG4bKa\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n\r\n")]
    public void What_is_no_invite_is_not_taken_up(string bytes)
    {
        var left = Call().Unanswered()! with { Invite = Encoding.UTF8.GetBytes(bytes) };

        Assert.False(_heir.TryTakeUp(left, _successor, null, out _));
        Assert.False(_heir.TryTakeUp(left with { IsOutgoing = false }, _successor, null, out _));
        Assert.Equal((0, 0), (_heir.LiveDialogs, _heir.Stack.LiveTransactions));
    }

    [Fact]
    public void Nothing_is_taken_up_twice()
    {
        var left = Call().Unanswered()!;

        Assert.True(_heir.TryTakeUp(left, _successor, null, out _));
        Assert.False(_heir.TryTakeUp(left, _successor, null, out _));
        Assert.Equal(1, _heir.LiveDialogs);
    }

    private SipSession Call()
    {
        var session = _agent.Invite(
            new OutgoingInvite
            {
                RequestUri = "sip:1002@10.0.0.2",
                From = new SipAddress("sip:1001@10.0.0.1"),
                To = new SipAddress("sip:1002@10.0.0.2"),
                ContactUser = "1001",
                Flow = SimulatedNetwork.To(2),
                Offer = "v=0\r\n"u8.ToArray(),
            },
            _us);
        _network.RunFor(TimeSpan.Zero);
        return session;
    }

    private SipSession Invited()
    {
        _peer.Send(Raw("INVITE", "<sip:us@10.0.0.1>"));
        return _us.Sessions[^1];
    }

    private static string Raw(string method, string to) =>
        $"{method} sip:us@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKfirst;rport\r\nMax-Forwards: 70\r\n" +
        $"From: <sip:peer@10.0.0.2>;tag=peer\r\nTo: {to}\r\nCall-ID: call\r\nCSeq: 1 {method}\r\nContact: <sip:peer@10.0.0.2>\r\nContent-Length: 0\r\n\r\n";

    private static string To(SipSession session) => $"<sip:us@10.0.0.1>;tag={session.LocalTag}";

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
