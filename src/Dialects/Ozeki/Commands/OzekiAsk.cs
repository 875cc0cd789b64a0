using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Messages;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>What the commands need of the exchange.</summary>
internal sealed record OzekiPorts(ICallControl Calls, ICallHistory History, IDirectory Directory, IRegistrations Registrations, TimeProvider Time, OzekiOptions Options,
    OzekiMessages? Messages = null)
{
    /// <summary>Makes audio ready before it is played; null: what is wrong with it shows when it is.</summary>
    public IPrompts? Prompts { get; init; }
}

/// <summary>One command that passed the checks before its own parameters.</summary>
internal sealed record OzekiAsk(Account Account, CallDirectory Directory, OzekiParameters Parameters)
{
    /// <summary>True for a client of the classic profile.</summary>
    public bool IsClassic { get; init; }

    /// <summary>The live call a command names by its CallId. A call of another account is as unknown as one that never was.</summary>
    /// <returns>Null and the call, or what to answer.</returns>
    public OzekiAnswer? FindCall(string command, ICallControl calls, out Call call)
    {
        call = null!;
        return Parameters["CallId"] is { } text ? FindCallById(text, calls, out call) : OzekiAnswer.InvalidParameter("CallId", command);
    }

    /// <inheritdoc cref="FindCall"/>
    public OzekiAnswer? FindCallById(string text, ICallControl calls, out Call call)
    {
        call = null!;
        if (!CallId.TryParse(text, out var id) || calls.Find(id) is not { HasEnded: false } found || !found.IsVisibleTo(Account.Name))
            return OzekiAnswer.CallNotFound(text);
        call = found;
        return null;
    }

    /// <summary>The answer to a command on a call that was refused, where the command has no answer of its own.</summary>
    public static OzekiAnswer Refused(CallRefusal refusal, string command, CallId call) => refusal switch
    {
        CallRefusal.NoSuchCall or CallRefusal.CallEnded or CallRefusal.NoSuchLeg => OzekiAnswer.CallNotFound(call.ToString()),
        CallRefusal.None or CallRefusal.HangupInProgress or CallRefusal.WrongState or CallRefusal.NoRoute or CallRefusal.NotRegistered
            or CallRefusal.InvalidNumber or CallRefusal.TooManyCalls or CallRefusal.ShuttingDown or CallRefusal.Congestion
            or CallRefusal.NotPlaying or CallRefusal.AlreadyGathering or CallRefusal.NotGathering or CallRefusal.AlreadyRecording or CallRefusal.NotRecording
            or CallRefusal.AlreadyInConference or CallRefusal.NotInConference or CallRefusal.ConferenceFull
            => OzekiAnswer.InappropriateCommand(command),
    };
}
