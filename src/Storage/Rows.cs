using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage;

/// <summary>Commands and rows alike over both databases.</summary>
internal static class Rows
{
    public static DbCommand Command(this DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every caller's SQL is its own; what is searched for comes as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    public static void Add(this DbCommand command, string name, object? value) => Fill(command.CreateParameter(), command.Parameters, name, value);

    /// <summary>Runs a statement once for each item: in one round trip where the database is reached over a connection that can.</summary>
    public static void RunEach<T>(this DbConnection connection, string sql, IReadOnlyList<T> items, Func<T, (string Name, object? Value)[]> parametersOf)
    {
        if (connection.CanCreateBatch)
        {
            RunBatch(connection, sql, items, parametersOf);
            return;
        }
        using var command = connection.Command(sql);
        foreach (var item in items)
        {
            command.Parameters.Clear();
            foreach (var (name, value) in parametersOf(item))
                command.Add(name, value);
            command.ExecuteNonQuery();
        }
    }

    /// <summary>A transaction in which every statement sees the same rows.</summary>
    public static DbTransaction Snapshot(this DbConnection connection) => connection.BeginTransaction(IsolationLevel.RepeatableRead);

    /// <summary>A text as it is stored; good until the next row.</summary>
    public static ReadOnlySpan<byte> Utf8(this DbDataReader row, int ordinal) =>
        row is SqliteDataReader sqlite ? sqlite.GetUtf8(ordinal) : row.GetFieldValue<byte[]>(ordinal);

    /// <summary>A time kept as microseconds.</summary>
    public static DateTimeOffset Time(this DbDataReader row, int ordinal) => StoredTime.FromMicroseconds(row.GetInt64(ordinal));

    private static void RunBatch<T>(DbConnection connection, string sql, IReadOnlyList<T> items, Func<T, (string Name, object? Value)[]> parametersOf)
    {
        using var batch = connection.CreateBatch();
        foreach (var item in items)
        {
            var command = batch.CreateBatchCommand();
#pragma warning disable CA2100 // As above.
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach (var (name, value) in parametersOf(item))
                Fill(command.CreateParameter(), command.Parameters, name, value);
            batch.BatchCommands.Add(command);
        }
        batch.ExecuteNonQuery();
    }

    private static void Fill(DbParameter parameter, DbParameterCollection parameters, string name, object? value)
    {
        parameter.ParameterName = name;
        parameter.Value = value is string text && parameter is not SqliteParameter ? StoredText.Clean(text) : value ?? DBNull.Value;
        parameters.Add(parameter);
    }
}
