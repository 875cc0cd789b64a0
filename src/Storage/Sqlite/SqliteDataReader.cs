using System.Collections;
using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Switchhook.Storage.Sqlite;

/// <summary>Rows, forward only. A statement without rows (INSERT …) runs when its turn comes, the first one at once.</summary>
internal sealed class SqliteDataReader : DbDataReader
{
    private readonly SqliteConnection _connection;
    private readonly SqliteParameterCollection _parameters;
    private readonly bool _closesConnection;
    private SqliteStatement? _statement;
    private string? _rest;
    private bool _rowIsWaiting;   // the first step was taken to run the statement, and its row not yet read
    private bool _isOnRow;
    private int _changed = -1;

    internal SqliteDataReader(SqliteConnection connection, string sql, SqliteParameterCollection parameters, CommandBehavior behavior)
    {
        (_connection, _parameters, _rest) = (connection, parameters, sql);
        _closesConnection = behavior.HasFlag(CommandBehavior.CloseConnection);
        NextResult();
    }

    public override int Depth => 0;
    public override int FieldCount => _statement?.ColumnCount ?? 0;
    public override bool HasRows => _rowIsWaiting || _isOnRow;
    public override bool IsClosed => IsOver;
    public override int RecordsAffected => _changed;
    public override object this[int ordinal] => GetValue(ordinal);
    public override object this[string name] => GetValue(GetOrdinal(name));

    private bool IsOver { get; set; }

    /// <summary>Goes to the next statement that has columns, running those without on the way.</summary>
    public override bool NextResult()
    {
        Release();
        while (_rest is not null)
        {
            var statement = _connection.Statements.Rent(_rest);
            try
            {
                _rest = statement.Tail;
                _parameters.BindTo(statement);
                _rowIsWaiting = statement.Step();
                if (statement.WritesData)
                    _changed = Math.Max(_changed, 0) + SqliteLibrary.Changes(_connection.Handle);
            }
            catch
            {
                _connection.Statements.Return(statement);
                throw;
            }
            if (statement.ColumnCount > 0)
            {
                _statement = statement;
                return true;
            }
            _connection.Statements.Return(statement);
        }
        return false;
    }

    /// <inheritdoc/>
    public override bool Read()
    {
        if (_rowIsWaiting)
        {
            _rowIsWaiting = false;
            return _isOnRow = true;
        }
        return _isOnRow = _isOnRow && _statement!.Step();
    }

    public override void Close()
    {
        if (IsOver)
            return;
        IsOver = true;
        Release();
        if (_closesConnection)
            _connection.Close();
    }

    public override bool IsDBNull(int ordinal) => On(ordinal).TypeOf(ordinal) == SqliteLibrary.TypeNull;
    public override long GetInt64(int ordinal) => NotNull(ordinal).IntegerAt(ordinal);
    public override int GetInt32(int ordinal) => checked((int)GetInt64(ordinal));
    public override short GetInt16(int ordinal) => checked((short)GetInt64(ordinal));
    public override byte GetByte(int ordinal) => checked((byte)GetInt64(ordinal));
    public override bool GetBoolean(int ordinal) => GetInt64(ordinal) != 0;
    public override double GetDouble(int ordinal) => NotNull(ordinal).RealAt(ordinal);
    public override float GetFloat(int ordinal) => (float)GetDouble(ordinal);
    public override string GetString(int ordinal) => Encoding.UTF8.GetString(NotNull(ordinal).TextAt(ordinal));
    public override decimal GetDecimal(int ordinal) => decimal.Parse(GetString(ordinal), CultureInfo.InvariantCulture);
    public override Guid GetGuid(int ordinal) => Guid.Parse(GetString(ordinal));
    public override char GetChar(int ordinal) => GetString(ordinal)[0];

    /// <summary>Reads microseconds since 1970, as <see cref="SqliteParameter"/> writes them.</summary>
    public override DateTime GetDateTime(int ordinal) => GetDateTimeOffset(ordinal).UtcDateTime;

    /// <inheritdoc cref="GetDateTime"/>
    public DateTimeOffset GetDateTimeOffset(int ordinal) => StoredTime.FromMicroseconds(GetInt64(ordinal));

