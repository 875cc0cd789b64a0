using Switchhook.Calls.Ports;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage;

/// <summary>Tells an operator what to do about a failure of the database.</summary>
internal static class StorageFailure
{
    /// <summary>True for a failure of disk, file or lock; false for a bug of ours, which is left to throw.</summary>
    public static bool IsOutside(SqliteException failure) => Advice(failure.Error, "") is not null;

    public static StorageUnavailableException Name(string path, SqliteException failure) => new($"{Advice(failure.Error, path)} {failure.Message}", failure);

    /// <summary>What is stored cannot be understood.</summary>
    public static StorageUnavailableException Damaged(string path, Exception failure) => new($"{Advice(SqliteError.Corrupt, path)} {failure.Message}", failure);

    private static string? Advice(SqliteError error, string path) => error switch
    {
        SqliteError.Full => $"The disk that holds {path} is full: free some space there.",
        SqliteError.ReadOnly or SqliteError.Permission =>
            $"The database {path} cannot be written: give the server's user write permission on the file, its -wal and -shm files and their directory.",
        SqliteError.CannotOpen =>
            $"The database {path} cannot be opened: check that its directory exists and that the server's user may write there.",
        SqliteError.Busy or SqliteError.Locked or SqliteError.Protocol =>
            $"The database {path} is locked by another process: stop it; one server uses a database at a time.",
        SqliteError.Corrupt => $"The database {path} is damaged: restore a backup, or save what is left with 'sqlite3 {path} .recover'.",
        SqliteError.NotADatabase => $"The file {path} is no SQLite database, or is damaged: restore a backup, or name another file.",
        SqliteError.InputOutput => $"The disk that holds {path} failed: check the kernel log and the file system.",
        SqliteError.OutOfMemory => $"No memory is left for the database {path}.",
        _ => null,
    };
}
