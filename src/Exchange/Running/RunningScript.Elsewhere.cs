using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Machine;
using Switchhook.Ivr;

namespace Switchhook.Exchange.Running;

/// <content>A command sends the party of a script elsewhere: until that is decided the script stands still.</content>
internal sealed partial class RunningScript
{
    private bool _away;

    /// <summary>
    /// Rings these for the party, in the place of the script, whatever it is doing. When nobody answers, the script goes on: with what comes after
    /// the audio that was interrupted, or where it was. False when the script is over, is being sent elsewhere already, or is talking to an alarm panel.
    /// </summary>
    public bool TrySendElsewhere(CallInput.ScriptDials dials)
    {
        if (_run.HasEnded || _away || _alarm is not null || _call.Call is not { State: CallState.Talking or CallState.Held, Far: 0 })
            return false;
        _away = true;
        if (_run.State is ScriptRunState.Playing)
        {
            StopAudio();
            _context.Timers.Cancel(ref _timer);   // of the audio: how long it may last
            _inputs.Enqueue(new ScriptInput.AudioEnded());
        }
        return _call.Give(dials);
    }

    /// <summary>Keeps what comes meanwhile for later, but for the end of the call and for keys, which nobody asked for.</summary>
    private bool StandsStill(ScriptInput input)
    {
        if (!_away)
            return false;
        if (input is ScriptInput.CallOver)
        {
            _inputs.Clear();
            _away = false;
            return false;
        }
        if (input is not ScriptInput.Digit)
            _inputs.Enqueue(input);
        return true;
    }

    /// <summary>Someone took the party, and the script is over; or nobody did, whoever asked is told why, and it goes on.</summary>
    private void ComeBack(HangupCause? cause)
    {
        if (cause is null)
        {
            Give(new ScriptInput.CallOver());
            return;
        }
        _away = false;
        _leg.Audio?.Media.StopPlaying();   // the ringing
        _call.Give(new CallInput.ScriptKeepsParty(cause.Value));
        Drain();
    }
}