    public override T GetFieldValue<T>(int ordinal)
    {
        if (typeof(T) == typeof(DateTimeOffset))
            return (T)(object)GetDateTimeOffset(ordinal);
        if (typeof(T) == typeof(DateTime))
            return (T)(object)GetDateTime(ordinal);
        if (typeof(T) == typeof(TimeSpan))
            return (T)(object)TimeSpan.FromMicroseconds(GetInt64(ordinal));
        var value = GetValue(ordinal);
        return value is T same ? same
            : value is DBNull ? throw Null(ordinal)
            : (T)Convert.ChangeType(value, typeof(T), CultureInfo.InvariantCulture);
    }

    public override object GetValue(int ordinal)
    {
        var row = On(ordinal);
        return row.TypeOf(ordinal) switch
        {
            SqliteLibrary.TypeInteger => row.IntegerAt(ordinal),
            SqliteLibrary.TypeReal => row.RealAt(ordinal),
            SqliteLibrary.TypeText => Encoding.UTF8.GetString(row.TextAt(ordinal)),
            SqliteLibrary.TypeBlob => row.BlobAt(ordinal).ToArray(),
            _ => DBNull.Value,
        };
    }

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (var i = 0; i < count; i++)
            values[i] = GetValue(i);
        return count;
    }

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length)
    {
        var blob = NotNull(ordinal).BlobAt(ordinal);
        if (buffer is null)
            return blob.Length;
        var part = blob[(int)Math.Min(dataOffset, blob.Length)..];
        part = part[..Math.Min(part.Length, length)];
        part.CopyTo(buffer.AsSpan(bufferOffset));
        return part.Length;
    }

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length)
    {
        var text = GetString(ordinal);
        if (buffer is null)
            return text.Length;
        var part = text.AsSpan((int)Math.Min(dataOffset, text.Length));
        part = part[..Math.Min(part.Length, length)];
        part.CopyTo(buffer.AsSpan(bufferOffset));
        return part.Length;
    }

    public override string GetName(int ordinal) => Column(ordinal).NameOf(ordinal);

    public override int GetOrdinal(string name)
    {
        for (var i = 0; i < FieldCount; i++)
        {
            if (GetName(i).Equals(name, StringComparison.OrdinalIgnoreCase))
                return i;
        }
        throw new ArgumentOutOfRangeException(nameof(name), $"There is no column '{name}'");
    }

    public override string GetDataTypeName(int ordinal) => Column(ordinal).DeclarationOf(ordinal) ?? "";

    /// <summary>The type that the column was declared for; for an expression, that of the value at hand.</summary>
    public override Type GetFieldType(int ordinal) => Column(ordinal).DeclarationOf(ordinal)?.ToUpperInvariant() switch
    {
        "INTEGER" => typeof(long),
        "REAL" => typeof(double),
        "TEXT" => typeof(string),
        "BLOB" => typeof(byte[]),
        _ when !HasRows => typeof(object),
        _ => _statement!.TypeOf(ordinal) switch
        {
            SqliteLibrary.TypeInteger => typeof(long),
            SqliteLibrary.TypeReal => typeof(double),
            SqliteLibrary.TypeText => typeof(string),
            SqliteLibrary.TypeBlob => typeof(byte[]),
            _ => typeof(object),
        },
    };

    public override IEnumerator GetEnumerator() => new DbEnumerator(this, closeReader: false);

    /// <summary>The column as UTF-8, valid until the next row.</summary>
    internal ReadOnlySpan<byte> GetUtf8(int ordinal) => NotNull(ordinal).TextAt(ordinal);

    private void Release()
    {
        if (_statement is not null && _connection.State == ConnectionState.Open)
            _connection.Statements.Return(_statement);
        else
            _statement?.Dispose();   // the connection was closed first
        (_statement, _rowIsWaiting, _isOnRow) = (null, false, false);
    }

    private SqliteStatement Column(int ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, FieldCount);
        return _statement!;
    }

    private SqliteStatement On(int ordinal) => _isOnRow ? Column(ordinal) : throw new InvalidOperationException("There is no row");

    private SqliteStatement NotNull(int ordinal) => IsDBNull(ordinal) ? throw Null(ordinal) : _statement!;

    private InvalidCastException Null(int ordinal) => new($"Column '{GetName(ordinal)}' is null");
}
