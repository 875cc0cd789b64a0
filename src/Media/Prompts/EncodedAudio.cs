namespace Switchhook.Media.Prompts;

/// <summary>A prompt in one codec, frame by frame.</summary>
/// <param name="Octets">All frames in a row.</param>
/// <param name="Ends">Where each ends; null when every frame has <see cref="Prompt.FrameOctets"/>.</param>
internal sealed record EncodedAudio(byte[] Octets, int[]? Ends)
{
    public ReadOnlySpan<byte> Frame(int number)
    {
        if (Ends is null) return Octets.AsSpan(number * Prompt.FrameOctets, Prompt.FrameOctets);
        var start = number == 0 ? 0 : Ends[number - 1];
        return Octets.AsSpan(start, Ends[number] - start);
    }
}
