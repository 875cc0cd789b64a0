using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>The 2xx or ACK that completes a call, kept back until its user is ready.</summary>
public sealed class WithholdingTests
{
    private readonly SimulatedNetwork _network = new(1);
    private readonly SimulatedParty _us;
    private readonly SipUserAgent _agent;
    private readonly ScriptedPeer _peer;

    public WithholdingTests()
    {
        _us = new SimulatedParty(_network, "us");
        _agent = _network.Add(1, _us);
        _peer = new ScriptedPeer(_network);
    }

    [Fact]
    public void An_answer_goes_out_once_when_it_is_completed()
    {
        var session = Answered();

        var before = Successes;
        session.Complete();
        session.Complete();
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal((0, 1), (before, Successes));
    }

    [Fact]
    public void An_answer_that_nobody_completes_goes_out_with_its_third_repeat()
    {
        var session = Answered();

        _network.RunFor(TimeSpan.FromMilliseconds(3499));
        var before = Successes;
        _network.RunFor(TimeSpan.FromMilliseconds(1));
        var after = Successes;
        session.Complete();
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal((0, 1, 1), (before, after, Successes));
    }

    [Theory]
    [InlineData("CANCEL")]
    [InlineData("BYE")]
    public void Whatever_the_caller_asks_meanwhile_is_answered_after_the_answer_it_waits_for(string method)
    {
        var session = Answered();

        if (method == "BYE")
            _peer.Request(method, $"<sip:us@10.0.0.1>;tag={session.LocalTag}", 2);
        else
            _peer.Send(Raw(method));
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal([200, 200], _peer.Received.OfType<SipResponse>().Where(response => response.Status >= 200).Select(response => response.Status));
        Assert.Equal(SipMethod.Invite, _peer.Received.OfType<SipResponse>().First(response => response.Status >= 200).CSeq.Method);
    }

    [Fact]
    public void An_ack_goes_out_once_when_it_is_completed_and_for_every_repeat_of_the_answer_after_it()
    {
        var session = Called();
        var invite = _peer.Last(SipMethod.Invite);

        _peer.Reply(invite, 200);
        _network.RunFor(TimeSpan.Zero);
        var before = Acks;
        session.Complete();
        session.Complete();
        _network.RunFor(TimeSpan.Zero);
        var after = Acks;
        _peer.Reply(invite, 200);
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal((0, 1, 2), (before, after, Acks));
    }

    [Fact]
    public void An_ack_that_nobody_completes_goes_out_with_the_third_repeat_of_the_answer()
    {
        Called();
        var invite = _peer.Last(SipMethod.Invite);

        for (var i = 0; i < 3; i++)
            _peer.Reply(invite, 200);
        _network.RunFor(TimeSpan.Zero);
        var before = Acks;
        _peer.Reply(invite, 200);
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal((0, 1), (before, Acks));
    }

    [Fact]
    public void No_bye_goes_out_before_a_withheld_ack()
    {
        var session = Called();

        _peer.Reply(_peer.Last(SipMethod.Invite), 200);
        session.HangUp(new SessionHangup());
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal([SipMethod.Invite, SipMethod.Ack, SipMethod.Bye], _peer.Received.OfType<SipRequest>().Select(request => request.Method));
    }

    private SipSession Answered()
    {
        _peer.Send(Raw("INVITE"));
        var session = _us.Sessions.Single();
        session.Withholds = true;
        session.Answer("v=0\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        return session;
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
        session.Withholds = true;
        _network.RunFor(TimeSpan.Zero);
        return session;
    }

    private static string Raw(string method) =>
        $"{method} sip:us@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKfirst;rport\r\nMax-Forwards: 70\r\n" +
        $"From: <sip:peer@10.0.0.2>;tag=peer\r\nTo: <sip:us@10.0.0.1>\r\nCall-ID: call\r\nCSeq: 1 {method}\r\nContact: <sip:peer@10.0.0.2>\r\nContent-Length: 0\r\n\r\n";

    private int Successes => _peer.Responses(SipMethod.Invite).Count(response => response.Status == 200);

    private int Acks => _peer.All(SipMethod.Ack).Length;
}
