using System.ComponentModel;
using System.Diagnostics;

namespace Switchhook.Server.Speech;

/// <summary>A voice of espeak-ng.</summary>
/// <param name="Language">The language it speaks, which is also what it is asked for by.</param>
/// <param name="Name">Its name, without white space.</param>
/// <param name="Gender"><c>M</c>, <c>F</c> or <c>-</c>.</param>
/// <param name="Others">Languages it is taken for.</param>
internal sealed record EspeakVoice(string Language, string Name, string Gender, IReadOnlyList<string> Others)
{
    public bool IsOf(string language) => new[] { Language }.Concat(Others).Any(l =>
        l.Equals(language, StringComparison.OrdinalIgnoreCase) || l.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase));

    /// <summary>One line of <c>espeak-ng --voices</c>: priority, language, age and gender, name, file, and other languages as <c>(en 5)</c>.</summary>
    public static EspeakVoice? Of(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 5 || !int.TryParse(words[0], out _))
            return null;
        var gender = words[2].Contains('/', StringComparison.Ordinal) ? words[2][(words[2].IndexOf('/', StringComparison.Ordinal) + 1)..] : "-";
        return new EspeakVoice(words[1], words[3], gender, [.. words.Skip(5).Where(w => w[0] == '(').Select(w => w.Trim('(', ')'))]);
    }
}

/// <summary>Asks espeak-ng what it can speak.</summary>
internal static class EspeakVoices
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <returns>The voices, or why they cannot be listed.</returns>
    public static async Task<(IReadOnlyList<EspeakVoice> Voices, string? Problem)> ListAsync(TimeProvider time, CancellationToken cancellation, string program = "espeak-ng")
    {
        using var process = new Process { StartInfo = new ProcessStartInfo(program, ["--voices"]) { RedirectStandardOutput = true, UseShellExecute = false } };
        using var tooLong = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancellation);
        try
        {
            process.Start();
            var lines = await process.StandardOutput.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            return ([.. lines.Split('\n').Select(EspeakVoice.Of).OfType<EspeakVoice>()], null);
        }
        catch (Win32Exception e)
        {
            return ([], $"speech-engine-missing: {program} cannot be started ({e.Message}); install the package espeak-ng");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process.Kill();
            return ([], $"speech-timed-out: no list within {Longest.TotalSeconds} s");
        }
    }
}
