using System.Text.Json;

namespace Switchhook.Server.Running;

/// <summary>What a dialect keeps over a restart beside the log: one JSON file that only the server's user may read, whole or not there.</summary>
/// <param name="path">The file.</param>
/// <param name="what">What it is, in the words of the operator's log.</param>
/// <param name="log">Told of failures.</param>
internal sealed partial class StateFile<T>(string path, string what, ILogger log) where T : class
{
    private const long MostBytes = 16 * 1024 * 1024;

    /// <summary>What was saved last; null when nothing was, or when it cannot be read.</summary>
    public T? Load()
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length <= MostBytes ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            LogNotRead(what, path, e.Message);
            return null;
        }
    }

    public void Save(T state)
    {
        // Beside it first, then in its place: a crash leaves the one or the other whole.
        var next = path + ".new";
        var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(next, create))
                JsonSerializer.Serialize(file, state);
            File.Move(next, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotSaved(what, path, e.Message);
        }
    }

    [LoggerMessage(EventName = "StateNotRead", Level = LogLevel.Warning, Message = "{What} cannot be read from {Path}: {Reason}")]
    private partial void LogNotRead(string what, string path, string reason);

    [LoggerMessage(EventName = "StateNotSaved", Level = LogLevel.Warning, Message = "{What} cannot be saved to {Path} and may be lost at the next start: {Reason}")]
    private partial void LogNotSaved(string what, string path, string reason);
}
