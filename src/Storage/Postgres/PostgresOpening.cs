using Npgsql;

namespace Switchhook.Storage.Postgres;

/// <summary>
/// Opens connections within their time-out. Npgsql's own waiting in place is not bound by it when the server takes the connection and then
/// says nothing; its asynchronous opening can be cancelled.
/// </summary>
internal static class PostgresOpening
{
    /// <exception cref="TimeoutException">The server took longer than the connection string allows.</exception>
    public static void OpenInTime(this NpgsqlConnection connection)
    {
        var limit = TimeSpan.FromSeconds(connection.ConnectionTimeout);
        using var expiry = new CancellationTokenSource(limit, TimeProvider.System);
        try
        {
            connection.OpenAsync(expiry.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"No connection within {limit.TotalSeconds:0} s", e);
        }
    }
}
