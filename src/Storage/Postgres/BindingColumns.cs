using Npgsql;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Postgres;

/// <summary>Rows of <c>bindings</c>: of an extension's changes in one batch the last one counts.</summary>
internal sealed class BindingColumns
{
    private readonly Dictionary<string, IReadOnlyList<StoredBinding>> _changed = new(StringComparer.Ordinal);

    public void Keep(string extension, IReadOnlyList<StoredBinding> bindings) => _changed[extension] = bindings;

    public void AddTo(NpgsqlBatch batch)
    {
        if (_changed.Count == 0)
            return;
        var removed = new ColumnBatch("DELETE FROM bindings WHERE extension = ANY ($1)");
        removed.Column<string>().AddRange(_changed.Keys);
        removed.AddTo(batch);

        var rows = new ColumnBatch("""
            INSERT INTO bindings (extension, position, contact, source, sip_call_id, sequence, quality, expires_at, user_agent, path)
            SELECT * FROM unnest(
              $1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::double precision[], $8::bigint[], $9::text[], $10::text[])
            """);
        var (extension, position, contact, source, callId) = (rows.Column<string>(), rows.Column<int>(), rows.Column<string>(), rows.Column<string>(), rows.Column<string>());
        var (sequence, quality, expiresAt) = (rows.Column<long>(), rows.Column<double>(), rows.Column<long>());
        var (userAgent, path) = (rows.Column<string?>(), rows.Column<string?>());
        foreach (var (number, bindings) in _changed)
        {
            for (var i = 0; i < bindings.Count; i++)
            {
                var binding = bindings[i];
                extension.Add(number);
                position.Add(i);
                contact.Add(StoredText.Clean(binding.Contact));
                source.Add(StoredText.Clean(binding.Source));
                callId.Add(StoredText.Clean(binding.SipCallId));
                sequence.Add(binding.Sequence);
                quality.Add(binding.Quality);
                expiresAt.Add(StoredTime.ToMicroseconds(binding.ExpiresAt));
                userAgent.Add(binding.UserAgent is null ? null : StoredText.Clean(binding.UserAgent));
                path.Add(binding.Path is null ? null : StoredText.Clean(binding.Path));
            }
        }
        rows.AddTo(batch);
    }
}
