using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>SUBSCRIBEs to what comes of a REFER: more time, or no more of it (RFC 3515 §2.4.4, RFC 6665 §4.1.2).</summary>
public sealed class ReferSubscriptionTests
{
    private const string Bob = "Refer-To: <sip:bob@10.0.0.9>";
    private const string AboutRefer = "Event: refer";

    private readonly SimulatedNetwork _network = new(1);
    private readonly SimulatedParty _us;
    private readonly SipUserAgent _agent;
    private readonly ScriptedPeer _peer;

    public ReferSubscriptionTests()
    {
        _us = new SimulatedParty(_network, "us");
        _agent = _network.Add(1, _us, new SipUserAgentOptions { TakesTargetDialog = true });
        _peer = new ScriptedPeer(_network);
    }

    [Theory]
    [InlineData("Expires: 90", "90")]
    [InlineData("Expires: 3600", "180")]
    [InlineData("Subject: none", "180")]
    public void A_refresh_is_granted_and_told_at_once_how_it_stands(string expires, string granted)
    {
        var session = Referred();
        _us.Refers[0].Notify(180, final: false);
        _network.RunFor(TimeSpan.Zero);
        _peer.Reply(_peer.Last(SipMethod.Notify), 200);

        _peer.Request("SUBSCRIBE", To(session), 3, rows: [AboutRefer, expires]);

        var answer = _peer.Responses(SipMethod.Subscribe).Single();
        var notify = _peer.Last(SipMethod.Notify);
        Assert.Equal((200, granted), (answer.Status, answer.GetText(HeaderName.Expires)));
        Assert.True(answer.Has(HeaderName.Contact));
        Assert.Equal($"active;expires={granted}", notify.GetText(HeaderName.SubscriptionState));
        Assert.Equal("SIP/2.0 180 Ringing\r\n", Text(notify));
    }

    [Fact]
    public void One_that_comes_while_a_notify_is_out_is_told_after_it()
    {
        var session = Referred(answersFirst: false);
        var first = _peer.Last(SipMethod.Notify);

        _peer.Request("SUBSCRIBE", To(session), 3, rows: AboutRefer);
        var before = _peer.All(SipMethod.Notify).Length;
        _peer.Reply(first, 200);

        Assert.Equal(200, _peer.Responses(SipMethod.Subscribe).Single().Status);
        Assert.Equal((1, 2), (before, _peer.All(SipMethod.Notify).Length));
    }

    [Fact]
    public void Expires_0_is_the_end_and_nothing_is_told_after()
    {
        var session = Referred();

        _peer.Request("SUBSCRIBE", To(session), 3, rows: [AboutRefer, "Expires: 0"]);
        var last = _peer.Last(SipMethod.Notify);
        _peer.Reply(last, 200);
        _us.Refers[0].Notify(200, final: true);
        _peer.Request("SUBSCRIBE", To(session), 4, rows: AboutRefer);

        Assert.Equal([200, 481], _peer.Responses(SipMethod.Subscribe).Select(response => response.Status));
        Assert.Equal("0", _peer.Responses(SipMethod.Subscribe)[0].GetText(HeaderName.Expires));
        Assert.Equal("terminated;reason=timeout", last.GetText(HeaderName.SubscriptionState));
        Assert.Equal("SIP/2.0 100 Trying\r\n", Text(last));
        Assert.Equal(2, _peer.All(SipMethod.Notify).Length);
        Assert.True(_us.Refers[0].IsOver && session.IsConfirmed);
    }

