using System.Runtime.InteropServices;

namespace Switchhook.Media.Codecs;

/// <summary>The functions of libopus that are called (https://opus-codec.org/docs/opus_api-1.3.1/).</summary>
internal static unsafe partial class OpusLibrary
{
    public const string Name = "libopus.so.0";

    public const int ApplicationVoip = 2048;
    public const int SetMaxBandwidth = 4004;
    public const int SetBitrate = 4002;
    public const int SetComplexity = 4010;
    public const int SetInbandFec = 4012;
    public const int SetPacketLoss = 4014;
    public const int SetDtx = 4016;
    public const int SetSignal = 4024;
    public const int SignalVoice = 3001;
    public const int BandwidthNarrow = 1101;
    public const int BandwidthMedium = 1102;
    public const int BandwidthWide = 1103;

    /// <summary>Why the library cannot be used, or null; looked for once.</summary>
    public static string? Failure { get; } = Probe(Name);

    public static string? Probe(string name) => NativeLibrary.TryLoad(name, out _)
        ? null
        : $"{name} was not found: Opus is not offered. Install the Debian package libopus0: apt-get install libopus0";

    /// <exception cref="InvalidOperationException">The library is not installed.</exception>
    public static void Require()
    {
        if (Failure is { } failure) throw new InvalidOperationException(failure);
    }

    [LibraryImport(Name, EntryPoint = "opus_encoder_create")]
    public static partial OpusEncoderHandle CreateEncoder(int rateHz, int channels, int application, out int error);

    [LibraryImport(Name, EntryPoint = "opus_encoder_destroy")]
    public static partial void DestroyEncoder(nint encoder);

    // Variadic in C. With whole numbers only, Linux passes them as if it were not.
    [LibraryImport(Name, EntryPoint = "opus_encoder_ctl")]
    public static partial int Control(OpusEncoderHandle encoder, int request, int value);

    [LibraryImport(Name, EntryPoint = "opus_encode")]
    public static partial int Encode(OpusEncoderHandle encoder, short* samples, int frame, byte* payload, int room);

    [LibraryImport(Name, EntryPoint = "opus_decoder_create")]
    public static partial OpusDecoderHandle CreateDecoder(int rateHz, int channels, out int error);

    [LibraryImport(Name, EntryPoint = "opus_decoder_destroy")]
    public static partial void DestroyDecoder(nint decoder);

    [LibraryImport(Name, EntryPoint = "opus_decode")]
    public static partial int Decode(OpusDecoderHandle decoder, byte* payload, int length, short* samples, int frame, int fec);

    [LibraryImport(Name, EntryPoint = "opus_packet_get_nb_samples")]
    public static partial int SamplesOf(byte* payload, int length, int rateHz);
}

/// <summary>An encoder of libopus.</summary>
internal sealed class OpusEncoderHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        OpusLibrary.DestroyEncoder(handle);
        return true;
    }
}

/// <summary>A decoder of libopus.</summary>
internal sealed class OpusDecoderHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        OpusLibrary.DestroyDecoder(handle);
        return true;
    }
}
