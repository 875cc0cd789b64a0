using System.Globalization;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Postgres;
using Switchhook.Storage.Tests.Log;
using Switchhook.TestKit.Servers;

namespace Switchhook.Storage.Tests;

/// <summary>PostgreSQL, a database a test.</summary>
internal sealed class PostgresTestStorage : ITestStorage
{
    private readonly PostgresServer _server;
    private PostgresStorage _storage;

    public PostgresTestStorage(PostgresServer server)
    {
        _server = server;
        Connection = Task.Run(server.CreateDatabaseAsync).GetAwaiter().GetResult();
        _storage = Open();
    }

    public string Connection { get; }
    public DurableStorage Storage => _storage;
    public ICallLog Log => _storage.Log;
    public ICallHistory History => _storage.History;
    public IOutbox Outbox => _storage.Outbox;
    public IRegistrationStore Registrations => _storage.Registrations;
    public IProvisioningStore Provisioning => _storage.Provisioning;
    public IRequestKeys RequestKeys => _storage.RequestKeys;

    public string Kept(string text) => StoredText.Clean(text);

    public long Sql(string sql) =>
        long.TryParse(Task.Run(() => _server.SqlAsync(Connection, sql)).GetAwaiter().GetResult(), CultureInfo.InvariantCulture, out var number) ? number : 0;

    public void Restart()
    {
        Task.Run(() => _server.EndSessionsAsync(Connection)).GetAwaiter().GetResult();
        _storage.Dispose();
        _storage = Open();
    }

    public void Dispose() => _storage.Dispose();

    private PostgresStorage Open() => PostgresStorage.Open(Connection, TimeProvider.System, exclusive: true);
}
