using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>The vendor's codes for what goes wrong while a script runs.</summary>
internal sealed class OzekiScriptErrors : IScriptErrors
{
    public static readonly OzekiScriptErrors Instance = new();

    private OzekiScriptErrors() { }

    public ScriptError OutOfPlace(Verb verb) => Of(OzekiAnswer.InappropriateCommand(verb.Name));

    public ScriptError AudioFailed(Verb verb, string detail) => Of(OzekiAnswer.InvalidParameter(verb is Verb.Play ? "AudioFile" : "Text", verb.Name));

    public ScriptError NoSuchCall(string call) => Of(OzekiAnswer.CallNotFound(call));

    public ScriptError TooManyJumps(Verb verb) => Of(OzekiAnswer.InappropriateCommand(verb.Name));

    private static ScriptError Of(OzekiAnswer answer) => new(answer.Code, answer.Message);
}
