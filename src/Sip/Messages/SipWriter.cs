using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Switchhook.Sip.Messages;

/// <summary>Writes message text into a pooled buffer; nothing written through it can break a line unasked.</summary>
internal struct SipWriter
{
    private static readonly SearchValues<byte> LineBreakers = SearchValues.Create("\r\n\0"u8);

    private byte[]? _buffer;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Text from outside: CR, LF and NUL become spaces.</summary>
    public void Text(ReadOnlySpan<byte> text)
    {
        var target = Reserve(text.Length);
        text.CopyTo(target);
        target = target[..text.Length];
        for (var bad = target.IndexOfAny(LineBreakers); bad >= 0; bad = target.IndexOfAny(LineBreakers)) target[bad] = (byte)' ';
        _length += text.Length;
    }

    public void Text(string text)
    {
        var target = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _ = Utf8.FromUtf16(text, target, out _, out var written);
        target = target[..written];
        for (var bad = target.IndexOfAny(LineBreakers); bad >= 0; bad = target.IndexOfAny(LineBreakers)) target[bad] = (byte)' ';
        _length += written;
    }

    /// <summary>One word of a start line: what would split or end the line becomes %20.</summary>
    public void Word(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (b > (byte)' ') Raw([b]); else Raw("%20"u8);
        }
    }

    /// <summary>A quoted string's inside (RFC 3261 §25.1).</summary>
    public void Quoted(string text)
    {
        Raw("\""u8);
        Text(text.Contains('"', StringComparison.Ordinal) || text.Contains('\\', StringComparison.Ordinal)
            ? text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            : text);
        Raw("\""u8);
    }

    /// <summary>Bytes as they are: our own punctuation and bodies.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    public void Number(long number)
    {
        _ = Utf8Formatter.TryFormat(number, Reserve(20), out var written);
        _length += written;
    }

    /// <summary>The bytes as an array of their own; the buffer goes back to the pool.</summary>
    public byte[] Take()
    {
        var bytes = Written.ToArray();
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _length = 0;
        return bytes;
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1_024, count));
        }
        else if (_buffer.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + count));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}
