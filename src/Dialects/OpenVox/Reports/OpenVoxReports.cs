using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox.Sessions;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Reports;

/// <summary>Tells whoever is logged in what happens to the calls and extensions of its account, each target once.</summary>
public sealed class OpenVoxReports(IDirectory directory, OpenVoxSessions sessions, OpenVoxOptions options) : INotificationSource
{
    private readonly OpenVoxExtensionBoard _board = new();
    private readonly OpenVoxRecordings _recordings = new();

    /// <inheritdoc/>
    public void Collect(CallEvent happened, ICollection<Notification> notifications)
    {
        // Also while nobody is logged in: whoever logs in during a call hears of its end.
        var changes = _board.On(happened);
        var recording = _recordings.On(happened);
        if (sessions.IsEmpty)
            return;
        var reports = ReportsOf(happened, recording).ToList();
        if (changes.Count == 0 && reports.Count == 0)
            return;
        var current = directory.Current;
        var call = happened.Call;
        var sn = OpenVoxWords.Sn(current);
        var number = 0;
        if (reports.Count > 0 && Listeners(current, call.IsVisibleTo) is { Count: > 0 } callers)
        {
            for (var i = 0; i < reports.Count; i++)
                Tell(callers, OpenVoxReport.Write(reports[i], sn), happened, terminal: happened is CallEnded && i == reports.Count - 1);
        }
        foreach (var (extension, status) in changes)
        {
            if (current.Extension(extension) is not { } known || !OpenVoxWords.IsPhone(known))
                continue;
            var listeners = Listeners(current, account => OpenVoxWords.Owns(account, known));
            if (listeners.Count > 0)
                Tell(listeners, OpenVoxReport.Write(OpenVoxReport.ExtensionStatus(extension, status.ToString()), sn), happened, terminal: false);
        }

        void Tell(IReadOnlyList<OpenVoxSession> listeners, byte[] body, CallEvent because, bool terminal)
        {
            foreach (var listener in listeners)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{because.Id}.openvox.{++number}");
                notifications.Add(OpenVoxDelivery.To(listener, id, call.Id, body, terminal));
            }
        }
    }

    private IReadOnlyList<OpenVoxSession> Listeners(CallDirectory current, Func<string, bool> sees) =>
        sessions.Report(name => sees(name) && current.Account(name)?.MayUse(OpenVoxWords.Dialect) == true);

    private IEnumerable<OpenVoxNode.Map> ReportsOf(CallEvent happened, string? recording)
    {
        var call = happened.Call;
        return happened switch
        {
            CallRinging when call.Plan is not CallPlan.Originated { Second: not null } => Some(OpenVoxReport.Alert(call), OpenVoxReport.Ring(call)),
            // A call that was asked for rings its second party once the first has answered.
            LegAnswered { Leg.Number: 1 } when call is { AnsweredAt: null, Plan: CallPlan.Originated { Second: not null } } =>
                Some(OpenVoxReport.Alert(call), OpenVoxReport.Ring(call)),
            CallTransferred { ByPhone: true } moved when Leaving(moved) is { } leaving => Some(OpenVoxReport.Transfer(call, leaving)),
            CallAnswered => OpenVoxReport.Answer(call),
            CallEnded when call.AnsweredAt is not null => [.. OpenVoxReport.Bye(call), OpenVoxReport.Cdr(call, options.TimeZone, recording)],
            CallEnded => [OpenVoxReport.Failed(call), OpenVoxReport.Cdr(call, options.TimeZone, recording)],
            _ => [],
        };
    }

    /// <summary>The leg whose place was taken: it is hung up right after this event.</summary>
    private static Leg? Leaving(CallTransferred moved) => moved.Call.FindLeg(moved.Leg.Number) is { } newcomer
        ? moved.Call.Legs.LastOrDefault(l => l.Id != newcomer.Id && l.Role == newcomer.Role && l is { AnsweredAt: not null, HasEnded: false })
        : null;

    private static IEnumerable<OpenVoxNode.Map> Some(params OpenVoxNode.Map?[] reports) => reports.OfType<OpenVoxNode.Map>();
}
