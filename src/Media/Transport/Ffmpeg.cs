using System.Diagnostics;
using System.Globalization;
using Switchhook.Media.Prompts;

namespace Switchhook.Media.Transport;

/// <summary>The program <c>ffmpeg</c>, for formats that are not ours. Blocks: never called on a media thread or a shard.</summary>
internal static class Ffmpeg
{
    private const int LimitMs = 60_000;

    /// <summary>What a file is brought to.</summary>
    public const int OutputRateHz = 16_000;

    /// <summary>Makes an MP3 file of a WAV file; null, or what went wrong. A half-made file is removed.</summary>
    public static string? ToMp3(string wav, string mp3)
    {
        using var process = TryStart(["-y", "-f", "wav", "-i", Path.GetFullPath(wav), "-codec:a", "libmp3lame", "-q:a", "4", "-f", "mp3", Path.GetFullPath(mp3)]);
        if (process is null) return "ffmpeg is not installed: apt-get install ffmpeg";
        process.StandardInput.Close();
        using var limit = new Timer(static p => Kill((Process)p!), process, LimitMs, Timeout.Infinite);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0) return null;
        try
        {
            File.Delete(mp3);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The message below says the file is no good.
        }

        return $"ffmpeg could not convert {wav}: {FirstLine(error)}";
    }

    /// <summary>Decodes a file in memory to mono samples at 16 kHz, no more than the limit allows.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">ffmpeg's name of the container; nothing else is tried, so that no playlist is followed anywhere.</param>
    /// <param name="limits">Longest prompt.</param>
    /// <param name="samples">The samples, or empty.</param>
    public static PromptError Decode(byte[] file, string format, PromptLimits limits, out short[] samples)
    {
        samples = [];
        var seconds = Math.Ceiling(limits.Length.TotalSeconds) + 1;
        string[] rate = format == "gsm" ? ["-ar", "8000"] : [];
        using var process = TryStart(
        [
            "-protocol_whitelist", "pipe", "-f", format, .. rate, "-i", "pipe:0", "-vn", "-t", seconds.ToString(CultureInfo.InvariantCulture),
            "-ac", "1", "-ar", OutputRateHz.ToString(CultureInfo.InvariantCulture), "-f", "s16le", "pipe:1",
        ]);
        if (process is null) return PromptError.ConverterMissing;

        var isLate = false;
        using var limit = new Timer(_ => { isLate = true; Kill(process); }, null, LimitMs, Timeout.Infinite);
        var feeding = new Thread(() => Feed(process, file)) { IsBackground = true, Name = "media-ffmpeg" };
        feeding.Start();
        var complaining = new Thread(() => Swallow(process)) { IsBackground = true, Name = "media-ffmpeg" };
        complaining.Start();
        var octets = Read(process.StandardOutput.BaseStream, (long)(limits.Length.TotalSeconds * OutputRateHz * 2), out var isTooLong);
        if (isTooLong) Kill(process);
        process.WaitForExit();
        feeding.Join();
        complaining.Join();
        if (isTooLong) return PromptError.TooLarge;
        if (isLate) return PromptError.ConverterTimedOut;
        if (octets.Length < 2) return process.ExitCode == 0 ? PromptError.Empty : PromptError.NotDecodable;
        samples = new short[octets.Length / 2];
        Buffer.BlockCopy(octets, 0, samples, 0, samples.Length * 2);
        return PromptError.None;
    }

    private static byte[] Read(Stream output, long most, out bool isTooLong)
    {
        using var all = new MemoryStream();
        var chunk = new byte[65_536];
        isTooLong = false;
        while (output.Read(chunk) is > 0 and var count)
        {
            if (all.Length + count > most) { isTooLong = true; break; }
            all.Write(chunk, 0, count);
        }

        return all.ToArray();
    }

    private static void Feed(Process process, byte[] file)
    {
        try
        {
            process.StandardInput.BaseStream.Write(file);
            process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has read enough, or has ended.
        }
    }

    private static void Swallow(Process process)
    {
        var chunk = new char[4_096];
        try
        {
            while (process.StandardError.Read(chunk) > 0) { }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has ended.
        }
    }

    private static Process? TryStart(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("ffmpeg", ["-hide_banner", "-v", "error", "-nostdin", .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It was over already.
        }
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0] is { Length: > 0 } line ? line : "no reason given";
}
