namespace Switchhook.Media.Codecs;

/// <summary>What is fixed about each codec, and the making of encoders and decoders.</summary>
public static class AudioCodecs
{
    /// <summary>Milliseconds of a frame.</summary>
    internal const int FrameMs = 20;

    /// <summary>Most octets of one frame in any codec (RFC 6716 §3.2.1).</summary>
    internal const int MostFrameOctets = 1_275;

    /// <summary>Every codec there is, in the order an offer of ours names them unless configured otherwise: what needs no transcoding towards trunks first.</summary>
    public static IReadOnlyList<AudioCodec> All { get; } = [AudioCodec.Pcmu, AudioCodec.Pcma, AudioCodec.G722, AudioCodec.Opus];

    /// <summary>The codecs of <see cref="All"/> that work on this machine: Opus only with its library.</summary>
    public static IReadOnlyList<AudioCodec> Available { get; } = [.. All.Where(IsAvailable)];

    /// <summary>False for Opus when <c>libopus.so.0</c> cannot be loaded; <see cref="OpusFailure"/> says why.</summary>
    public static bool IsAvailable(AudioCodec codec) => codec != AudioCodec.Opus || OpusLibrary.Failure is null;

    /// <summary>Why Opus is not offered, and what to install; null when it works.</summary>
    public static string? OpusFailure => OpusLibrary.Failure;

    /// <summary>Clock of the codec's RTP timestamps, Hz. G.722 says 8,000 although its audio has 16,000 (RFC 3551 §4.5.2).</summary>
    public static int RtpClockHz(this AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu or AudioCodec.Pcma or AudioCodec.G722 => 8_000,
        AudioCodec.Opus => 48_000,
    };

    /// <summary>Rate of the samples an encoder takes and a decoder gives here, Hz. Opus is worked with at 16 kHz when it is not only relayed.</summary>
    public static int SampleRateHz(this AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu or AudioCodec.Pcma => 8_000,
        AudioCodec.G722 or AudioCodec.Opus => 16_000,
    };

    /// <summary>The name in session descriptions (RFC 3551 §6, RFC 7587 §7).</summary>
    public static string SdpName(this AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu => "PCMU",
        AudioCodec.Pcma => "PCMA",
        AudioCodec.G722 => "G722",
        AudioCodec.Opus => "opus",
    };

    /// <summary>The codec of a name, whatever its case.</summary>
    public static bool TryParse(string name, out AudioCodec codec)
    {
        foreach (var known in All)
        {
            codec = known;
            if (name.Equals(known.SdpName(), StringComparison.OrdinalIgnoreCase)) return true;
        }

        codec = default;
        return false;
    }

    /// <summary>RTP timestamp units of a frame.</summary>
    internal static uint FrameUnits(this AudioCodec codec) => (uint)(codec.RtpClockHz() / 1_000 * FrameMs);

    /// <summary>Samples of a frame.</summary>
    internal static int FrameSamples(this AudioCodec codec) => codec.SampleRateHz() / 1_000 * FrameMs;

    internal static bool IsG711(this AudioCodec codec) => codec is AudioCodec.Pcmu or AudioCodec.Pcma;

    /// <exception cref="InvalidOperationException">The codec is not available here.</exception>
    internal static IAudioEncoder CreateEncoder(AudioCodec codec, in OpusParameters opus = default) => codec switch
    {
        AudioCodec.Pcmu => G711Codec.MuLaw,
        AudioCodec.Pcma => G711Codec.ALaw,
        AudioCodec.G722 => new G722Encoder(),
        AudioCodec.Opus => new OpusEncoder(opus),
    };

    /// <exception cref="InvalidOperationException">The codec is not available here.</exception>
    internal static IAudioDecoder CreateDecoder(AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu => G711Codec.MuLaw,
        AudioCodec.Pcma => G711Codec.ALaw,
        AudioCodec.G722 => new G722Decoder(),
        AudioCodec.Opus => new OpusDecoder(),
    };
}
