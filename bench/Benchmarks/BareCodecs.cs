using BenchmarkDotNet.Attributes;
using Switchhook.Media.Codecs;

namespace Switchhook.Benchmarks;

/// <summary>20 ms through each codec alone: what of a transcoded call is the codec's.</summary>
[MemoryDiagnoser]
public class BareCodecs : IDisposable
{
    private readonly byte[] _payload = new byte[AudioCodecs.MostFrameOctets];
    private readonly short[] _samples = new short[320];
    private readonly short[] _decoded = new short[320];
    private IAudioEncoder _encoder = null!;
    private IAudioDecoder _decoder = null!;
    private int _octets;

    /// <summary>Which.</summary>
    [Params(AudioCodec.Pcmu, AudioCodec.G722, AudioCodec.Opus)]
    public AudioCodec Codec { get; set; }

    /// <summary>A voice-like frame.</summary>
    [GlobalSetup]
    public void Build()
    {
        for (var i = 0; i < _samples.Length; i++) _samples[i] = (short)(4_000 * Math.Sin(i * 0.1) + 2_000 * Math.Sin(i * 0.33));
        (_encoder, _decoder) = (AudioCodecs.CreateEncoder(Codec), AudioCodecs.CreateDecoder(Codec));
        _octets = Encode();
    }

    /// <summary>Samples to payload.</summary>
    [Benchmark]
    public int Encode() => _encoder.Encode(_samples.AsSpan(0, Codec.FrameSamples()), _payload);

    /// <summary>Payload to samples.</summary>
    [Benchmark]
    public int Decode() => _decoder.Decode(_payload.AsSpan(0, _octets), _decoded);

    /// <summary>Lets go of the library's objects.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
        GC.SuppressFinalize(this);
    }
}