    [Theory]
    [InlineData("Event: refer;id=2", 200)]
    [InlineData("o: refer", 200)]
    [InlineData("Event: refer;id=3", 481)]
    [InlineData("Event: presence", 489)]
    [InlineData("Subject: none", 489)]
    [InlineData("Event: refer\r\nExpires: soon", 400)]
    public void The_subscription_is_named_by_its_event(string row, int status)
    {
        var session = Referred();

        _peer.Request("SUBSCRIBE", To(session), 3, rows: row);

        var answer = _peer.Responses(SipMethod.Subscribe).Single();
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 489 ? "refer" : null, answer.GetText(HeaderName.AllowEvents));
    }

    [Fact]
    public void Without_a_refer_there_is_nothing_to_subscribe_to()
    {
        var session = Answered();

        _peer.Request("SUBSCRIBE", To(session), 2, rows: AboutRefer);

        Assert.Equal(481, _peer.Responses(SipMethod.Subscribe).Single().Status);
    }

    [Fact]
    public void The_second_refer_of_a_dialog_is_named_by_its_id_alone()
    {
        var session = Referred();
        _peer.Request("REFER", To(session), 3, rows: Bob);
        _us.Refers[1].Accept();
        _network.RunFor(TimeSpan.Zero);
        _peer.Reply(_peer.Last(SipMethod.Notify), 200);

        _peer.Request("SUBSCRIBE", To(session), 4, rows: "Event: refer;id=3");

        Assert.Equal("refer;id=3", _peer.Last(SipMethod.Notify).GetText(HeaderName.Event));
    }

    [Fact]
    public void A_refer_outside_of_the_dialog_is_subscribed_to_in_its_own_to_the_end()
    {
        var session = Answered();
        _peer.Request(
            "REFER", "<sip:us@10.0.0.1>", 7, "outside", "referrer", rows: [$"Target-Dialog: call;local-tag={session.LocalTag};remote-tag=peer", Bob]);
        _us.Refers[0].Accept();
        _network.RunFor(TimeSpan.Zero);
        _peer.Reply(_peer.Last(SipMethod.Notify), 200);
        var own = $"<sip:us@10.0.0.1>;tag={Encoding.UTF8.GetString(_peer.Responses(SipMethod.Refer).Single().ToTag)}";

        _peer.Request("SUBSCRIBE", own, 8, "outside", "referrer", rows: [AboutRefer, "Contact: <sip:elsewhere@10.0.0.2>"]);
        var notify = _peer.Last(SipMethod.Notify);
        _peer.Reply(notify, 200);
        _peer.Request("SUBSCRIBE", own, 8, "outside", "stranger", rows: AboutRefer);
        _peer.Request("SUBSCRIBE", own, 6, "outside", "referrer", rows: AboutRefer);
        _peer.Request("INFO", own, 9, "outside", "referrer");
        _peer.Request("SUBSCRIBE", own, 10, "outside", "referrer", rows: [AboutRefer, "Expires: 0"]);
        _peer.Reply(_peer.Last(SipMethod.Notify), 200);
        _peer.Request("SUBSCRIBE", own, 11, "outside", "referrer", rows: AboutRefer);

        Assert.Equal([200, 481, 500, 200, 481], _peer.Responses(SipMethod.Subscribe).Select(response => response.Status));
        Assert.Equal(405, _peer.Responses(SipMethod.Info).Single().Status);
        Assert.Equal("sip:elsewhere@10.0.0.2", Encoding.UTF8.GetString(notify.RequestUri));
        Assert.True(_us.Refers[0].IsOver);
        Assert.Equal(1, _agent.LiveDialogs);
    }

    private static string To(SipSession session) => $"<sip:us@10.0.0.1>;tag={session.LocalTag}";

    private static string Text(SipRequest notify) => Encoding.UTF8.GetString(notify.Body.Span);

    /// <summary>A session whose far side has sent a REFER with CSeq 2, which was accepted.</summary>
    private SipSession Referred(bool answersFirst = true)
    {
        var session = Answered();
        _peer.Request("REFER", To(session), 2, rows: Bob);
        _us.Refers.Single().Accept();
        _network.RunFor(TimeSpan.Zero);
        if (answersFirst) _peer.Reply(_peer.Last(SipMethod.Notify), 200);
        return session;
    }

    private SipSession Answered()
    {
        _peer.Request("INVITE", "<sip:us@10.0.0.1>", 1, rows: []);
        var session = _us.Sessions.Single();
        session.Answer([]);
        _network.RunFor(TimeSpan.Zero);
        _peer.Request("ACK", To(session), 1);
        return session;
    }
}
