using FsCheck;
using FsCheck.Fluent;
using Switchhook.Media.Rtp;

namespace Switchhook.Media.Tests.Rtp;

public sealed class RtcpTests
{
    private static readonly byte[] Name = "0123456789abcdef"u8.ToArray();

    [Fact]
    public void A_sender_report_with_a_block_and_a_goodbye_reads_back()
    {
        var room = new byte[RtcpWriter.MostOctets];
        var block = new ReportBlock(77, 12, -5, 0x1_0002, 33, 0xABCD_EF01, 65_536);

        var length = RtcpWriter.Write(room, 9, new SenderInfo(0x1111_2222_3333_4444, 160, 5, 800), block, Name, goodbye: true);

        Assert.True(RtcpReader.TryParse(room.AsSpan(0, length), 77, out var news));
        Assert.Equal((0x2222_3333u, true), (news.SenderReport, news.Goodbye));
        Assert.Equal(block, news.About);
    }

    [Fact]
    public void The_octets_are_those_of_the_specification()
    {
        var room = new byte[RtcpWriter.MostOctets];

        var length = RtcpWriter.Write(room, 0x0A0B_0C0D, null, null, Name, goodbye: false);

        Assert.Equal(
            "80C900010A0B0C0D" +                            // receiver report without blocks
            "81CA00060A0B0C0D0110" + Convert.ToHexString(Name) + "0000",
            Convert.ToHexString(room.AsSpan(0, length)));
    }

    [Fact]
    public void Blocks_about_others_are_passed_over()
    {
        var room = new byte[RtcpWriter.MostOctets];
        var length = RtcpWriter.Write(room, 9, null, new ReportBlock(77, 1, 2, 3, 4, 5, 6), Name, goodbye: false);

        Assert.True(RtcpReader.TryParse(room.AsSpan(0, length), 78, out var news));

        Assert.Null(news.About);
    }

    [Fact]
    public void A_packet_cut_anywhere_is_refused_or_read_and_never_raises()
    {
        var room = new byte[RtcpWriter.MostOctets];
        var length = RtcpWriter.Write(room, 9, new SenderInfo(1, 2, 3, 4), new ReportBlock(77, 1, 2, 3, 4, 5, 6), Name, goodbye: true);

        var whole = Enumerable.Range(0, length + 1).Count(cut => RtcpReader.TryParse(room.AsSpan(0, cut), 77, out _));

        Assert.Equal(3, whole);                             // after the report, after the name, after the goodbye
    }

    [Fact]
    public void Random_octets_never_raise()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), octets =>
        {
            if (octets.Length > 3) (octets[0], octets[1], octets[2], octets[3]) = ((byte)(0x80 | octets[0] & 0x1F), (byte)(200 + octets[1] % 4), 0, (byte)(octets[3] % 8));
            _ = RtcpReader.TryParse(octets, 1, out _);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }
}
