using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Switchhook.Storage.Sqlite;

/// <summary>
/// One connection to one database file in WAL mode. Used by one thread at a time; only <see cref="Interrupt"/> may come from another.
/// </summary>
internal sealed class SqliteConnection : DbConnection
{
    private SqliteOptions? _options;
    private SqliteHandle? _handle;
    private StatementCache? _statements;

    public SqliteConnection() { }

    public SqliteConnection(string connectionStringOrPath) => ConnectionString = connectionStringOrPath;

    public SqliteConnection(SqliteOptions options) => _options = options;

    /// <inheritdoc/>
    [AllowNull]
    public override string ConnectionString
    {
        get => _options?.ToString() ?? "";
        set
        {
            if (_handle is not null)
                throw new InvalidOperationException("The connection is open");
            _options = string.IsNullOrEmpty(value) ? null : SqliteOptions.Parse(value);
        }
    }

    public override string Database => "main";
    public override string DataSource => _options?.Path ?? "";
    public override unsafe string ServerVersion => Marshal.PtrToStringUTF8((nint)SqliteLibrary.Version()) ?? "";
    public override ConnectionState State => _handle is null ? ConnectionState.Closed : ConnectionState.Open;

    internal SqliteHandle Handle => _handle ?? throw new InvalidOperationException("The connection is closed");
    internal StatementCache Statements => _statements ?? throw new InvalidOperationException("The connection is closed");
    internal SqliteTransaction? Transaction { get; set; }

    /// <summary>True between BEGIN and the commit or roll-back, SQLite's own roll-back after a failure included.</summary>
    internal bool IsInTransaction => SqliteLibrary.IsOutsideTransaction(Handle) == 0;

    /// <inheritdoc/>
    /// <exception cref="DllNotFoundException">libsqlite3 is not installed.</exception>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public override void Open()
    {
        var options = _options ?? throw new InvalidOperationException("No connection string");
        if (_handle is not null)
            throw new InvalidOperationException("The connection is open");
        SqliteLibrary.Require();

        // Read-only connections too need write access to the WAL index, so they are opened for writing and told not to.
        var flags = SqliteLibrary.OpenReadWrite | SqliteLibrary.OpenNoMutex | SqliteLibrary.OpenExtendedCodes;
        var code = SqliteLibrary.Open(options.Path, out var handle, options.ReadOnly ? flags : flags | SqliteLibrary.OpenCreate, 0);
        if (code != SqliteLibrary.Ok)
        {
            var failure = handle.Failure(code);
            handle.Dispose();
            throw failure;
        }
        _handle = handle;
        _statements = new StatementCache(handle);
        try
        {
            SqliteLibrary.BusyTimeout(handle, (int)options.BusyTimeout.TotalMilliseconds);
            Execute("PRAGMA foreign_keys = ON");
            Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA synchronous = {(int)options.Synchronous}"));
            Execute(options.ReadOnly ? "PRAGMA query_only = ON" : "PRAGMA journal_mode = WAL");
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _statements?.Dispose();
        _handle?.Dispose();
        (_statements, _handle, Transaction) = (null, null, null);
    }

    /// <summary>Runs statements without parameters, such as a script of several.</summary>
    public void Execute(string sql)
    {
        using var command = new SqliteCommand(this, sql);
        command.ExecuteNonQuery();
    }

    /// <summary>Makes the statement that is running fail with <see cref="SqliteError.Interrupted"/>. Safe from any thread while open.</summary>
    public void Interrupt()
    {
        if (_handle is { IsClosed: false } handle)
            SqliteLibrary.Interrupt(handle);
    }

    /// <summary>Begins a transaction that takes the write lock at once, or a plain one on a read-only connection.</summary>
    public new SqliteTransaction BeginTransaction() => BeginTransaction(IsolationLevel.Unspecified);

    /// <inheritdoc cref="BeginTransaction()"/>
    public new SqliteTransaction BeginTransaction(IsolationLevel isolationLevel) => (SqliteTransaction)BeginDbTransaction(isolationLevel);

    public new SqliteCommand CreateCommand() => new(this, "");

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException("A SQLite connection has one database");

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
    {
        if (Transaction is not null)
            throw new InvalidOperationException("A transaction is open: SQLite does not nest them");
        // IMMEDIATE: waiting for the lock happens here and not in the middle, where a deferred transaction cannot wait any more.
        Execute(_options!.ReadOnly ? "BEGIN" : "BEGIN IMMEDIATE");
        return Transaction = new SqliteTransaction(this);
    }

    protected override DbCommand CreateDbCommand() => CreateCommand();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Close();
        base.Dispose(disposing);
    }
}
