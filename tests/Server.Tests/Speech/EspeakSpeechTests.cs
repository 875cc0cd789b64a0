using System.Buffers.Binary;
using System.Text;
using Switchhook.Server.Configuration;
using Switchhook.Server.Speech;

namespace Switchhook.Server.Tests.Speech;

public sealed class EspeakSpeechTests
{
    private static readonly SpeechSettings English = new("espeak-ng", "en-us");

    [Fact]
    public async Task Text_becomes_a_WAV_file_whose_header_tells_its_length()
    {
        using var speech = new EspeakSpeech(English, TimeProvider.System);

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
        using var speech = new EspeakSpeech(English, TimeProvider.System);

        var first = await speech.SpeakAsync("once", null, null, CancellationToken.None);
        var second = await speech.SpeakAsync("once", null, null, CancellationToken.None);

        Assert.True(first.Wav.Equals(second.Wav));
    }

    [Fact]
    public async Task An_unknown_voice_or_language_falls_back_to_the_configured_voice()
    {
        using var speech = new EspeakSpeech(English, TimeProvider.System);

        var reply = await speech.SpeakAsync("hello", "xx-nowhere", "Microsoft Anna", CancellationToken.None);

        Assert.Null(reply.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Nothing_to_say_is_a_named_failure(string text)
    {
        using var speech = new EspeakSpeech(English, TimeProvider.System);

        var reply = await speech.SpeakAsync(text, null, null, CancellationToken.None);

        Assert.StartsWith("speech-empty", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_much_to_say_is_a_named_failure()
    {
        using var speech = new EspeakSpeech(English, TimeProvider.System);

        var reply = await speech.SpeakAsync(new string('a', 5001), null, null, CancellationToken.None);

        Assert.StartsWith("speech-too-long", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_engine_is_a_named_failure()
    {
        using var speech = new EspeakSpeech(English, TimeProvider.System, program: "espeak-that-is-not-there");

        var reply = await speech.SpeakAsync("hello", null, null, CancellationToken.None);

        Assert.StartsWith("speech-engine-missing", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Speech_that_is_switched_off_is_a_named_failure()
    {
        using var speech = new EspeakSpeech(new SpeechSettings("none", "en-us"), TimeProvider.System);

        var reply = await speech.SpeakAsync("hello", null, null, CancellationToken.None);

        Assert.StartsWith("speech-off", reply.Error, StringComparison.Ordinal);
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
