using System.Reflection;
using Switchhook.Server.Json;

namespace Switchhook.Server.Cli;

/// <summary>Finds the command and runs it.</summary>
internal static class CommandLine
{
    public static IReadOnlyList<Command> Commands { get; } =
        [
            ServeCommand.Command, DemoCommand.Command, CheckCommand.Command, CallsCommand.Command, WebhooksCommand.Command, ProvisionCommand.Command,
            SimulateCommand.Command, VoicesCommand.Command,
        ];

    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, CommandShell shell)
    {
        if (arguments is [] or ["--help" or "-h" or "help"])
        {
            WriteHelp(arguments.Count == 0 ? shell.Error : shell.Out);
            return arguments.Count == 0 ? ExitCode.WrongArguments : ExitCode.Fine;
        }
        if (arguments is ["--version" or "version"])
        {
            shell.Out.WriteLine(typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]);
            return ExitCode.Fine;
        }
        if (arguments is ["help", var asked])
            return await RunAsync([asked, "--help"], shell);
        if (Commands.FirstOrDefault(c => c.Name == arguments[0]) is not { } command)
            return shell.Wrong("", $"'{arguments[0]}' is not a command{NearestName.Hint(arguments[0], [.. Commands.Select(c => c.Name)])}");
        if (Arguments.Read([.. arguments.Skip(1)], command.Options, out var mistake) is not { } read)
            return shell.Wrong(command.Name, mistake!);
        if (!read.WantsHelp)
            return await command.RunAsync(read, shell);
        command.WriteHelp(shell.Out);
        return ExitCode.Fine;
    }

    private static void WriteHelp(TextWriter output)
    {
        output.WriteLine("switchhook: a phone system for programs");
        output.WriteLine();
        foreach (var command in Commands)
            output.WriteLine($"  {command.Name,-10} {command.Summary}");
        output.WriteLine();
        output.WriteLine("switchhook COMMAND --help tells more.");
        output.WriteLine("Exit codes: 0 fine, 1 failed while running, 2 wrong arguments or configuration, 3 an address is in use.");
    }
}
