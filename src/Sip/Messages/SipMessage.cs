using System.Runtime.InteropServices;
using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>
/// A SIP message (RFC 3261 §7): its own bytes and an index of its header rows. Immutable; every value is read from the
/// bytes on demand. Folded rows are unfolded in place, the line break becoming spaces (§7.3.1). One in a <see cref="SipScratch"/> is
/// there until the next: see <see cref="Kept"/>.
/// </summary>
public abstract partial class SipMessage
{
    // Written once, but for a message in a scratch.
    private byte[] _wire;
    private HeaderRow[] _rows;
    private int _length;
    private int _rowCount;
    private int _bodyOffset;
    private FirstRows _first;
    // Itself, but for a message in a scratch: there the copy that somebody has asked for, so that all who keep it keep the same.
    private SipMessage? _kept;

    private protected SipMessage(byte[] wire, HeaderRow[] rows, in FirstRows first, int bodyOffset)
    {
        _wire = wire;
        _rows = rows;
        _length = wire.Length;
        _rowCount = rows.Length;
        _first = first;
        _bodyOffset = bodyOffset;
        _kept = this;
    }

    /// <summary>The whole message as it goes over the wire.</summary>
    public ReadOnlyMemory<byte> Wire => _wire.AsMemory(0, _length);

    /// <summary>The body; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body => _wire.AsMemory(_bodyOffset, _length - _bodyOffset);

    /// <summary>The session description in the body: the body itself, or its part in a multipart one (RFC 5621); empty when there is none.</summary>
    public ReadOnlyMemory<byte> Description => SessionBody.Find(this, out var description) == BodyFault.None ? description : default;

    /// <summary>The Call-ID (RFC 3261 §20.8).</summary>
    public ReadOnlySpan<byte> CallId => Get(HeaderName.CallId);

    /// <summary>The command sequence (RFC 3261 §20.16); zero in a malformed message.</summary>
    public CSeq CSeq { get; private set; }

    /// <summary>From (RFC 3261 §20.20); empty in a malformed message.</summary>
    public NameAddr From => NameAddr.TryParse(Get(HeaderName.From), out var from) ? from : default;

    /// <summary>To (RFC 3261 §20.39); empty in a malformed message.</summary>
    public NameAddr To => NameAddr.TryParse(Get(HeaderName.To), out var to) ? to : default;

    /// <summary>The first value of the first Via row (RFC 3261 §20.42); empty in a malformed message.</summary>
    public Via TopVia => Via.TryParse(TopViaValue, out var via) ? via : default;

    /// <summary>The top Via as far as an answer needs it; also in a message refused for its Via.</summary>
    internal Via SenderVia => Via.TryReadSender(TopViaValue, out var via, out _) ? via : default;

    /// <summary>The tag of From, found when the message was read; empty when there is none.</summary>
    public ReadOnlySpan<byte> FromTag => At(_fromTag);

    /// <summary>The tag of To, found when the message was read; empty when there is none.</summary>
    public ReadOnlySpan<byte> ToTag => At(_toTag);

    /// <summary>The branch of the top Via, found when the message was read; empty when there is none.</summary>
    public ReadOnlySpan<byte> Branch => At(_branch);

    /// <summary>
    /// True for a request, other than ACK, that carries enough to be answered: a top Via that names its sender. Of From, To, Call-ID and
    /// CSeq the answer repeats what there is, in whatever state (RFC 3261 §8.2.6.2, RFC 4475 §3.3.1).
    /// </summary>
    public virtual bool IsReplyable => false;

    /// <summary>Every row in order.</summary>
    public AllRowsEnumerator AllRows => new(this);

    internal ReadOnlySpan<HeaderRow> RowTable => _rows.AsSpan(0, _rowCount);

    internal ReadOnlySpan<byte> TopViaValue
    {
        get
        {
            var row = Get(HeaderName.Via);
            var comma = SipText.IndexOfBare(row, (byte)',');
            return comma < 0 ? row : SipText.Trim(row[..comma]);
        }
    }

    /// <summary>True when there is at least one row of this header.</summary>
    public bool Has(HeaderName name) => FirstRow(name) >= 0;

