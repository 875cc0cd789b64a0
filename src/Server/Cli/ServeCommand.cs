using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Server.Configuration;
using Switchhook.Server.Json;
using Switchhook.Server.ProvisioningFiles;
using Switchhook.Server.Running;
using Switchhook.Storage;

namespace Switchhook.Server.Cli;

/// <summary><c>switchhook serve</c>.</summary>
internal static partial class ServeCommand
{
    private static readonly TimeSpan DemoPhonesWithin = TimeSpan.FromSeconds(5);

    public static Command Command { get; } = new(
        "serve",
        "serve [--config FILE] [--data DIR] [--provision FILE] [--set Key:Sub=VALUE]...",
        "Runs the server until SIGTERM or SIGINT.",
        """
        Without --config and --provision, on an empty database and listening on loopback only, it starts with a demo account, two places for
        phones and two built-in phones that answer. It prints a line "listening WHAT ADDRESS" for each address, and "ready" once calls can be
        placed. The first signal stops gently: new calls are refused, the live ones get Shutdown:GraceSeconds, then they are hung up. The
        second signal skips the wait.
        """,
        [SharedOptions.Config, SharedOptions.Data, SharedOptions.Provision, SharedOptions.Set],
        static (arguments, shell) => RunAsync(arguments, shell));

    /// <param name="over">Stands between the server and its database; a benchmark leaves a part of the storing out.</param>
    internal static async Task<ExitCode> RunAsync(Arguments arguments, CommandShell shell, Func<IDurableStorage, IDurableStorage>? over = null)
    {
        if (arguments.Words.Count > 0)
            return shell.Wrong("serve", $"'{arguments.Words[0]}' is not expected here");
        if (Preparation.ReadSettings(arguments, shell) is not { } settings)
            return ExitCode.WrongArguments;
        if (Preparation.OpenStorage(settings, shell.Time, serves: true, out var problem) is not { } storage)
            return shell.Failed(problem!);
        var (provisioning, failure) = Provision(arguments, settings, storage, shell);
        if (provisioning is null)
        {
            storage.Dispose();
            return failure;
        }
        using var signals = new StopSignals();
        using var logs = ServerLogs.Create(settings.LogLevel);
        ServerStart start;
        try
        {
            start = await RunningServer.StartAsync(settings, over is null ? storage : over(storage), provisioning, logs, shell.Time);
        }
        catch (StorageUnavailableException e)
        {
            // Calls left up cannot be read: served without, their far sides would never be hung up.
            return shell.Failed($"the database cannot be used: {e.Message}");
        }
        switch (start)
        {
            case ServerStart.Failed failed:
                shell.Error.WriteLine($"switchhook: {failed.Message}");
                return failed.Code;
            case ServerStart.Started started:
                return await ServeAsync(started.Server, signals, logs.CreateLogger("Switchhook.Server"), shell);
            default:
                throw new InvalidOperationException("The server neither started nor failed.");
        }
    }

    private static async Task<ExitCode> ServeAsync(RunningServer server, StopSignals signals, ILogger log, CommandShell shell)
    {
        if (!await server.WaitForDemoPhonesAsync(DemoPhonesWithin, signals.Second))
            LogDemoPhonesMissing(log);
        Banner.Write(shell.Out, server);
        await signals.First;
        LogStopping(log);
        await server.StopAsync(signals.Second);
        LogStopped(log);
        return ExitCode.Fine;
    }

    /// <summary>The provisioning to serve, stored before it is served; null with an exit code after the reason was written.</summary>
    private static (Provisioning?, ExitCode) Provision(Arguments arguments, ServerSettings settings, IDurableStorage storage, CommandShell shell)
    {
        try
        {
            var stored = storage.Provisioning.Load();
            var there = stored ?? new Provisioning();
            if (arguments["--provision"] is { } file)
            {
                var mistakes = new List<Mistake>();
                var merged = Preparation.Merge(there, file, shell, mistakes);
                Preparation.WriteMistakes(mistakes, shell);
                if (merged is null)
                    return (null, ExitCode.WrongArguments);
                storage.Provisioning.Save(merged);
                return (merged, ExitCode.Fine);
            }
            if (stored is not null || arguments.Has("--config") || !settings.IsLoopbackOnly)
                return (there, ExitCode.Fine);
            var demo = DemoProvisioning.Read();
            storage.Provisioning.Save(demo);
            return (demo, ExitCode.Fine);
        }
        catch (StorageUnavailableException e)
        {
            return (null, shell.Failed($"the database cannot be used: {e.Message}"));
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "demo-phones-missing: the built-in phones did not register in time", EventName = "demo-phones-missing")]
    private static partial void LogDemoPhonesMissing(ILogger log);

    [LoggerMessage(2, LogLevel.Information, "stopping: new calls are refused", EventName = "stopping")]
    private static partial void LogStopping(ILogger log);

    [LoggerMessage(3, LogLevel.Information, "stopped", EventName = "stopped")]
    private static partial void LogStopped(ILogger log);
}
