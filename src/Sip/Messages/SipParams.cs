namespace Switchhook.Sip.Messages;

/// <summary>
/// The parameters behind a URI or a header value: <c>;name=value;flag</c> (RFC 3261 §25.1, generic-param). Read on
/// demand; names compare without case. A malformed tail ends the reading.
/// </summary>
public readonly ref struct SipParams
{
    /// <summary>Takes text that is empty or starts with a semicolon.</summary>
    public SipParams(ReadOnlySpan<byte> raw) => Raw = raw;

    /// <summary>The parameters as written, with the leading semicolon.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    /// <summary>True when there is a parameter called so, with or without a value.</summary>
    public bool Has(ReadOnlySpan<byte> name) => TryGet(name, out _);

    /// <summary>The value of the first parameter called so: without its quotes, empty for a flag.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (var param in this)
        {
            if (!SipText.EqualsIgnoreCase(param.Name, name)) continue;
            value = param.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>The value of the parameter, or an empty span.</summary>
    public ReadOnlySpan<byte> Get(ReadOnlySpan<byte> name) => TryGet(name, out var value) ? value : default;

    /// <summary>The value of the parameter when it is a 32-bit number.</summary>
    public bool TryGetNumber(ReadOnlySpan<byte> name, out uint number)
    {
        number = 0;
        return TryGet(name, out var value) && SipText.TryNumber(value, out number);
    }

    /// <summary>False when a name is missing or a quoted value never closes.</summary>
    internal bool IsWellFormed
    {
        get
        {
            var each = GetEnumerator();
            while (each.MoveNext())
            {
            }

            return !each.IsBroken;
        }
    }

    /// <summary>Walks over the parameters in order.</summary>
    public Enumerator GetEnumerator() => new(Raw);

    /// <summary>Walks over the parameters; ends early where the text is malformed.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> raw) => _rest = SipText.Trim(raw);

        /// <summary>The parameter.</summary>
        public SipParam Current { get; private set; }

        internal bool IsBroken { get; private set; }

        public bool MoveNext()
        {
            if (_rest.IsEmpty || IsBroken) return false;
            if (_rest[0] != (byte)';') return Break();
            _rest = SipText.TrimStart(_rest[1..]);
            var end = _rest.IndexOfAny((byte)';', (byte)'=', (byte)'"');
            if (end < 0) end = _rest.Length;
            var name = SipText.Trim(_rest[..end]);
            if (name.IsEmpty || (end < _rest.Length && _rest[end] == (byte)'"')) return Break();
            if (end == _rest.Length || _rest[end] == (byte)';')
            {
                _rest = _rest[end..];
                Current = new(name, default, isQuoted: false);
                return true;
            }

            _rest = SipText.TrimStart(_rest[(end + 1)..]);
            if (!_rest.IsEmpty && _rest[0] == (byte)'"')
            {
                var quoted = SipText.QuotedLength(_rest);
                if (quoted < 0) return Break();
                Current = new(name, _rest[1..(quoted - 1)], isQuoted: true);
                _rest = SipText.TrimStart(_rest[quoted..]);
                return true;
            }

            end = _rest.IndexOf((byte)';');
            if (end < 0) end = _rest.Length;
            Current = new(name, SipText.Trim(_rest[..end]), isQuoted: false);
            _rest = _rest[end..];
            return true;
        }

        private bool Break()
        {
            IsBroken = true;
            return false;
        }
    }
}

/// <summary>One parameter; the value is empty for a flag and inside its quotes for a quoted string.</summary>
public readonly ref struct SipParam
{
    internal SipParam(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isQuoted)
    {
        Name = name;
        Value = value;
        IsQuoted = isQuoted;
    }

    /// <summary>The name as written.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value: without quotes, escapes left in; empty for a flag.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>True when the value stood in quotes.</summary>
    public bool IsQuoted { get; }
}
