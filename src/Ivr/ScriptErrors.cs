using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;

namespace Switchhook.Ivr;

/// <summary>A failure in the script's own dialect: its code and its message.</summary>
public sealed record ScriptError(int Code, string Message);

/// <summary>
/// The dialect's words for what can only go wrong while its script runs. What a parser can already see wrong is a <see cref="Verb.Invalid"/>
/// with code and message in it, so this table stays small. A script carries its own: <see cref="Script.Errors"/>.
/// </summary>
public interface IScriptErrors
{
    /// <summary>The verb is a good one in a place where it cannot run.</summary>
    ScriptError OutOfPlace(Verb verb);

    /// <summary>The verb's audio could not be found, made or played; <paramref name="detail"/> is for the trace, not for the application.</summary>
    ScriptError AudioFailed(Verb verb, string detail);

    /// <summary>A verb names another call, and there is none with that id that this script may touch.</summary>
    ScriptError NoSuchCall(string call);

    /// <summary>Nobody took the party over.</summary>
    ScriptError TransferFailed(Verb.Transfer verb, HangupCause cause);

    /// <summary>The exchange refused what the verb asked of it.</summary>
    ScriptError Refused(Verb.Order verb, CallRefusal refusal);

    /// <summary>This server has nothing that does what the verb asks.</summary>
    ScriptError NotAvailable(Verb verb);

    /// <summary>There is no room for another variable, or for one as large.</summary>
    ScriptError NoRoom(Verb verb);

    /// <summary>The verb was one too many; the call ends.</summary>
    ScriptError LimitReached(Verb verb, ScriptLimit limit);
}

/// <summary>Plain words and code 0, for scripts whose dialect has no table.</summary>
public sealed class PlainScriptErrors : IScriptErrors
{
    public static readonly PlainScriptErrors Instance = new();

    private PlainScriptErrors() { }

    public ScriptError OutOfPlace(Verb verb) => new(0, $"{verb.Name} cannot be used here");

    public ScriptError AudioFailed(Verb verb, string detail) => new(0, $"{verb.Name} failed: {detail}");

    public ScriptError NoSuchCall(string call) => new(0, $"no such call: {call}");

    public ScriptError TransferFailed(Verb.Transfer verb, HangupCause cause) => new(0, $"{verb.Name} failed: {cause}");

    public ScriptError Refused(Verb.Order verb, CallRefusal refusal) => new(0, $"{verb.Name} was refused: {refusal}");

    public ScriptError NotAvailable(Verb verb) => new(0, $"{verb.Name} is not available");

    public ScriptError NoRoom(Verb verb) => new(0, $"{verb.Name}: too many or too large variables");

    public ScriptError LimitReached(Verb verb, ScriptLimit limit) => new(0, $"{verb.Name}: limit reached: {limit}");
}
