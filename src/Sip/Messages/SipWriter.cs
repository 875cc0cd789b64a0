using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Switchhook.Sip.Messages;

/// <summary>Writes message text into a pooled buffer; nothing written through it can break a line unasked.</summary>
internal struct SipWriter
{
    private byte[]? _buffer;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Text from outside: CR and LF become spaces.</summary>
    public void Text(ReadOnlySpan<byte> text)
    {
        var target = Reserve(text.Length);
        text.CopyTo(target);
        target = target[..text.Length];
        Tame(target);
        _length += text.Length;
    }

    public void Text(string text)
    {
        var target = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _ = Utf8.FromUtf16(text, target, out _, out var written);
        target = target[..written];
        Tame(target);
        target.Replace((byte)0, (byte)' ');
        _length += written;
    }

    /// <summary>A URI: what would end it early is percent-escaped (RFC 3261 §19.1.2).</summary>
    public void Uri(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var bad = text.IndexOfAny(SipText.UnsafeInUri);
            Raw(bad < 0 ? text : text[..bad]);
            if (bad < 0) return;
            Raw([(byte)'%', HexDigit(text[bad] >> 4), HexDigit(text[bad] & 15)]);
            text = text[(bad + 1)..];
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

    /// <summary>Empty again; the buffer stays.</summary>
    public void Clear() => _length = 0;

    private static void Tame(Span<byte> text)
    {
        if (text.IndexOfAny((byte)'\r', (byte)'\n') < 0) return;
        text.Replace((byte)'\r', (byte)' ');
        text.Replace((byte)'\n', (byte)' ');
    }

    private static byte HexDigit(int value) => "0123456789ABCDEF"u8[value];

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
