using Switchhook.Media.Codecs;
using Reference = Switchhook.TestKit.Rtp.G711;

namespace Switchhook.Media.Tests.Codecs;

public sealed class G711Tests
{
    [Fact]
    public void Every_octet_of_both_laws_decodes_as_the_definition_says()
    {
        for (var octet = 0; octet < 256; octet++)
        {
            Assert.Equal(Reference.DecodeMu((byte)octet), G711.DecodeMuLaw((byte)octet));
            Assert.Equal(Reference.DecodeA((byte)octet), G711.DecodeALaw((byte)octet));
        }
    }

    [Fact]
    public void Encoding_what_was_decoded_gives_the_same_level_back()
    {
        for (var octet = 0; octet < 256; octet++)
        {
            var (mu, a) = (G711.DecodeMuLaw((byte)octet), G711.DecodeALaw((byte)octet));

            Assert.Equal(mu, G711.DecodeMuLaw(G711.EncodeMuLaw(mu)));
            Assert.Equal(a, G711.DecodeALaw(G711.EncodeALaw(a)));
        }
    }

    [Fact]
    public void Encoding_any_sample_errs_by_no_more_than_a_step_of_its_segment()
    {
        for (int sample = short.MinValue; sample <= short.MaxValue; sample += 7)
        {
            var step = Math.Max(16, Math.Abs(sample) / 16);

            Assert.InRange(G711.DecodeMuLaw(G711.EncodeMuLaw((short)sample)), Math.Max(-32_124, sample - step) - 8, Math.Min(32_124, sample + step) + 8);
            Assert.InRange(G711.DecodeALaw(G711.EncodeALaw((short)sample)), sample - step - 8, sample + step + 8);
        }
    }

    [Theory]
    [InlineData(AudioCodec.Pcmu)]
    [InlineData(AudioCodec.Pcma)]
    public void Translating_between_the_laws_keeps_the_level_within_a_quantizing_step(AudioCodec from)
    {
        var payload = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var before = payload.Select(o => from == AudioCodec.Pcmu ? Reference.DecodeMu(o) : Reference.DecodeA(o)).ToArray();

        G711.Transcode(payload, from);

        for (var i = 0; i < 256; i++)
        {
            var after = from == AudioCodec.Pcmu ? Reference.DecodeA(payload[i]) : Reference.DecodeMu(payload[i]);
            Assert.InRange(Math.Abs(after - before[i]), 0, Math.Max(16, Math.Abs((int)before[i]) / 16));
        }
    }
}
