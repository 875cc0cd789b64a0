using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>Call: an API extension rings a number, and a script runs when it answers.</summary>
internal sealed record OzekiCall(string Dialed, string ApiExtension, Party Caller, ScriptRef? Script, CallCallbacks Callbacks, TimeSpan RingTime)
{
    private const string Name = "Call";
    public const int DefaultRingSeconds = 90;
    public const int MaxRingSeconds = 3600;

    /// <summary>The parameters in the order of the vendor's table: the first that is wrong is named.</summary>
    /// <returns>Null and the call, or what to answer.</returns>
    public static OzekiAnswer? Read(OzekiAsk ask, out OzekiCall call)
    {
        call = null!;
        var p = ask.Parameters;
        if (!OzekiNumber.TryRead(p["Dialed"] ?? p["Dialled"], ask.Directory, out var dialed))
            return OzekiAnswer.InvalidParameter("Dialed", Name);
        if (!p.TryLine("ApiExtension", out var extension))
            return OzekiAnswer.InvalidParameter("ApiExtension", Name);
        if (!p.TryLine("CallerId", out var callerId))
            return OzekiAnswer.InvalidParameter("CallerId", Name);
        if (!p.TryLine("CallerDisplayName", out var displayName))
            return OzekiAnswer.InvalidParameter("CallerDisplayName", Name);
        if (!p.TryUrl("Url", out var url))
            return OzekiAnswer.InvalidParameter("Url", Name);
        var document = p["ResponseOzML"];
        if (document is not null && Ozml.ReadParameter(document).Error is { } unreadable)
            return OzekiAnswer.ParseError(unreadable);
        if (!p.TryUrl("ErrorUrl", out var errorUrl))
            return OzekiAnswer.InvalidParameter("ErrorUrl", Name);
        if (!p.TryUrl("FinishedUrl", out var finishedUrl))
            return OzekiAnswer.InvalidParameter("FinishedUrl", Name);
        if (!p.TryInt("RingTime", 1, MaxRingSeconds, DefaultRingSeconds, out var ringTime))
            return OzekiAnswer.InvalidParameter("RingTime", Name);
        if (FindApiExtension(ask, extension) is not { } api)
            return OzekiAnswer.ApiExtensionUnavailable(extension ?? "");

        var script = url is null && document is null ? null : new ScriptRef(OzekiAccess.Dialect, url, document);
        call = new OzekiCall(
            dialed, api, new Party(callerId ?? api, displayName ?? api), script, new CallCallbacks(url, errorUrl, finishedUrl), TimeSpan.FromSeconds(ringTime));
        return null;
    }

    public CallCommand.Originate ToCommand(string account) => new()
    {
        Dialect = OzekiAccess.Dialect,
        Account = account,
        Caller = Caller,
        Dialed = Dialed,
        Then = new OnAnswer.RunScript(Script),
        ApiExtension = ApiExtension,
        RingTime = RingTime,
        Callbacks = Callbacks,
    };

    public static async ValueTask<OzekiAnswer> RunAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        if (Read(ask, out var call) is { } wrong)
            return wrong;
        var reply = await ports.Calls.AskAsync(call.ToCommand(ask.Account.Name), cancellation);
        return reply.Done ? OzekiAnswer.Ok : Refused(reply.Refusal, "Dialed", Name, call.Dialed);
    }

    /// <summary>The answer to a call that could not be placed at all.</summary>
    public static OzekiAnswer Refused(CallRefusal refusal, string parameter, string command, string number) => refusal switch
    {
        CallRefusal.InvalidNumber => OzekiAnswer.InvalidParameter(parameter, command),
        CallRefusal.NoRoute => OzekiAnswer.CallConnectFailed(number, OzekiResult.NotFound),
        CallRefusal.None or CallRefusal.NotRegistered or CallRefusal.TooManyCalls or CallRefusal.ShuttingDown or CallRefusal.Congestion
            or CallRefusal.NoSuchCall or CallRefusal.CallEnded or CallRefusal.HangupInProgress or CallRefusal.WrongState or CallRefusal.NoSuchLeg
            or CallRefusal.NotPlaying or CallRefusal.AlreadyGathering or CallRefusal.NotGathering or CallRefusal.AlreadyRecording or CallRefusal.NotRecording
            or CallRefusal.AlreadyInConference or CallRefusal.NotInConference or CallRefusal.ConferenceFull
            => OzekiAnswer.CallConnectFailed(number, OzekiResult.Error),
    };

    /// <summary>The account's API extension with that number, or its first one when none is named.</summary>
    public static string? FindApiExtension(OzekiAsk ask, string? named)
    {
        bool Fits(Extension e) => e.Kind == ExtensionKind.Api && string.Equals(e.Account, ask.Account.Name, StringComparison.OrdinalIgnoreCase);
        return named is null
            ? ask.Directory.Provisioning.Extensions.FirstOrDefault(Fits)?.Number
            : ask.Directory.Extension(OzekiNumber.WithoutHost(named)) is { } extension && Fits(extension) ? extension.Number : null;
    }
}
