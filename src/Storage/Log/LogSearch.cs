using System.Data.Common;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Log;

/// <summary>
/// One read of the log: block by block where <c>event_blocks</c> says that there may be something, and of those only the rows that fit. What it
/// looks at is bounded, so that a reader who wants little does not keep a connection from others.
/// </summary>
internal sealed class LogSearch(DbConnection connection, EventFilter filter, long horizon)
{
    /// <summary>Rows a read looks at, about.</summary>
    private const int MostLooked = 4_000;

    /// <summary>What passing over the rows of a block costs, in rows that are read.</summary>
    private const int BlockCost = EventBlocks.Size / 8;

    private readonly ChainReader _chains = new(connection);
    private readonly List<LoggedEvent> _found = [];
    private int _looked;

    public LogPage Read(long after, int most)
    {
        var place = Math.Max(after, horizon);
        var last = LogReader.LastCursor(connection);
        var isForAll = filter == EventFilter.Everything;
        var summed = isForAll ? 0 : LastSummed();
        while (place < last && _found.Count < most && _looked < MostLooked + most)
        {
            var (from, to) = isForAll ? (place + 1, last) : Next(place + 1, summed, last);
            place = from > last ? last : Scan(from, Math.Min(to, last), most - _found.Count);
        }
        return new LogPage(_found, place, horizon);
    }

    /// <summary>The first cursors from the given one on that may be wanted. Behind the last block that is summed up all may be.</summary>
    private (long From, long To) Next(long cursor, long summed, long last)
    {
        if (EventBlocks.Of(cursor) > summed)
            return (cursor, last);
        var account = filter.Account is null ? "" : " AND account = @account";
        using var command = connection.Command($"""
            SELECT block FROM event_blocks WHERE block >= @block
            AND (account = '{EventBlocks.Everybody}' OR (kinds & @kinds) <> 0 AND first_call <= @last AND last_call >= @first{account})
            ORDER BY block LIMIT 1
            """);
        command.Add("@block", EventBlocks.Of(cursor));
        command.Add("@kinds", filter.Names is null ? EventKinds.All : EventKinds.AnyOf(filter.Names));
        command.Add("@first", filter.Call?.Value ?? 0);
        command.Add("@last", filter.Call?.Value ?? long.MaxValue);
        if (filter.Account is not null)
            command.Add("@account", AccountKey.Of(filter.Account));
        if (command.ExecuteScalar() is not long block)
            return ((summed + 1) * EventBlocks.Size, last);
        return (Math.Max(cursor, block * EventBlocks.Size), (block * EventBlocks.Size) + EventBlocks.Size - 1);
    }

    /// <summary>Adds what is wanted of a range; up to where it was looked at.</summary>
    private long Scan(long from, long to, int most)
    {
        using var command = connection.CreateCommand();
        List<string> conditions = ["e.cursor >= @from", "e.cursor <= @to", "coalesce(e.body, b.body) IS NOT NULL"];
        if (filter.Call is { } call)
        {
            conditions.Add("e.call = @call");
            command.Add("@call", call.Value);
        }
        if (filter.Names is not null)
        {
            conditions.Add(filter.Names.Count == 0 ? "1 = 0" : $"e.name IN ({string.Join(", ", filter.Names.Select((_, i) => $"@name{i}"))})");
            foreach (var (i, name) in filter.Names.Index())
                command.Add($"@name{i}", name);
        }
        if (filter.Account is not null)
        {
            // Of a call that has ended it is known whose it is; another one is looked at. Counted, because PostgreSQL might read all calls to
            // tell whether some exist.
            conditions.Add("""
                ((SELECT count(*) FROM call_accounts a WHERE a.account = @account AND a.call = e.call) > 0 OR (SELECT count(*) FROM calls c WHERE c.id = e.call) = 0)
                """);
            command.Add("@account", AccountKey.Of(filter.Account));
        }
#pragma warning disable CA2100 // What is searched for comes as parameters.
        command.CommandText =
            $"SELECT {EventRow.Columns} FROM {EventRow.Table} WHERE {string.Join(" AND ", conditions)} ORDER BY e.cursor LIMIT @most";
#pragma warning restore CA2100
        command.Add("@from", from);
        command.Add("@to", to);
        command.Add("@most", most);
        var rows = EventRow.All(command);
        _looked += Math.Max(rows.Count, BlockCost);
        foreach (var row in rows)
        {
            // An event whose call is gone is worth nothing to anyone.
            if (_chains.TryRead(row, out var now) && row.ToEvent(now) is var read && filter.Wants(read.Event))
                _found.Add(read);
        }
        return rows.Count < most ? to : rows[^1].Cursor;
    }

    private long LastSummed()
    {
        using var command = connection.Command("SELECT max(block) FROM event_blocks");
        return command.ExecuteScalar() as long? ?? -1;
    }
}
