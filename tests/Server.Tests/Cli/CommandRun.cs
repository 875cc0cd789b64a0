using System.Collections;
using Switchhook.Server.Cli;

namespace Switchhook.Server.Tests.Cli;

/// <summary>A command run inside the test, with an environment of its own.</summary>
internal sealed record CommandRun(ExitCode Exit, string Out, string Error)
{
    public static async Task<CommandRun> Of(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(arguments, new CommandShell(TextReader.Null, output, error, new Hashtable(), TimeProvider.System));
        return new CommandRun(exit, output.ToString(), error.ToString());
    }
}
