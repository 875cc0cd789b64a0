namespace Switchhook.Storage.Sqlite;

/// <summary>Prepared statements of one connection that nobody uses right now, by text; the least recently used goes first.</summary>
internal sealed class StatementCache(SqliteHandle database) : IDisposable
{
    private const int Capacity = 64;
    private readonly Dictionary<string, SqliteStatement> _idle = new(StringComparer.Ordinal);
    private long _uses;
    private bool _disposed;

    /// <summary>Texts of the statements that are kept.</summary>
    public IReadOnlyCollection<string> Texts => _idle.Keys;

    /// <summary>A statement for the text's first statement, out of the cache while in use, so that a nested use of the same text gets its own.</summary>
    public SqliteStatement Rent(string sql) => _idle.Remove(sql, out var statement) ? statement : SqliteStatement.Prepare(database, sql);

    /// <summary>Takes a statement back, reset.</summary>
    public void Return(SqliteStatement statement)
    {
        statement.Reset();
        statement.LastUse = ++_uses;
        if (_disposed || !_idle.TryAdd(statement.Sql, statement))
        {
            statement.Dispose();
            return;
        }
        if (_idle.Count > Capacity && _idle.Values.MinBy(idle => idle.LastUse) is { } oldest && _idle.Remove(oldest.Sql))
            oldest.Dispose();
    }

    public void Dispose()
    {
        _disposed = true;
        foreach (var statement in _idle.Values)
            statement.Dispose();
        _idle.Clear();
    }
}
