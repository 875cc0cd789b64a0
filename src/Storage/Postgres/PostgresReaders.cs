using System.Data.Common;
using Npgsql;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Postgres;

/// <summary>A few connections that only read. Nobody waits without end for a database that stands still.</summary>
internal sealed class PostgresReaders(PostgresOptions options) : IReaders
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(options.Reading);
    private readonly SemaphoreSlim _free = new(PostgresOptions.Readers);
    private volatile bool _disposed;

    /// <inheritdoc/>
    public async ValueTask<TResult> ReadAsync<T, TResult>(T argument, Func<DbConnection, T, TResult> work, CancellationToken cancellation)
    {
        if (!await _free.WaitAsync(Patience, cancellation).ConfigureAwait(false))
            throw Busy();
        try
        {
            cancellation.ThrowIfCancellationRequested();
            return Run(argument, work);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public TResult Read<T, TResult>(T argument, Func<DbConnection, T, TResult> work)
    {
        if (!_free.Wait(Patience))
            throw Busy();
        try
        {
            return Run(argument, work);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _source.Dispose();
    }

    private TResult Run<T, TResult>(T argument, Func<DbConnection, T, TResult> work)
    {
        try
        {
            try
            {
                return RunOnce(argument, work);
            }
            catch (NpgsqlException e) when (PostgresFailure.IsOutside(e) && e.InnerException is not TimeoutException && !_disposed)
            {
                // Connections that lay idle while PostgreSQL was started again say so when they are used.
                _source.Clear();
                return RunOnce(argument, work);
            }
        }
        catch (Exception e) when (PostgresFailure.IsOutside(e))
        {
            throw PostgresFailure.Name(options.Database, e);
        }
    }

    private TResult RunOnce<T, TResult>(T argument, Func<DbConnection, T, TResult> work)
    {
        if (_disposed)
            throw new StorageUnavailableException($"The database {options.Database} is closed.");
        using var connection = _source.CreateConnection();
        connection.OpenInTime();
        return work(connection, argument);
    }

    private StorageUnavailableException Busy() => new($"The database {options.Database} takes long to answer.");
}
