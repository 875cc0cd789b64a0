using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>logout: the token is dead and its reports stop.</summary>
internal static class OpenVoxLogout
{
    public static ValueTask<OpenVoxAnswer> RunAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation)
    {
        ports.Sessions.Close(ask.Session);
        return new(OpenVoxAnswer.Success);
    }
}
