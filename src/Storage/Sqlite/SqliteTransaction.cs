using System.Data;
using System.Data.Common;

namespace Switchhook.Storage.Sqlite;

/// <summary>A transaction: disposed without <see cref="Commit"/>, it rolls back.</summary>
internal sealed class SqliteTransaction : DbTransaction
{
    private SqliteConnection? _connection;

    internal SqliteTransaction(SqliteConnection connection) => _connection = connection;

    public override IsolationLevel IsolationLevel => IsolationLevel.Serializable;
    protected override DbConnection? DbConnection => _connection;

    /// <inheritdoc/>
    public override void Commit()
    {
        Open().Execute("COMMIT");
        End();
    }

    /// <inheritdoc/>
    public override void Rollback()
    {
        var connection = Open();
        // After some failures (disk full, input/output) SQLite has rolled back by itself.
        if (connection.IsInTransaction)
            connection.Execute("ROLLBACK");
        End();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _connection is { State: ConnectionState.Open })
            Rollback();
        base.Dispose(disposing);
    }

    private SqliteConnection Open() => _connection ?? throw new InvalidOperationException("The transaction is over");

    private void End()
    {
        if (_connection is not null)
            _connection.Transaction = null;
        _connection = null;
    }
}
