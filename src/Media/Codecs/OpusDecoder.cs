namespace Switchhook.Media.Codecs;

/// <summary>Opus to mono samples at 16 kHz, whatever bandwidth and channels were sent (RFC 6716 §2).</summary>
internal sealed unsafe class OpusDecoder : IAudioDecoder
{
    private readonly OpusDecoderHandle _decoder;

    public OpusDecoder()
    {
        OpusLibrary.Require();
        _decoder = OpusLibrary.CreateDecoder(SampleRateHz, 1, out var error);
        if (error != 0) throw new InvalidOperationException($"libopus gives no decoder: error {error}.");
    }

    public int SampleRateHz => 16_000;

    /// <summary>Samples at a rate that a packet holds; 0 when it is none (RFC 6716 §3.1).</summary>
    public static int SamplesOf(ReadOnlySpan<byte> payload, int rateHz)
    {
        if (payload.IsEmpty) return 0;
        fixed (byte* from = payload) return Math.Max(0, OpusLibrary.SamplesOf(from, payload.Length, rateHz));
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        if (payload.IsEmpty) return 0;
        fixed (byte* from = payload)
        fixed (short* to = samples)
            return Math.Max(0, OpusLibrary.Decode(_decoder, from, payload.Length, to, samples.Length, 0));
    }

    /// <summary>The packet after the lost one may carry a coarse copy of it (RFC 6716 §4.4, "in-band FEC"); without it the decoder goes on from what it knows.</summary>
    public bool TryConceal(ReadOnlySpan<byte> next, Span<short> samples)
    {
        fixed (byte* from = next)
        fixed (short* to = samples)
        {
            var made = next.IsEmpty
                ? OpusLibrary.Decode(_decoder, null, 0, to, samples.Length, 0)
                : OpusLibrary.Decode(_decoder, from, next.Length, to, samples.Length, 1);
            return made == samples.Length;
        }
    }

    public void Dispose() => _decoder.Dispose();
}
