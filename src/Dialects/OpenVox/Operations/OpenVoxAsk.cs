using System.Diagnostics.CodeAnalysis;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox.Sessions;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>What the operations need of the exchange.</summary>
internal sealed record OpenVoxPorts(
    ICallControl Calls, IRegistrations Registrations, OpenVoxSessions Sessions, TimeProvider Time, OpenVoxOptions Options);

/// <summary>One operation.</summary>
internal delegate ValueTask<OpenVoxAnswer> OpenVoxRun(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation);

/// <summary>One request that passed the checks before its own parameters.</summary>
internal sealed record OpenVoxAsk(OpenVoxSession Session, Account Account, CallDirectory Directory, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>A parameter without the blanks around it; null when it is missing or blank.</summary>
    public string? this[string name] => Fields.GetValueOrDefault(name)?.Trim() is { Length: > 0 } value ? value : null;

    public HangupBy.Api By => new(OpenVoxWords.Dialect, Account.Name);

    /// <summary>A parameter that is yes, no or left out; false for another word.</summary>
    public bool IsYesOrNo(string name) => this[name] is null or "yes" or "no";

    /// <summary>An extension of the account's that rings, by its number; another account's is as unknown as one that never was.</summary>
    public Extension? FindExtension(string number) =>
        Directory.Extension(number) is { } found && OpenVoxWords.IsPhone(found) && OpenVoxWords.Owns(Account.Name, found) ? found : null;

    /// <summary>The live calls of the account, oldest first.</summary>
    public IEnumerable<Call> Live(OpenVoxPorts ports) => ports.Calls.Live().Where(c => !c.HasEnded && c.IsVisibleTo(Account.Name));

    /// <summary>
    /// The current call of an extension: one it talks in before one it holds, that before one that rings, of several the last. A call whose
    /// hangup is under way counts when there is no other.
    /// </summary>
    public bool TryCurrent(OpenVoxPorts ports, string extension, [NotNullWhen(true)] out Call? call)
    {
        call = Live(ports).Where(c => c.Legs.Any(l => l.Extension == extension && IsThere(c, l))).MaxBy(static c => c.State switch
        {
            CallState.Talking or CallState.Transferring => 4,
            CallState.Held => 3,
            CallState.Trying or CallState.Ringing => 2,
            _ => 1,
        });
        return call is not null;
    }

    /// <summary>The extension a parameter names and its current call.</summary>
    /// <returns>What to refuse with, or null.</returns>
    public OpenVoxErrno? NeedCall(OpenVoxPorts ports, string parameter, out string extension, out Call call)
    {
        (extension, call) = (this[parameter] ?? "", null!);
        if (extension.Length == 0)
            return OpenVoxErrno.MissingParameter;
        if (FindExtension(extension) is null)
            return OpenVoxErrno.NoSuchExtension;
        if (!TryCurrent(ports, extension, out var current))
            return OpenVoxErrno.NoSuchCall;
        call = current;
        return null;
    }

    /// <summary>The answer to a command on a call.</summary>
    public static OpenVoxAnswer Of(CallReply reply) => reply.Refusal switch
    {
        CallRefusal.None => OpenVoxAnswer.Success,
        CallRefusal.NoSuchCall or CallRefusal.CallEnded or CallRefusal.NoSuchLeg => OpenVoxErrno.NoSuchCall,
        CallRefusal.HangupInProgress or CallRefusal.WrongState => OpenVoxErrno.NotConnected,
        CallRefusal.NoRoute or CallRefusal.InvalidNumber or CallRefusal.NotRegistered => OpenVoxErrno.NumberNotAcceptable,
        _ => OpenVoxErrno.NotTaken,
    };

    private static bool IsThere(Call call, Leg leg) => !leg.HasEnded || (call.State is CallState.Ending && leg.State is not LegState.Moved);
}
