using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Switchhook.Calls;
using Switchhook.Storage.History;

namespace Switchhook.Storage.Log;

/// <summary>Puts calls together again from the changes that are stored, for one reading of the log in ascending order.</summary>
internal sealed class ChainReader(DbConnection connection)
{
    private readonly Dictionary<CallId, (long Cursor, Call Call)> _seen = [];
    private readonly Dictionary<CallId, Call> _ends = [];

    /// <summary>The call right after the row's event. False for a chain that is broken: its beginning is no longer there.</summary>
    public bool TryRead(EventRow row, [NotNullWhen(true)] out Call? call)
    {
        // Back to the last whole state, or to what this reading has put together already; then forth again.
        Stack<CallDelta> changes = [];
        call = null;
        EventRow? at = row;
        while (call is null)
        {
            if (!at!.IsChange)
            {
                call = CallJson.Read(at.Body);
                break;
            }
            var delta = CallJson.ReadDelta(at.Body);
            changes.Push(delta);
            if (_seen.TryGetValue(row.Call, out var seen) && seen.Cursor == delta.Since)
                call = seen.Call;
            else if (delta.Since == 0)
                call = AtEnd(row.Call);
            else
                at = Find(delta.Since);
            if (call is null && (delta.Since == 0 || at is null))
                return false;
        }
        while (changes.TryPop(out var change))
            call = change.Apply(call);
        _seen[row.Call] = (row.Cursor, call);
        return true;
    }

    private EventRow? Find(long cursor)
    {
        using var command = connection.Command($"SELECT {EventRow.Columns} FROM {EventRow.Table} WHERE e.cursor = @cursor");
        command.Add("@cursor", cursor);
        return EventRow.All(command) is [var row] ? row : null;
    }

    private Call? AtEnd(CallId id)
    {
        if (_ends.TryGetValue(id, out var known))
            return known;
        using var command = connection.Command("SELECT body FROM call_bodies WHERE call = @call");
        command.Add("@call", id.Value);
        using var reader = command.ExecuteReader();
        return reader.Read() ? _ends[id] = CallJson.Read(reader.Utf8(0)) : null;
    }
}
