using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Switchhook.Storage.Sqlite;

/// <summary>
/// A value for a placeholder, found by name with or without its <c>@</c>, <c>$</c> or <c>:</c>. Times and durations are stored as whole
/// microseconds: of UTC since 1970, or of length.
/// </summary>
internal sealed class SqliteParameter : DbParameter
{
    private string _name = "";

    public SqliteParameter() { }

    public SqliteParameter(string name, object? value) => (ParameterName, Value) = (name, value);

    public override DbType DbType { get; set; } = DbType.Object;
    public override ParameterDirection Direction { get; set; } = ParameterDirection.Input;
    public override bool IsNullable { get; set; } = true;
    public override int Size { get; set; }
    public override object? Value { get; set; }
    public override bool SourceColumnNullMapping { get; set; }

    [AllowNull]
    public override string ParameterName
    {
        get => _name;
        set => (_name, Name) = (value ?? "", value is ['@' or '$' or ':', ..] ? value[1..] : value ?? "");
    }

    [AllowNull]
    public override string SourceColumn { get; set; } = "";

    /// <summary>The name without its prefix.</summary>
    internal string Name { get; private set; } = "";

    public override void ResetDbType() => DbType = DbType.Object;

    internal void BindTo(SqliteStatement statement, int index)
    {
        switch (Value)
        {
            case null or DBNull: statement.BindNull(index); break;
            case string text: statement.Bind(index, text); break;
            case long number: statement.Bind(index, number); break;
            case int number: statement.Bind(index, number); break;
            case bool flag: statement.Bind(index, flag ? 1L : 0); break;
            case double number: statement.Bind(index, number); break;
            case float number: statement.Bind(index, (double)number); break;
            case DateTimeOffset time: statement.Bind(index, StoredTime.ToMicroseconds(time)); break;
            case DateTime time: statement.Bind(index, StoredTime.ToMicroseconds(new DateTimeOffset(time.ToUniversalTime()))); break;
            case TimeSpan span: statement.Bind(index, span.Ticks / TimeSpan.TicksPerMicrosecond); break;
            case byte[] blob: statement.BindBlob(index, blob); break;
            case ReadOnlyMemory<byte> blob: statement.BindBlob(index, blob.Span); break;
            case Memory<byte> blob: statement.BindBlob(index, blob.Span); break;
            case Guid or char or decimal: statement.Bind(index, Convert.ToString(Value, CultureInfo.InvariantCulture)!); break;
            case Enum or byte or sbyte or short or ushort or uint or ulong:
                statement.Bind(index, Convert.ToInt64(Value, CultureInfo.InvariantCulture));
                break;
            default: throw new NotSupportedException($"Parameter '{ParameterName}': SQLite stores no {Value.GetType()}");
        }
    }
}
