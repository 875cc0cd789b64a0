using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Ozeki.Notifications;

/// <summary>
/// Tells applications what happens: CallFinished or Error once at the end of a call an application placed, Error for each step of a script
/// that failed, and CallChanged for every state of an ordinary call.
/// </summary>
public sealed class OzekiNotifications(IDirectory directory, OzekiOptions options) : INotificationSource
{
    /// <inheritdoc/>
    public void Collect(CallEvent happened, ICollection<Notification> notifications)
    {
        var call = happened.Call;
        if (happened is RecordingEnded { Callback: { Dialect: OzekiAccess.Dialect, Url: var url } } recorded)
        {
            Recorded(recorded, url, notifications);
            return;
        }
        var isOurs = IsOurs(call);
        if (isOurs)
            TellPlacer(happened, notifications);
        // Two phones that a CallSetup joined are watched like any other two; what concerns its placer is told already.
        if (IsOrdinary(call))
            TellWatchers(happened, isOurs, notifications);
    }

    /// <summary>A call this dialect placed, or one that reached an application of this dialect.</summary>
    private static bool IsOurs(Call call) =>
        call.Origin is { Kind: CallOriginKind.Api, Dialect: OzekiAccess.Dialect } || call.Plan is CallPlan.Scripted { Script.Dialect: OzekiAccess.Dialect };

    /// <summary>A call between two parties, neither of them an application or the exchange; one that a rule refused was meant to be.</summary>
    private static bool IsOrdinary(Call call) =>
        call is { Origin.ApiExtension: null, Plan: CallPlan.Connect or CallPlan.Refused or CallPlan.Originated { Then: OnAnswer.Connect } };

    private void TellPlacer(CallEvent happened, ICollection<Notification> notifications)
    {
        var call = happened.Call;
        switch (happened)
        {
            case ScriptFailed failed:
                Error(happened, notifications, failed.Code, failed.Message, terminal: false);
                break;
            case CallEnded when OzekiAlarm.MessageOf(call) is { } alarm:
                AlarmResult(happened, alarm, notifications);
                break;
            case CallEnded when call.Origin.Kind != CallOriginKind.Api:
                // Only a transfer can have asked to be told of the end of a call that came in.
                Finished(happened, notifications);
                break;
            case CallEnded when call.AnsweredAt is not null && OzekiWords.Result(call) is OzekiResult.Completed or OzekiResult.Transferred:
                Finished(happened, notifications);
                break;
            case CallEnded:
                var failure = OzekiAnswer.CallConnectFailed(call.Dialed, OzekiWords.Result(call));
                Error(happened, notifications, failure.Code, failure.Message, terminal: true);
                break;
            default:
                break;
        }
    }

    /// <summary>What came of an alarm message, once, when its call is over.</summary>
    private static void AlarmResult(CallEvent happened, AlarmMessage alarm, ICollection<Notification> notifications)
    {
        var call = happened.Call;
        if (call.Callbacks.FinishedUrl is not { } url)
            return;
        var form = OzekiForm.Write(
            ("NotificationName", "AlarmNotificationResult"),
            ("Result", OzekiAlarm.WasAcknowledged(call) ? "Success" : "Failed"),
            ("PhoneNumber", call.Dialed),
            ("AccountNumber", alarm.Account),
            ("EventCode", alarm.EventCode));
        notifications.Add(OzekiNotice.To(url, $"{happened.Id}.alarm", call.Id, call.Origin.Account, form, terminal: true));
    }

    private static void Finished(CallEvent happened, ICollection<Notification> notifications)
    {
        var call = happened.Call;
        if (call.Callbacks.FinishedUrl is not { } url)
            return;
        var seconds = (long)OzekiWords.TalkTime(call, happened.At).TotalSeconds;
        var form = OzekiForm.Write(
            ("NotificationName", "CallFinished"),
            ("CallId", call.Id.ToString()),
            ("Caller", OzekiWords.SentTo(call, LegRole.Caller) ?? call.Caller.Number),
            ("Callee", OzekiWords.SentTo(call, LegRole.Callee) ?? call.Dialed),
            ("Duration", seconds.ToString(CultureInfo.InvariantCulture)));
        notifications.Add(OzekiNotice.To(url, $"{happened.Id}.finished", call.Id, call.Origin.Account ?? call.Accounts.FirstOrDefault(), form, terminal: true));
    }

