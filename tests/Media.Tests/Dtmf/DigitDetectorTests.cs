using Switchhook.Media.Dtmf;
using Switchhook.Media.Tests.Codecs;

namespace Switchhook.Media.Tests.Dtmf;

public sealed class DigitDetectorTests
{
    private readonly DigitDetector _detector = new();

    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(0.2, 0.2)]
    [InlineData(1.0, 0.5)]
    [InlineData(0.5, 1.0)]
    public void Every_key_is_heard_once_loud_soft_and_uneven(double low, double high)
    {
        const string keys = "0123456789*#ABCD";
        foreach (var key in keys) _detector.Process([.. Press(key, 60, low, high), .. new short[480]]);

        Assert.Equal(keys, Heard());
    }

    [Fact]
    public void A_short_click_is_none_and_a_gap_divides_two()
    {
        _detector.Process([.. Press('5', 15, 1, 1), .. new short[800]]);
        _detector.Process([.. Press('7', 60, 1, 1), .. new short[480], .. Press('7', 60, 1, 1), .. new short[480]]);

        Assert.Equal("77", Heard());
    }

    [Fact]
    public void Keys_are_heard_through_noise()
    {
        var random = new Random(2);
        short[] pressed = [.. Press('9', 80, 1, 1), .. new short[800]];
        _detector.Process([.. pressed.Select(s => (short)(s + random.Next(-500, 500)))]);

        Assert.Equal("9", Heard());
    }

    [Fact]
    public void Ten_minutes_of_voices_music_and_noise_are_no_keys()
    {
        var random = new Random(4);
        for (var second = 0; second < 600; second++)
        {
            var pitch = 80 + random.NextDouble() * 300;
            var noise = new short[8_000];
            for (var i = 0; i < noise.Length; i++)
            {
                var t = second + i / 8_000.0;
                double voice = 0;
                for (var k = 1; k * pitch < 3_400; k++) voice += Math.Sin(2 * Math.PI * k * pitch * t * (1 + 0.01 * Math.Sin(5 * t)) + k) / Math.Sqrt(k);
                var melody = Math.Sin(2 * Math.PI * 440 * Math.Pow(2, second % 24 / 12.0) * t);
                noise[i] = (short)(2_500 * (second % 3 == 1 ? melody : voice) + random.Next(-300, 300));
            }

            _detector.Process(noise);
        }

        Assert.Equal("", Heard());
    }

    [Fact]
    public void A_single_tone_and_ringing_are_no_keys()
    {
        foreach (var hz in (double[])[425, 697, 941, 1_000, 1_336, 1_400, 2_300]) _detector.Process(Sounds.Sine(8_000, hz, 1));

        Assert.Equal("", Heard());
    }

    private static short[] Press(char key, int ms, double low, double high)
    {
        var at = DigitTone.Keys.IndexOf(key, StringComparison.Ordinal);
        var (row, column) = (DigitTone.Rows[at / 4], DigitTone.Columns[at % 4]);
        return [.. Enumerable.Range(0, ms * 8).Select(i => (short)(6_000 * (low * Math.Sin(2 * Math.PI * row * i / 8_000) + high * Math.Sin(2 * Math.PI * column * i / 8_000))))];
    }

    private string Heard()
    {
        var heard = "";
        while (_detector.TryTake(out var digit)) heard += digit.Digit;
        return heard;
    }
}
