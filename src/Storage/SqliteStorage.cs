using Switchhook.Calls.Ports;

namespace Switchhook.Storage;

/// <summary>The embedded database: every durable port over one SQLite file.</summary>
public sealed class SqliteStorage : IDisposable
{
    private SqliteStorage() { }

    public ICallHistory History => throw new NotSupportedException();
    public IRegistrationStore Registrations => throw new NotSupportedException();
    public IProvisioningStore Provisioning => throw new NotSupportedException();

    /// <summary>Opens the database, creating and migrating it as needed.</summary>
    /// <param name="connectionStringOrPath">A path, or <c>Data Source=PATH;…</c>.</param>
    /// <param name="time">Stamps migrations.</param>
    /// <exception cref="StorageUnavailableException">It cannot be opened; the message says what to do.</exception>
    public static SqliteStorage Open(string connectionStringOrPath, TimeProvider time) => throw new NotSupportedException();

    /// <summary>Writes a row: true when the database takes writes.</summary>
    public bool CanWrite() => CanWrite(out _);

    /// <summary>As <see cref="CanWrite()"/>, with the reason when it is false.</summary>
    public bool CanWrite(out string? problem) => throw new NotSupportedException();

    public void Dispose() { }
}
