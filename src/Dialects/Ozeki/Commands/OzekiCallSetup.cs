using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>CallSetup: rings two numbers, the caller first, and joins them.</summary>
internal sealed record OzekiCallSetup(string Caller, string Callee, CallCallbacks Callbacks)
{
    private const string Name = "CallSetup";

    /// <returns>Null and the call, or what to answer.</returns>
    public static OzekiAnswer? Read(OzekiAsk ask, out OzekiCallSetup setup)
    {
        setup = null!;
        if (!OzekiNumber.TryRead(ask.Parameters["Caller"], ask.Directory, out var caller))
            return OzekiAnswer.InvalidParameter("Caller", Name);
        if (!OzekiNumber.TryRead(ask.Parameters["Callee"], ask.Directory, out var callee))
            return OzekiAnswer.InvalidParameter("Callee", Name);
        if (!ask.Parameters.TryUrl("ErrorUrl", out var errorUrl))
            return OzekiAnswer.InvalidParameter("ErrorUrl", Name);
        setup = new OzekiCallSetup(caller, callee, new CallCallbacks(ErrorUrl: errorUrl));
        return null;
    }

    public CallCommand.Originate ToCommand(string account) => new()
    {
        Dialect = OzekiAccess.Dialect,
        Account = account,
        Caller = new Party(Caller),
        Dialed = Caller,
        Then = new OnAnswer.Connect(Callee),
        Callbacks = Callbacks,
    };

    public static async ValueTask<OzekiAnswer> RunAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        if (Read(ask, out var setup) is { } wrong)
            return wrong;
        var reply = await ports.Calls.AskAsync(setup.ToCommand(ask.Account.Name), cancellation);
        if (reply.Done)
            return OzekiAnswer.Ok;
        // Of two numbers, the one that leads nowhere is named.
        return reply.Refusal == CallRefusal.NoRoute && ask.Directory.Extension(setup.Caller) is not null
            ? OzekiCall.Refused(reply.Refusal, "Callee", Name, setup.Callee)
            : OzekiCall.Refused(reply.Refusal, "Caller", Name, setup.Caller);
    }
}
