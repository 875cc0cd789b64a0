namespace Switchhook.Storage.Sqlite;

/// <summary>SQLite's primary result codes that stand for a failure (https://www.sqlite.org/rescode.html).</summary>
internal enum SqliteError
{
    None = 0,
    /// <summary>The SQL is wrong, or a table or column is missing.</summary>
    Error = 1,
    Internal = 2,
    /// <summary>Access denied by the file's permissions.</summary>
    Permission = 3,
    Aborted = 4,
    /// <summary>Another connection holds the lock.</summary>
    Busy = 5,
    /// <summary>This process holds the lock.</summary>
    Locked = 6,
    OutOfMemory = 7,
    ReadOnly = 8,
    /// <summary>The statement was cancelled.</summary>
    Interrupted = 9,
    /// <summary>The operating system failed to read or write.</summary>
    InputOutput = 10,
    /// <summary>The file is damaged.</summary>
    Corrupt = 11,
    NotFound = 12,
    /// <summary>The disk, or the size limit, is full.</summary>
    Full = 13,
    CannotOpen = 14,
    Protocol = 15,
    SchemaChanged = 17,
    TooBig = 18,
    /// <summary>A unique, foreign key, not-null or check constraint was broken.</summary>
    Constraint = 19,
    Mismatch = 20,
    Misuse = 21,
    NoLargeFiles = 22,
    NotAuthorized = 23,
    /// <summary>A parameter or column index is out of range.</summary>
    Range = 25,
    /// <summary>The file is something else.</summary>
    NotADatabase = 26,
}
