using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Replies;
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

    public ScriptError TransferFailed(Verb.Transfer verb, HangupCause cause) =>
        Of(OzekiAnswer.CallConnectFailed(string.Join(',', verb.Targets), OzekiWords.Result(cause)));

    public ScriptError Refused(Verb.Order verb, CallRefusal refusal) => Of(verb.Command is CallCommand.Originate call
        ? OzekiCall.Refused(refusal, "Dialed", verb.Name, call.Dialed)
        : OzekiAnswer.InappropriateCommand(verb.Name));

    public ScriptError NotAvailable(Verb verb) => Of(verb is Verb.SendMessage { Connection: var connection } && OzekiSendMsg.IsSip(connection)
        ? OzekiAnswer.SmsDestinationNotFound
        : OzekiAnswer.NotImplementedCommand(verb.Name));

    public ScriptError NoRoom(Verb verb) => Of(OzekiAnswer.InvalidParameter("Value", verb.Name));

    public ScriptError LimitReached(Verb verb, ScriptLimit limit) => Of(OzekiAnswer.InappropriateCommand(verb.Name));

    private static ScriptError Of(OzekiAnswer answer) => new(answer.Code, answer.Message);
}
