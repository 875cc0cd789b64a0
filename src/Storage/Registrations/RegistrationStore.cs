using System.Data.Common;
using Dapper;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Registrations;

/// <summary>Bindings of phones in the table <c>bindings</c>.</summary>
internal sealed class RegistrationStore(IReaders readers) : IRegistrationStore
{
    private const string Select = """
        SELECT extension, contact, source, sip_call_id AS sipCallId, sequence, quality, expires_at AS expiresAt, user_agent AS userAgent, path
        FROM bindings WHERE expires_at > @now ORDER BY extension, position
        """;

    private const string Insert = """
        INSERT INTO bindings (extension, position, contact, source, sip_call_id, sequence, quality, expires_at, user_agent, path)
        VALUES (@Extension, @Position, @Contact, @Source, @SipCallId, @Sequence, @Quality, @ExpiresAt, @UserAgent, @Path)
        """;

    /// <inheritdoc/>
    public IReadOnlyList<StoredBinding> Load(DateTimeOffset now) => readers.Read(StoredTime.ToMicroseconds(now), static (connection, at) =>
        connection.Query<Row>(Select, new { now = at }).Select(row => row.ToBinding()).ToList());

    /// <summary>Replaces all bindings of one extension; an empty list removes them. Part of the writer's transaction.</summary>
    public static void Replace(DbConnection connection, string extension, IReadOnlyList<StoredBinding> bindings)
    {
        connection.Execute("DELETE FROM bindings WHERE extension = @extension", new { extension });
        connection.Execute(Insert, bindings.Select((binding, position) => new
        {
            Extension = extension,
            Position = position,
            binding.Contact,
            binding.Source,
            binding.SipCallId,
            Sequence = (long)binding.Sequence,
            binding.Quality,
            ExpiresAt = StoredTime.ToMicroseconds(binding.ExpiresAt),
            binding.UserAgent,
            binding.Path,
        }));
    }

    private sealed record Row(
        string Extension, string Contact, string Source, string SipCallId, long Sequence, double Quality, long ExpiresAt, string? UserAgent, string? Path)
    {
        public StoredBinding ToBinding() => new(
            Extension, Contact, Source, SipCallId, (uint)Sequence, Quality, StoredTime.FromMicroseconds(ExpiresAt), UserAgent, Path);
    }
}
