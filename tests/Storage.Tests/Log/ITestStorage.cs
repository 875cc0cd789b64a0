using Dapper;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.Tests.Log;

/// <summary>One database of its own for a test of the ports' contract, whatever keeps it.</summary>
public interface ITestStorage : IDisposable
{
    DurableStorage Storage { get; }
    ICallLog Log { get; }
    ICallHistory History { get; }
    IOutbox Outbox { get; }
    IRegistrationStore Registrations { get; }
    IProvisioningStore Provisioning { get; }
    IRequestKeys RequestKeys { get; }

    /// <summary>Text as it comes back.</summary>
    string Kept(string text) => text;

    /// <summary>The number that a statement of SQL gives; 0 when it gives none.</summary>
    long Sql(string sql);

    /// <summary>Ends it as a kill would, and starts again over what was left.</summary>
    void Restart();
}

/// <summary>SQLite over a file.</summary>
internal sealed class SqliteTestStorage : ITestStorage
{
    private readonly List<TemporaryDatabase> _databases = [new()];
    private SqliteStorage _storage;

    public SqliteTestStorage() => _storage = _databases[^1].Open();

    public DurableStorage Storage => _storage;
    public ICallLog Log => _storage.Log;
    public ICallHistory History => _storage.History;
    public IOutbox Outbox => _storage.Outbox;
    public IRegistrationStore Registrations => _storage.Registrations;
    public IProvisioningStore Provisioning => _storage.Provisioning;
    public IRequestKeys RequestKeys => _storage.RequestKeys;

    public long Sql(string sql)
    {
        using var connection = new SqliteConnection(_databases[^1].Path);
        connection.Open();
        return connection.ExecuteScalar<long?>(sql) ?? 0;
    }

    public void Restart()
    {
        _databases.Add(_databases[^1].CopyAsLeftByAKill());
        _storage.Dispose();
        _storage = _databases[^1].Open();
    }

    public void Dispose()
    {
        _storage.Dispose();
        _databases.ForEach(d => d.Dispose());
    }
}
