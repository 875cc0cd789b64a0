using System.Net.Sockets;
using Npgsql;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Postgres;

/// <summary>Tells an operator what to do about a failure of PostgreSQL or of the way to it.</summary>
internal static class PostgresFailure
{
    /// <summary>True for a failure outside; false for a bug of ours, which is left to throw.</summary>
    public static bool IsOutside(Exception failure) => failure switch
    {
        PostgresException e => Advice(e.SqlState) is not null,
        NpgsqlException or TimeoutException or IOException or SocketException => true,
        _ => false,
    };

    public static StorageUnavailableException Name(string database, Exception failure)
    {
        var advice = failure switch
        {
            PostgresException e => Advice(e.SqlState),
            { InnerException: TimeoutException } or TimeoutException => "it does not answer in time",
            _ => "it cannot be reached",
        };
        return new StorageUnavailableException($"The database {database} cannot be used: {advice}. {failure.Message}", failure);
    }

    // Classes and codes: PostgreSQL's manual, appendix A.
    private static string? Advice(string state) => state switch
    {
        "53100" => "the disk of PostgreSQL is full",
        "53300" => "PostgreSQL has no connection left; raise max_connections",
        "25006" => "it is read-only: a standby, or default_transaction_read_only is set",
        "42501" => "the user lacks a permission; it must own the schema or be allowed to create tables there",
        "3D000" => "there is no such database; create it",
        "57P01" or "57P02" or "57P03" or "57P05" => "PostgreSQL stops, starts, or ended the connection",
        "57014" => "a statement was cancelled",
        "55P03" => "a lock was not given in time",
        ['0', '8', ..] => "the connection broke",
        ['2', '8', ..] => "PostgreSQL refuses the user or password",
        ['4', '0', ..] => "another program changed the same rows",
        ['5', '3', ..] => "PostgreSQL lacks resources",
        ['5', '8', ..] => "the disk or system of PostgreSQL failed; see its log",
        ['X', 'X', ..] => "PostgreSQL reports an inner failure; see its log",
        _ => null,
    };
}
