using System.Buffers.Binary;

namespace Switchhook.TestKit.Programs;

/// <summary>The sox of the Debian package: makes and reads audio files by other means than the product's.</summary>
public static class SoxTool
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Writes a WAV file with a sine.</summary>
    public static Task WriteToneAsync(string file, int frequencyHz, double seconds, int sampleRateHz = 8000) =>
        RunAsync("-n", "-r", $"{sampleRateHz}", "-c", "1", "-b", "16", file, "synth", FormattableString.Invariant($"{seconds}"), "sine", $"{frequencyHz}", "gain", "-6");

    /// <summary>The samples of an audio file as 8 kHz mono.</summary>
    public static async Task<short[]> ReadAsync(string file)
    {
        using var folder = new TempFolder();
        var raw = folder.At("raw.raw");
        // A recorder that was killed leaves a header with a wrong length; sox reads what there is.
        await RunAsync("--ignore-length", file, "-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer", "-L", raw);
        var bytes = await File.ReadAllBytesAsync(raw);
        var samples = new short[bytes.Length / 2];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(i * 2));
        return samples;
    }

    private static async Task RunAsync(params string[] arguments)
    {
        var (exitCode, output) = await ChildProgram.RunAsync("sox", arguments, Limit);
        if (exitCode != 0)
            throw new InvalidOperationException($"sox {string.Join(' ', arguments)} ended with {exitCode}: {output}");
    }
}
