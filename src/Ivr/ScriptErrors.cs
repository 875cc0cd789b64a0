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

    /// <summary>The script went on elsewhere too often without doing anything.</summary>
    ScriptError TooManyJumps(Verb verb);
}

/// <summary>Plain words and code 0, for scripts whose dialect has no table.</summary>
public sealed class PlainScriptErrors : IScriptErrors
{
    public static readonly PlainScriptErrors Instance = new();

    private PlainScriptErrors() { }

    public ScriptError OutOfPlace(Verb verb) => new(0, $"{verb.Name} cannot be used here");

    public ScriptError AudioFailed(Verb verb, string detail) => new(0, $"{verb.Name} failed: {detail}");

    public ScriptError NoSuchCall(string call) => new(0, $"no such call: {call}");

    public ScriptError TooManyJumps(Verb verb) => new(0, $"{verb.Name} too often");
}
