using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>Session timers on the wire (RFC 4028).</summary>
public sealed class ExpiryTests
{
    private readonly SimulatedNetwork _network = new(1);

    [Theory]
    [InlineData("Session-Expires: 1800\r\nSupported: timer", null, "1800;refresher=uac", true)]
    [InlineData("Session-Expires: 1800;refresher=uas\r\nSupported: timer", null, "1800;refresher=uas", true)]
    [InlineData("x: 1800;refresher=uac\r\nk: timer", null, "1800;refresher=uac", true)]
    [InlineData("Session-Expires: 1800", null, "1800;refresher=uas", false)]
    [InlineData("Session-Expires: 1800\r\nSupported: timer", 600, "600;refresher=uac", true)]
    [InlineData("Session-Expires: 1800\r\nMin-SE: 900\r\nSupported: timer", 600, "900;refresher=uac", true)]
    [InlineData("Session-Expires: 300\r\nSupported: timer", 600, "300;refresher=uac", true)]
    [InlineData("Supported: timer", 600, "600;refresher=uas", true)]
    [InlineData("Subject: none", 600, "600;refresher=uas", false)]
    [InlineData("Supported: timer", null, null, false)]
    public void A_call_is_answered_with_the_terms_of_table_2(string rows, int? wish, string? expires, bool required)
    {
        var (us, peer) = Us(wish);

        var session = Invited(us, peer, rows);
        session.Answer("v=0\r\n"u8);
        _network.RunFor(TimeSpan.Zero);

        var ok = peer.Responses(SipMethod.Invite)[^1];
        Assert.Equal(expires, ok.GetText(HeaderName.SessionExpires));
        Assert.Equal(required, ok.Lists(HeaderName.Require, "timer"u8));
        Assert.True(ok.Lists(HeaderName.Supported, "timer"u8));
    }

    [Fact]
    public void An_interval_below_our_minimum_is_answered_422_to_a_caller_that_knows_timers()
    {
        var (us, peer) = Us(null, min: 120);

        peer.Request("INVITE", "<sip:us@10.0.0.1>", 1, rows: ["Session-Expires: 90", "Supported: timer"]);
        var refusal = peer.Responses(SipMethod.Invite).Single();
        _ = Invited(us, peer, "Session-Expires: 90");

        Assert.Equal(422, refusal.Status);
        Assert.Equal("120", refusal.GetText(HeaderName.MinSE));
        Assert.Single(us.Sessions);
    }

    [Fact]
    public void A_session_the_caller_does_not_refresh_ends_with_bye()
    {
        var (us, peer) = Us(null);
        var session = Answered(us, peer, "Session-Expires: 90;refresher=uac\r\nSupported: timer");

        _network.RunFor(TimeSpan.FromSeconds(59));
        var before = us.Of(session);
        _network.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal(["acknowledged"], before);
        Assert.Equal(["acknowledged", "ended SessionExpired"], us.Of(session));
        Assert.Equal(SipMethod.Bye, peer.Last(SipMethod.Bye).Method);
    }

    [Fact]
    public void A_refresh_of_the_far_side_keeps_the_session_and_one_without_an_interval_ends_its_timer()
    {
        var (us, peer) = Us(null);
        var session = Answered(us, peer, "Session-Expires: 90;refresher=uac\r\nSupported: timer");

        _network.RunFor(TimeSpan.FromSeconds(45));
        peer.Request("UPDATE", To(session), 2, rows: ["Session-Expires: 90;refresher=uac", "Supported: timer"]);
        _network.RunFor(TimeSpan.FromSeconds(45));
        var refreshed = session.ExpiryInterval;
        peer.Request("UPDATE", To(session), 3);
        _network.RunFor(TimeSpan.FromSeconds(900));

        Assert.Equal(TimeSpan.FromSeconds(90), refreshed);
        Assert.Equal("90;refresher=uac", peer.Responses(SipMethod.Update)[0].GetText(HeaderName.SessionExpires));
        Assert.Null(session.ExpiryInterval);
        Assert.Equal(["acknowledged"], us.Of(session));
    }

