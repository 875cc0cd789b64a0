using Switchhook.Media.Prompts;
using Switchhook.Media.Tones;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Media.Tests.Tones;

public sealed class CountryToneTests
{
    [Fact]
    public void Every_country_of_the_table_has_its_tones_and_others_the_usual_ones()
    {
        Assert.All(CountryTones.Countries, country => Assert.True(CountryTones.TryOf(country.ToLowerInvariant(), out _)));
        Assert.False(CountryTones.TryOf("ZZ", out var unknown));
        Assert.Same(CountryTones.Default, unknown);
    }

    [Fact]
    public void British_ringing_is_two_short_and_a_long_silence()
    {
        CountryTones.TryOf("GB", out var tones);
        var samples = Prompt.FromTone("ring", tones.Ringing).SamplesAt(8_000);

        Assert.Equal(24_000, samples.Length);
        Assert.InRange(Goertzel.Share(samples.AsSpan(0, 3_200), 400) + Goertzel.Share(samples.AsSpan(0, 3_200), 450), 0.95, 1.02);
        Assert.All(samples[3_200..4_800], s => Assert.Equal(0, s));
        Assert.InRange(Goertzel.Share(samples.AsSpan(4_800, 3_200), 450), 0.4, 0.6);
        Assert.All(samples[8_000..], s => Assert.Equal(0, s));
    }

    [Fact]
    public void A_modulated_tone_swells_and_sinks_to_nothing_at_the_rate_of_the_second_frequency()
    {
        CountryTones.TryOf("IN", out var tones);
        var samples = Prompt.FromTone("ring", tones.Ringing).SamplesAt(8_000);

        // 25 Hz are 320 samples: loudest a quarter in, silent at three quarters.
        Assert.InRange(samples[70..90].Max(s => Math.Abs((int)s)), 7_000, 8_000);
        Assert.All(samples[238..243], s => Assert.InRange((int)s, -50, 50));
        Assert.InRange(Goertzel.Share(samples.AsSpan(0, 3_200), 400), 0.6, 0.72);
        Assert.InRange(Goertzel.Share(samples.AsSpan(0, 3_200), 375), 0.12, 0.2);
        Assert.InRange(Goertzel.Share(samples.AsSpan(0, 3_200), 425), 0.12, 0.2);
    }

    [Fact]
    public void The_handshake_of_an_alarm_receiver_is_two_tones()
    {
        var samples = Prompt.FromTone("handshake", ContactId.Handshake).SamplesAt(8_000);

        Assert.InRange(Goertzel.Share(samples.AsSpan(0, 800), 1_400), 0.95, 1.02);
        Assert.All(samples[800..1_600], s => Assert.Equal(0, s));
        Assert.InRange(Goertzel.Share(samples.AsSpan(1_600, 800), 2_300), 0.95, 1.02);
    }

    [Fact]
    public void The_tones_of_a_handshake_are_heard_with_their_lengths_and_voices_are_not()
    {
        var detector = new ToneDetector(1_400, 2_300);
        var heard = new List<(double, int)>();
        short[] all = [.. Prompt.FromTone("handshake", ContactId.Handshake).SamplesAt(8_000), .. new short[1_600],
            .. Prompt.FromTone("end", ContactId.Acknowledgement).SamplesAt(8_000), .. new short[1_600], .. Codecs.Sounds.Voice(8_000, 20)];
        foreach (var frame in all.Chunk(160))
            if (detector.Process(frame) is { } ended) heard.Add(ended);

        Assert.Equal([(1_400, 100), (2_300, 100), (1_400, 800)], heard);
        Assert.Null(detector.Sounding);
    }

    [Fact]
    public void The_message_of_an_alarm_panel_is_read_and_written()
    {
        // The worked example of SIA DC-05: account 1234, perimeter burglary in zone 15 of partition 1, check digit 8.
        var message = new ContactId("1234", '1', "131", "01", "015");

        Assert.Equal("1234181131010158", message.ToKeys());
        Assert.True(ContactId.TryParse("1234181131010158", out var read));
        Assert.Equal(message, read);
    }

    [Theory]
    [InlineData("1234181131010157")]
    [InlineData("123418113101015")]
    [InlineData("1234171131010159")]
    [InlineData("12341811310101x8")]
    [InlineData("")]
    public void What_is_no_alarm_message_is_refused(string keys)
    {
        Assert.False(ContactId.TryParse(keys, out _));
    }

    [Fact]
    public void Whatever_is_written_is_read_again()
    {
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            var message = new ContactId(Digits(4), "136"[random.Next(3)], Digits(3), Digits(2), Digits(3));
            Assert.True(ContactId.TryParse(message.ToKeys(), out var read));
            Assert.Equal(message, read);
        }

        string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => "0123456789BCDEF"[random.Next(15)]));
    }
}
