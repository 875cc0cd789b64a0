using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Switchhook.Storage.Sqlite;

/// <summary>A prepared statement: the first of its text; what follows it is <see cref="Tail"/>.</summary>
internal sealed unsafe class SqliteStatement : IDisposable
{
    private const uint PersistentFlag = 1;   // SQLITE_PREPARE_PERSISTENT: kept in the cache
    private readonly SqliteHandle _database;
    private readonly BoundMemory _bound;
    private nint _statement;

    private SqliteStatement(SqliteHandle database, string sql, nint statement, string? tail)
    {
        (_database, Sql, _statement, Tail) = (database, sql, statement, tail);
        ParameterNames = ReadParameterNames(statement);
        _bound = new BoundMemory(ParameterNames.Length);
        ColumnCount = SqliteLibrary.ColumnCount(statement);
        WritesData = statement != 0 && SqliteLibrary.IsReadOnly(statement) == 0;
    }

    public string Sql { get; }
    public string? Tail { get; }

    /// <summary>Names without their prefix; null for a plain <c>?</c>.</summary>
    public string?[] ParameterNames { get; }
    public int ColumnCount { get; }
    public bool WritesData { get; }
    public nint Handle => _statement;

    /// <summary>When the cache last saw it.</summary>
    public long LastUse { get; set; }

    public static SqliteStatement Prepare(SqliteHandle database, string sql)
    {
        var octets = Encoding.UTF8.GetBytes(sql + '\0');
        fixed (byte* start = octets)
        {
            var code = SqliteLibrary.Prepare(database, start, octets.Length, PersistentFlag, out var statement, out var tail);
            if (code != SqliteLibrary.Ok)
                throw database.Failure(code);
            var rest = Encoding.UTF8.GetString(tail, (int)(start + octets.Length - 1 - tail));
            return new SqliteStatement(database, sql, statement, string.IsNullOrWhiteSpace(rest) ? null : rest);
        }
    }

    /// <summary>True when there is a row; false when it is done.</summary>
    public bool Step()
    {
        if (_statement == 0)
            return false;   // a comment or nothing
        var code = SqliteLibrary.Step(_statement);
        return code switch
        {
            SqliteLibrary.Row => true,
            SqliteLibrary.Done => false,
            _ => throw FailAndReset(code),
        };
    }

    /// <summary>Runs it to its end; what is bound stays bound for the next time.</summary>
    public void Run()
    {
        while (Step()) { }
        _ = SqliteLibrary.Reset(_statement);
    }

    /// <summary>Ready to run again, with nothing bound.</summary>
    public void Reset()
    {
        // The code that reset returns repeats the failure of the last step, which was thrown already.
        _ = SqliteLibrary.Reset(_statement);
        _ = SqliteLibrary.ClearBindings(_statement);
    }

    public void BindNull(int index) => Check(SqliteLibrary.BindNull(_statement, index));

    public void Bind(int index, long value) => Check(SqliteLibrary.BindInteger(_statement, index, value));

    public void Bind(int index, double value) => Check(SqliteLibrary.BindReal(_statement, index, value));

    public void Bind(int index, string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most <= BoundMemory.Most)
        {
            var place = _bound.For(index, most);
            var length = place is null ? 0 : Encoding.UTF8.GetBytes(value, new Span<byte>(place, most));
            Check(SqliteLibrary.BindTextInPlace(_statement, index, place, length, SqliteLibrary.InPlace));
            return;
        }
        var rented = ArrayPool<byte>.Shared.Rent(most);
        BindText(index, rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Text that is UTF-8 already.</summary>
    public void BindText(int index, ReadOnlySpan<byte> value)
    {
        if (value.Length <= BoundMemory.Most)
        {
            Check(SqliteLibrary.BindTextInPlace(_statement, index, _bound.Keep(index, value), value.Length, SqliteLibrary.InPlace));
            return;
        }
        fixed (byte* text = value)
            Check(SqliteLibrary.BindText(_statement, index, text, value.Length, SqliteLibrary.Copy));
    }

    public void BindBlob(int index, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and SQLite takes a null address for NULL.
        if (value.IsEmpty)
        {
            Check(SqliteLibrary.BindZeroBlob(_statement, index, 0));
            return;
        }
        if (value.Length <= BoundMemory.Most)
        {
            Check(SqliteLibrary.BindBlobInPlace(_statement, index, _bound.Keep(index, value), value.Length, SqliteLibrary.InPlace));
            return;
        }
        fixed (byte* blob = value)
            Check(SqliteLibrary.BindBlob(_statement, index, blob, value.Length, SqliteLibrary.Copy));
    }

    public int TypeOf(int column) => SqliteLibrary.ColumnType(_statement, column);

    public long IntegerAt(int column) => SqliteLibrary.ColumnInteger(_statement, column);

    public double RealAt(int column) => SqliteLibrary.ColumnReal(_statement, column);

    public ReadOnlySpan<byte> TextAt(int column) => new(SqliteLibrary.ColumnText(_statement, column), SqliteLibrary.ColumnOctets(_statement, column));

    public ReadOnlySpan<byte> BlobAt(int column) => new(SqliteLibrary.ColumnBlob(_statement, column), SqliteLibrary.ColumnOctets(_statement, column));

    public string NameOf(int column) => Marshal.PtrToStringUTF8((nint)SqliteLibrary.ColumnName(_statement, column)) ?? "";

    /// <summary>The type a table's column was declared with; null for an expression.</summary>
    public string? DeclarationOf(int column) => Marshal.PtrToStringUTF8((nint)SqliteLibrary.ColumnDeclaration(_statement, column));

    public void Dispose()
    {
        _ = SqliteLibrary.Finalize(_statement);
        _statement = 0;
        _bound.Dispose();
    }

    private void Check(int code)
    {
        if (code != SqliteLibrary.Ok)
            throw _database.Failure(code);
    }

    private SqliteException FailAndReset(int code)
    {
        var failure = _database.Failure(code);
        Reset();
        return failure;
    }

    private static string?[] ReadParameterNames(nint statement)
    {
        var names = new string?[SqliteLibrary.ParameterCount(statement)];
        for (var i = 0; i < names.Length; i++)
            names[i] = Marshal.PtrToStringUTF8((nint)SqliteLibrary.ParameterName(statement, i + 1))?[1..];
        return names;
    }
}
