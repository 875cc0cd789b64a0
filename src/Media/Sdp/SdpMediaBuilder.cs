namespace Switchhook.Media.Sdp;

/// <summary>One media line while its attributes are being read.</summary>
internal sealed class SdpMediaBuilder(string kind, int port, string protocol)
{
    public List<SdpFormat> Formats { get; } = [];
    public SdpConnection? Connection { get; set; }
    public MediaDirection? Direction { get; set; }

    private int? _packetTimeMs;
    private int? _rtcpPort;
    private SdpConnection? _rtcpConnection;

    public void AddFormat(string token)
    {
        byte? type = byte.TryParse(token, out var number) && number < 128 ? number : null;
        // RFC 3551 §6: these need no rtpmap.
        var encoding = type switch { 0 => "PCMU", 8 => "PCMA", 9 => "G722", _ => null };
        Formats.Add(new SdpFormat(token, type, encoding, encoding is null ? 0 : 8000, null));
    }

    public SdpError OnAttribute(ReadOnlySpan<byte> value)
    {
        var colon = value.IndexOf((byte)':');
        if (colon < 0) return SdpError.None;
        var name = value[..colon];
        value = value[(colon + 1)..];
        if (name.SequenceEqual("rtpmap"u8)) return OnMapping(value);
        if (name.SequenceEqual("fmtp"u8)) return OnParameters(value);
        if (name.SequenceEqual("ptime"u8)) return OnPacketTime(value);
        if (name.SequenceEqual("rtcp"u8)) return OnRtcp(value);
        return SdpError.None;
    }

    public SdpMedia Build() => new()
    {
        Kind = kind,
        Port = port,
        Protocol = protocol,
        Formats = [.. Formats],
        Connection = Connection,
        Direction = Direction,
        PacketTimeMs = _packetTimeMs,
        RtcpPort = _rtcpPort,
        RtcpConnection = _rtcpConnection,
    };

    private SdpError OnMapping(ReadOnlySpan<byte> value)
    {
        var token = SdpParser.NextField(ref value);
        var mapping = SdpParser.NextField(ref value);
        var slash = mapping.IndexOf((byte)'/');
        if (slash <= 0) return SdpError.BadAttribute;
        var rate = mapping[(slash + 1)..];
        var channels = rate.IndexOf((byte)'/');
        var count = 1;
        if (channels >= 0)
        {
            if (!SdpParser.TryNumber(rate[(channels + 1)..], 255, out count)) count = 1;
            rate = rate[..channels];
        }

        if (!SdpParser.TryNumber(rate, 1_000_000_000, out var clockRateHz)) return SdpError.BadAttribute;

        var at = Find(token);
        if (at >= 0) Formats[at] = Formats[at] with { Encoding = SdpParser.Text(mapping[..slash]), ClockRateHz = clockRateHz, Channels = count };
        return SdpError.None;
    }

    private SdpError OnParameters(ReadOnlySpan<byte> value)
    {
        var at = Find(SdpParser.NextField(ref value));
        if (at >= 0) Formats[at] = Formats[at] with { Parameters = SdpParser.Text(value) };
        return SdpError.None;
    }

    private SdpError OnPacketTime(ReadOnlySpan<byte> value)
    {
        var dot = value.IndexOf((byte)'.');                 // some phones write 20.0
        var whole = (dot < 0 ? value : value[..dot]).Trim((byte)' ');
        if (!SdpParser.TryNumber(whole, 10_000, out var milliseconds)) return SdpError.BadAttribute;
        _packetTimeMs = milliseconds;
        return SdpError.None;
    }

    private SdpError OnRtcp(ReadOnlySpan<byte> value)
    {
        if (!SdpParser.TryNumber(SdpParser.NextField(ref value), 65_535, out var rtcpPort)) return SdpError.BadAttribute;
        if (!value.IsEmpty && !SdpParser.TryConnection(value, out _rtcpConnection)) return SdpError.BadAttribute;
        _rtcpPort = rtcpPort;
        return SdpError.None;
    }

    private int Find(ReadOnlySpan<byte> token)
    {
        for (var i = 0; i < Formats.Count; i++)
            if (System.Text.Ascii.Equals(token, Formats[i].Token)) return i;
        return -1;
    }
}