    /// <summary>A recording that was asked for over HTTP is closed. One that could not be made is an error of its command.</summary>
    private void Recorded(RecordingEnded recorded, string url, ICollection<Notification> notifications)
    {
        var call = recorded.Call;
        if (recorded.Outcome.File is not { } file)
        {
            var failure = OzekiAnswer.InappropriateCommand(OzekiRecord.Name);
            Error(recorded, notifications, failure.Code, failure.Message, terminal: false);
            return;
        }
        var form = OzekiForm.Write(
            ("NotificationName", "RecordCompleted"),
            ("CallId", call.Id.ToString()),
            ("RecordURL", options.RecordingUrl(call.Id, file)),
            ("Format", Path.GetExtension(file).TrimStart('.')),
            ("Duration", ((long)recorded.Outcome.Length.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        notifications.Add(OzekiNotice.To(url, $"{recorded.Id}.recorded", call.Id, call.Origin.Account ?? call.Accounts.FirstOrDefault(), form, terminal: false));
    }

    /// <summary>To the address given with the call, or else to the one configured for the account.</summary>
    private void Error(CallEvent happened, ICollection<Notification> notifications, int code, string message, bool terminal)
    {
        var call = happened.Call;
        var account = call.Origin.Account ?? call.Accounts.FirstOrDefault();
        if ((call.Callbacks.ErrorUrl ?? (account is null ? null : directory.Current.Account(account)?.Ozeki?.ErrorUrl)) is not { } url)
            return;
        var form = OzekiForm.Write(
            ("NotificationName", "Error"),
            ("Code", code.ToString(CultureInfo.InvariantCulture)),
            ("Message", message),
            ("CallId", call.Id.ToString()),
            ("Dialed", call.Dialed),
            ("ApiExtension", call.Origin.ApiExtension));
        notifications.Add(OzekiNotice.To(url, $"{happened.Id}.error", call.Id, account, form, terminal));
    }

    private void TellWatchers(CallEvent happened, bool isOurs, ICollection<Notification> notifications)
    {
        switch (happened)
        {
            case CallRinging:
                Changed(happened, notifications, "Ringing");
                break;
            case CallAnswered:
                Changed(happened, notifications, "Answered");
                Changed(happened, notifications, "InCall");
                break;
            case CallHeld:
                Changed(happened, notifications, "Hold");
                break;
            case ScriptFailed failed when !isOurs:
                Error(happened, notifications, failed.Code, failed.Message, terminal: false);
                break;
            case CallUnheld or CallTransferred or CallTransferFailed:
                Changed(happened, notifications, "InCall");
                break;
            case CallEnded:
                Changed(happened, notifications, OzekiWords.FinalState(happened.Call), terminal: !isOurs);
                // Asked for by a transfer: who moves a call may want to know when it ends.
                if (!isOurs)
                    Finished(happened, notifications);
                break;
            default:
                break;
        }
    }

    /// <summary>To every account the call belongs to that has an address for it; accounts that share one are told once.</summary>
    private void Changed(CallEvent happened, ICollection<Notification> notifications, string state, bool terminal = false)
    {
        var call = happened.Call;
        var told = call.Accounts
            .Select(directory.Current.Account)
            .Where(a => a?.MayUse(OzekiAccess.Dialect) == true && a.Ozeki?.CallChangedUrl is { Length: > 0 })
            .DistinctBy(a => a!.Ozeki!.CallChangedUrl, StringComparer.Ordinal);
        byte[]? form = null;
        var number = 0;
        foreach (var account in told)
        {
            form ??= OzekiForm.Write(
                ("NotificationName", "CallChanged"),
                ("CallId", call.Id.ToString()),
                ("CallState", state),
                ("Source", OzekiWords.Source(call)),
                ("CallerId", call.Caller.Number),
                ("Destination", OzekiWords.Destination(call)),
                ("StartTime", OzekiWords.Time(call.StartedAt, options.TimeZone)),
                ("RingDuration", OzekiWords.RingDuration(call)),
                ("TalkDuration", OzekiWords.TalkDuration(call, happened.At)));
            notifications.Add(
                OzekiNotice.To(account!.Ozeki!.CallChangedUrl!, $"{happened.Id}.{state}.{++number}", call.Id, account.Name, form, terminal));
        }
    }
}
