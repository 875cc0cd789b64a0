namespace Switchhook.Server.Cli;

/// <summary>One command of the program.</summary>
internal sealed record Command(
    string Name, string Usage, string Summary, string Details, IReadOnlyList<CommandOption> Options, Func<Arguments, CommandShell, Task<ExitCode>> RunAsync)
{
    public void WriteHelp(TextWriter output)
    {
        output.WriteLine($"switchhook {Usage}");
        output.WriteLine();
        output.WriteLine(Summary);
        if (Details.Length > 0)
        {
            output.WriteLine();
            output.WriteLine(Details);
        }
        if (Options.Count == 0)
            return;
        output.WriteLine();
        foreach (var option in Options)
            output.WriteLine($"  {option.Name + (option.Value is null ? "" : $" {option.Value}"),-24} {option.Meaning}");
    }
}

/// <summary>Options several commands share.</summary>
internal static class SharedOptions
{
    public const string DefaultData = "data";

    public static readonly CommandOption Config = new("--config", "FILE", "the configuration; switchhook.json in the working directory when it is there");
    public static readonly CommandOption Data = new("--data", "DIR", $"where everything is kept; ./{DefaultData} when left out");
    public static readonly CommandOption Provision = new("--provision", "FILE", "applies a provisioning file at the start, by name or number");
    public static readonly CommandOption Set = new("--set", "Key:Sub=VALUE", "one setting, stronger than environment and file; may be repeated", Repeats: true);
}
