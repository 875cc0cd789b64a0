using Switchhook.TestKit.Programs;

namespace Switchhook.Media.Tests.Codecs;

/// <summary>Signals to measure with, and the measure.</summary>
internal static class Sounds
{
    /// <summary>Something like a voice: a gliding fundamental with overtones, loud and soft by turns.</summary>
    public static short[] Voice(int rateHz, double seconds, int highestHz = 3_000)
    {
        var samples = new short[(int)(rateHz * seconds)];
        double phase = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var t = (double)i / rateHz;
            var pitch = 120 + 40 * Math.Sin(2 * Math.PI * 0.7 * t);
            phase += 2 * Math.PI * pitch / rateHz;
            double value = 0;
            for (var k = 1; k * pitch < highestHz; k++) value += Math.Sin(k * phase + k * k) / k;
            samples[i] = (short)(4_000 * value * (0.6 + 0.4 * Math.Sin(2 * Math.PI * 3 * t)));
        }

        return samples;
    }

    public static short[] Sine(int rateHz, double hz, double seconds, double amplitude = 8_000) =>
        [.. Enumerable.Range(0, (int)(rateHz * seconds)).Select(i => (short)(amplitude * Math.Sin(2 * Math.PI * hz * i / rateHz)))];

    /// <summary>Signal to noise, dB, at the delay where the two fit best.</summary>
    public static double BestSnr(short[] wanted, short[] got, int mostDelay)
    {
        var best = double.MinValue;
        for (var delay = 0; delay <= mostDelay; delay++)
        {
            double signal = 0, noise = 0;
            for (var i = wanted.Length / 10; i < wanted.Length - mostDelay && i + delay < got.Length; i++)
            {
                signal += (double)wanted[i] * wanted[i];
                noise += Math.Pow(wanted[i] - got[i + delay], 2);
            }

            best = Math.Max(best, 10 * Math.Log10(signal / Math.Max(noise, 1)));
        }

        return best;
    }

    /// <summary>The largest correlation of any delay, 0–1.</summary>
    public static double Correlation(short[] wanted, short[] got, int mostDelay)
    {
        var best = 0.0;
        for (var delay = 0; delay <= mostDelay; delay++)
        {
            double both = 0, one = 0, other = 0;
            for (var i = wanted.Length / 10; i < wanted.Length - mostDelay && i + delay < got.Length; i++)
            {
                both += (double)wanted[i] * got[i + delay];
                one += (double)wanted[i] * wanted[i];
                other += (double)got[i + delay] * got[i + delay];
            }

            best = Math.Max(best, both / Math.Sqrt(Math.Max(1, one * other)));
        }

        return best;
    }

    public static byte[] ToBytes(short[] samples)
    {
        var bytes = new byte[samples.Length * 2];
        Buffer.BlockCopy(samples, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    public static short[] FromBytes(byte[] bytes)
    {
        var samples = new short[bytes.Length / 2];
        Buffer.BlockCopy(bytes, 0, samples, 0, samples.Length * 2);
        return samples;
    }

    /// <summary>Lets ffmpeg turn one file into another.</summary>
    public static async Task<byte[]> FfmpegAsync(byte[] input, string[] read, string[] write)
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder.At("in"), input);
        var (exitCode, output) = await ChildProgram.RunAsync(
            "ffmpeg", ["-v", "error", "-nostdin", .. read, "-i", folder.At("in"), .. write, folder.At("out")], TimeSpan.FromSeconds(30));
        Assert.True(exitCode == 0, output);
        return await File.ReadAllBytesAsync(folder.At("out"));
    }
}
