using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Bxml;
using Switchhook.Dialects.Catapult.Calls;
using Switchhook.Dialects.Catapult.Recordings;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Events;

/// <summary>Tells applications what happens to the calls they gave an address for, or took by one.</summary>
public sealed class CatapultCallbacks(IDirectory directory, CatapultOptions options) : INotificationSource
{
    private readonly CatapultEvent _event = new(options);

    /// <inheritdoc/>
    public void Collect(CallEvent happened, ICollection<Notification> notifications)
    {
        if (LegOf(happened) is not { } number || happened.Call.FindLeg(number) is not { Details: not null } leg)
            return;
        var call = new CatapultCall(happened.Call, leg);
        if (call[CatapultDetail.User] is not { } user || AccountOf(user) is not { } account)
            return;
        if (happened is RecordingEnded { Callback: { Dialect: CatapultWords.Dialect, Url: var verbUrl } } recorded)
        {
            // A crash took the document that would have told it.
            notifications.Add(CatapultDelivery.ToVerb(call, $"{happened.Id}.catapult.0", account, verbUrl, _event.Recording(call, recorded, byDocument: true)));
            return;
        }
        if (call[CatapultDetail.CallbackUrl] is null)
            return;
        var count = 0;
        foreach (var (members, terminal) in EventsOf(happened, call))
            Add(CatapultDelivery.To(call, NextId(), account, members, terminal));
        // Told by POST whatever the others are told by.
        if (happened is RecordingEnded { Callback: null, Outcome.File: { } file } over && call[CatapultDetail.RecordingEnabled] is not null
            && CatapultTranscriptions.Wants(call, file.EndsWith(".mp3", StringComparison.Ordinal)))
            Add(CatapultDelivery.To(call, NextId(), account, _event.Transcription(call, over), terminal: false, byPost: true));

        string NextId() => string.Create(CultureInfo.InvariantCulture, $"{happened.Id}.catapult.{++count}");

        void Add(Notification? notification)
        {
            if (notification is not null)
                notifications.Add(notification);
        }
    }

    private string? AccountOf(string user) =>
        directory.Current.Provisioning.Accounts.FirstOrDefault(a => a.Catapult?.UserId == user) is { } account && account.MayUse(CatapultWords.Dialect) ? account.Name : null;

    private static int? LegOf(CallEvent happened) => happened switch
    {
        CallStarted => 1,
        LegAnswered e => e.Leg.Number,
        PlaybackStarted e => e.Leg.Number,
        PlaybackEnded { HasStarted: true } e => e.Leg.Number,
        DigitHeard e => e.Leg.Number,
        GatherEnded e => e.Leg.Number,
        RecordingEnded e => e.Leg.Number,
        LegEnded e => e.Record.Leg.Number,
        _ => null,
    };

    private IEnumerable<(CatapultMembers Members, bool Terminal)> EventsOf(CallEvent happened, CatapultCall call)
    {
        switch (happened)
        {
            case CallStarted when call[CatapultDetail.ApplicationId] is not null && !HasDocument(call):
                yield return (_event.IncomingCall(call, happened.At), false);
                break;
            case LegAnswered when !HasDocument(call):
                yield return (_event.Answer(call, happened.At), false);
                break;
            case PlaybackStarted e:
                yield return (_event.Playback(call, e.IsSpeech, isOver: false, e.Tag, e.At), false);
                break;
            case PlaybackEnded e:
                yield return (_event.Playback(call, e.IsSpeech, isOver: true, e.Tag, e.At), false);
                break;
            case DigitHeard e:
                yield return (_event.Dtmf(call, e), false);
                break;
            case GatherEnded e:
                yield return (_event.Gather(call, e, call[CatapultDetail.CallbackHttpMethod] == "GET"), false);
                break;
            // Other recordings are their askers' business: a document's verb names an address of its own.
            case RecordingEnded { Callback: null } e when call[CatapultDetail.RecordingEnabled] is not null:
                yield return (_event.Recording(call, e), false);
                break;
            case LegEnded e:
                if (e.Record is { AnsweredAt: null, By: HangupBy.Timer { Which: CallTimer.Ring } } && !call.IsInbound)
                    yield return (_event.Timeout(call, e.At), false);
                yield return (_event.Hangup(call, e.Record.Cause, e.At), true);
                break;
        }
    }

    /// <summary>True for the leg a document runs on: what is told to ask for the document is told by the one who runs it.</summary>
    private static bool HasDocument(CatapultCall call) => call.Leg.Id.Number == 1 && BxmlScripts.Steers(call.Call);
}
