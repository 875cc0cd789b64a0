using System.Net;
using System.Net.Sockets;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Timing;

namespace Switchhook.Media.Tests.Transport;

/// <summary>The far side of a media session: a pair of plain sockets, one packet at a time.</summary>
internal sealed class Phone : IDisposable
{
    private const int DeadlineMs = 5_000;

    private readonly ManualTime _time;
    private readonly byte[] _room = new byte[2_048];

    public Phone(IPAddress address, ManualTime time)
    {
        _time = time;
        (Rtp, Rtcp) = Bind(address);
        Rtp.ReceiveTimeout = Rtcp.ReceiveTimeout = DeadlineMs;
        Source = (uint)(Local.Port * 65_537);
    }

    public Socket Rtp { get; }
    public Socket Rtcp { get; }
    public IPEndPoint Local => (IPEndPoint)Rtp.LocalEndPoint!;
    public IPEndPoint? Remote { get; set; }
    public uint Source { get; set; }
    public ushort Sequence { get; set; } = 100;
    public uint Timestamp { get; set; } = 5_000;

    /// <summary>Datagrams sent to the RTP port.</summary>
    public int Sent { get; private set; }

    /// <summary>Datagrams that wait to be read.</summary>
    public bool HasMore => Rtp.Available > 0;

    public byte[] Send(int payloadType = 0, byte[]? payload = null, bool marker = false)
    {
        payload ??= [.. Enumerable.Range(0, 160).Select(i => (byte)(i + Sequence))];
        Send(new RtpPacket(payloadType, marker, Sequence++, Timestamp, Source, payload));
        Timestamp += 160;
        return payload;
    }

    public void Send(RtpPacket packet) => SendRaw(packet.ToBytes());

    public void SendRaw(byte[] bytes)
    {
        Sent++;
        Rtp.SendTo(bytes, Remote!);
    }

    /// <summary>One packet of a key press; the timestamp stands still until the caller moves it.</summary>
    public void SendEvent(byte code, bool end, int duration, bool marker = false, int payloadType = 101) =>
        Send(new RtpPacket(payloadType, marker, Sequence++, Timestamp, Source, [code, (byte)(end ? 0x8A : 0x0A), (byte)(duration >> 8), (byte)duration]));

    public RtpPacket Receive()
    {
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        var length = Rtp.ReceiveFrom(_room, ref from);
        return RtpPacket.Read(_room.AsSpan(0, length), (IPEndPoint)from)!;
    }

    public List<RtpPacket> ReceiveAll()
    {
        var packets = new List<RtpPacket>();
        while (HasMore) packets.Add(Receive());
        return packets;
    }

    public byte[] ReceiveReport()
    {
        var length = Rtcp.Receive(_room);
        return _room[..length];
    }

    public void SendReport(byte[] report) => Rtcp.SendTo(report, new IPEndPoint(Remote!.Address, Remote.Port + 1));

    public void Dispose()
    {
        Rtp.Dispose();
        Rtcp.Dispose();
    }

    private static (Socket, Socket) Bind(IPAddress address)
    {
        for (var attempt = 0; ; attempt++)
        {
            var rtp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var rtcp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                rtp.Bind(new IPEndPoint(address, 0));
                rtcp.Bind(new IPEndPoint(address, ((IPEndPoint)rtp.LocalEndPoint!).Port + 1));
                return (rtp, rtcp);
            }
            catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException && attempt < 50)
            {
                rtp.Dispose();
                rtcp.Dispose();
            }
        }
    }
}
