using Npgsql;
using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Storage.History;
using Switchhook.Storage.Log;

namespace Switchhook.Storage.Postgres;

/// <summary>Rows of <c>call_events</c>.</summary>
internal sealed class EventColumns
{
    private readonly List<long> _cursor, _call, _at;
    private readonly List<int> _sequence;
    private readonly List<string> _name;
    private readonly List<string?> _detail, _body;
    private readonly List<long?> _previous;

    public EventColumns()
    {
        (_cursor, _call, _sequence, _at) = (Rows.Column<long>(), Rows.Column<long>(), Rows.Column<int>(), Rows.Column<long>());
        (_name, _detail, _previous, _body) = (Rows.Column<string>(), Rows.Column<string?>(), Rows.Column<long?>(), Rows.Column<string?>());
    }

    public ColumnBatch Rows { get; } = new("""
        INSERT INTO call_events (cursor, call, sequence, at, name, detail, previous, body)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[]) ON CONFLICT DO NOTHING
        """);

    public void Add(long cursor, CallEvent happened, string? detail, long? previous, string? body)
    {
        _cursor.Add(cursor);
        _call.Add(happened.Call.Id.Value);
        _sequence.Add(happened.Sequence);
        _at.Add(StoredTime.ToMicroseconds(happened.At));
        _name.Add(happened.Name);
        _detail.Add(detail);
        _previous.Add(previous);
        _body.Add(body);
    }
}

/// <summary>Rows of ended calls. Of two ends of a call the first is kept, of two confirmations of a leg too.</summary>
internal sealed class CallColumns
{
    private readonly ColumnBatch _accounts = new("""
        INSERT INTO call_accounts (account, call, cause, by, started_at)
        SELECT a.* FROM unnest($1::text[], $2::bigint[], $3::integer[], $4::text[], $5::bigint[]) AS a (account, call, cause, by, started_at)
        WHERE NOT EXISTS (SELECT FROM calls WHERE id = a.call) ON CONFLICT DO NOTHING
        """);

    private readonly ColumnBatch _calls = new("""
        INSERT INTO calls (id, direction, caller, dialed, callee_dialed, cause, by, started_at)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::bigint[]) ON CONFLICT DO NOTHING
        """);

    private readonly ColumnBatch _bodies = new(
        "INSERT INTO call_bodies (call, body) SELECT * FROM unnest($1::bigint[], $2::text[]) ON CONFLICT DO NOTHING");

    private readonly ColumnBatch _confirmations = new(
        "INSERT INTO call_confirmations (call, leg, confirmation) SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[]) ON CONFLICT DO NOTHING");

    private readonly List<string> _account, _accountBy, _direction, _caller, _dialed, _calleeDialed, _by, _body, _confirmation;
    private readonly List<long> _accountCall, _accountStart, _id, _startedAt, _bodyCall, _confirmedCall;
    private readonly List<int> _accountCause, _cause, _confirmedLeg;
    private readonly HashSet<CallId> _seen = [];

    public CallColumns()
    {
        (_account, _accountCall, _accountCause) = (_accounts.Column<string>(), _accounts.Column<long>(), _accounts.Column<int>());
        (_accountBy, _accountStart) = (_accounts.Column<string>(), _accounts.Column<long>());
        (_id, _direction, _caller, _dialed) = (_calls.Column<long>(), _calls.Column<string>(), _calls.Column<string>(), _calls.Column<string>());
        (_calleeDialed, _cause, _by, _startedAt) = (_calls.Column<string>(), _calls.Column<int>(), _calls.Column<string>(), _calls.Column<long>());
        (_bodyCall, _body) = (_bodies.Column<long>(), _bodies.Column<string>());
        (_confirmedCall, _confirmedLeg, _confirmation) = (_confirmations.Column<long>(), _confirmations.Column<int>(), _confirmations.Column<string>());
    }

    public void Add(Call call, string body)
    {
        if (call is not { Cause: { } cause, By: { } by, HasEnded: true })
            throw new ArgumentException($"Call {call.Id} has not ended", nameof(call));
        if (!_seen.Add(call.Id))
            return;
        var id = call.Id.Value;
        _id.Add(id);
        _direction.Add(CallDirections.Of(call).ToString());
        _caller.Add(StoredText.Clean(call.Caller.Number));
        _dialed.Add(StoredText.Clean(call.Dialed));
        _calleeDialed.Add(StoredText.Clean(call.CalleeDialed));
        _cause.Add((int)cause);
        _by.Add(by.Word);
        _startedAt.Add(StoredTime.ToMicroseconds(call.StartedAt));
        _bodyCall.Add(id);
        _body.Add(body);
        foreach (var account in call.Accounts)
        {
            _account.Add(AccountKey.Of(StoredText.Clean(account)));
            _accountCall.Add(id);
            _accountCause.Add((int)cause);
            _accountBy.Add(by.Word);
            _accountStart.Add(StoredTime.ToMicroseconds(call.StartedAt));
        }
    }

