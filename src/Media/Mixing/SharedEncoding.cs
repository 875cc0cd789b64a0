using Switchhook.Media.Codecs;

namespace Switchhook.Media.Mixing;

/// <summary>
/// What all who only listen hear, encoded once a tick for each codec. A listener who begins or ends speaking changes to an
/// encoder of his own and back; the codecs' decoders adapt within a few milliseconds.
/// </summary>
internal sealed class SharedEncoding(AudioCodec codec) : IDisposable
{
    private readonly byte[] _octets = new byte[AudioCodecs.MostFrameOctets];
    private IAudioEncoder? _encoder;
    private RateChange _rate;
    private int _length = -1;

    /// <summary>A new tick: nothing is encoded yet.</summary>
    public void Begin() => _length = -1;

    /// <summary>The tick's payload; false when it could not be encoded.</summary>
    public bool TryGet(ReadOnlySpan<short> mix, int rateHz, in OpusParameters opus, out ReadOnlySpan<byte> octets)
    {
        if (_length < 0)
        {
            _encoder ??= AudioCodecs.CreateEncoder(codec, opus with { UseDtx = false });
            _length = _encoder.Encode(_rate.To(mix, rateHz, codec.SampleRateHz()), _octets);
        }

        octets = _octets.AsSpan(0, _length);
        return _length > 0;
    }

    public void Dispose() => _encoder?.Dispose();
}

/// <summary>A frame at the rate of the mix made one at the rate of a codec.</summary>
internal struct RateChange
{
    private PolyphaseResampler? _resampler;
    private short[]? _frame;
    private int _from;

    public ReadOnlySpan<short> To(ReadOnlySpan<short> frame, int fromHz, int toHz)
    {
        if (fromHz == toHz) return frame;
        if (_resampler is null || _from != fromHz) (_resampler, _from) = (new PolyphaseResampler(fromHz, toHz, frame.Length), fromHz);
        _frame ??= new short[640];
        var made = _resampler.Process(frame, _frame);
        return _frame.AsSpan(0, Math.Min(made, toHz / 50));
    }
}
