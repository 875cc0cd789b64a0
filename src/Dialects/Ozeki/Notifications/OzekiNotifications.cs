using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Notifications;

/// <summary>
/// Tells applications what happens: CallFinished or Error once at the end of a call an application placed, Error for each step of a script
/// that failed, and CallChanged for every state of an ordinary call.
/// </summary>
public sealed class OzekiNotifications(INotifier notifier, IDirectory directory, OzekiOptions options) : IEventSubscriber
{
    /// <inheritdoc/>
    public void On(CallEvent happened)
    {
        var call = happened.Call;
        if (IsOurs(call))
            TellPlacer(happened);
        else if (IsOrdinary(call))
            TellWatchers(happened);
    }

    /// <summary>A call this dialect placed, or one that reached an application of this dialect.</summary>
    private static bool IsOurs(Call call) =>
        call.Origin is { Kind: CallOriginKind.Api, Dialect: OzekiAccess.Dialect } || call.Plan is CallPlan.Scripted { Script.Dialect: OzekiAccess.Dialect };

    /// <summary>A call between two parties, neither of them an application or the exchange; one that a rule refused was meant to be.</summary>
    private static bool IsOrdinary(Call call) =>
        call is { Origin.ApiExtension: null, Plan: CallPlan.Connect or CallPlan.Refused or CallPlan.Originated { Then: OnAnswer.Connect } };

    private void TellPlacer(CallEvent happened)
    {
        var call = happened.Call;
        switch (happened)
        {
            case ScriptFailed failed:
                Error(happened, failed.Code, failed.Message, terminal: false);
                break;
            case CallEnded when call.Origin.Kind != CallOriginKind.Api:
                break;   // nobody gave an address for the end of a call that came in
            case CallEnded when call.AnsweredAt is not null && OzekiWords.Result(call) is "Completed" or "Transferred":
                Finished(happened);
                break;
            case CallEnded:
                var failure = OzekiAnswer.CallConnectFailed(call.Dialed, OzekiWords.Result(call));
                Error(happened, failure.Code, failure.Message, terminal: true);
                break;
            default:
                break;
        }
    }

    private void Finished(CallEvent happened)
    {
        var call = happened.Call;
        if (call.Callbacks.FinishedUrl is not { } url)
            return;
        var seconds = (long)OzekiWords.TalkTime(call, happened.At).TotalSeconds;
        var form = OzekiForm.Write(
            ("NotificationName", "CallFinished"),
            ("CallId", call.Id.ToString()),
            ("Caller", call.Caller.Number),
            ("Callee", call.Dialed),
            ("Duration", seconds.ToString(CultureInfo.InvariantCulture)));
        notifier.Notify([OzekiNotice.To(url, $"{happened.Id}.finished", call.Id, form, terminal: true)]);
    }

    /// <summary>To the address given with the call, or else to the one configured for the account.</summary>
    private void Error(CallEvent happened, int code, string message, bool terminal)
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
        notifier.Notify([OzekiNotice.To(url, $"{happened.Id}.error", call.Id, form, terminal)]);
    }

    private void TellWatchers(CallEvent happened)
    {
        switch (happened)
        {
            case CallRinging:
                Changed(happened, "Ringing");
                break;
            case CallAnswered:
                Changed(happened, "Answered");
                Changed(happened, "InCall");
                break;
            case CallHeld:
                Changed(happened, "Hold");
                break;
            case CallUnheld or CallTransferred or CallTransferFailed:
                Changed(happened, "InCall");
                break;
            case CallEnded:
                Changed(happened, OzekiWords.FinalState(happened.Call), terminal: true);
                // Asked for by a transfer: who moves a call may want to know when it ends.
                Finished(happened);
                break;
            default:
                break;
        }
    }

    /// <summary>To every account the call belongs to that has an address for it; accounts that share one are told once.</summary>
    private void Changed(CallEvent happened, string state, bool terminal = false)
    {
        var call = happened.Call;
        var urls = call.Accounts
            .Select(directory.Current.Account)
            .Where(a => a?.MayUse(OzekiAccess.Dialect) == true && a.Ozeki?.CallChangedUrl is { Length: > 0 })
            .Select(a => a!.Ozeki!.CallChangedUrl!)
            .Distinct(StringComparer.Ordinal);
        byte[]? form = null;
        var number = 0;
        foreach (var url in urls)
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
            notifier.Notify([OzekiNotice.To(url, $"{happened.Id}.{state}.{++number}", call.Id, form, terminal)]);
        }
    }
}
