using System.Data.Common;

namespace Switchhook.Storage.Sqlite;

/// <summary>A failure that SQLite reported.</summary>
internal sealed class SqliteException : DbException
{
    public SqliteException() { }
    public SqliteException(string message) : base(message) { }
    public SqliteException(string message, Exception inner) : base(message, inner) { }

    /// <param name="code">The extended result code; its low octet is the primary one.</param>
    public SqliteException(int code, string message) : base($"SQLite: {message} ({(SqliteError)(code & 0xff)}, {code})")
    {
        Error = (SqliteError)(code & 0xff);
        ExtendedCode = code;
    }

    /// <summary>The failure's name.</summary>
    public SqliteError Error { get; }

    /// <summary>The extended result code, which says more about input/output and constraint failures.</summary>
    public int ExtendedCode { get; }

    /// <inheritdoc/>
    public override bool IsTransient => Error is SqliteError.Busy or SqliteError.Locked;
}
