using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Switchhook.Calls.Ports;
using static Switchhook.Server.Speech.SpeechFailures;

namespace Switchhook.Server.Speech;

/// <summary>
/// Speech by a program: the text goes in through its standard input, never through a shell or its arguments, and a WAV file comes out of its
/// standard output.
/// </summary>
/// <param name="command">The program and its arguments; <c>{voice}</c> in one stands for the voice.</param>
/// <param name="longest">How long it may take.</param>
/// <param name="time">The clock.</param>
internal sealed class SpeechProgram(IReadOnlyList<string> command, TimeSpan longest, TimeProvider time) : ISpeechEngine
{
    /// <summary>How espeak-ng is run; <c>-b 1</c> says that the text is UTF-8.</summary>
    public static readonly IReadOnlyList<string> Espeak = ["espeak-ng", "--stdin", "--stdout", "-b", "1", "-v", "{voice}"];

    public async ValueTask<SpeechReply> SpeakAsync(string text, string voice, CancellationToken cancellation)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(command[0], command.Skip(1).Select(a => a.Replace("{voice}", voice, StringComparison.Ordinal)))
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
            return Failed($"speech-engine-missing: {command[0]} cannot be started ({e.Message}); install it, or set Speech:Provider");
        }
        using var tooLong = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancellation);
        try
        {
            var writing = WriteAsync(process, text, either.Token);
            var complaint = process.StandardError.ReadToEndAsync(either.Token);
            var wav = await ReadAsync(process.StandardOutput.BaseStream, either.Token);
            if (wav is null)
                return TooLarge();
            await writing;
            await process.WaitForExitAsync(either.Token);
            return TryMend(wav) ? new SpeechReply(wav, null) : Failed(Name(await complaint, voice));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return TimedOut(longest);
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
            if (wav.Length + read > MostOctets)
                return null;
            wav.Write(chunk, 0, read);
        }
        return wav.ToArray();
    }

    /// <summary>The engine writes the header before it knows the length; this puts the lengths right. False when it is no WAV file.</summary>
    private static bool TryMend(byte[] wav)
    {
        const int Header = 44;
        if (!IsWav(wav))
            return false;
        if (wav.Length <= Header || !wav.AsSpan(36).StartsWith("data"u8))
            return true;
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), wav.Length - Header);
        return true;
    }

    private static string Name(string complaint, string voice)
    {
        var line = complaint.Split('\n', 2)[0].Trim();
        if (line.Length == 0)
            return NotAudio;
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
}
