using System.Collections;

namespace Switchhook.Server.Cli;

/// <summary>What a command is run in: outputs, environment, clock.</summary>
internal sealed record CommandShell(TextReader In, TextWriter Out, TextWriter Error, IDictionary Environment, TimeProvider Time)
{
    public static CommandShell OfThisProcess() => new(
        Console.In, Console.Out, Console.Error, System.Environment.GetEnvironmentVariables(), TimeProvider.System);

    public string? Variable(string name) => Environment[name] as string;

    /// <summary>Says what is wrong with the arguments, and how to learn more.</summary>
    public ExitCode Wrong(string command, string mistake)
    {
        Error.WriteLine($"switchhook: {mistake}");
        Error.WriteLine($"Try: switchhook {command} --help".Replace("  ", " ", StringComparison.Ordinal));
        return ExitCode.WrongArguments;
    }

    public ExitCode Failed(string message)
    {
        Error.WriteLine($"switchhook: {message}");
        return ExitCode.FailedWhileRunning;
    }
}
