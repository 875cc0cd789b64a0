using Switchhook.Server.Cli;

namespace Switchhook.Server.Running;

/// <summary>What came of starting a server.</summary>
internal abstract record ServerStart
{
    public sealed record Started(RunningServer Server) : ServerStart;

    /// <summary>Nothing was left running.</summary>
    public sealed record Failed(ExitCode Code, string Message) : ServerStart;

    private ServerStart() { }
}
