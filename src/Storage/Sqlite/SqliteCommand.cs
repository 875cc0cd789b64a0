using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Switchhook.Storage.Sqlite;

/// <summary>SQL, one statement or several, with parameters. Prepared statements are kept by the connection and found again by their text.</summary>
internal sealed class SqliteCommand : DbCommand
{
    private SqliteConnection? _connection;

    public SqliteCommand() { }

    public SqliteCommand(SqliteConnection connection, string sql) => (_connection, CommandText) = (connection, sql);

    [AllowNull]
    public override string CommandText { get; set => field = value ?? ""; } = "";

    /// <summary>Not used: the wait for locks is the connection's busy timeout.</summary>
    public override int CommandTimeout { get; set; } = 30;

    public override CommandType CommandType
    {
        get => CommandType.Text;
        set
        {
            if (value != CommandType.Text)
                throw new NotSupportedException("SQLite has no stored procedures");
        }
    }

    public override bool DesignTimeVisible { get; set; }
    public override UpdateRowSource UpdatedRowSource { get; set; }
    public new SqliteParameterCollection Parameters { get; } = [];

    protected override DbParameterCollection DbParameterCollection => Parameters;
    protected override DbTransaction? DbTransaction { get; set; }

    protected override DbConnection? DbConnection
    {
        get => _connection;
        set => _connection = (SqliteConnection?)value;
    }

    /// <summary>Interrupts the connection; safe from another thread.</summary>
    public override void Cancel() => _connection?.Interrupt();

    /// <summary>Checks the SQL by preparing its first statement.</summary>
    public override void Prepare()
    {
        var statements = Connected().Statements;
        statements.Return(statements.Rent(CommandText));
    }

    /// <inheritdoc/>
    public override int ExecuteNonQuery()
    {
        var connection = Connected();
        var changed = 0;
        for (var sql = CommandText; sql is not null;)
        {
            var statement = connection.Statements.Rent(sql);
            try
            {
                Parameters.BindTo(statement);
                while (statement.Step()) { }
                if (statement.WritesData)
                    changed += SqliteLibrary.Changes(connection.Handle);
                sql = statement.Tail;
            }
            finally
            {
                connection.Statements.Return(statement);
            }
        }
        return changed;
    }

    /// <inheritdoc/>
    public override object? ExecuteScalar()
    {
        using var reader = ExecuteReader();
        return reader.Read() ? reader.GetValue(0) : null;
    }

    public new SqliteDataReader ExecuteReader() => new(Connected(), CommandText, Parameters, CommandBehavior.Default);

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => new SqliteDataReader(Connected(), CommandText, Parameters, behavior);

    protected override DbParameter CreateDbParameter() => new SqliteParameter();

    private SqliteConnection Connected() => _connection ?? throw new InvalidOperationException("The command has no connection");
}
