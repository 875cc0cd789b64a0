namespace Switchhook.Media.Codecs;

/// <summary>Samples to payload. Keeps state from frame to frame: one for each stream sent.</summary>
internal interface IAudioEncoder : IDisposable
{
    /// <summary>8,000 or 16,000.</summary>
    int SampleRateHz { get; }

    /// <summary>Encodes one frame of 20 ms; returns the octets written, 0 when it cannot be encoded.</summary>
    int Encode(ReadOnlySpan<short> samples, Span<byte> payload);
}

/// <summary>Payload to samples. Keeps state from packet to packet: one for each stream heard.</summary>
internal interface IAudioDecoder : IDisposable
{
    /// <summary>8,000 or 16,000.</summary>
    int SampleRateHz { get; }

    /// <summary>Decodes a packet; returns the samples written, no more than there is room for, 0 for a payload that makes no sense.</summary>
    int Decode(ReadOnlySpan<byte> payload, Span<short> samples);

    /// <summary>
    /// Makes up for a lost packet in the codec's own way, from the packet after it when that is there (else empty). False when
    /// the codec has none; then a <see cref="Concealer"/> does.
    /// </summary>
    bool TryConceal(ReadOnlySpan<byte> next, Span<short> samples);
}
