using System.Collections;
using System.Data.Common;

namespace Switchhook.Storage.Sqlite;

/// <summary>The parameters of one command, in order of addition.</summary>
internal sealed class SqliteParameterCollection : DbParameterCollection
{
    private readonly List<SqliteParameter> _parameters = [];

    public override int Count => _parameters.Count;
    public override object SyncRoot => ((ICollection)_parameters).SyncRoot;

    public new SqliteParameter this[int index] => _parameters[index];

    /// <summary>Adds a parameter.</summary>
    public SqliteParameter Add(string name, object? value)
    {
        var parameter = new SqliteParameter(name, value);
        _parameters.Add(parameter);
        return parameter;
    }

    public override int Add(object value)
    {
        _parameters.Add(Own(value));
        return _parameters.Count - 1;
    }

    public override void AddRange(Array values)
    {
        foreach (var value in values)
            Add(value);
    }

    public override void Clear() => _parameters.Clear();
    public override bool Contains(object value) => value is SqliteParameter own && _parameters.Contains(own);
    public override bool Contains(string value) => IndexOf(value) >= 0;
    public override void CopyTo(Array array, int index) => ((ICollection)_parameters).CopyTo(array, index);
    public override IEnumerator GetEnumerator() => _parameters.GetEnumerator();
    public override int IndexOf(object value) => value is SqliteParameter own ? _parameters.IndexOf(own) : -1;
    public override int IndexOf(string parameterName) => _parameters.FindIndex(p => p.Name == Plain(parameterName));
    public override void Insert(int index, object value) => _parameters.Insert(index, Own(value));
    public override void Remove(object value) => _parameters.Remove(Own(value));
    public override void RemoveAt(int index) => _parameters.RemoveAt(index);
    public override void RemoveAt(string parameterName) => _parameters.RemoveAt(Existing(parameterName));

    protected override DbParameter GetParameter(int index) => _parameters[index];
    protected override DbParameter GetParameter(string parameterName) => _parameters[Existing(parameterName)];
    protected override void SetParameter(int index, DbParameter value) => _parameters[index] = Own(value);
    protected override void SetParameter(string parameterName, DbParameter value) => _parameters[Existing(parameterName)] = Own(value);

    /// <summary>Binds every placeholder of the statement.</summary>
    /// <exception cref="InvalidOperationException">A placeholder has no parameter.</exception>
    internal void BindTo(SqliteStatement statement)
    {
        for (var i = 0; i < statement.ParameterNames.Length; i++)
        {
            // Parameters mostly come in the statement's order; searching is the exception.
            var name = statement.ParameterNames[i];
            var at = i < _parameters.Count && (name is null || _parameters[i].Name == name) ? i : name is null ? -1 : IndexOf(name);
            if (at < 0)
                throw new InvalidOperationException($"No value for parameter {name ?? $"number {i + 1}"}");
            _parameters[at].BindTo(statement, i + 1);
        }
    }

    private int Existing(string name) =>
        IndexOf(name) is >= 0 and var index ? index : throw new ArgumentOutOfRangeException(nameof(name), $"There is no parameter '{name}'");

    private static SqliteParameter Own(object value) =>
        value as SqliteParameter ?? throw new ArgumentException("Only a SqliteParameter fits", nameof(value));

    private static string Plain(string name) => name is ['@' or '$' or ':', ..] ? name[1..] : name;
}
