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
    private void RunScript(RunningLeg leg, ScriptRef script, bool incoming)
    {
        StopScript();   // one that has handed its party on has nothing more to do
        _script = RunningScript.Start(this, leg, _context, script, incoming);
    }

    private void StopScript()
    {
        _script?.Give(new ScriptInput.CallOver());
        _script = null;
    }

    /// <summary>A script came, or did not.</summary>
    public void OnScript(int run, ScriptFetch result) => _script?.OnFetched(run, result);

    /// <summary>What the script's dialect did by itself is over.</summary>
    public void OnScriptErrand(int run, ScriptError? error) => _script?.OnErrand(run, error);

    /// <summary>Audio for the script is ready, or could not be made.</summary>
    public void OnScriptAudio(int run, PromptReply reply, bool loop) => _script?.OnAudio(run, reply, loop);

    /// <summary>What the script asked for by a command was refused.</summary>
    public void OnScriptRefused(Verb.Order verb, CallRefusal refusal) => _script?.Give(new ScriptInput.Refused(verb, refusal));

    /// <summary>A tone that a script listens for is over.</summary>
    public void OnTone(int leg, double frequencyHz, int durationMs) => _script?.OnTone(leg, frequencyHz, durationMs);

    /// <summary>Sends the party of the call's script elsewhere; false when there is no script that could be left now.</summary>
    public bool TrySendElsewhere(CallInput.ScriptDials dials) => _script?.TrySendElsewhere(dials) == true;

    private void OnScriptDialEnded(HangupCause? cause) => _script?.OnDialEnded(cause);
}
