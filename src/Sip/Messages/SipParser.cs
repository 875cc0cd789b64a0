using System.Runtime.CompilerServices;

namespace Switchhook.Sip.Messages;

/// <summary>Reads messages in one pass over their bytes (RFC 3261 §7); a fault is a value, never an exception.</summary>
public static class SipParser
{
    // What we send may be what we received with a few rows more.
    private const int MostRows = 256;
    private const int MostOwnRows = 512;

    private static readonly SipLimits OwnLimits = new(int.MaxValue, MostOwnRows, int.MaxValue, int.MaxValue);

    /// <summary>
    /// Reads one message from a datagram or from the bytes a <see cref="SipFramer"/> cut out of a stream. The bytes are
    /// copied. Octets behind Content-Length are dropped (RFC 3261 §18.3); without it the body is the rest.
    /// </summary>
    /// <param name="datagram">The bytes; CRLFs before the start line are skipped (§7.5).</param>
    /// <param name="limits">How much is accepted.</param>
    /// <param name="message">
    /// The message, also when a fault is named and enough was there to be worth showing; see
    /// <see cref="SipMessage.IsReplyable"/>. Null when nothing could be read.
    /// </param>
    /// <returns>The first fault, or <see cref="SipParseError.None"/>.</returns>
    public static SipParseError TryParse(ReadOnlySpan<byte> datagram, in SipLimits limits, out SipMessage? message) =>
        TryParse(datagram, limits, null, out message);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, in SipLimits, out SipMessage?)"/>
    /// <param name="scratch">Where the message is put, until the next one; null for a message of its own.</param>
    public static SipParseError TryParse(ReadOnlySpan<byte> datagram, in SipLimits limits, SipScratch? scratch, out SipMessage? message)
    {
        message = null;
        while (datagram.Length >= 2 && datagram[0] == (byte)'\r' && datagram[1] == (byte)'\n') datagram = datagram[2..];
        if (datagram.IsEmpty) return SipParseError.Empty;
        return datagram.Length > limits.MaxMessageBytes
            ? SipParseError.TooLarge
            : Read(datagram, null, scratch, isOwn: false, limits, out message);
    }

    /// <summary>Indexes bytes that are already the message's own, as a builder has written them.</summary>
    internal static SipMessage? Adopt(byte[] wire)
    {
        _ = Read(wire, wire, null, isOwn: true, OwnLimits, out var message);
        return message;
    }

    /// <summary>Indexes what a builder has written in the scratch it is meant for.</summary>
    internal static SipMessage? Adopt(ReadOnlySpan<byte> wire, SipScratch scratch)
    {
        _ = Read(wire, null, scratch, isOwn: true, OwnLimits, out var message);
        return message;
    }

    [SkipLocalsInit]
    private static SipParseError Read(ReadOnlySpan<byte> source, byte[]? own, SipScratch? scratch, bool isOwn, in SipLimits limits, out SipMessage? message)
    {
        message = null;
        Span<HeaderRow> rows = stackalloc HeaderRow[MostOwnRows];
        var most = Math.Min(limits.MaxHeaderRows, isOwn ? MostOwnRows : MostRows);
        var scan = new RowScanner(source, rows[..most], limits.MaxRowBytes);
        var startLine = scan.TakeStartLine();
        if (startLine.Length > limits.MaxRowBytes) return SipParseError.RowTooLong;
        var start = StartLine.Parse(startLine);
        if (start.Error == SipParseError.BadStartLine && start.Method.Length == 0) return SipParseError.BadStartLine;
        scan.TakeRows();

        rows = rows[..scan.Count];
        var bodyError = BodyEnd(source, rows, scan.First[(int)HeaderName.ContentLength], scan.Position, out var end);
        var wire = own ?? scratch?.Copy(source[..end]) ?? source[..end].ToArray();
        if (scan.AnyFolded) Unfold(wire, rows);

        message = scratch is not null ? scratch.Message(end, rows, scan.First, scan.Position, start)
            : start.IsResponse
            ? new SipResponse(wire, rows.ToArray(), scan.First, scan.Position, start.Status, start.Reason)
            : new SipRequest(wire, rows.ToArray(), scan.First, scan.Position, start.Method, start.Uri);
        var check = message.Check(limits);
        if (start.Error != SipParseError.None) return start.Error;
        if (scan.Error != SipParseError.None) return scan.Error;
        return check != SipParseError.None ? check : bodyError;
    }

    /// <summary>Where the message ends by its Content-Length (RFC 3261 §20.14).</summary>
    private static SipParseError BodyEnd(
        ReadOnlySpan<byte> source, ReadOnlySpan<HeaderRow> rows, byte first, int bodyOffset, out int end)
    {
        end = source.Length;
        if (first == 0) return SipParseError.None;
        uint? promised = null;
        for (var i = first - 1; i < rows.Length; i++)
        {
            if (rows[i].Name != HeaderName.ContentLength) continue;
            var value = source.Slice(rows[i].ValueOffset, rows[i].ValueLength);
            if (!SipText.TryNumber(value, out var length) || (promised ?? length) != length) return SipParseError.BadContentLength;
            promised = length;
        }

        if (promised > (uint)(source.Length - bodyOffset)) return SipParseError.BodyTooShort;
        end = bodyOffset + (int)(promised ?? 0);
        return SipParseError.None;
    }

    /// <summary>Turns the line breaks inside folded rows into spaces, which mean the same (RFC 3261 §7.3.1).</summary>
    private static void Unfold(Span<byte> wire, ReadOnlySpan<HeaderRow> rows)
    {
        foreach (ref readonly var row in rows)
        {
            if (!row.IsFolded) continue;
            var text = wire[row.NameOffset..(row.ValueOffset + row.ValueLength)];
            foreach (ref var b in text)
            {
                if (b is (byte)'\r' or (byte)'\n') b = (byte)' ';
            }
        }
    }
}
