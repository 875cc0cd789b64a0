using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>REFERs outside of a dialog that name it by Target-Dialog (RFC 4538).</summary>
public sealed class TargetDialogTests
{
    private const string Bob = "Refer-To: <sip:bob@10.0.0.9>";

    private readonly SimulatedNetwork _network = new(1);
    private readonly SimulatedParty _us;
    private readonly SipUserAgent _agent;
    private readonly ScriptedPeer _peer;

    public TargetDialogTests()
    {
        _us = new SimulatedParty(_network, "us");
        _agent = _network.Add(1, _us, new SipUserAgentOptions { TakesTargetDialog = true });
        _peer = new ScriptedPeer(_network);
    }

    [Fact]
    public void A_refer_that_names_the_dialog_is_the_sessions_and_told_of_in_its_own()
    {
        var session = Answered();

        Refer(Named(session), "Require: tdialog", Bob);
        _us.Refers.Single().Accept();
        _network.RunFor(TimeSpan.Zero);
        var first = _peer.Last(SipMethod.Notify);
        _peer.Reply(first, 200);
        _us.Refers.Single().Notify(200, final: true);
        _network.RunFor(TimeSpan.Zero);
        var last = _peer.Last(SipMethod.Notify);
        _peer.Reply(last, 200);

        var accepted = _peer.Responses(SipMethod.Refer).Single();
        Assert.Equal((202, "outside"), (accepted.Status, Encoding.UTF8.GetString(accepted.CallId)));
        Assert.Equal("sip:bob@10.0.0.9", _us.Refers.Single().Target);
        foreach (var notify in (SipRequest[])[first, last])
        {
            Assert.Equal("outside", Encoding.UTF8.GetString(notify.CallId));
            Assert.Equal("referrer", Encoding.UTF8.GetString(notify.ToTag));
            Assert.True(notify.FromTag.SequenceEqual(accepted.ToTag));
            Assert.Equal("refer", notify.GetText(HeaderName.Event));
        }

        Assert.False(Encoding.UTF8.GetString(accepted.ToTag) == session.LocalTag);
        Assert.Equal("SIP/2.0 200 OK\r\n", Encoding.UTF8.GetString(last.Body.Span));
        Assert.True(_us.Refers.Single().IsOver);
    }

    [Fact]
    public void What_a_refer_outside_is_owed_is_told_after_the_sessions_end()
    {
        var session = Answered();
        Refer(Named(session), Bob);
        _us.Refers.Single().Accept();
        _network.RunFor(TimeSpan.Zero);
        _peer.Reply(_peer.Last(SipMethod.Notify), 200);

        _peer.Request("BYE", To(session), 2);
        _us.Refers.Single().Notify(486, final: true);
        _network.RunFor(TimeSpan.Zero);
        var last = _peer.Last(SipMethod.Notify);
        _peer.Reply(last, 200);
        _network.RunFor(TimeSpan.FromMinutes(2));

        Assert.Equal("terminated;reason=noresource", last.GetText(HeaderName.SubscriptionState));
        Assert.Equal("SIP/2.0 486 Busy Here\r\n", Encoding.UTF8.GetString(last.Body.Span));
        Assert.True(_us.Refers.Single().IsOver);
        Assert.Equal((0, 0), (_agent.LiveDialogs, _agent.Stack.LiveTransactions));
    }

    [Fact]
    public void A_refer_not_answered_when_the_session_ends_gets_487()
    {
        var session = Answered();
        Refer(Named(session), Bob);

        session.HangUp(new SessionHangup());
        _us.Refers.Single().Accept();
        _network.RunFor(TimeSpan.Zero);

        Assert.Equal(487, _peer.Responses(SipMethod.Refer).Single().Status);
        Assert.Empty(_peer.All(SipMethod.Notify));
    }

    [Fact]
    public void One_that_is_refused_is_told_nothing()
    {
        var session = Answered();

        Refer(Named(session), Bob);
        _us.Refers.Single().Reject(603);
        _network.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(603, _peer.Responses(SipMethod.Refer).Single().Status);
        Assert.Empty(_peer.All(SipMethod.Notify));
    }

    [Theory]
    [InlineData("call;local-tag={tag};remote-tag=other", 481)]
    [InlineData("other;local-tag={tag};remote-tag=peer", 481)]
    [InlineData("call;local-tag=1111111111111111;remote-tag=peer", 481)]
    [InlineData("call;local-tag=peer;remote-tag={tag}", 481)]
    [InlineData("call;remote-tag=peer", 400)]
    [InlineData("call;local-tag={tag}", 400)]
    [InlineData(";local-tag={tag};remote-tag=peer", 400)]
    [InlineData("call", 400)]
    [InlineData("call;local-tag={tag};remote-tag=peer\r\nTarget-Dialog: call;local-tag={tag};remote-tag=peer", 400)]
    public void One_that_names_no_dialog_is_refused_and_nobody_hears_of_it(string named, int status)
    {
        var session = Answered();

        Refer("Target-Dialog: " + named.Replace("{tag}", session.LocalTag, StringComparison.Ordinal), Bob);

        Assert.Equal(status, _peer.Responses(SipMethod.Refer).Single().Status);
        Assert.Empty(_us.Refers);
        Assert.True(session.IsConfirmed);
    }

    [Theory]
    [InlineData("Contact: *", Bob)]
    [InlineData("Contact: <tel:1>", Bob)]
    [InlineData("Contact: <sip:peer@10.0.0.2>", "Subject: none")]
    public void One_that_cannot_be_told_or_says_not_whom_to_call_gets_400(string contact, string to)
    {
        var session = Answered();

        Refer(Named(session), contact, to);

        Assert.Equal(400, _peer.Responses(SipMethod.Refer).Single().Status);
        Assert.Empty(_us.Refers);
    }

    [Fact]
    public void A_dialog_that_is_over_can_be_named_no_more()
    {
        var session = Answered();
        _peer.Request("BYE", To(session), 2);

        Refer(Named(session), Bob);

        Assert.Equal(481, _peer.Responses(SipMethod.Refer).Single().Status);
    }

    private static string To(SipSession session) => $"<sip:us@10.0.0.1>;tag={session.LocalTag}";

    /// <summary>The dialog as we know it: what is remote there is local here (§3).</summary>
    private static string Named(SipSession session) => $"Target-Dialog: call;local-tag={session.LocalTag};remote-tag=peer";

    private void Refer(params string[] rows) => _peer.Request("REFER", "<sip:us@10.0.0.1>", 7, "outside", "referrer", rows: rows);

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
