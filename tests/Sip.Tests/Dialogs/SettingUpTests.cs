using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>The user is told once before the message leaves that makes the far side believe itself in a call.</summary>
public sealed class SettingUpTests
{
    private readonly SimulatedNetwork _network = new(1);
    private readonly SimulatedParty _us;
    private readonly SipUserAgent _agent;
    private readonly ScriptedPeer _peer;
    private readonly List<(string RemoteTag, long Sent)> _told = [];

    public SettingUpTests()
    {
        _us = new SimulatedParty(_network, "us");
        _agent = _network.Add(1, _us);
        _peer = new ScriptedPeer(_network);
        // A message that was sent before this would be on the other side after it: the network takes no time.
        _us.SettingUp = session => _told.Add((session.Snapshot()!.RemoteTag, _agent.Stack.Counters[SipCount.ResponsesSent] + _agent.Stack.Counters[SipCount.RequestsSent]));
    }

    [Fact]
    public void Of_an_answer_once_however_often_it_is_repeated()
    {
        var session = Incoming();
        var before = Sent;

        session.Answer("v=0\r\n"u8);
        _network.RunFor(TimeSpan.FromSeconds(4));

        Assert.Equal([("peer", before)], _told);
        Assert.True(Successes > 1);
    }

    [Fact]
    public void Of_an_ack_once_and_not_of_those_for_repeats()
    {
        Called();
        var invite = _peer.Last(SipMethod.Invite);
        var before = Sent;

        _peer.Reply(invite, 200);
        _network.RunFor(TimeSpan.Zero);
        _peer.Reply(invite, 200);
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal(before, Assert.Single(_told).Sent);
        Assert.Equal(2, _peer.All(SipMethod.Ack).Length);
    }

    [Fact]
    public void Of_the_ack_to_an_answer_that_crossed_our_cancel_too()
    {
        var session = Called();
        _peer.Reply(_peer.Last(SipMethod.Invite), 180);
        _network.RunFor(TimeSpan.Zero);

        session.HangUp(new SessionHangup());
        var before = Sent;
        _peer.Reply(_peer.Last(SipMethod.Invite), 200);
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal(before, Assert.Single(_told).Sent);
        Assert.Equal([SipMethod.Invite, SipMethod.Cancel, SipMethod.Ack, SipMethod.Bye], _peer.Received.OfType<SipRequest>().Select(request => request.Method));
    }

    [Fact]
    public void Of_a_call_that_is_refused_never()
    {
        Incoming().HangUp(new SessionHangup(486));
        _network.RunFor(TimeSpan.Zero);

        Assert.Empty(_told);
    }

    [Fact]
    public void A_bye_asked_for_at_once_comes_after_the_ack()
    {
        var session = Called();

        _peer.Reply(_peer.Last(SipMethod.Invite), 200);
        session.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal([SipMethod.Invite, SipMethod.Ack, SipMethod.Bye], _peer.Received.OfType<SipRequest>().Select(request => request.Method));
    }

    private SipSession Incoming()
    {
        _peer.Send(
            "INVITE sip:us@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKfirst;rport\r\nMax-Forwards: 70\r\n" +
            "From: <sip:peer@10.0.0.2>;tag=peer\r\nTo: <sip:us@10.0.0.1>\r\nCall-ID: call\r\nCSeq: 1 INVITE\r\nContact: <sip:peer@10.0.0.2>\r\nContent-Length: 0\r\n\r\n");
        return _us.Sessions.Single();
    }

    private SipSession Called()
    {
        var session = _agent.Invite(
            new OutgoingInvite
            {
                RequestUri = "sip:1002@10.0.0.2",
                From = new SipAddress("sip:1001@10.0.0.1"),
                To = new SipAddress("sip:1002@10.0.0.2"),
                Flow = SimulatedNetwork.To(2),
                Offer = "v=0\r\n"u8.ToArray(),
            },
            _us);
        _network.RunFor(TimeSpan.Zero);
        return session;
    }

    private long Sent => _agent.Stack.Counters[SipCount.ResponsesSent] + _agent.Stack.Counters[SipCount.RequestsSent];

    private int Successes => _peer.Responses(SipMethod.Invite).Count(response => response.Status == 200);
}
