using Switchhook.Media.Codecs;

namespace Switchhook.Benchmarks.Load;

/// <summary>Tones as payloads of a codec, a second of each, and what the codec's packets look like.</summary>
internal static class Tones
{
    private const int Frames = 50;

    private static readonly Dictionary<(AudioCodec, int), byte[][]> Made = [];

    /// <summary>A second of a tone of so many whole Hz: it can be sent again and again.</summary>
    public static byte[][] Of(AudioCodec codec, int toneHz)
    {
        if (Made.TryGetValue((codec, toneHz), out var made)) return made;
        using var encoder = AudioCodecs.CreateEncoder(codec);
        var (samples, payload) = (new short[codec.FrameSamples()], new byte[AudioCodecs.MostFrameOctets]);
        made = new byte[Frames][];
        for (var frame = 0; frame < Frames; frame++)
        {
            for (var i = 0; i < samples.Length; i++)
                samples[i] = (short)(1_400 * Math.Sin(2 * Math.PI * toneHz * ((frame * samples.Length) + i) / codec.SampleRateHz()));
            made[frame] = payload[..encoder.Encode(samples, payload)];
        }
        return Made[(codec, toneHz)] = made;
    }

    public static byte PayloadType(AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu => 0,
        AudioCodec.Pcma => 8,
        AudioCodec.G722 => 9,
        AudioCodec.Opus => 111,
    };

    /// <summary>Units of RTP time in 20 ms.</summary>
    public static uint Step(AudioCodec codec) => (uint)codec.RtpClockHz() / Frames;
}
