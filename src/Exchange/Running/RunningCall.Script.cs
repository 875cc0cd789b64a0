using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Machine;
using Switchhook.Calls.Scripts;
using Switchhook.Exchange.Prompts;
using Switchhook.Ivr;

namespace Switchhook.Exchange.Running;

/// <summary>The call's script and what the outside brings for it.</summary>
internal sealed partial class RunningCall
{
    /// <summary>The script that wants to hand its party on to <see cref="_script"/>: it stands still until that has the party, or goes on.</summary>
    private RunningScript? _handing;
    private int _scriptRuns;

    /// <summary>A number for what a script of the call asks for. None is given twice: what one script has asked for may come when another has the call.</summary>
    public int NextScriptRun() => ++_scriptRuns;

    private void RunScript(RunningLeg leg, ScriptRef script, bool incoming)
    {
        if (Call.State is CallState.Transferring { Transferor: 0 })
            (_handing, _script) = (_script, null);
        else
            StopScript();   // one that has handed its party on has nothing more to do
        _script = RunningScript.Start(this, leg, _context, script, incoming);
    }

    private void StopScript()
    {
        _script?.Give(new ScriptInput.CallOver());
        _script = null;
    }

    private void StopScripts()
    {
        _script?.Give(new ScriptInput.CallOver());
        _handing?.Give(new ScriptInput.CallOver());
    }

    /// <summary>A script came, or did not.</summary>
    public void OnScript(int run, ScriptFetch result) => Scripts(s => s.OnFetched(run, result));

    /// <summary>What the script's dialect did by itself is over.</summary>
    public void OnScriptErrand(int run, ScriptError? error) => Scripts(s => s.OnErrand(run, error));

    /// <summary>Audio for the script is ready, or could not be made.</summary>
    public void OnScriptAudio(int run, PromptReply reply, bool loop) => Scripts(s => s.OnAudio(run, reply, loop));

    /// <summary>What the script asked for by a command was refused.</summary>
    public void OnScriptRefused(Verb.Order verb, CallRefusal refusal) => _script?.Give(new ScriptInput.Refused(verb, refusal));

    /// <summary>A tone that a script listens for is over.</summary>
    public void OnTone(int leg, double frequencyHz, int durationMs) => _script?.OnTone(leg, frequencyHz, durationMs);

    /// <summary>Sends the party of the call's script elsewhere; false when there is no script that could be left now.</summary>
    public bool TrySendElsewhere(CallInput.ScriptDials dials) => _script?.TrySendElsewhere(dials) == true;

    private void OnScriptDialEnded(HangupCause? cause)
    {
        if (_handing is { } handing)
        {
            _handing = null;
            if (cause is null)
            {
                handing.Give(new ScriptInput.CallOver());
                return;
            }
            StopScript();
            _script = handing;
        }
        else if (cause is null && Call.Plan is CallPlan.Service)
        {
            StopScript();
            return;
        }
        _script?.OnDialEnded(cause);
    }

    /// <summary>What a script has waited for comes to the one that asked, whichever of the two has the word.</summary>
    private void Scripts(Action<RunningScript> bring)
    {
        var (one, other) = (_script, _handing);
        if (one is not null)
            bring(one);
        if (other is not null)
            bring(other);
    }
}
