using Switchhook.Calls.Ports;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage;

/// <summary>
/// Copies the write-ahead log into the database file, beside the writer and on a thread of its own. A commit that does so, as SQLite's own do,
/// holds up everybody who waits for it or for the next one until the disk has done twice.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    /// <summary>Pages that are written between one copying and the next.</summary>
    public const int Due = 1000;

    /// <summary>With so many pages in the log a commit copies them after all: the thread cannot, or does not keep up.</summary>
    public const int Overdue = 8 * Due;

    // What is written during a pass is left for the next. The log begins anew once nothing is left.
    private const int MaxPasses = 4;

    private readonly ReadConnections _connections;
    private readonly AutoResetEvent _isDue = new(false);
    private readonly Thread _thread;
    private volatile bool _stopping;

    public Checkpointer(ReadConnections connections)
    {
        _connections = connections;
        _thread = new Thread(Work) { Name = "checkpoint", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Asks for the copying; does not wait for it.</summary>
    public void Ask() => _isDue.Set();

    /// <summary>Copies what is in the log now.</summary>
    /// <exception cref="StorageUnavailableException">Disk or file failed.</exception>
    public void Run()
    {
        for (var pass = 0; pass < MaxPasses && !_stopping; pass++)
        {
            if (!_connections.Read(0, static (connection, _) => IsSomethingLeft(connection)))
                return;
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _isDue.Set();
        _thread.Join();
        _isDue.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            _isDue.WaitOne();
            if (_stopping)
                return;
            try
            {
                Run();
            }
            catch (StorageUnavailableException)
            {
                // The writer meets it too, and tells. What is in the log is safe there, and is copied once it can be.
            }
        }
    }

    private static bool IsSomethingLeft(SqliteConnection connection)
    {
        using var command = new SqliteCommand(connection, "PRAGMA wal_checkpoint(PASSIVE)");
        using var row = command.ExecuteReader();
        return row.Read() && row.GetInt64(1) > row.GetInt64(2);
    }
}
