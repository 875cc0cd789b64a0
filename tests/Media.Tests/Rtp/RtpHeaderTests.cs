using FsCheck;
using FsCheck.Fluent;
using Switchhook.Media.Rtp;

namespace Switchhook.Media.Tests.Rtp;

public sealed class RtpHeaderTests
{
    [Fact]
    public void A_written_header_reads_back()
    {
        var packet = new byte[172];

        RtpHeader.Write(packet, 101, marker: true, 65_535, 0xFEDC_BA98, 0x1234_5678);

        Assert.True(RtpHeader.TryParse(packet, out var h));
        Assert.Equal((101, true, 65_535, 0xFEDC_BA98, 0x1234_5678u), (h.PayloadType, h.Marker, h.Sequence, h.Timestamp, h.Ssrc));
        Assert.Equal((12, 160), (h.PayloadAt, h.PayloadLength));
    }

    [Fact]
    public void Contributing_sources_extension_and_padding_are_no_payload()
    {
        byte[] packet =
        [
            0xB2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9,          // padding, extension, two contributing sources
            1, 1, 1, 1, 2, 2, 2, 2,
            0xBE, 0xDE, 0, 1, 5, 5, 5, 5,                   // an extension of one word
            42, 43, 44, 0, 0, 3,                            // three octets, three of padding
        ];

        Assert.True(RtpHeader.TryParse(packet, out var h));
        Assert.Equal((28, 3), (h.PayloadAt, h.PayloadLength));
    }

    [Theory]
    [InlineData("8000000100000000000000")]                  // too short
    [InlineData("000000010000000000000001")]                // version 0
    [InlineData("810000010000000000000001")]                // a contributing source that is not there
    [InlineData("900000010000000000000001BEDE0001")]        // an extension that is not there
    [InlineData("A0000001000000000000000100")]              // padding of no octets
    [InlineData("A0000001000000000000000109")]              // more padding than there is
    public void What_does_not_fit_is_no_rtp(string hex) => Assert.False(RtpHeader.TryParse(Convert.FromHexString(hex), out _));

    [Fact]
    public void Random_octets_never_raise_and_never_point_outside()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), octets =>
        {
            if (octets.Length > 0) octets[0] = (byte)(0x80 | (octets[0] & 0x3F));
            return !RtpHeader.TryParse(octets, out var h) || (h.PayloadAt >= 12 && h.PayloadLength >= 0 && h.PayloadAt + h.PayloadLength <= octets.Length);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }
}
