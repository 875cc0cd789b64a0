using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>Hangup: ends a call. Asking again while it ends is no failure; once it is over there is no such call.</summary>
internal static class OzekiHangup
{
    private const string Name = "Hangup";

    public static async ValueTask<OzekiAnswer> RunAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        if (ask.FindCall(Name, ports.Calls, out var call) is { } wrong)
            return wrong;
        var by = new HangupBy.Api(OzekiAccess.Dialect, ask.Account.Name);
        var reply = await ports.Calls.AskAsync(new CallCommand.HangUp(call.Id, by), cancellation);
        return reply.Refusal is CallRefusal.None or CallRefusal.HangupInProgress ? OzekiAnswer.Ok : OzekiAsk.Refused(reply.Refusal, Name, call.Id);
    }
}