    [Fact]
    public void As_refresher_we_send_an_update_to_a_far_side_that_takes_it()
    {
        var (us, peer) = Us(null);
        var session = Answered(us, peer, "Session-Expires: 1800;refresher=uas\r\nSupported: timer\r\nAllow: INVITE, UPDATE");

        _network.RunFor(TimeSpan.FromSeconds(901));
        var update = peer.Last(SipMethod.Update);
        peer.Reply(update, 200, rows: "Session-Expires: 1800;refresher=uac");
        _network.RunFor(TimeSpan.FromSeconds(890));

        Assert.Equal("1800;refresher=uac", update.GetText(HeaderName.SessionExpires));
        Assert.True(update.Body.IsEmpty);
        Assert.Single(peer.All(SipMethod.Update).Select(sent => sent.CSeq.Number).Distinct());
        Assert.False(session.IsReleased);
    }

    [Fact]
    public void As_refresher_we_repeat_our_description_in_a_reinvite_to_a_far_side_without_update()
    {
        var (us, peer) = Us(null);
        var session = Answered(us, peer, "Session-Expires: 90;refresher=uas\r\nSupported: timer\r\nAllow: INVITE, BYE");

        _network.RunFor(TimeSpan.FromSeconds(46));
        var reinvite = peer.Last(SipMethod.Invite);
        peer.Reply(reinvite, 200, rows: "Session-Expires: 90;refresher=uac");
        _network.RunFor(TimeSpan.FromSeconds(40));

        Assert.Equal("v=us\r\n", Encoding.UTF8.GetString(reinvite.Body.Span));
        Assert.Equal("90;refresher=uac", reinvite.GetText(HeaderName.SessionExpires));
        Assert.Equal(["acknowledged", "reoffer answered 200"], us.Of(session));
    }

    [Fact]
    public void A_refresh_refused_422_is_repeated_at_once_with_the_longer_interval()
    {
        var (us, peer) = Us(null);
        var session = Answered(us, peer, "Session-Expires: 90;refresher=uas\r\nSupported: timer\r\nAllow: UPDATE");

        _network.RunFor(TimeSpan.FromSeconds(46));
        peer.Reply(peer.Last(SipMethod.Update), 422, rows: "Min-SE: 300");
        var again = peer.Last(SipMethod.Update);

        Assert.Equal("300;refresher=uac", again.GetText(HeaderName.SessionExpires));
        Assert.Equal("300", again.GetText(HeaderName.MinSE));
        Assert.Equal(TimeSpan.FromSeconds(300), session.ExpiryInterval);
    }

    [Fact]
    public void A_call_refused_422_is_made_again_with_the_longer_interval_and_may_be_challenged_again()
    {
        var (us, peer) = Us(600);
        var session = Call(us);
        var first = peer.Last(SipMethod.Invite);

        peer.Reply(first, 422, rows: "Min-SE: 900");
        var second = peer.Last(SipMethod.Invite);
        peer.Reply(second, 422, rows: "Min-SE: 900");

        Assert.Equal("600", first.GetText(HeaderName.SessionExpires));
        Assert.Equal("900", second.GetText(HeaderName.SessionExpires));
        Assert.Equal("900", second.GetText(HeaderName.MinSE));
        Assert.Equal(2u, second.CSeq.Number);
        Assert.Equal(["ended Rejected", "released"], us.Of(session));
    }

    [Fact]
    public void Every_hop_may_lengthen_the_interval_but_not_for_ever()
    {
        var (us, peer) = Us(600);
        var session = Call(us);

        for (var least = 700; least < 1200; least += 100) peer.Reply(peer.All(SipMethod.Invite)[^1], 422, rows: $"Min-SE: {least}");

        Assert.Equal(5u, peer.All(SipMethod.Invite)[^1].CSeq.Number);
        Assert.Equal(["ended Rejected", "released"], us.Of(session));
    }

