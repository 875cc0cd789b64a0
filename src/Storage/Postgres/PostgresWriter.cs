using System.Data;
using System.Data.Common;
using Npgsql;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Postgres;

/// <summary>The one connection that writes; its users take turns. One that broke is opened again by the next turn.</summary>
internal sealed class PostgresWriter(PostgresOptions options, PostgresSession session) : IWriter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _turn = new();
    private NpgsqlConnection? _connection;
    private volatile string? _problem;
    private bool _disposed;

    /// <inheritdoc/>
    public void Commit<T>(T argument, Action<DbConnection, T> work) => Run((argument, work), static (connection, all) =>
    {
        using var transaction = connection.BeginTransaction();
        all.work(connection, all.argument);
        transaction.Commit();
    });

    /// <summary>Runs the work, which must be one statement or one batch: a transaction by itself.</summary>
    /// <exception cref="StorageUnavailableException">As of <see cref="IWriter.Commit"/>.</exception>
    public void Run<T>(T argument, Action<NpgsqlConnection, T> work)
    {
        lock (_turn)
            RunInTurn(argument, work);
    }

    /// <summary>As <see cref="Run"/>, without waiting long for the turn: what keeps whoever has it is the problem then.</summary>
    public string? Try(Action<NpgsqlConnection> work)
    {
        if (!_turn.TryEnter(Patience))
            return _problem ?? $"The database {options.Database} takes long for a write.";
        try
        {
            RunInTurn(work, static (connection, probe) => probe(connection));
            return null;
        }
        catch (StorageUnavailableException e)
        {
            return e.Message;
        }
        finally
        {
            _turn.Exit();
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            _disposed = true;
            Close();
        }
    }

    private void RunInTurn<T>(T argument, Action<NpgsqlConnection, T> work)
    {
        if (_disposed)
            throw new StorageUnavailableException($"The database {options.Database} is closed.");
        try
        {
            if (_connection is not { FullState: ConnectionState.Open })
            {
                Close();
                _connection = session.Open();
            }
            work(_connection, argument);
            _problem = null;
        }
        catch (StorageUnavailableException e)
        {
            _problem = e.Message;
            throw;
        }
        // Whatever it is called: what leaves no open connection behind came from outside. A bug of ours does not break it.
        catch (Exception e) when (PostgresFailure.IsOutside(e) || _connection is not { FullState: ConnectionState.Open })
        {
            // Even where it might go on: nothing is known of its state.
            Close();
            var named = PostgresFailure.Name(options.Database, e);
            _problem = named.Message;
            throw named;
        }
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
