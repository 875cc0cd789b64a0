using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Switchhook.Calls.Ports;
using Switchhook.Server.Configuration;

namespace Switchhook.Server.Speech;

/// <summary>
/// Speech by the program espeak-ng: the text goes in through its standard input, never through a shell or its arguments, and a WAV file comes
/// out. What was spoken is kept, up to so many octets.
/// </summary>
internal sealed class EspeakSpeech(SpeechSettings settings, TimeProvider time, string program = "espeak-ng") : ISpeech, IDisposable
{
    private const string UnknownVoice = "speech-voice";
    private const int LongestText = 5_000;
    private const int LargestWav = 32 * 1024 * 1024;
    private const int MostAtOnce = 4;
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(20);

    private readonly SpeechCache _cache = new(octets: 64 * 1024 * 1024);
    private readonly SemaphoreSlim _seats = new(MostAtOnce);

    public async ValueTask<SpeechReply> SpeakAsync(string text, string? language, string? voice, CancellationToken cancellation)
    {
        if (settings.Provider == "none")
            return Failed("speech-off: Speech:Provider is none");
        if (string.IsNullOrWhiteSpace(text))
            return Failed("speech-empty: there is no text to speak");
        if (text.Length > LongestText)
            return Failed($"speech-too-long: {text.Length} characters; the most is {LongestText}");
        // A voice or language the engine does not know is not an error: the configured one speaks.
        foreach (var name in new[] { voice, language, settings.Voice }.Where(IsName))
        {
            var reply = await SpeakAsAsync(text, name!, cancellation);
            if (reply.Error is null || !reply.Error.StartsWith(UnknownVoice, StringComparison.Ordinal))
                return reply;
        }
        return Failed($"{UnknownVoice}: {settings.Voice}");
    }

    public void Dispose() => _seats.Dispose();

    private async ValueTask<SpeechReply> SpeakAsAsync(string text, string voice, CancellationToken cancellation)
    {
        if (_cache.Find(voice, text) is { } kept)
            return new SpeechReply(kept, null);
        await _seats.WaitAsync(cancellation);
        try
        {
            var reply = await RunAsync(text, voice, cancellation);
            if (reply.Error is null)
                _cache.Keep(voice, text, reply.Wav);
            return reply;
        }
        finally
        {
            _seats.Release();
        }
    }

    private async Task<SpeechReply> RunAsync(string text, string voice, CancellationToken cancellation)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(program, ["--stdin", "--stdout", "-b", "1", "-v", voice])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            UseShellExecute = false,
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return Failed($"speech-engine-missing: {program} cannot be started ({e.Message}); install the package espeak-ng");
        }
        using var tooLong = new CancellationTokenSource(LongestRun, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancellation);
        try
        {
            var writing = WriteAsync(process, text, either.Token);
            var complaint = process.StandardError.ReadToEndAsync(either.Token);
            var wav = await ReadAsync(process.StandardOutput.BaseStream, either.Token);
            await writing;
            await process.WaitForExitAsync(either.Token);
            if (wav is null)
                return Failed($"speech-too-long: more than {LargestWav} octets of audio");
            return TryMend(wav) ? new SpeechReply(wav, null) : Failed(Name(await complaint, voice));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed($"speech-timed-out: no speech within {LongestRun.TotalSeconds} s");
        }
        catch (IOException e)
        {
            return Failed($"speech-failed: {e.Message}");
        }
        finally
        {
            End(process);
        }
    }

    private static async Task WriteAsync(Process process, string text, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(text.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything, which its output and its complaint explain better.
        }
    }

    /// <summary>Null when there is more than a call could ever use.</summary>
    private static async Task<byte[]?> ReadAsync(Stream output, CancellationToken cancellation)
    {
        using var wav = new MemoryStream();
        var chunk = new byte[32 * 1024];
        int read;
        while ((read = await output.ReadAsync(chunk, cancellation)) > 0)
        {
            if (wav.Length + read > LargestWav)
                return null;
            wav.Write(chunk, 0, read);
        }
        return wav.ToArray();
    }

    /// <summary>The engine writes the header before it knows the length; this puts the lengths right. False when it is no WAV file.</summary>
    private static bool TryMend(byte[] wav)
    {
        const int Header = 44;
        if (wav.Length <= Header || !wav.AsSpan().StartsWith("RIFF"u8) || !wav.AsSpan(36).StartsWith("data"u8))
            return false;
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), wav.Length - Header);
        return true;
    }

    private static string Name(string complaint, string voice)
    {
        var line = complaint.Split('\n', 2)[0].Trim();
        return complaint.Contains("voice", StringComparison.OrdinalIgnoreCase) ? $"{UnknownVoice}: {voice} is not installed" : $"speech-failed: {line}";
    }

    private static void End(Process process)
    {
        try
        {
            if (!process.HasExited)
                process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended meanwhile.
        }
    }

    /// <summary>Voices are names such as <c>en-us</c> and <c>mb-de5+f2</c>; nothing that could be read as an option or a path.</summary>
    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= 64 } && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '+');

    private static SpeechReply Failed(string error) => new(default, error);
}
