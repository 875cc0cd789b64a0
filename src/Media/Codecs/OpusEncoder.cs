namespace Switchhook.Media.Codecs;

/// <summary>Opus for speech: mono, 16 kHz in, as narrow as the far side plays (RFC 6716, RFC 7587 §3.1).</summary>
internal sealed unsafe class OpusEncoder : IAudioEncoder
{
    private const int Bitrate = 28_000;                     // wideband speech with room for redundancy (RFC 7587 §3.1.1)
    private const int Complexity = 5;                       // half of what there is costs a third of the time, and is hard to tell apart
    private const int ExpectedLossPercent = 5;

    private readonly OpusEncoderHandle _encoder;

    public OpusEncoder(in OpusParameters wanted)
    {
        OpusLibrary.Require();
        _encoder = OpusLibrary.CreateEncoder(SampleRateHz, 1, OpusLibrary.ApplicationVoip, out var error);
        if (error != 0) throw new InvalidOperationException($"libopus gives no encoder: error {error}.");
        var bitrate = wanted.MaxAverageBitrate > 0 ? Math.Min(Bitrate, wanted.MaxAverageBitrate) : Bitrate;
        _ = OpusLibrary.Control(_encoder, OpusLibrary.SetBitrate, bitrate);
        _ = OpusLibrary.Control(_encoder, OpusLibrary.SetComplexity, Complexity);
        _ = OpusLibrary.Control(_encoder, OpusLibrary.SetSignal, OpusLibrary.SignalVoice);
        _ = OpusLibrary.Control(_encoder, OpusLibrary.SetMaxBandwidth, wanted.MaxPlaybackRateHz switch
        {
            > 0 and <= 8_000 => OpusLibrary.BandwidthNarrow,
            > 0 and <= 12_000 => OpusLibrary.BandwidthMedium,
            _ => OpusLibrary.BandwidthWide,
        });
        _ = OpusLibrary.Control(_encoder, OpusLibrary.SetDtx, wanted.UseDtx ? 1 : 0);
        if (!wanted.UseInbandFec) return;
        _ = OpusLibrary.Control(_encoder, OpusLibrary.SetInbandFec, 1);
        _ = OpusLibrary.Control(_encoder, OpusLibrary.SetPacketLoss, ExpectedLossPercent);
    }

    public int SampleRateHz => 16_000;

    public int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        fixed (short* from = samples)
        fixed (byte* to = payload)
            return Math.Max(0, OpusLibrary.Encode(_encoder, from, samples.Length, to, payload.Length));
    }

    public void Dispose() => _encoder.Dispose();
}
