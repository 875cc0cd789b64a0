using System.Buffers.Text;
using System.Text;

namespace Switchhook.Media.Sdp;

/// <summary>Writes a description in the order RFC 8866 §5 demands.</summary>
internal ref struct SdpWriter
{
    private readonly Span<byte> _room;
    private int _length;
    private bool _full;

    private SdpWriter(Span<byte> room) => _room = room;

    public static byte[] Write(SdpSession session)
    {
        Span<byte> near = stackalloc byte[2_048];
        var writer = new SdpWriter(near);
        writer.Session(session);
        if (!writer._full) return near[..writer._length].ToArray();

        // Many refused media lines with long formats: rare, and bounded by what the parser let in.
        for (var size = 16_384; ; size *= 2)
        {
            var far = new byte[size];
            writer = new SdpWriter(far);
            writer.Session(session);
            if (!writer._full) return far[..writer._length];
        }
    }

    private void Session(SdpSession session)
    {
        var o = session.Origin;
        Add("v=0\r\no="u8); Add(o.User); Add(" "u8); Add(o.SessionId); Add(" "u8); Add(o.Version); Address(o.Address);
        Add("\r\ns="u8); Add(session.Name); Add("\r\n"u8);
        if (session.Connection is { } connection) Connection(connection);
        Add("t=0 0\r\n"u8);
        if (session.Direction is { } direction) Direction(direction);
        foreach (var media in session.Media) Media(media);
    }

    private void Media(SdpMedia media)
    {
        Add("m="u8); Add(media.Kind); Add(" "u8); Add(media.Port); Add(" "u8); Add(media.Protocol);
        foreach (var format in media.Formats) { Add(" "u8); Add(format.Token); }
        Add("\r\n"u8);
        if (media.Connection is { } connection) Connection(connection);
        if (media.Port == 0) return;                        // a refused line says no more

        foreach (var format in media.Formats) Format(format);
        if (media.PacketTimeMs is { } packetTime) { Add("a=ptime:"u8); Add(packetTime); Add("\r\n"u8); }
        if (media.RtcpPort is { } port) Rtcp(port, media.RtcpConnection);
        if (media.Direction is { } direction) Direction(direction);
    }

    private void Format(SdpFormat format)
    {
        if (format.Encoding is not null)
        {
            Add("a=rtpmap:"u8); Add(format.Token); Add(" "u8); Add(format.Encoding); Add("/"u8); Add(format.ClockRateHz);
            if (format.Channels > 1) { Add("/"u8); Add(format.Channels); }
            Add("\r\n"u8);
        }

        if (format.Parameters is null) return;
        Add("a=fmtp:"u8); Add(format.Token); Add(" "u8); Add(format.Parameters); Add("\r\n"u8);
    }

    private void Rtcp(int port, SdpConnection? connection)
    {
        Add("a=rtcp:"u8); Add(port);
        if (connection is not null) Address(connection.Text);
        Add("\r\n"u8);
    }

    private void Connection(SdpConnection connection)
    {
        Add("c="u8);
        Network(connection.Text);
        Add("\r\n"u8);
    }

    private void Direction(MediaDirection direction)
    {
        Add("a="u8); Add(direction.Word()); Add("\r\n"u8);
    }

    private void Address(string address)
    {
        Add(" "u8);
        Network(address);
    }

    private void Network(string address)
    {
        Add(address.Contains(':', StringComparison.Ordinal) ? "IN IP6 "u8 : "IN IP4 "u8);
        Add(address);
    }

    private void Add(ReadOnlySpan<byte> octets)
    {
        if (octets.TryCopyTo(_room[_length..])) _length += octets.Length;
        else _full = true;
    }

    private void Add(string text)
    {
        if (Encoding.UTF8.TryGetBytes(text, _room[_length..], out var written)) _length += written;
        else _full = true;
    }

    private void Add(int number)
    {
        if (Utf8Formatter.TryFormat(number, _room[_length..], out var written)) _length += written;
        else _full = true;
    }
}
