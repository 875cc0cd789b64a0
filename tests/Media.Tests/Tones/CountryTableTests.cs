using System.Globalization;
using Switchhook.Media.Tones;

namespace Switchhook.Media.Tests.Tones;

/// <summary>
/// The table of tones against ITU-T E.180 supplement 2 and Asterisk's indications.conf: frequencies (<c>+</c> together, <c>x</c> modulated by), then
/// milliseconds on and off.
/// </summary>
public sealed class CountryTableTests
{
    [Theory]
    [InlineData("AU", "413+438 400-200-400-2000", "425 375-375", "425 375-375")]
    [InlineData("CA", "440+480 2000-4000", "480+620 500-500", "480+620 250-250")]
    [InlineData("CN", "450 1000-4000", "450 350-350", "450 700-700")]
    [InlineData("DE", "425 1000-4000", "425 480-480", "425 240-240")]
    [InlineData("ES", "425 1500-3000", "425 200-200", "425 200-200-200-200-200-600")]
    [InlineData("FR", "440 1500-3500", "440 500-500", "440 250-250")]
    [InlineData("GB", "400+450 400-200-400-2000", "400 375-375", "400 400-350-225-525")]
    [InlineData("HU", "425 1250-3750", "425 300-300", "425 300-300")]
    [InlineData("IN", "400x25 400-200-400-2000", "400 750-750", "400 250-250")]
    [InlineData("IT", "425 1000-4000", "425 500-500", "425 200-200")]
    [InlineData("JP", "400x16 1000-2000", "400 500-500", "400 500-500")]
    [InlineData("NL", "425 1000-4000", "425 500-500", "425 250-250")]
    [InlineData("PL", "425 1000-4000", "425 500-500", "425 500-500")]
    [InlineData("SG", "425x24 400-200-400-2000", "425 750-750", "425 250-250")]
    [InlineData("US", "440+480 2000-4000", "480+620 500-500", "480+620 250-250")]
    public void A_country_has_its_tones(string country, string ringing, string busy, string congestion)
    {
        Assert.True(CountryTones.TryOf(country, out var tones));

        Assert.Equal((ringing, busy, congestion), (Written(tones.Ringing), Written(tones.Busy), Written(tones.Congestion)));
    }

    [Fact]
    public void Every_country_of_the_table_is_checked() => Assert.Equal(15, CountryTones.Countries.Count);

    private static string Written(Tone tone)
    {
        var cadence = new List<double>();
        for (var part = tone; part is not null; part = part.Then)
        {
            // The frequencies stay the same over a period.
            Assert.Equal((tone.FirstHz, tone.SecondHz, tone.IsModulated), (part.FirstHz, part.SecondHz, part.IsModulated));
            cadence.AddRange([part.On.TotalMilliseconds, part.Off.TotalMilliseconds]);
        }
        var hz = tone.SecondHz > 0 ? string.Create(CultureInfo.InvariantCulture, $"{tone.FirstHz}{(tone.IsModulated ? 'x' : '+')}{tone.SecondHz}") : tone.FirstHz.ToString(CultureInfo.InvariantCulture);
        return $"{hz} {string.Join('-', cadence)}";
    }
}
