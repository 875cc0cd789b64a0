using Switchhook.Media.Codecs;

namespace Switchhook.Media.Tests.Codecs;

public sealed class OpusTests
{
    private static readonly short[] Voice = Sounds.Voice(16_000, 2, 5_000);

    [Fact]
    public async Task Ffmpeg_decodes_what_we_encode()
    {
        var packets = Encode(Voice, new OpusParameters(true, 0, 0, false));
        var file = OggFile.Write(packets);
        using var decoder = new OpusDecoder();
        var ours = packets.SelectMany(p => { var room = new short[320]; decoder.Decode(p, room); return room; }).ToArray();

        var theirs = Sounds.FromBytes(await Sounds.FfmpegAsync(file, ["-f", "ogg"], ["-f", "s16le", "-ac", "1", "-ar", "16000"]));

        Assert.InRange(Sounds.Correlation(ours, theirs, 100), 0.98, 1);
        Assert.InRange(Sounds.Correlation(Voice, theirs, 400), 0.7, 1);
    }

    [Fact]
    public async Task We_decode_what_ffmpeg_encodes_in_stereo_at_48_kilohertz()
    {
        var file = await Sounds.FfmpegAsync(Sounds.ToBytes(Voice), ["-f", "s16le", "-ar", "16000", "-ac", "1"],
            ["-ac", "2", "-ar", "48000", "-c:a", "libopus", "-b:a", "48k", "-f", "ogg"]);
        using var decoder = new OpusDecoder();
        var heard = new List<short>();
        var room = new short[1_920];
        foreach (var packet in OggFile.Packets(file)) heard.AddRange(room.AsSpan(0, decoder.Decode(packet, room)));

        Assert.InRange(Sounds.Correlation(Voice, [.. heard], 400), 0.9, 1);
    }

    [Fact]
    public void A_lost_packet_is_better_made_up_for_from_the_one_after_it()
    {
        var packets = Encode(Voice, new OpusParameters(true, 0, 0, false));
        using var sees = new OpusDecoder();
        using var blind = new OpusDecoder();
        using var whole = new OpusDecoder();
        var (a, b, c) = (new short[320], new short[320], new short[320]);
        double withNext = 0, without = 0;
        for (var i = 0; i < packets.Count - 1; i++)
        {
            whole.Decode(packets[i], c);
            if (i % 10 != 5)
            {
                sees.Decode(packets[i], a);
                blind.Decode(packets[i], b);
                continue;
            }

            Assert.True(sees.TryConceal(packets[i + 1], a));
            Assert.True(blind.TryConceal([], b));
            withNext += Distance(a, c);
            without += Distance(b, c);
        }

        Assert.True(withNext < without, $"{withNext} {without}");
    }

    [Fact]
    public void Senseless_payloads_give_nothing()
    {
        using var decoder = new OpusDecoder();

        Assert.Equal(0, decoder.Decode([], new short[320]));
        Assert.Equal(0, decoder.Decode([0xFF, 0xFF], new short[320]));
        Assert.Equal(0, OpusDecoder.SamplesOf([], 48_000));
    }

    [Fact]
    public void A_missing_library_is_said_by_name_and_with_what_to_install()
    {
        var failure = OpusLibrary.Probe("libopus-not-here.so.0");

        Assert.Contains("apt-get install libopus0", failure);
        Assert.Null(AudioCodecs.OpusFailure);
        Assert.Contains(AudioCodec.Opus, AudioCodecs.Available);
    }

    [Theory]
    [InlineData("useinbandfec=1; maxplaybackrate=16000", true, 16_000, 0, false)]
    [InlineData("MaxAverageBitrate=20000;usedtx=1;stereo=1;;x", false, 0, 20_000, true)]
    [InlineData("maxplaybackrate=9999999999;useinbandfec=yes", false, 0, 0, false)]
    [InlineData(null, false, 0, 0, false)]
    public void Parameters_are_read_and_nonsense_is_passed_over(string? text, bool fec, int rate, int bitrate, bool dtx)
    {
        Assert.Equal(new OpusParameters(fec, rate, bitrate, dtx), OpusParameters.Parse(text));
    }

    private static double Distance(short[] a, short[] b) => a.Zip(b, (x, y) => Math.Pow(x - y, 2)).Sum();

    private static List<byte[]> Encode(short[] samples, OpusParameters parameters)
    {
        using var encoder = new OpusEncoder(parameters);
        var room = new byte[AudioCodecs.MostFrameOctets];
        return [.. Enumerable.Range(0, samples.Length / 320).Select(i => room[..encoder.Encode(samples.AsSpan(i * 320, 320), room)])];
    }
}
