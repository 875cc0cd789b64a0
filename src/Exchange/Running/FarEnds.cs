using System.Globalization;
using System.Text;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using SipConfirmation = Switchhook.Sip.Dialogs.HangupConfirmation;

namespace Switchhook.Exchange.Running;

/// <summary>Where SIP and calls meet at the end of a leg: what the wire said becomes what the record says.</summary>
internal static class FarEnds
{
    /// <param name="beforeAnswer">True for a caller whose call we had not answered: whatever it sent, it gave up.</param>
    public static FarEnd From(SessionEnd end, bool beforeAnswer, CauseTable table, LegMedia? media)
    {
        var reasons = ReasonsOf(end.Message);
        return end.Kind switch
        {
            SessionEndKind.Bye when beforeAnswer => new(HangupCause.OriginatorCancel, null, new ReceivedEnd("BYE", null, reasons), new SentEnd(Status(487), null), media),
            SessionEndKind.Bye => new(CauseTable.FromBye(reasons), null, new ReceivedEnd("BYE", null, reasons), null, media),
            SessionEndKind.Cancelled => new(HangupCause.OriginatorCancel, null, new ReceivedEnd("CANCEL", null, reasons), new SentEnd(Status(487), null), media),
            SessionEndKind.Rejected => new(table.FromSip(end.Status, reasons), null, new ReceivedEnd(Spell(end), end.Status, reasons), null, media),
            SessionEndKind.TimedOut => new(HangupCause.RecoveryOnTimerExpire, new HangupBy.Fault("no answer to the INVITE"), null, null, media),
            SessionEndKind.TransportFailed => new(table.FromSip(503), new HangupBy.Fault("transport failed"), null, null, media),
            SessionEndKind.AckTimeout when beforeAnswer => new(HangupCause.RecoveryOnTimerExpire, new HangupBy.Fault("no PRACK"), null, new SentEnd(Status(504), null), media),
            SessionEndKind.AckTimeout => new(HangupCause.RecoveryOnTimerExpire, new HangupBy.Fault("no ACK"), null, new SentEnd("BYE", null), media),
            SessionEndKind.SessionExpired => new(HangupCause.RecoveryOnTimerExpire, new HangupBy.Timer(CallTimer.Session), null, new SentEnd("BYE", null), media),
        };
    }

    public static SentEnd? From(HangupSent sent, string reason) => sent.Kind switch
    {
        HangupSentKind.Nothing => null,
        HangupSentKind.Bye => new SentEnd("BYE", reason),
        HangupSentKind.Cancel => new SentEnd("CANCEL", reason),
        HangupSentKind.FinalStatus => new SentEnd(Status(sent.Status), reason),
    };

    public static Calls.Hangup.HangupConfirmation From(SipConfirmation confirmation) => confirmation switch
    {
        SipConfirmation.Yes => Calls.Hangup.HangupConfirmation.Yes,
        SipConfirmation.Timeout => Calls.Hangup.HangupConfirmation.Timeout,
        SipConfirmation.Unreachable => Calls.Hangup.HangupConfirmation.Unreachable,
    };

    private static string Status(int status) =>
        string.Create(CultureInfo.InvariantCulture, $"{status} {Encoding.UTF8.GetString(SipStatus.ReasonPhrase(status))}");

    private static string Spell(SessionEnd end) =>
        end.Message is SipResponse response ? $"{response.Status} {Encoding.UTF8.GetString(response.Reason)}".TrimEnd() : "";

    private static List<string> ReasonsOf(SipMessage? message)
    {
        List<string> reasons = [];
        if (message is null)
            return reasons;
        foreach (var row in message.Rows(HeaderName.Reason))
            reasons.Add(Encoding.UTF8.GetString(row));
        return reasons;
    }
}
