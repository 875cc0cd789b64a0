using Switchhook.Media.Codecs;

namespace Switchhook.Media.Tests.Codecs;

public sealed class G722Tests
{
    private static readonly short[] Voice = Sounds.Voice(16_000, 2, 6_500);

    [Fact]
    public async Task Ffmpeg_encodes_the_same_voice_to_nearly_the_same_octets_quality()
    {
        var theirs = await Sounds.FfmpegAsync(Sounds.ToBytes(Voice), ["-f", "s16le", "-ar", "16000", "-ac", "1"], ["-c:a", "g722", "-f", "g722"]);
        var decoded = new short[theirs.Length * 2];

        var count = new G722Decoder().Decode(theirs, decoded);

        Assert.Equal(decoded.Length, count);
        Assert.InRange(Sounds.BestSnr(Voice, decoded, 40), 18, 60);
    }

    [Fact]
    public async Task Our_decoder_and_that_of_ffmpeg_give_the_same_samples()
    {
        var octets = Encode(Voice);
        var ours = new short[octets.Length * 2];
        new G722Decoder().Decode(octets, ours);

        var theirs = Sounds.FromBytes(await Sounds.FfmpegAsync(octets, ["-f", "g722"], ["-f", "s16le", "-ac", "1"]));

        Assert.Equal(ours.Length, theirs.Length);
        Assert.InRange(Sounds.BestSnr(ours, theirs, 0), 80, 200);
        Assert.InRange(Sounds.BestSnr(Voice, theirs, 40), 18, 60);
    }

    [Fact]
    public void Frame_by_frame_gives_what_the_whole_gives()
    {
        var whole = Encode(Voice);
        var encoder = new G722Encoder();
        var parts = new byte[whole.Length];
        for (var at = 0; at < Voice.Length; at += 320) encoder.Encode(Voice.AsSpan(at, 320), parts.AsSpan(at / 2));
        var decoder = new G722Decoder();
        var (once, pieces) = (new short[Voice.Length], new short[Voice.Length]);
        new G722Decoder().Decode(whole, once);
        for (var at = 0; at < whole.Length; at += 160) decoder.Decode(whole.AsSpan(at, 160), pieces.AsSpan(2 * at));

        Assert.Equal(whole, parts);
        Assert.Equal(once, pieces);
    }

    [Fact]
    public void Any_octets_decode_without_harm()
    {
        var random = new Random(5);
        var octets = new byte[16_000];
        random.NextBytes(octets);

        Assert.Equal(32_000, new G722Decoder().Decode(octets, new short[32_000]));
        Assert.Equal(10, new G722Decoder().Decode(octets, new short[11]));
    }

    private static byte[] Encode(short[] samples)
    {
        var octets = new byte[samples.Length / 2];
        Assert.Equal(octets.Length, new G722Encoder().Encode(samples, octets));
        return octets;
    }
}