    public void Confirm(LegId leg, HangupConfirmation confirmation)
    {
        _confirmedCall.Add(leg.Call.Value);
        _confirmedLeg.Add(leg.Number);
        _confirmation.Add(confirmation.ToString());
    }

    public void AddTo(NpgsqlBatch batch)
    {
        _accounts.AddTo(batch);   // before the calls: those of a call that is there already are not added to
        _calls.AddTo(batch);
        _bodies.AddTo(batch);
        _confirmations.AddTo(batch);
    }
}

/// <summary>Rows of what is kept for recovery.</summary>
internal static class LiveColumns
{
    public static void AddTo(NpgsqlBatch batch, LiveChanges changes)
    {
        var moved = new ColumnBatch(
            "DELETE FROM live_dialogs d USING unnest($1::bigint[], $2::integer[]) AS m (call, leg) WHERE d.call = m.call AND d.leg = m.leg");
        moved.Column<long>().AddRange(changes.Moved.Select(leg => leg.Call.Value));
        moved.Column<int>().AddRange(changes.Moved.Select(leg => leg.Number));
        moved.AddTo(batch);

        var cursors = new ColumnBatch("""
            INSERT INTO live_calls (call, cursor) SELECT * FROM unnest($1::bigint[], $2::bigint[]) ON CONFLICT (call) DO UPDATE SET cursor = excluded.cursor
            """);
        cursors.Column<long>().AddRange(changes.Cursors.Keys.Select(call => call.Value));
        cursors.Column<long>().AddRange(changes.Cursors.Values);
        cursors.AddTo(batch);

        var dialogs = new ColumnBatch("""
            INSERT INTO live_dialogs (call, leg, dialog) SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[])
            ON CONFLICT (call, leg) DO UPDATE SET dialog = excluded.dialog
            """);
        dialogs.Column<long>().AddRange(changes.Dialogs.Keys.Select(leg => leg.Call.Value));
        dialogs.Column<int>().AddRange(changes.Dialogs.Keys.Select(leg => leg.Number));
        dialogs.Column<string>().AddRange(changes.Dialogs.Values);
        dialogs.AddTo(batch);

        foreach (var sql in (string[])["DELETE FROM live_calls WHERE call = ANY ($1)", "DELETE FROM live_dialogs WHERE call = ANY ($1)"])
        {
            var ended = new ColumnBatch(sql);
            ended.Column<long>().AddRange(changes.Ended.Select(call => call.Value));
            ended.AddTo(batch);
        }
    }
}

/// <summary>Rows of <c>event_blocks</c>.</summary>
internal static class BlockColumns
{
    public static void AddTo(NpgsqlBatch batch, IReadOnlyList<EventBlock> blocks)
    {
        var rows = new ColumnBatch("""
            INSERT INTO event_blocks (block, account, kinds, first_call, last_call)
            SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) ON CONFLICT DO NOTHING
            """);
        rows.Column<long>().AddRange(blocks.Select(block => block.Block));
        rows.Column<string>().AddRange(blocks.Select(block => StoredText.Clean(block.Account)));
        rows.Column<long>().AddRange(blocks.Select(block => block.Kinds));
        rows.Column<long>().AddRange(blocks.Select(block => block.FirstCall));
        rows.Column<long>().AddRange(blocks.Select(block => block.LastCall));
        rows.AddTo(batch);
    }
}

/// <summary>Rows of <c>outbox</c>. An id that is there already is the same notification.</summary>
internal sealed class OutboxColumns
{
    private readonly List<string> _id, _dialect, _policy, _request;
    private readonly List<string?> _account;
    private readonly List<long> _call, _at;
    private readonly List<bool> _terminal, _signed;
    private readonly List<byte[]> _body;

    public OutboxColumns()
    {
        (_id, _call, _account, _dialect) = (Rows.Column<string>(), Rows.Column<long>(), Rows.Column<string?>(), Rows.Column<string>());
        (_terminal, _signed, _policy) = (Rows.Column<bool>(), Rows.Column<bool>(), Rows.Column<string>());
        (_request, _body, _at) = (Rows.Column<string>(), Rows.Column<byte[]>(), Rows.Column<long>());
    }

    public ColumnBatch Rows { get; } = new("""
        INSERT INTO outbox (id, call, account, dialect, terminal, signed, policy, request, body, created_at, state, attempts)
        SELECT *, 0, 0 FROM unnest(
          $1::text[], $2::bigint[], $3::text[], $4::text[], $5::boolean[], $6::boolean[], $7::text[], $8::text[], $9::bytea[], $10::bigint[])
        ON CONFLICT DO NOTHING
        """);

    public void Add(Notification notification, string policy, string request, long at)
    {
        _id.Add(StoredText.Clean(notification.Id));
        _call.Add(notification.Call.Value);
        _account.Add(notification.Account is { } account ? StoredText.Clean(account) : null);
        _dialect.Add(notification.Dialect);
        _terminal.Add(notification.Terminal);
        _signed.Add(notification.Signed);
        _policy.Add(policy);
        _request.Add(request);
        _body.Add(notification.Request.Body.ToArray());
        _at.Add(at);
    }
}
