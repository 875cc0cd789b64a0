using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>calltransfer: a party of a call leaves it, and another number takes its place.</summary>
internal static class OpenVoxTransfer
{
    public static async ValueTask<OpenVoxAnswer> RunAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation)
    {
        if (ask["callid"] is not { } id || ask["transferor"] is not { } transferor || ask["transferto"] is not { } target)
            return OpenVoxErrno.MissingParameter;
        if (Find(ask, ports, id) is not { } call)
            return OpenVoxErrno.NoSuchCall;
        if (call.Legs.LastOrDefault(l => !l.HasEnded && (l.Extension ?? l.Party.Number) == transferor) is not { } leaving)
            return OpenVoxErrno.NoSuchExtension;
        if (ask.Directory.Extension(target) is null && !OpenVoxDial.IsOutside(ask, target))
            return OpenVoxErrno.NumberNotAcceptable;
        return OpenVoxAsk.Of(await ports.Calls.AskAsync(new CallCommand.Transfer(call.Id, leaving.Role, target), cancellation));
    }

    /// <summary>The live call of the account with a leg of that id, on a trunk or not.</summary>
    private static Call? Find(OpenVoxAsk ask, OpenVoxPorts ports, string id)
    {
        if (!OpenVoxId.TryParse(id, out var leg))
            return null;
        return ports.Calls.Find(leg.Call) is { HasEnded: false } call && call.IsVisibleTo(ask.Account.Name)
            ? call
            : ask.Live(ports).FirstOrDefault(c => c.Legs.Any(l => l.From == leg));
    }
}