    /// <summary>The value of the first row of this header; false when there is none.</summary>
    public bool TryGet(HeaderName name, out ReadOnlySpan<byte> value)
    {
        var row = FirstRow(name);
        value = row < 0 ? default : ValueOf(_rows[row]);
        return row >= 0;
    }

    /// <summary>The value of the first row of the header with this long name, in any case; also of headers not in <see cref="HeaderName"/>.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var known = HeaderNames.Parse(name);
        if (known != HeaderName.Other) return TryGet(known, out value);
        foreach (ref readonly var row in RowTable)
        {
            if (row.Name != HeaderName.Other || !Ascii.EqualsIgnoreCase(NameOf(row), name)) continue;
            value = ValueOf(row);
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>The value of the first row of this header, or an empty span.</summary>
    public ReadOnlySpan<byte> Get(HeaderName name) => TryGet(name, out var value) ? value : default;

    /// <summary>The first row as text, or null when there is none.</summary>
    public string? GetText(HeaderName name) => TryGet(name, out var value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>The first row as a number; parameters behind a semicolon and a comment in parentheses are ignored.</summary>
    public bool TryGetNumber(HeaderName name, out uint number)
    {
        number = 0;
        if (!TryGet(name, out var value)) return false;
        var end = value.IndexOfAny((byte)';', (byte)'(');
        return SipText.TryNumber(SipText.Trim(end < 0 ? value : value[..end]), out number);
    }

    /// <summary>All rows of this header in order.</summary>
    public HeaderRowEnumerator Rows(HeaderName name) => new(this, name);

    /// <summary>All comma-separated elements of this header over all its rows (RFC 3261 §7.3.1).</summary>
    public HeaderValueEnumerator Values(HeaderName name) => new(this, name);

    /// <summary>True when the header lists this token, compared without case: Supported, Require, Allow …</summary>
    public bool Lists(HeaderName name, ReadOnlySpan<byte> token)
    {
        foreach (var element in Values(name))
        {
            if (Ascii.EqualsIgnoreCase(element, token)) return true;
        }

        return false;
    }

    /// <summary>The message as text, for logs and test failures.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Wire.Span);

    /// <summary>The message as one that may be kept: itself, or a copy of one in a <see cref="SipScratch"/>.</summary>
    public SipMessage Kept() => _kept ??= Copy();

    /// <summary>Another message takes the place of this one in its scratch.</summary>
    internal void Refill(byte[] wire, int length, HeaderRow[] rows, int rowCount, in FirstRows first, int bodyOffset)
    {
        (_wire, _length, _rows, _rowCount, _bodyOffset) = (wire, length, rows, rowCount, bodyOffset);
        _first = first;
        _kept = null;
        CSeq = default;
        ForgetChecks();
    }

    internal int FirstRow(HeaderName name)
    {
        if (name == HeaderName.Other) return -1;
        int first = _first[(int)name];
        if (first < FirstRows.Far) return first - 1;
        for (var i = FirstRows.Far - 1; i < _rowCount; i++)
        {
            if (_rows[i].Name == name) return i;
        }

        return -1;
    }

    internal ReadOnlySpan<byte> ValueOf(in HeaderRow row) => _wire.AsSpan(row.ValueOffset, row.ValueLength);

    internal ReadOnlySpan<byte> NameOf(in HeaderRow row) => _wire.AsSpan(row.NameOffset, row.NameLength);

    private protected ReadOnlySpan<byte> At(TextRange range) => _wire.AsSpan(range.Offset, range.Length);

    private SipMessage Copy()
    {
        var own = (SipMessage)MemberwiseClone();
        own._wire = _wire.AsSpan(0, _length).ToArray();
        own._rows = _rows.AsSpan(0, _rowCount).ToArray();
        own._kept = own;
        return own;
    }

    private TextRange RangeOf(ReadOnlySpan<byte> part) =>
        _wire.AsSpan().Overlaps(part, out var offset) ? new(offset, part.Length) : default;
}

/// <summary>A piece of a message.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextRange(int Offset, int Length);
