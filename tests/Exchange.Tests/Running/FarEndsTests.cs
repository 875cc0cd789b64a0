using System.Text;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Hangup;
using Switchhook.Exchange.Running;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using CallConfirmation = Switchhook.Calls.Hangup.HangupConfirmation;
using SipConfirmation = Switchhook.Sip.Dialogs.HangupConfirmation;

namespace Switchhook.Exchange.Tests.Running;

public sealed class FarEndsTests
{
    private static readonly LegMedia Media = new() { PacketsReceived = 7 };

    [Fact]
    public void A_bye_is_a_normal_clearing_by_the_party_itself()
    {
        var end = FarEnds.From(new SessionEnd(SessionEndKind.Bye, Request("BYE")), beforeAnswer: false, CauseTable.Standard, Media);

        Assert.Equal((HangupCause.NormalClearing, null, null), (end.Cause, end.By, end.Sent));
        Assert.Equal(("BYE", null), (end.Received!.Message, end.Received.Status));
        Assert.Empty(end.Received.Reasons);
        Assert.Same(Media, end.Media);
    }

    [Fact]
    public void The_reason_of_a_bye_is_its_cause_and_every_reason_is_kept_untouched()
    {
        var bye = Request("BYE", "SIP;cause=200;text=\"elsewhere\"", "Q.850 ; cause=34");

        var end = FarEnds.From(new SessionEnd(SessionEndKind.Bye, bye), beforeAnswer: false, CauseTable.Standard, null);

        Assert.Equal(HangupCause.NormalCircuitCongestion, end.Cause);
        Assert.Equal(["SIP;cause=200;text=\"elsewhere\"", "Q.850 ; cause=34"], end.Received!.Reasons);
    }

    [Fact]
    public void A_caller_that_says_bye_before_the_answer_gave_up()
    {
        var end = FarEnds.From(new SessionEnd(SessionEndKind.Bye, Request("BYE", "Q.850;cause=16")), beforeAnswer: true, CauseTable.Standard, null);

        Assert.Equal(HangupCause.OriginatorCancel, end.Cause);
        Assert.Equal(("BYE", "487 Request Terminated"), (end.Received!.Message, end.Sent!.Message));
    }

    [Fact]
    public void A_cancel_is_the_originators_whatever_reason_it_names()
    {
        var end = FarEnds.From(new SessionEnd(SessionEndKind.Cancelled, Request("CANCEL", "Q.850;cause=16")), beforeAnswer: true, CauseTable.Standard, null);

        Assert.Equal((HangupCause.OriginatorCancel, null), (end.Cause, end.By));
        Assert.Equal(("CANCEL", "487 Request Terminated"), (end.Received!.Message, end.Sent!.Message));
        Assert.Equal(["Q.850;cause=16"], end.Received.Reasons);
    }

    [Theory]
    [InlineData(486, "Busy Here", null, HangupCause.UserBusy)]
    [InlineData(480, "Gone fishing", null, HangupCause.NoUserResponse)]
    [InlineData(480, "Temporarily Unavailable", "Q.850;cause=17", HangupCause.UserBusy)]
    [InlineData(603, "Decline", "SIP;cause=486", HangupCause.CallRejected)]
    public void A_refusal_keeps_its_status_and_phrase_and_its_reason_wins(int status, string phrase, string? reason, HangupCause cause)
    {
        var end = FarEnds.From(new SessionEnd(SessionEndKind.Rejected, Response(status, phrase, reason)), beforeAnswer: false, CauseTable.Standard, null);

        Assert.Equal((cause, null, null), (end.Cause, end.By, end.Sent));
        Assert.Equal(($"{status} {phrase}", status), (end.Received!.Message, end.Received.Status));
    }

    [Fact]
    public void A_refusal_goes_through_the_rows_an_operator_replaced()
    {
        var table = CauseTable.With([new("sip:486", "CALL_REJECTED")], out _);

        Assert.Equal(HangupCause.CallRejected, FarEnds.From(new SessionEnd(SessionEndKind.Rejected, Response(486, "Busy Here", null)), false, table, null).Cause);
    }

    [Theory]
    [InlineData(SessionEndKind.TimedOut, HangupCause.RecoveryOnTimerExpire, "no answer to the INVITE", null)]
    [InlineData(SessionEndKind.TransportFailed, HangupCause.NormalTemporaryFailure, "transport failed", null)]
    [InlineData(SessionEndKind.AckTimeout, HangupCause.RecoveryOnTimerExpire, "no ACK", "BYE")]
    public void An_end_without_a_message_is_a_fault_with_a_name(SessionEndKind kind, HangupCause cause, string fault, string? sent)
    {
        var end = FarEnds.From(new SessionEnd(kind), beforeAnswer: false, CauseTable.Standard, Media);

        Assert.Equal((cause, new HangupBy.Fault(fault), null), (end.Cause, end.By, end.Received));
        Assert.Equal(sent, end.Sent?.Message);
        Assert.Same(Media, end.Media);
    }

    [Theory]
    [InlineData(HangupSentKind.Nothing, 0, null)]
    [InlineData(HangupSentKind.Bye, 0, "BYE")]
    [InlineData(HangupSentKind.Cancel, 0, "CANCEL")]
    [InlineData(HangupSentKind.FinalStatus, 486, "486 Busy Here")]
    public void What_we_sent_is_recorded_with_its_reason(HangupSentKind kind, int status, string? message)
    {
        var sent = FarEnds.From(new HangupSent(kind, status), "Q.850;cause=17");

        Assert.Equal(message, sent?.Message);
        Assert.Equal(message is null ? null : "Q.850;cause=17", sent?.Reason);
        Assert.Equal(status == 0 ? null : status, sent?.Status);
    }

    [Theory]
    [InlineData(SipConfirmation.Yes, CallConfirmation.Yes)]
    [InlineData(SipConfirmation.Timeout, CallConfirmation.Timeout)]
    [InlineData(SipConfirmation.Unreachable, CallConfirmation.Unreachable)]
    public void A_confirmation_keeps_its_meaning(SipConfirmation sip, CallConfirmation call) => Assert.Equal(call, FarEnds.From(sip));

    [Fact]
    public void Every_kind_of_end_has_its_row() => Assert.All(Enum.GetValues<SessionEndKind>(), kind =>
        Assert.NotNull(FarEnds.From(new SessionEnd(kind, Response(480, "Temporarily Unavailable", null)), false, CauseTable.Standard, null)));

    private static SipMessage Request(string method, params string[] reasons) => Parse($"{method} sip:x@127.0.0.1 SIP/2.0", method, reasons);

    private static SipMessage Response(int status, string phrase, string? reason) =>
        Parse($"SIP/2.0 {status} {phrase}", "INVITE", reason is null ? [] : [reason]);

    private static SipMessage Parse(string start, string method, string[] reasons)
    {
        var rows = string.Concat(reasons.Select(r => $"Reason: {r}\r\n"));
        var text = $"{start}\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 {method}\r\n{rows}Content-Length: 0\r\n\r\n";
        Assert.Equal(SipParseError.None, SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));
        return message!;
    }
}
