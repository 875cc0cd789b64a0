using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Machine;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Scripts;
using Switchhook.Ivr;

namespace Switchhook.Exchange.Running;

/// <content>Recordings, conferences and messages of a script.</content>
internal sealed partial class RunningScript
{
    /// <summary>The one connection for messages that there is: SIP MESSAGE between extensions (RFC 3428).</summary>
    private const string SipConnection = "sip";

    private Verb.Record? _recorded;
    private string? _source;
    private IDisposable? _hearing;

    private void Record(Verb.Record verb)
    {
        var order = new AudioOrder.Record(_leg.Number, new RecordingTerms
        {
            // Whoever took the script's place is recorded with the party.
            Sides = _run.HasEnded ? RecordedSides.Both : RecordedSides.Party,
            Stereo = verb.Stereo,
            Format = verb.Format == "wav" ? RecordingFormat.Wav : RecordingFormat.Mp3,
            EndSilence = verb.Silence,
            SilenceLevel = verb.SilenceLevel,
            MostLength = verb.Longest,
            EndKeys = verb.FinishKeys,
            Folder = verb.Folder,
            ForScript = true,
            Tag = verb.Tag,
            CallbackAfterCrash = AfterCrash(verb),
        });
        _recorded = verb;
        if (!Ask(order))
            Give(new ScriptInput.RecordingEnded(null, TimeSpan.Zero));
    }

    /// <summary>The script is not there after a crash to tell the application, or to ask it for what comes next: it is told all the same.</summary>
    private RecordingCallback? AfterCrash(Verb.Record verb)
    {
        if (verb is not { Reply: ScriptReply.InPlace or ScriptReply.None, FinishedUrl: { } url })
            return null;
        var isAddress = Uri.TryCreate(_source, UriKind.Absolute, out var from) ? Uri.TryCreate(from, url, out var address) : Uri.TryCreate(url, UriKind.Absolute, out address);
        return isAddress && address!.Scheme is "http" or "https" ? new RecordingCallback(_run.Script.Dialect, address!.AbsoluteUri) : null;
    }

    private void StopRecording()
    {
        if (_call.Call.Audio.Recordings.FirstOrDefault(static r => r.Terms.ForScript && !r.IsStopping) is { } recording)
            _call.Give(new CallInput.Sound(new AudioOrder.StopRecording(recording.Number)));
    }

    /// <summary>The script's recording is closed. A caller who hung up in the middle of it has left one all the same, and its address is told.</summary>
    public void OnRecorded(int number, RecordingOutcome outcome)
    {
        var ended = new ScriptInput.RecordingEnded(outcome.File is { } file ? _context.RecordingUrl(_call.Call.Id, file) : null, outcome.Length)
        {
            Number = number,
            At = outcome.StartedAt + outcome.Length ?? _context.Now(),
            Format = outcome.File is { } name ? Path.GetExtension(name).TrimStart('.') : null,
        };
        if (!_run.HasEnded)
            Give(ended);
        else if (_recorded is { FinishedUrl: { } url } verb)
        {
            var request = new ScriptRequest(_call.Call, new ScriptRef(_run.Script.Dialect, url), ScriptOccasion.RecordCompleted, _source) { Verb = verb, Recording = ended };
            if (verb.Reply == ScriptReply.None)
                _context.Tell(request, ++_told);
            else if (ended.Url is not null)
                _context.Fetch(_call.Call, Ask(), request, CancellationToken.None);
        }
    }

    private void JoinConference(Verb.Conference verb)
    {
        var account = _call.Call.Origin.Account ?? _call.Call.Accounts.FirstOrDefault() ?? "";
        var order = new AudioOrder.JoinConference(new RoomName(account, verb.Room), new SeatTerms(Muted: verb.Muted));
        if (!_context.Rooms.HasSeat(order.Room) || !Ask(order))
            Give(new ScriptInput.ConferenceLeft());
    }

    /// <summary>The call has left its conference.</summary>
    public void OnConferenceLeft() => Give(new ScriptInput.ConferenceLeft());

    private bool Ask(AudioOrder order)
    {
        if (_call.Call.Refuse(order) != CallRefusal.None)
            return false;
        _call.Give(new CallInput.Sound(order));
        return true;
    }

    private void SendMessage(Verb.SendMessage verb)
    {
        var to = verb.Address ?? Party;
        if (!IsSip(verb.Connection))
        {
            Give(new ScriptInput.NotAvailable(verb));
            return;
        }
        _context.Messages.Send(TextMessage.Plain(Own, to, verb.Text), reply =>
        {
            Trace($"message to {to}: {reply.Outcome}");
            if (reply.Outcome is not (MessageOutcome.Delivered or MessageOutcome.Accepted))
                _call.Guard(_ => Give(new ScriptInput.NotAvailable(verb)));
        });
    }

    private void HearMessages(Verb.WaitForMessage verb)
    {
        if (!IsSip(verb.Connection))
        {
            Give(new ScriptInput.NotAvailable(verb));
            return;
        }
        _hearing ??= _context.Listeners.Add(message =>
        {
            if (message.To == Own)
                _call.Guard(_ => Give(new ScriptInput.MessageReceived(SipConnection, message.From, message.Text)));
        });
    }

    /// <summary>The number the script's messages come from and go to.</summary>
    private string Own => _call.Call.Origin.ApiExtension ?? _call.Call.Dialed;

    /// <summary>The number of the one the script talks to.</summary>
    private string Party => _call.Call.Plan is CallPlan.Originated ? _call.Call.Dialed : _call.Call.Caller.Number;

    private static bool IsSip(string connection) => connection.Equals(SipConnection, StringComparison.OrdinalIgnoreCase);
}
