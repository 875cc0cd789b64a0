using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Server.Json;
using Switchhook.Server.ProvisioningFiles;
using Switchhook.Storage;

namespace Switchhook.Server.Cli;

/// <summary><c>switchhook provision</c>.</summary>
internal static class ProvisionCommand
{
    public static Command Command { get; } = new(
        "provision",
        "provision export|import FILE [--config FILE] [--data DIR] [--set Key:Sub=VALUE]...",
        "Writes what is provisioned as one JSON document, or puts such a document over it.",
        """
        Works on the database of the data directory, whether a server runs or not. A running server goes on with what it started with: an
        import takes effect when it is started again. FILE may be - for standard output or input. An export holds every secret in the clear.
        An import replaces what has the same name or number and leaves the rest; doing it twice changes nothing.
        """,
        [SharedOptions.Config, SharedOptions.Data, SharedOptions.Set],
        RunAsync);

    private static Task<ExitCode> RunAsync(Arguments arguments, CommandShell shell) => Task.FromResult(Run(arguments, shell));

    private static ExitCode Run(Arguments arguments, CommandShell shell)
    {
        if (arguments.Words is not [("export" or "import") and var what, var file])
            return shell.Wrong("provision", "say export FILE or import FILE");
        if (Preparation.ReadSettings(arguments, shell) is not { } settings)
            return ExitCode.WrongArguments;
        if (what == "export" && !settings.Storage.MayBeThere)
            return shell.Failed($"there is no database at {settings.Storage.Connection}; --data names its directory");
        if (Preparation.OpenStorage(settings, shell.Time, serves: false, out var problem) is not { } storage)
            return shell.Failed(problem!);
        using (storage)
        {
            try
            {
                return what == "export" ? Export(storage, file, shell) : Import(storage, file, shell);
            }
            catch (StorageUnavailableException e)
            {
                return shell.Failed($"the database cannot be used: {e.Message}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return shell.Failed($"{file} cannot be written: {e.Message}");
            }
        }
    }

    private static ExitCode Export(IDurableStorage storage, string file, CommandShell shell)
    {
        var document = ProvisioningWriter.Write(storage.Provisioning.Load() ?? new Provisioning());
        if (file == "-")
        {
            shell.Out.Write(System.Text.Encoding.UTF8.GetString(document));
            return ExitCode.Fine;
        }
        // It holds secrets: nobody else is to read it.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(document);
        return ExitCode.Fine;
    }

    private static ExitCode Import(IDurableStorage storage, string file, CommandShell shell)
    {
        var mistakes = new List<Mistake>();
        var merged = Preparation.Merge(storage.Provisioning.Load() ?? new Provisioning(), file, shell, mistakes);
        Preparation.WriteMistakes(mistakes, shell);
        if (merged is null)
            return ExitCode.WrongArguments;
        storage.Provisioning.Save(merged);
        shell.Out.WriteLine(
            $"{merged.Accounts.Length} accounts, {merged.Extensions.Length} extensions, {merged.Trunks.Length} trunks, {merged.Numbers.Length} numbers. "
            + "A running server takes it up when it is started again.");
        return ExitCode.Fine;
    }
}
