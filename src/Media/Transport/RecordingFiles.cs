using Switchhook.Media.Recording;

namespace Switchhook.Media.Transport;

/// <summary>Recordings on disk.</summary>
public static class RecordingFiles
{
    /// <summary>The <c>state</c> in the description of a recording that was put right.</summary>
    public const string Recovered = RecordingDescription.Recovered;

    /// <summary>
    /// Puts right what a process that was killed left behind: the sizes in the headers of recordings it had open, which are up to a
    /// second behind the samples in the file, and their descriptions. Call it before anything records below the directory.
    /// </summary>
    /// <returns>The WAV files put right.</returns>
    public static IReadOnlyList<string> Repair(string directory) => Repair(directory, out _);

    /// <summary>The same, and which recordings were not closed, now or at an earlier start, or are not the MP3 they were to become.</summary>
    /// <param name="directory">Where recordings are.</param>
    /// <param name="left">Their descriptions; nobody may know yet that those recordings are over.</param>
    public static IReadOnlyList<string> Repair(string directory, out IReadOnlyList<string> left)
    {
        List<string> repaired = [], incomplete = [];
        left = incomplete;
        if (!Directory.Exists(directory)) return repaired;
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var description in Directory.EnumerateFiles(directory, "*.json", options))
        {
            try
            {
                if (new FileInfo(description).Length > 65_536) continue;
                var text = File.ReadAllBytes(description);
                var wav = Path.ChangeExtension(description, ".wav");
                if (RecordingDescription.IsIncomplete(text, File.Exists(Path.ChangeExtension(description, ".mp3"))) && File.Exists(wav)) incomplete.Add(description);
                if (!RecordingDescription.IsOpen(text)) continue;
                if (!TryMend(wav)) continue;
                var mended = System.Text.Encoding.UTF8.GetString(text)
                    .Replace("\"state\": \"" + RecordingDescription.Recording + "\"", "\"state\": \"" + RecordingDescription.Recovered + "\"", StringComparison.Ordinal)
                    .Replace("\"lengthMs\": 0", $"\"lengthMs\": {LengthMs(wav)}", StringComparison.Ordinal);
                File.WriteAllText(description, mended);
                repaired.Add(wav);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What cannot be read or written now is still there at the next start.
            }
        }

        return repaired;
    }

    /// <summary>Makes the MP3 file that a recording is to have besides, by <c>ffmpeg</c>. Blocks for as long as that takes.</summary>
    /// <returns>What went wrong, or null.</returns>
    public static string? MakeMp3(string wav) => Ffmpeg.ToMp3(wav, Path.ChangeExtension(wav, ".mp3"));

    private static bool TryMend(string wav)
    {
        if (!File.Exists(wav)) return false;
        using var file = new FileStream(wav, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Span<byte> header = stackalloc byte[WavHeader.Size];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !WavHeader.TryMend(header, file.Length)) return false;
        file.Position = 0;
        file.Write(header);
        return true;
    }

    private static long LengthMs(string wav)
    {
        using var file = File.OpenRead(wav);
        Span<byte> header = stackalloc byte[WavHeader.Size];
        file.ReadExactly(header);
        var octetsASecond = BitConverter.ToInt32(header[28..]);
        return octetsASecond > 0 ? BitConverter.ToUInt32(header[40..]) * 1_000L / octetsASecond : 0;
    }
}
