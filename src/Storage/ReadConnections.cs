using System.Collections.Concurrent;
using System.Data.Common;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage;

/// <summary>A few connections that only read. In WAL mode they neither wait for the writer nor hold it up.</summary>
internal sealed class ReadConnections(SqliteOptions options, int capacity = 4) : IReaders
{
    private readonly SqliteOptions _options = options with { ReadOnly = true };
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private readonly SemaphoreSlim _free = new(capacity);
    private volatile bool _disposed;

    /// <summary>Connections that are open and used by nobody.</summary>
    internal int Idle => _idle.Count;

    /// <summary>Runs the work on the caller's thread once a connection is free; cancelling interrupts the statement.</summary>
    public async ValueTask<TResult> ReadAsync<T, TResult>(T argument, Func<SqliteConnection, T, TResult> work, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return Run(argument, work, cancellation);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>As <see cref="ReadAsync"/>, waiting in place.</summary>
    public TResult Read<T, TResult>(T argument, Func<SqliteConnection, T, TResult> work)
    {
        _free.Wait();
        try
        {
            return Run(argument, work, CancellationToken.None);
        }
        finally
        {
            _free.Release();
        }
    }

    ValueTask<TResult> IReaders.ReadAsync<T, TResult>(T argument, Func<DbConnection, T, TResult> work, CancellationToken cancellation) =>
        ReadAsync(argument, work, cancellation);

    TResult IReaders.Read<T, TResult>(T argument, Func<DbConnection, T, TResult> work) => Read(argument, work);

    /// <summary>Closes those that nobody uses just now, with the pages each has read; one is opened again when it is needed.</summary>
    public void GiveBack()
    {
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }

    public void Dispose()
    {
        _disposed = true;
        GiveBack();
    }

    private TResult Run<T, TResult>(T argument, Func<SqliteConnection, T, TResult> work, CancellationToken cancellation)
    {
        if (_disposed)
            throw new StorageUnavailableException($"The database {_options.Path} is closed.");
        var connection = _idle.TryTake(out var idle) ? idle : new SqliteConnection(_options);
        var isSound = false;
        try
        {
            if (connection.State == System.Data.ConnectionState.Closed)
                connection.Open();
            using (cancellation.UnsafeRegister(static reading => ((SqliteConnection)reading!).Interrupt(), connection))
            {
                var result = work(connection, argument);
                isSound = true;
                return result;
            }
        }
        catch (SqliteException e) when (e.Error == SqliteError.Interrupted && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellation);
        }
        catch (SqliteException e) when (StorageFailure.IsOutside(e))
        {
            throw StorageFailure.Name(_options.Path, e);
        }
        catch (System.Text.Json.JsonException e)
        {
            // What was written was read back by tests: a file that reads otherwise was changed by something else.
            throw StorageFailure.Damaged(_options.Path, e);
        }
        finally
        {
            if (isSound && !_disposed)
                _idle.Add(connection);
            else
                connection.Dispose();
        }
    }
}
