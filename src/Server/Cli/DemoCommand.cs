using Switchhook.Server.Configuration;
using Switchhook.Server.Json;
using Switchhook.Server.ProvisioningFiles;
using Switchhook.Server.Running;

namespace Switchhook.Server.Cli;

/// <summary><c>switchhook demo</c>: a server of its own, and a real call for each dialect there is.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan PhonesWithin = TimeSpan.FromSeconds(30);

    public static Command Command { get; } = new(
        "demo",
        "demo",
        "Starts a server on free ports, places and hangs up a real call through each API, and shows what happened.",
        """
        Calls by the native API and by every dialect: Ozeki, OpenVox, Hoiio and Catapult. Prints the events of each call and the hangup record
        of each leg. Exit code 0 only if every call was placed, answered, ended and reported.
        """,
        [],
        RunAsync);

    private static async Task<ExitCode> RunAsync(Arguments arguments, CommandShell shell)
    {
        if (arguments.Words.Count > 0)
            return shell.Wrong("demo", $"'{arguments.Words[0]}' is not expected here");
        var folder = Directory.CreateTempSubdirectory("switchhook-demo").FullName;
        try
        {
            return await RunAsync(folder, shell);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ExitCode> RunAsync(string folder, CommandShell shell)
    {
        if (Settings(folder, shell) is not { } settings)
            return ExitCode.WrongArguments;
        if (Preparation.OpenStorage(settings, shell.Time, serves: false, out var problem) is not { } storage)
            return shell.Failed(problem!);
        using var logs = ServerLogs.Create(settings.LogLevel);
        var start = await RunningServer.StartAsync(settings, storage, DemoProvisioning.Read(), logs, shell.Time);
        if (start is ServerStart.Failed failed)
        {
            shell.Error.WriteLine($"switchhook: {failed.Message}");
            return failed.Code;
        }
        await using var server = ((ServerStart.Started)start).Server;
        if (!await server.WaitForDemoPhonesAsync(PhonesWithin, CancellationToken.None))
            return shell.Failed("the built-in phones did not register");
        using var demo = new DemoCalls(server, shell);
        var native = await demo.RunNativeAsync();
        var ozeki = await demo.RunOzekiAsync();
        var openVox = await demo.RunOpenVoxAsync();
        var hoiio = await demo.RunHoiioAsync();
        var catapult = await demo.RunCatapultAsync();
        shell.Out.WriteLine(
            $"native: {Word(native)}, Ozeki: {Word(ozeki)}, OpenVox: {Word(openVox)}, Hoiio: {Word(hoiio)}, Catapult: {Word(catapult)}");
        await server.StopAsync(new CancellationToken(canceled: true));
        return native && ozeki && openVox && hoiio && catapult ? ExitCode.Fine : ExitCode.FailedWhileRunning;
    }

    private static string Word(bool passed) => passed ? "placed, answered, ended, reported" : "FAILED";

    private static ServerSettings? Settings(string folder, CommandShell shell)
    {
        var mistakes = new List<Mistake>();
        var settings = SettingsReader.ReadDefaults(
            folder,
            [
                "Http:Listen=http://127.0.0.1:0", "Dialects:Ozeki:Listen=http://127.0.0.1:0", "Dialects:OpenVox:Listen=http://127.0.0.1:0",
                "Sip:Listen=udp://127.0.0.1:0,tcp://127.0.0.1:0", "Log:Level=warning",
            ],
            mistakes);
        Preparation.WriteMistakes(mistakes, shell);
        return settings;
    }
}
