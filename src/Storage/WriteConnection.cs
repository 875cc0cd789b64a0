using System.Data.Common;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage;

/// <summary>The one connection that writes; its users take turns.</summary>
internal sealed class WriteConnection(SqliteConnection connection, Checkpointer checkpointer) : IWriter
{
    private readonly Lock _turn = new();
    private bool _disposed;

    /// <summary>Runs the work in one transaction: all of it is durable on return, or none of it was done.</summary>
    /// <exception cref="StorageUnavailableException">Disk, file or lock failed; nothing was done.</exception>
    public void Commit<T>(T argument, Action<SqliteConnection, T> work)
    {
        lock (_turn)
        {
            if (_disposed)
                throw new StorageUnavailableException($"The database {connection.DataSource} is closed.");
            try
            {
                using var transaction = connection.BeginTransaction();
                work(connection, argument);
                transaction.Commit();
                if (SqliteLibrary.PagesWritten(connection.Handle, reset: false) >= Checkpointer.Due)
                {
                    _ = SqliteLibrary.PagesWritten(connection.Handle, reset: true);
                    checkpointer.Ask();
                }
            }
            catch (SqliteException e) when (StorageFailure.IsOutside(e))
            {
                throw StorageFailure.Name(connection.DataSource, e);
            }
        }
    }

    /// <summary>Copies what was committed from the write-ahead log into the file, while others commit.</summary>
    /// <exception cref="StorageUnavailableException">Disk or file failed.</exception>
    public void Checkpoint() => checkpointer.Run();

    /// <summary>Lets go of the pages it has read or written.</summary>
    public void GiveBack()
    {
        lock (_turn)
        {
            if (!_disposed)
                connection.Execute("PRAGMA shrink_memory");
        }
    }

    void IWriter.Commit<T>(T argument, Action<DbConnection, T> work) => Commit(argument, work);

    public void Dispose()
    {
        lock (_turn)
            _disposed = true;   // nothing is committed, or asked of the checkpointer, from here on
        checkpointer.Dispose();
        connection.Dispose();
    }
}
