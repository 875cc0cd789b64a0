using Switchhook.Media.Rtp;

namespace Switchhook.Media.Tests.Rtp;

public sealed class ReceiverStatisticsTests
{
    [Fact]
    public void A_stream_on_time_across_a_wrap_has_neither_loss_nor_jitter()
    {
        var heard = Hear(Enumerable.Range(65_500, 100).Select(i => (ushort)i));

        Assert.Equal((0L, 0u), (heard.Lost, heard.Jitter));
        Assert.Equal(0x1_0000u + 63, heard.ExtendedHighest);
    }

    [Fact]
    public void Missing_numbers_are_lost_and_a_late_one_is_found_again()
    {
        var heard = Hear([1, 2, 5, 6]);
        Assert.Equal(2, heard.Lost);

        heard.On(Header(3), 0, timesMean: false);

        Assert.Equal(1, heard.Lost);
    }

    [Fact]
    public void The_fraction_lost_is_that_since_the_last_report()
    {
        var heard = Hear([0, 1, 2, 3, 8, 9, 10, 11]);

        var (first, second) = (heard.TakeFractionLost(), heard.TakeFractionLost());

        Assert.Equal((4 * 256 / 12, 0), (first, second));
    }

    [Fact]
    public void Another_source_starts_its_own_count_and_earlier_losses_stay()
    {
        var heard = Hear([1, 5]);

        heard.On(Header(40_000, ssrc: 2), 0, timesMean: true);
        heard.On(Header(40_001, ssrc: 2), 160, timesMean: true);

        Assert.Equal((3L, 2u), (heard.Lost, heard.Ssrc));
    }

    [Fact]
    public void A_jump_counts_as_a_new_beginning_once_a_second_packet_confirms_it()
    {
        var heard = Hear([1, 2, 3, 30_000, 30_001, 30_002]);

        Assert.Equal(30_002u, heard.ExtendedHighest);
        Assert.InRange(heard.Lost, -1, 1);
    }

    [Fact]
    public void Jitter_approaches_the_mean_deviation_of_arrivals()
    {
        var heard = new ReceiverStatistics();

        for (var i = 0; i < 500; i++) heard.On(Header((ushort)i), (uint)(i * 160 + (i % 2) * 80), timesMean: true);

        Assert.InRange(heard.Jitter, 75u, 80u);
    }

    private static ReceiverStatistics Hear(IEnumerable<ushort> sequences)
    {
        var heard = new ReceiverStatistics();
        uint time = 0;
        foreach (var sequence in sequences)
        {
            heard.On(Header(sequence, time: time), time, timesMean: true);
            time += 160;
        }

        return heard;
    }

    private static RtpHeader Header(ushort sequence, uint ssrc = 1, uint? time = null) => new()
    {
        PayloadType = 0,
        Marker = false,
        Sequence = sequence,
        Timestamp = time ?? sequence * 160u,
        Ssrc = ssrc,
        PayloadAt = 12,
        PayloadLength = 160,
    };
}
