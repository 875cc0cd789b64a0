using Switchhook.Dialects.OpenVox.Sessions;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>heartbeat: keeps the token, and moves its reports when it says where to.</summary>
internal static class OpenVoxHeartbeat
{
    /// <summary>Without any of them it only keeps the token.</summary>
    private static readonly string[] Moving = ["ipaddr", "port", "url", "urltag", "urlflag"];

    public static ValueTask<OpenVoxAnswer> RunAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) => new(Run(ask, ports));

    private static OpenVoxAnswer Run(OpenVoxAsk ask, OpenVoxPorts ports)
    {
        if (!Array.Exists(Moving, ask.Fields.ContainsKey))
            return OpenVoxAnswer.Success;
        if (ask["ipaddr"] is not { } host || ask["port"] is not { } port)
            return OpenVoxErrno.MissingParameter;
        if (!OpenVoxTarget.IsPort(port) || Uri.CheckHostName(host) == UriHostNameType.Unknown
            || OpenVoxTarget.Make(host, port, ask["url"], ask["urltag"] ?? ask["urlflag"]) is not { } target)
            return OpenVoxErrno.BadHeartbeat;
        ports.Sessions.Move(ask.Session, target);
        return OpenVoxAnswer.Success;
    }
}
