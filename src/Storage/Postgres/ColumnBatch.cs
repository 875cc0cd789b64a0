using Npgsql;

namespace Switchhook.Storage.Postgres;

/// <summary>Rows for one statement, kept by column: each column goes as one array.</summary>
internal sealed class ColumnBatch
{
    private readonly string _sql;
    private readonly List<object> _columns = [];

    /// <param name="sql">Takes the columns as $1, $2 …, in the order they are made.</param>
    public ColumnBatch(string sql) => _sql = sql;

    public List<T> Column<T>()
    {
        List<T> column = [];
        _columns.Add(column);
        return column;
    }

    /// <summary>Adds the statement, unless there are no rows.</summary>
    public void AddTo(NpgsqlBatch batch)
    {
        if (_columns[0] is System.Collections.ICollection { Count: 0 })
            return;
        var command = new NpgsqlBatchCommand(_sql);
        foreach (var column in _columns)
            command.Parameters.Add(new NpgsqlParameter { Value = column });
        batch.BatchCommands.Add(command);
    }
}
