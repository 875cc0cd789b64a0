using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Server.Configuration;
using Switchhook.Server.Json;
using Switchhook.Server.ProvisioningFiles;
using Switchhook.Storage;
using Switchhook.Storage.Postgres;

namespace Switchhook.Server.Cli;

/// <summary>What commands do before their own work: read the configuration, open the database, apply a provisioning file.</summary>
internal static class Preparation
{
    /// <summary>The settings, or null after every mistake was written.</summary>
    public static ServerSettings? ReadSettings(Arguments arguments, CommandShell shell, List<Mistake>? into = null)
    {
        var mistakes = into ?? [];
        var request = new SettingsRequest(
            arguments["--config"], arguments["--data"] ?? SharedOptions.DefaultData, arguments.All("--set"), shell.Environment);
        var settings = SettingsReader.Read(request, mistakes);
        if (into is null)
            WriteMistakes(mistakes, shell);
        return settings;
    }

    public static void WriteMistakes(IReadOnlyList<Mistake> mistakes, CommandShell shell)
    {
        foreach (var mistake in mistakes)
            shell.Error.WriteLine(mistake.ToString());
    }

    /// <summary>The database, or null with a sentence about why it cannot be used.</summary>
    /// <param name="serves">True for the server itself, of which there is one.</param>
    public static IDurableStorage? OpenStorage(ServerSettings settings, TimeProvider time, bool serves, out string? problem)
    {
        problem = null;
        try
        {
            Directory.CreateDirectory(settings.DataDirectory);
            Directory.CreateDirectory(settings.PromptsDirectory);
            if (settings.Storage.Provider == StorageSettings.Postgres)
                return PostgresStorage.Open(settings.Storage.Connection, time, serves);
            if (Path.GetDirectoryName(settings.Storage.Connection) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
            return SqliteStorage.Open(settings.Storage.Connection, time);
        }
        catch (Exception e) when (e is StorageUnavailableException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // A connection string may hold a password.
            problem = settings.Storage.Provider == StorageSettings.Postgres ? e.Message : $"the database {settings.Storage.Connection} cannot be used: {e.Message}";
            return null;
        }
    }

    /// <summary>What is there with a file over it, checked as a whole; null after mistakes were added.</summary>
    public static Provisioning? Merge(Provisioning there, string file, CommandShell shell, List<Mistake> mistakes)
    {
        byte[] bytes;
        try
        {
            bytes = file == "-" ? System.Text.Encoding.UTF8.GetBytes(shell.In.ReadToEnd()) : File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            mistakes.Add(new Mistake(file, 0, "", $"cannot be read: {e.Message}"));
            return null;
        }
        var before = mistakes.Count;
        if (ProvisioningReader.Read(bytes, file == "-" ? "standard input" : file, mistakes, shell.Variable) is not { } document)
            return null;
        var merged = ProvisioningMerge.Over(there, document.Value);
        document.CheckReferences(merged, mistakes);
        return mistakes.Count == before ? merged : null;
    }
}
