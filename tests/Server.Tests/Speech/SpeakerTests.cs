using System.Buffers.Binary;
using System.Text;
using Switchhook.Server.Configuration;
using Switchhook.Server.Speech;

namespace Switchhook.Server.Tests.Speech;

public sealed class SpeakerTests
{
    private static readonly SpeechSettings English = new("espeak-ng", "en-us", TimeSpan.FromSeconds(60));

    [Fact]
    public async Task Text_becomes_a_WAV_file_whose_header_tells_its_length()
    {
        using var speech = Speaker.Of(English, NoHttp.Instance, TimeProvider.System);

        var reply = await speech.SpeakAsync("Your taxi is here. $(touch /tmp/never) `id` -x", null, null, CancellationToken.None);

        Assert.Null(reply.Error);
        Assert.Equal("RIFF", Encoding.ASCII.GetString(reply.Wav.Span[..4]));
        Assert.Equal(reply.Wav.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(reply.Wav.Span[4..]));
        Assert.Equal(reply.Wav.Length - 44, BinaryPrimitives.ReadInt32LittleEndian(reply.Wav.Span[40..]));
        Assert.True(reply.Wav.Length > 20_000);
    }

    [Fact]
    public async Task The_same_text_is_spoken_once()
    {
        using var speech = Speaker.Of(English, NoHttp.Instance, TimeProvider.System);

        var first = await speech.SpeakAsync("once", null, null, CancellationToken.None);
        var second = await speech.SpeakAsync("once", null, null, CancellationToken.None);

        Assert.True(first.Wav.Equals(second.Wav));
    }

    [Fact]
    public async Task An_unknown_voice_or_language_falls_back_to_the_configured_voice()
    {
        using var speech = Speaker.Of(English, NoHttp.Instance, TimeProvider.System);

        var reply = await speech.SpeakAsync("hello", "xx-nowhere", "Microsoft Anna", CancellationToken.None);

        Assert.Null(reply.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Nothing_to_say_is_a_named_failure(string text)
    {
        using var speech = Speaker.Of(English, NoHttp.Instance, TimeProvider.System);

        var reply = await speech.SpeakAsync(text, null, null, CancellationToken.None);

        Assert.StartsWith("speech-empty", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_much_to_say_is_a_named_failure()
    {
        using var speech = Speaker.Of(English, NoHttp.Instance, TimeProvider.System);

        var reply = await speech.SpeakAsync(new string('a', 5001), null, null, CancellationToken.None);

        Assert.StartsWith("speech-too-long", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_engine_is_a_named_failure()
    {
        using var speech = new Speaker(English, new SpeechProgram(["espeak-that-is-not-there"], English.Longest, TimeProvider.System));

        var reply = await speech.SpeakAsync("hello", null, null, CancellationToken.None);

        Assert.StartsWith("speech-engine-missing", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Speech_that_is_switched_off_is_a_named_failure()
    {
        using var speech = Speaker.Of(English with { Provider = "none" }, NoHttp.Instance, TimeProvider.System);

        var reply = await speech.SpeakAsync("hello", null, null, CancellationToken.None);

        Assert.StartsWith("speech-off", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_of_the_operators_speaks_what_it_reads_with_the_voice_it_is_told()
    {
        // Writes a WAV file of a second whose samples are the letters it was told, as a program of any kind might.
        const string script = "cat >/dev/null; printf 'RIFF\\244\\037\\0\\0WAVEfmt \\020\\0\\0\\0\\001\\0\\001\\0\\100\\037\\0\\0\\200\\076\\0\\0\\002\\0\\020\\0data\\0\\0\\0\\0'; printf '%s' \"$1\" | head -c 64; head -c 8000 /dev/zero";
        using var speech = Speaker.Of(English with { Provider = "command", CommandLine = ["sh", "-c", script, "sh", "{voice}"] }, NoHttp.Instance, TimeProvider.System);

        var reply = await speech.SpeakAsync("hello", null, "amelia", CancellationToken.None);

        Assert.Null(reply.Error);
        Assert.Equal("amelia", Encoding.ASCII.GetString(reply.Wav.Span[44..50]));
        Assert.Equal(reply.Wav.Length - 44, BinaryPrimitives.ReadInt32LittleEndian(reply.Wav.Span[40..]));
    }

    [Theory]
    [InlineData("cat", "speech-not-audio")]
    [InlineData("echo 'out of breath' >&2; exit 3", "speech-failed: out of breath")]
    [InlineData("head -c 40000000 /dev/zero", "speech-too-large")]
    public async Task What_a_program_does_wrong_has_its_name(string script, string error)
    {
        using var speech = Speaker.Of(English with { Provider = "command", CommandLine = ["sh", "-c", script] }, NoHttp.Instance, TimeProvider.System);

        var reply = await speech.SpeakAsync("hello", null, null, CancellationToken.None);

        Assert.StartsWith(error, reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_never_ends_is_ended()
    {
        using var speech = Speaker.Of(
            English with { Provider = "command", CommandLine = ["sleep", "600"], Longest = TimeSpan.FromSeconds(1) }, NoHttp.Instance, TimeProvider.System);

        var reply = await speech.SpeakAsync("hello", null, null, CancellationToken.None);

        Assert.StartsWith("speech-timed-out", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cache_drops_what_was_used_longest_ago()
    {
        var cache = new SpeechCache(octets: 10);
        cache.Keep("v", "a", new byte[4]);
        cache.Keep("v", "b", new byte[4]);
        cache.Find("v", "a");

        cache.Keep("v", "c", new byte[4]);

        Assert.NotNull(cache.Find("v", "a"));
        Assert.Null(cache.Find("v", "b"));
        Assert.NotNull(cache.Find("v", "c"));
    }
}
