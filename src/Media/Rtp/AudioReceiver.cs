using Switchhook.Media.Codecs;

namespace Switchhook.Media.Rtp;

/// <summary>What a frame taken from a receiver is.</summary>
internal enum HeardFrame
{
    /// <summary>Nobody sends, or not yet: zeros.</summary>
    Nothing,

    /// <summary>Near silence; the samples may be zeros instead.</summary>
    Quiet,

    /// <summary>Something to hear.</summary>
    Sound,
}

/// <summary>A stream of packets made into a frame of samples each 20 ms: jitter buffer, decoder, concealment, resampling. Owned by a media thread.</summary>
internal sealed class AudioReceiver : IDisposable
{
    /// <summary>Mean magnitude under which a frame is silence to the ear: some −56 dB below full scale.</summary>
    public const int QuietLevel = 50;

    private const int MostPacketSamples = 1_920;            // 120 ms at 16 kHz (RFC 7587 §3.2)

    private readonly JitterBuffer _jitter = new(8_000);
    private readonly short[] _pcm = new short[MostPacketSamples + 320];
    private readonly short[] _frame = new short[320];
    private int _have;
    private int _clockHz = 8_000;
    private uint _ssrc;
    private AudioCodec _codec;
    private IAudioDecoder? _decoder;
    private Concealer? _concealer;
    private PolyphaseResampler? _resampler;
    private int _resampledTo;
    private bool _isQuiet = true;

    /// <summary>Frames made up because their packet was lost or late.</summary>
    public long Concealed { get; private set; }

    /// <summary>Packets that came after their time.</summary>
    public long Late => _jitter.Late;

    /// <summary>Delay aimed at, milliseconds.</summary>
    public int TargetMs => (int)(_jitter.Target * 1_000L / _clockHz);

    /// <summary>Takes a packet.</summary>
    public void Put(AudioCodec codec, in RtpHeader header, ReadOnlySpan<byte> payload, long nowNs)
    {
        if (codec.RtpClockHz() != _clockHz)
        {
            _clockHz = codec.RtpClockHz();
            _jitter.SetClock(_clockHz);
        }
        else if (header.Ssrc != _ssrc)
        {
            _jitter.Reset();
        }

        _ssrc = header.Ssrc;
        var units = codec == AudioCodec.Opus ? OpusDecoder.SamplesOf(payload, 48_000) : payload.Length;
        _ = _jitter.Put(header.Sequence, header.Timestamp, units, codec, payload, Units(nowNs));
    }

    /// <summary>The next 20 ms.</summary>
    /// <param name="frame">160 or 320 samples: its length says at which rate they are wanted.</param>
    /// <param name="nowNs">The present.</param>
    /// <param name="skipQuiet">Silent packets of G.711 need not be decoded.</param>
    public HeardFrame Take(Span<short> frame, long nowNs, bool skipQuiet = false)
    {
        while (true)
        {
            var wanted = (_decoder?.SampleRateHz ?? 8_000) / 50;
            if (_have >= wanted && _decoder is not null) return Deliver(wanted, frame);
            switch (_jitter.Take(Units(nowNs), _isQuiet, out var packet))
            {
                case JitterOutcome.Packet:
                    if (skipQuiet && packet.Codec.IsG711() && packet.Payload.Length == 160 && _have == 0 && IsQuiet(packet)) return Skip(packet, frame);
                    Decode(packet);
                    break;
                case JitterOutcome.Lost or JitterOutcome.Stretch when _decoder is not null:
                    Conceal(packet, wanted);
                    break;
                default:
                    if (_have == 0 || _decoder is null)
                    {
                        frame.Clear();
                        _isQuiet = true;
                        _concealer?.Reset();
                        return HeardFrame.Nothing;
                    }

                    _pcm.AsSpan(_have, Math.Max(0, wanted - _have)).Clear();
                    _have = Math.Max(_have, wanted);
                    break;
            }
        }
    }

    public void Dispose() => _decoder?.Dispose();

    /// <summary>Mean magnitude of a frame.</summary>
    public static int LevelOf(ReadOnlySpan<short> frame)
    {
        var sum = 0;
        foreach (var sample in frame) sum += Math.Abs((int)sample);
        return frame.IsEmpty ? 0 : sum / frame.Length;
    }

    private uint Units(long nowNs) => (uint)(nowNs / 1_000 * (_clockHz / 1_000) / 1_000);

    private void Decode(in JitterPacket packet)
    {
        if (_decoder is null || packet.Codec != _codec) Use(packet.Codec);
        var room = _pcm.AsSpan(_have);
        var made = _decoder!.Decode(packet.Payload, room);
        if (made == 0) { Conceal(default, _decoder.SampleRateHz / 50); return; }
        _concealer?.OnHeard(room[..made]);
        _have += made;
    }

    private void Conceal(in JitterPacket next, int samples)
    {
        Concealed++;
        var room = _pcm.AsSpan(_have, samples);
        if (!_decoder!.TryConceal(next.Payload, room) && (next.Payload.IsEmpty || !_decoder.TryConceal([], room)))
        {
            if (_concealer is not null) _concealer.Conceal(room);
            else room.Clear();
        }

        _have += samples;
    }

    private HeardFrame Deliver(int count, Span<short> frame)
    {
        var made = _pcm.AsSpan(0, count);
        if (count == frame.Length) made.CopyTo(frame);
        else Resample(made, frame);
        _pcm.AsSpan(count, _have - count).CopyTo(_pcm);
        _have -= count;
        _isQuiet = LevelOf(frame) < QuietLevel;
        return _isQuiet ? HeardFrame.Quiet : HeardFrame.Sound;
    }

    private void Resample(ReadOnlySpan<short> from, Span<short> to)
    {
        if (_resampler is null || _resampledTo != to.Length)
        {
            _resampler = new PolyphaseResampler(from.Length * 50, to.Length * 50, from.Length);
            _resampledTo = to.Length;
        }

        var made = _resampler.Process(from, _frame);
        _frame.AsSpan(0, Math.Min(made, to.Length)).CopyTo(to);
    }

    private HeardFrame Skip(in JitterPacket packet, Span<short> frame)
    {
        if (_decoder is null || packet.Codec != _codec) Use(packet.Codec);
        _concealer?.Reset();
        frame.Clear();
        _isQuiet = true;
        return HeardFrame.Quiet;
    }

    /// <summary>Every fourth octet is enough to tell silence by; at uneven steps, for at even ones a tone of 1000 or 2000 Hz may show its zeroes alone.</summary>
    private static bool IsQuiet(in JitterPacket packet)
    {
        var sum = 0;
        var isMu = packet.Codec == AudioCodec.Pcmu;
        for (var i = 0; i < packet.Payload.Length; i += (i & 1) == 0 ? 3 : 5)
            sum += Math.Abs((int)(isMu ? G711.DecodeMuLaw(packet.Payload[i]) : G711.DecodeALaw(packet.Payload[i])));
        return sum < QuietLevel * packet.Payload.Length / 4;
    }

    private void Use(AudioCodec codec)
    {
        _decoder?.Dispose();
        _codec = codec;
        _decoder = AudioCodecs.CreateDecoder(codec);
        _concealer = codec == AudioCodec.Opus ? null : new Concealer(_decoder.SampleRateHz);
        (_resampler, _have) = (null, 0);
    }
}