    [Fact]
    public void A_reinvite_with_an_interval_below_our_minimum_is_answered_422()
    {
        var (us, peer) = Us(null, min: 120);
        var session = Answered(us, peer, "Supported: timer");

        peer.Request("INVITE", To(session), 2, body: "v=0\r\n", rows: ["Session-Expires: 90", "Supported: timer", "Content-Type: application/sdp"]);

        Assert.Equal(422, peer.Responses(SipMethod.Invite)[^1].Status);
        Assert.Equal(["acknowledged"], us.Of(session));
    }

    [Fact]
    public void A_caller_that_did_not_ask_and_is_refused_422_does_not_try_again_for_ever()
    {
        var (us, peer) = Us(null);
        var session = Call(us);

        for (var least = 100; least < 200 && !session.IsReleased; least++) peer.Reply(peer.All(SipMethod.Invite)[^1], 422, rows: $"Min-SE: {least}");

        Assert.True(peer.All(SipMethod.Invite).Length <= 5);
        Assert.True(session.IsReleased);
    }

    [Fact]
    public void Asked_for_nothing_a_caller_honours_what_the_callee_imposes()
    {
        var (us, peer) = Us(null);
        var session = Call(us);
        var invite = peer.Last(SipMethod.Invite);

        peer.Reply(invite, 200, rows: ["Session-Expires: 120;refresher=uac", "Require: timer"]);

        Assert.False(invite.Has(HeaderName.SessionExpires));
        Assert.True(invite.Lists(HeaderName.Supported, "timer"u8));
        Assert.True(session.WeRefresh);
        Assert.Equal(TimeSpan.FromSeconds(120), session.ExpiryInterval);
    }

    [Fact]
    public void A_callee_without_timers_is_refreshed_by_a_caller_that_asked()
    {
        var (us, peer) = Us(600);
        var session = Call(us);

        peer.Reply(peer.Last(SipMethod.Invite), 200);

        Assert.True(session.WeRefresh);
        Assert.Equal(TimeSpan.FromSeconds(600), session.ExpiryInterval);
    }

    private (SimulatedParty Us, ScriptedPeer Peer) Us(int? wish, int min = 90)
    {
        var us = new SimulatedParty(_network, "us");
        us.Agent = _network.Add(1, us, new SipUserAgentOptions
        {
            SessionInterval = wish is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            MinSessionInterval = TimeSpan.FromSeconds(min),
        });
        return (us, new ScriptedPeer(_network));
    }

    private SipSession Call(SimulatedParty us)
    {
        var session = us.Agent!.Invite(new OutgoingInvite
        {
            RequestUri = "sip:peer@10.0.0.2",
            From = new SipAddress("sip:us@10.0.0.1"),
            To = new SipAddress("sip:peer@10.0.0.2"),
            Flow = SimulatedNetwork.To(2),
            Offer = "v=us\r\n"u8.ToArray(),
        }, us);
        _network.RunFor(TimeSpan.Zero);
        return session;
    }

    private static SipSession Invited(SimulatedParty us, ScriptedPeer peer, string rows)
    {
        peer.Request("INVITE", "<sip:us@10.0.0.1>", 1, body: "v=0\r\n", rows: [.. rows.Split("\r\n"), "Content-Type: application/sdp"]);
        return us.Sessions[^1];
    }

    private SipSession Answered(SimulatedParty us, ScriptedPeer peer, string rows)
    {
        var session = Invited(us, peer, rows);
        session.Answer("v=us\r\n"u8);
        _network.RunFor(TimeSpan.Zero);
        peer.Request("ACK", To(session), 1);
        return session;
    }

    private static string To(SipSession session) => $"<sip:us@10.0.0.1>;tag={session.LocalTag}";
}
