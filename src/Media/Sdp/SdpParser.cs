using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace Switchhook.Media.Sdp;

/// <summary>Reads a description line by line (RFC 8866 §9), within <see cref="SdpLimits"/>.</summary>
internal ref struct SdpParser
{
    private static readonly SearchValues<byte> DottedDigits = SearchValues.Create("0123456789."u8);

    private SdpOrigin? _origin;
    private string _name;
    private SdpConnection? _connection;
    private MediaDirection? _direction;
    private List<SdpMediaBuilder>? _media;

    public static SdpError TryParse(ReadOnlySpan<byte> text, out SdpSession? session)
    {
        session = null;
        if (text.Length > SdpLimits.Octets) return SdpError.TooLong;

        var parser = new SdpParser { _name = "-" };
        var error = parser.Read(text);
        if (error == SdpError.None) session = parser.Build();
        return error;
    }

    private SdpError Read(ReadOnlySpan<byte> text)
    {
        var lines = 0;
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
            text = end < 0 ? [] : text[(end + 1)..];
            if (++lines > SdpLimits.Lines || line.Length > SdpLimits.LineOctets) return SdpError.TooLong;
            if (line.IsEmpty) continue;
            if (line.Length < 2 || line[1] != '=') return SdpError.BadLine;

            var value = line[2..];
            if (lines == 1) { if (line[0] != 'v' || !value.SequenceEqual("0"u8)) return SdpError.BadVersion; continue; }
            var error = On(line[0], value);
            if (error != SdpError.None) return error;
        }

        if (lines == 0) return SdpError.BadVersion;
        return _origin is null ? SdpError.BadOrigin : SdpError.None;
    }

    private SdpError On(byte letter, ReadOnlySpan<byte> value) => letter switch
    {
        (byte)'o' => OnOrigin(value),
        (byte)'s' => OnName(value),
        (byte)'c' => OnConnection(value),
        (byte)'m' => OnMedia(value),
        (byte)'a' => OnAttribute(value),
        _ => SdpError.None,
    };

    private SdpError OnOrigin(ReadOnlySpan<byte> value)
    {
        var user = NextField(ref value);
        var id = NextField(ref value);
        var version = NextField(ref value);
        var network = NextField(ref value);
        var family = NextField(ref value);
        var address = NextField(ref value);
        if (_media is not null || user.IsEmpty || address.IsEmpty || network.IsEmpty || family.IsEmpty) return SdpError.BadOrigin;

        _origin = new SdpOrigin(Text(user), Text(id), Text(version), Text(address));
        return SdpError.None;
    }

    private SdpError OnName(ReadOnlySpan<byte> value)
    {
        if (_media is null && !value.IsEmpty) _name = Text(value);
        return SdpError.None;
    }

    private SdpError OnConnection(ReadOnlySpan<byte> value)
    {
        if (!TryConnection(value, out var connection)) return SdpError.BadConnection;
        if (_media is null) _connection = connection;
        else _media[^1].Connection = connection;
        return SdpError.None;
    }

    private SdpError OnMedia(ReadOnlySpan<byte> value)
    {
        if (_origin is null) return SdpError.BadOrigin;
        _media ??= [];
        if (_media.Count == SdpLimits.Media) return SdpError.TooManyMedia;

        var kind = NextField(ref value);
        var port = NextField(ref value);
        var protocol = NextField(ref value);
        var slash = port.IndexOf((byte)'/');                // a range of ports: only the first counts here
        if (slash >= 0) port = port[..slash];
        if (kind.IsEmpty || protocol.IsEmpty || !TryNumber(port, 65_535, out var number)) return SdpError.BadMedia;

        var media = new SdpMediaBuilder(Text(kind), number, Text(protocol));
        while (true)
        {
            var token = NextField(ref value);
            if (token.IsEmpty) break;
            if (media.Formats.Count == SdpLimits.Formats) return SdpError.TooManyMedia;
            media.AddFormat(Text(token));
        }

        if (media.Formats.Count == 0) return SdpError.BadMedia;
        _media.Add(media);
        return SdpError.None;
    }

    private SdpError OnAttribute(ReadOnlySpan<byte> value)
    {
        if (Direction(value) is { } direction)
        {
            if (_media is null) _direction = direction;
            else _media[^1].Direction = direction;
            return SdpError.None;
        }

        return _media is null ? SdpError.None : _media[^1].OnAttribute(value);
    }

    private readonly SdpSession Build() => new()
    {
        Origin = _origin!,
        Name = _name,
        Connection = _connection,
        Direction = _direction,
        Media = _media is null ? [] : [.. _media.Select(static m => m.Build())],
    };

    private static MediaDirection? Direction(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("sendrecv"u8) ? MediaDirection.SendRecv
        : value.SequenceEqual("sendonly"u8) ? MediaDirection.SendOnly
        : value.SequenceEqual("recvonly"u8) ? MediaDirection.RecvOnly
        : value.SequenceEqual("inactive"u8) ? MediaDirection.Inactive
        : null;

    internal static bool TryConnection(ReadOnlySpan<byte> value, out SdpConnection? connection)
    {
        connection = null;
        if (!NextField(ref value).SequenceEqual("IN"u8)) return false;
        var family = NextField(ref value);
        var address = NextField(ref value);
        var slash = address.IndexOf((byte)'/');             // a multicast TTL or count
        if (slash >= 0) address = address[..slash];
        var isFour = family.SequenceEqual("IP4"u8);
        if (address.IsEmpty || (!isFour && !family.SequenceEqual("IP6"u8))) return false;

        var text = Text(address);
        // The platform also reads "1" and "0x7f.1" as addresses; a description may not say it that way.
        var looksRight = isFour ? address.Count((byte)'.') == 3 && !address.ContainsAnyExcept(DottedDigits) : address.Contains((byte)':');
        connection = new SdpConnection(text, looksRight && IPAddress.TryParse(text, out var parsed) ? parsed : null);
        return true;
    }

    internal static ReadOnlySpan<byte> NextField(ref ReadOnlySpan<byte> value)
    {
        value = value.TrimStart((byte)' ');
        var end = value.IndexOf((byte)' ');
        var field = end < 0 ? value : value[..end];
        value = end < 0 ? [] : value[(end + 1)..];
        return field;
    }

    internal static bool TryNumber(ReadOnlySpan<byte> digits, int most, out int number) =>
        Utf8Parser.TryParse(digits, out number, out var used) && used == digits.Length && number >= 0 && number <= most;

    internal static string Text(ReadOnlySpan<byte> octets) => Encoding.UTF8.GetString(octets);
}
