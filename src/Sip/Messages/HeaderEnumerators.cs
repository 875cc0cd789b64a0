namespace Switchhook.Sip.Messages;

/// <summary>The rows of one header in order, each as the value on the wire (RFC 3261 §7.3.1).</summary>
public ref struct HeaderRowEnumerator
{
    private readonly SipMessage _message;
    private readonly HeaderName _name;
    private int _index;

    internal HeaderRowEnumerator(SipMessage message, HeaderName name)
    {
        _message = message;
        _name = name;
        _index = message.FirstRow(name) - 1;
        if (_index < -1) _index = message.RowTable.Length;
    }

    /// <summary>The value of the row, without white space at its ends.</summary>
    public readonly ReadOnlySpan<byte> Current => _message.ValueOf(_message.RowTable[_index]);

    public bool MoveNext()
    {
        var rows = _message.RowTable;
        while (++_index < rows.Length)
        {
            if (rows[_index].Name == _name) return true;
        }

        return false;
    }

    public readonly HeaderRowEnumerator GetEnumerator() => this;
}

/// <summary>The comma-separated elements of one header over all its rows; quotes and angle brackets are respected.</summary>
public ref struct HeaderValueEnumerator
{
    private HeaderRowEnumerator _rows;
    private ReadOnlySpan<byte> _rest;

    internal HeaderValueEnumerator(SipMessage message, HeaderName name) => _rows = new(message, name);

    /// <summary>The element, without white space at its ends; never empty.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public bool MoveNext()
    {
        while (true)
        {
            while (!_rest.IsEmpty)
            {
                var comma = SipText.IndexOfBare(_rest, (byte)',');
                var element = comma < 0 ? _rest : _rest[..comma];
                _rest = comma < 0 ? [] : _rest[(comma + 1)..];
                Current = SipText.Trim(element);
                if (!Current.IsEmpty) return true;
            }

            if (!_rows.MoveNext()) return false;
            _rest = _rows.Current;
        }
    }

    public readonly HeaderValueEnumerator GetEnumerator() => this;
}

/// <summary>Every header row of a message in order, known or not.</summary>
public ref struct AllRowsEnumerator
{
    private readonly SipMessage _message;
    private int _index;

    internal AllRowsEnumerator(SipMessage message)
    {
        _message = message;
        _index = -1;
    }

    /// <summary>The row.</summary>
    public readonly SipHeader Current => new(
        _message.RowTable[_index].Name, _message.NameOf(_message.RowTable[_index]), _message.ValueOf(_message.RowTable[_index]));

    public bool MoveNext() => ++_index < _message.RowTable.Length;

    public readonly AllRowsEnumerator GetEnumerator() => this;
}

/// <summary>One header row: its known name, its name as written, and its value.</summary>
public readonly ref struct SipHeader
{
    internal SipHeader(HeaderName name, ReadOnlySpan<byte> writtenName, ReadOnlySpan<byte> value)
    {
        Name = name;
        WrittenName = writtenName;
        Value = value;
    }

    /// <summary>Its member, or <see cref="HeaderName.Other"/>.</summary>
    public HeaderName Name { get; }

    /// <summary>The name as the sender wrote it, perhaps compact.</summary>
    public ReadOnlySpan<byte> WrittenName { get; }

    /// <summary>The value without white space at its ends.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
