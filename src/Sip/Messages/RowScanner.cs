using System.Diagnostics.CodeAnalysis;

namespace Switchhook.Sip.Messages;

/// <summary>
/// Walks the header rows of a message once and notes where each lies (RFC 3261 §7.3). A fault is noted and the walk
/// goes on, so that a broken request can still be answered.
/// </summary>
[SuppressMessage("Performance", "CA1815", Justification = "A ref struct is never compared.")]
internal ref struct RowScanner(ReadOnlySpan<byte> source, Span<HeaderRow> rows, int maxRowBytes)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private readonly Span<HeaderRow> _rows = rows;
    private readonly int _maxRowBytes = maxRowBytes;

    /// <summary>How many rows are noted.</summary>
    public int Count { get; private set; }

    /// <summary>Where the walk is; behind the blank line when it is done.</summary>
    public int Position { get; private set; }

    /// <summary>The first fault met.</summary>
    public SipParseError Error { get; private set; }

    public bool AnyFolded { get; private set; }

    public FirstRows First;

    private bool _hasBareReturn;

    /// <summary>The first line, which is not a row; moves behind its end.</summary>
    public ReadOnlySpan<byte> TakeStartLine()
    {
        var end = LineEnd(0, out var next);
        Position = next;
        return _source[..end];
    }

    /// <summary>Walks to the blank line.</summary>
    public void TakeRows()
    {
        while (true)
        {
            var start = Position;
            if (start >= _source.Length)
            {
                Note(SipParseError.MissingBlankLine);
                return;
            }

            _hasBareReturn = false;
            var end = LineEnd(start, out var next);
            Position = next;
            if (end == start) return;

            var folded = false;
            while (next < _source.Length && _source[next] is (byte)' ' or (byte)'\t')
            {
                folded = true;
                end = LineEnd(next, out next);
                Position = next;
            }

            // A bare CR becomes a space like a folded line end, so that no value ever holds either.
            if (!TakeRow(start, end, folded || _hasBareReturn)) return;
        }
    }

    private bool TakeRow(int start, int end, bool folded)
    {
        if (end - start > _maxRowBytes || end - start > ushort.MaxValue)
        {
            Note(SipParseError.RowTooLong);
            return true;
        }

        var row = _source[start..end];
        var colon = row.IndexOf((byte)':');
        var nameLength = colon;
        while (nameLength > 0 && row[nameLength - 1] is (byte)' ' or (byte)'\t') nameLength--;
        if (nameLength <= 0)
        {
            Note(SipParseError.BadHeaderRow);
            return true;
        }

        var written = row[..nameLength];
        var name = HeaderNames.Parse(written);
        if (name == HeaderName.Other && !SipText.IsToken(written))
        {
            Note(SipParseError.BadHeaderRow);
            return true;
        }

        if (Count == _rows.Length)
        {
            Note(SipParseError.TooManyRows);
            return false;
        }

        var valueStart = colon + 1;
        var valueEnd = row.Length;
        while (valueStart < valueEnd && SipText.IsSpace(row[valueStart])) valueStart++;
        while (valueEnd > valueStart && SipText.IsSpace(row[valueEnd - 1])) valueEnd--;
        _rows[Count] = new(start, start + valueStart, valueEnd - valueStart, (ushort)nameLength, name, folded);
        AnyFolded |= folded;
        if (name != HeaderName.Other && First[(int)name] == 0) First[(int)name] = (byte)Math.Min(Count + 1, FirstRows.Far);
        Count++;
        return true;
    }

    /// <summary>
    /// The end of the line that starts here and the start of the next. Only CRLF ends a line; a bare LF is noted as a
    /// fault and ends it too, a bare CR is noted and passed over.
    /// </summary>
    private int LineEnd(int start, out int next)
    {
        for (var at = start; ;)
        {
            var found = _source[at..].IndexOfAny((byte)'\r', (byte)'\n');
            if (found < 0)
            {
                Note(SipParseError.MissingBlankLine);
                next = _source.Length;
                return next;
            }

            at += found;
            if (_source[at] == (byte)'\r' && at + 1 < _source.Length && _source[at + 1] == (byte)'\n')
            {
                next = at + 2;
                return at;
            }

            Note(SipParseError.BadLineEnd);
            next = at + 1;
            if (_source[at] == (byte)'\n') return at;
            _hasBareReturn = true;
            at++;
        }
    }

    private void Note(SipParseError error)
    {
        if (Error == SipParseError.None) Error = error;
    }
}
