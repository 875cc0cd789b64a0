using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Server.Configuration;
using Switchhook.Server.Json;

namespace Switchhook.Server.Cli;

/// <summary><c>switchhook check</c>.</summary>
internal static class CheckCommand
{
    public static Command Command { get; } = new(
        "check",
        "check [--config FILE] [--provision FILE] [--data DIR] [--set Key:Sub=VALUE]...",
        "Validates configuration and provisioning file; names file, line and key of each mistake. Exit code 0 or 2.",
        """
        Starts nothing and writes nothing. A provisioning file is checked by itself; with --data it is checked over what that directory's
        database holds, so that it may refer to what was provisioned before.
        """,
        [SharedOptions.Config, SharedOptions.Provision, SharedOptions.Data, SharedOptions.Set],
        RunAsync);

    private static Task<ExitCode> RunAsync(Arguments arguments, CommandShell shell)
    {
        if (arguments.Words.Count > 0)
            return Task.FromResult(shell.Wrong("check", $"'{arguments.Words[0]}' is not expected here"));
        var mistakes = new List<Mistake>();
        var settings = Preparation.ReadSettings(arguments, shell, mistakes);
        if (arguments["--provision"] is { } file)
            _ = Preparation.Merge(There(arguments, settings, shell, mistakes), file, shell, mistakes);
        Preparation.WriteMistakes(mistakes, shell);
        shell.Out.WriteLine(mistakes.Count switch { 0 => "No mistakes.", 1 => "1 mistake.", var count => $"{count} mistakes." });
        return Task.FromResult(mistakes.Count == 0 ? ExitCode.Fine : ExitCode.WrongArguments);
    }

    private static Provisioning There(Arguments arguments, ServerSettings? settings, CommandShell shell, List<Mistake> mistakes)
    {
        if (!arguments.Has("--data") || settings is null || !settings.Storage.MayBeThere)
            return new Provisioning();
        if (Preparation.OpenStorage(settings, shell.Time, serves: false, out var problem) is not { } storage)
        {
            mistakes.Add(new Mistake("Storage:Connection", 0, "", problem!));
            return new Provisioning();
        }
        using (storage)
        {
            try
            {
                return storage.Provisioning.Load() ?? new Provisioning();
            }
            catch (StorageUnavailableException e)
            {
                mistakes.Add(new Mistake("Storage:Connection", 0, "", e.Message));
                return new Provisioning();
            }
        }
    }
}
