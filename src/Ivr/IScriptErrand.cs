namespace Switchhook.Ivr;

/// <summary>What a dialect does by itself at a step of a script, away from the call: a message sent, a file moved.</summary>
public interface IScriptErrand
{
    /// <summary>Does it; the script waits. Null when it is done, otherwise the dialect's code and message. Never throws but for the cancellation.</summary>
    ValueTask<ScriptError?> RunAsync(CancellationToken cancellation);
}
