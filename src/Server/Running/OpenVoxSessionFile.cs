using System.Text.Json;
using Switchhook.Dialects.OpenVox.Sessions;

namespace Switchhook.Server.Running;

/// <summary>The logins of the OpenVox dialect in a file that only the server's user may read. It holds hashes of tokens, never a token.</summary>
internal sealed partial class OpenVoxSessionFile(string path, ILogger log) : IOpenVoxSessionStore
{
    private const long MostBytes = 16 * 1024 * 1024;

    /// <inheritdoc/>
    public IReadOnlyList<OpenVoxSession> Load()
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length > MostBytes)
                return [];
            return JsonSerializer.Deserialize<List<OpenVoxSession>>(File.ReadAllBytes(path))?.Where(IsWhole).ToList() ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            LogNotRead(path, e.Message);
            return [];
        }
    }

    /// <inheritdoc/>
    public void Save(IReadOnlyList<OpenVoxSession> sessions)
    {
        // Beside it first, then in its place: a crash leaves the one or the other whole.
        var next = path + ".new";
        var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(next, create))
                JsonSerializer.Serialize(file, sessions);
            File.Move(next, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotSaved(path, e.Message);
        }
    }

    private static bool IsWhole(OpenVoxSession? session) => session is { Key: not null, Account: not null, Source: not null, Target: not null };

    [LoggerMessage(EventName = "OpenVoxSessionsNotRead", Level = LogLevel.Warning, Message = "the logins of before cannot be read from {Path}: {Reason}")]
    private partial void LogNotRead(string path, string reason);

    [LoggerMessage(EventName = "OpenVoxSessionsNotSaved", Level = LogLevel.Warning, Message = "logins cannot be saved to {Path}; they are lost at the next start: {Reason}")]
    private partial void LogNotSaved(string path, string reason);
}
