using System.Buffers.Binary;
using System.Net;
using Switchhook.Media.Codecs;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Benchmarks.Load;

/// <summary>The phone's end of one leg's audio: sends a tone and keys, counts what comes. Belongs to the thread of <see cref="RtpLoop"/>.</summary>
internal sealed class RtpLeg
{
    private const int Kept = 16;
    private const int MostOctets = 512;

    private readonly byte[] _packet = new byte[12 + MostOctets];
    private readonly byte[] _last = new byte[Kept * MostOctets];
    private readonly int[] _lastOctets = new int[Kept];
    private readonly byte[][]? _tone;
    private readonly SocketAddress _to;
    private ushort _sequence;
    private uint _timestamp;
    private int _sent;
    private ushort _highest;
    private long _span;
    private long _lastAt;

    public RtpLeg(IPEndPoint remote, AudioCodec codec, int toneHz)
    {
        (_to, Remote, Codec) = (remote.Serialize(), remote, codec);
        (ToneHz, _tone) = (toneHz, toneHz == 0 ? null : Tones.Of(codec, toneHz));
        _packet[0] = 0x80;
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(8), 0xBE000000u + (uint)remote.Port);
    }

    public IPEndPoint Remote { get; }
    public AudioCodec Codec { get; }

    /// <summary>The tone it sends, 0 for a leg that is silent and sends nothing.</summary>
    public int ToneHz { get; }

    /// <summary>When the next packet is due, in units of <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Due { get; set; }

    public long Received { get; private set; }
    public long Sent { get; private set; }

    /// <summary>Packets whose numbers never came.</summary>
    public long Missing => Math.Max(0, _span - Received);
    public long LongestGapNs { get; private set; }

    /// <summary>Gaps of more than 40 ms: a packet more than one tick late.</summary>
    public long LateGaps { get; private set; }

    /// <summary>The key being pressed, if any.</summary>
    public KeyPress? Key { get; set; }

    /// <summary>Counts anew.</summary>
    public void Reset() => (Received, Sent, _span, LongestGapNs, LateGaps, _lastAt) = (0, 0, 0, 0, 0, 0);

    public void SendNext(RtpSocket socket)
    {
        if (Key is { HasMore: true } key)
        {
            var octets = key.Write(_packet, ++_sequence, _timestamp);
            socket.Send(_packet.AsSpan(0, octets), _to);
            if (!key.HasMore) _timestamp += (uint)(KeyPress.Packets * Tones.Step(Codec));
            return;
        }
        if (_tone is null) return;
        Sent++;
        var payload = _tone[_sent++ % _tone.Length];
        _packet[1] = Tones.PayloadType(Codec);
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), ++_sequence);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), _timestamp += Tones.Step(Codec));
        payload.CopyTo(_packet, 12);
        socket.Send(_packet.AsSpan(0, 12 + payload.Length), _to);
    }

    public void OnPacket(ReadOnlySpan<byte> packet, long at)
    {
        if (packet.Length <= 12 || (packet[1] & 0x7F) != Tones.PayloadType(Codec)) return;
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        var ahead = (short)(sequence - _highest);
        if (Received++ == 0) _span = 1;
        else if (ahead is > 0 and < 1_000) _span += ahead;
        else if (ahead is not (<= 0 and > -1_000)) _span++;       // Another stream: a new script step may begin one.
        if (ahead is > 0 or <= -1_000 || Received == 1) _highest = sequence;
        if (_lastAt != 0 && at - _lastAt is var gap)
        {
            LongestGapNs = Math.Max(LongestGapNs, gap);
            if (gap > 40_000_000) LateGaps++;
        }
        _lastAt = at;
        var slot = (int)(Received % Kept);
        var payload = packet[12..Math.Min(packet.Length, 12 + MostOctets)];
        payload.CopyTo(_last.AsSpan(slot * MostOctets));
        _lastOctets[slot] = payload.Length;
        Key?.OnPayload(payload, at);
    }

    /// <summary>The part that a tone has in the last fifth of a second heard.</summary>
    public double ShareOf(int toneHz)
    {
        using var decoder = AudioCodecs.CreateDecoder(Codec);
        var frame = new short[Codec.SampleRateHz() / 50];
        var heard = new List<short>();
        for (var i = 0; i < Kept; i++)
        {
            var slot = (int)((Received + 1 + i) % Kept);
            var samples = decoder.Decode(_last.AsSpan(slot * MostOctets, _lastOctets[slot]), frame);
            if (i >= Kept - 10) heard.AddRange(frame.AsSpan(0, samples));
        }
        return Goertzel.Share(heard.ToArray(), toneHz, Codec.SampleRateHz());
    }
}
