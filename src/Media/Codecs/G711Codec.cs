namespace Switchhook.Media.Codecs;

/// <summary>G.711 as a codec: no state, one object for every stream of a law.</summary>
internal sealed class G711Codec : IAudioEncoder, IAudioDecoder
{
    public static readonly G711Codec MuLaw = new(AudioCodec.Pcmu);
    public static readonly G711Codec ALaw = new(AudioCodec.Pcma);

    // 64 Ki entries of each law: an encoder of the whole frame is then a look-up a sample.
    private readonly byte[] _encode = new byte[65_536];
    private readonly short[] _decode = new short[256];

    private G711Codec(AudioCodec law)
    {
        var mu = law == AudioCodec.Pcmu;
        for (var i = 0; i < _encode.Length; i++) _encode[i] = mu ? G711.EncodeMuLaw((short)i) : G711.EncodeALaw((short)i);
        for (var i = 0; i < _decode.Length; i++) _decode[i] = mu ? G711.DecodeMuLaw((byte)i) : G711.DecodeALaw((byte)i);
    }

    public int SampleRateHz => 8_000;

    public int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        var encode = _encode;
        payload = payload[..samples.Length];
        for (var i = 0; i < samples.Length; i++) payload[i] = encode[(ushort)samples[i]];
        return samples.Length;
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        var decode = _decode;
        var count = Math.Min(payload.Length, samples.Length);
        for (var i = 0; i < count; i++) samples[i] = decode[payload[i]];
        return count;
    }

    public bool TryConceal(ReadOnlySpan<byte> next, Span<short> samples) => false;

    public void Dispose() { }
}
