using FsCheck;
using FsCheck.Fluent;
using Switchhook.Media.Codecs;
using Switchhook.Media.Rtp;

namespace Switchhook.Media.Tests.Rtp;

public sealed class JitterBufferTests
{
    private const int Frame = 160;

    private readonly JitterBuffer _buffer = new(8_000);

    [Fact]
    public void Packets_in_order_are_played_in_order_and_soon()
    {
        var played = Run(Steady(100));

        Assert.Equal(Enumerable.Range(0, 100), played.Where(p => p >= 0));
        Assert.InRange(played.FindIndex(p => p >= 0), 0, 2);
        Assert.Equal(Frame, _buffer.Target);
    }

    [Fact]
    public void Packets_that_overtook_each_other_are_played_in_order()
    {
        var arrivals = Steady(60).Select(a => a with { AtMs = a.AtMs + (a.Number % 5 == 2 ? 45 : 0) }).ToList();

        var played = Run(arrivals).Where(p => p >= 0).ToList();

        Assert.Equal(played.Order(), played);
        Assert.True(played.Count >= 56, $"{played.Count}");
    }

    [Fact]
    public void The_delay_grows_with_jitter_so_that_packets_stop_being_late()
    {
        var random = new Random(1);
        var arrivals = Steady(600).Select(a => a with { AtMs = a.AtMs + random.Next(0, 100) }).ToList();

        var played = Run(arrivals);

        Assert.InRange(_buffer.Target, 4 * Frame, 7 * Frame);
        Assert.Empty(Enumerable.Range(300, 250).Except(played));
    }

    [Fact]
    public void The_delay_shrinks_again_in_silence()
    {
        var random = new Random(1);
        var arrivals = Steady(3_000).Select(a => a with { AtMs = a.AtMs + (a.Number < 300 ? random.Next(0, 100) : 0) }).ToList();

        var played = Run(arrivals, quiet: true);

        Assert.InRange(_buffer.Target, Frame, Frame + 40);
        Assert.InRange(played.Count - played.IndexOf(2_999), 0, 16);
        Assert.InRange(played.IndexOf(2_990) - 2_990, 0, 3);
    }

    [Fact]
    public void A_lost_packet_is_said_to_be_lost_and_the_next_one_shown()
    {
        Put(0, 0);
        Put(1, 20);
        Put(3, 60);
        Put(4, 80);
        var outcomes = new List<(JitterOutcome, int)>();
        for (var ms = 25; ms < 125; ms += 20)
        {
            var outcome = _buffer.Take((uint)(ms * 8), false, out var packet);
            outcomes.Add((outcome, packet.Payload.IsEmpty ? -1 : Number(packet)));
        }

        Assert.Contains((JitterOutcome.Lost, 3), outcomes);
        Assert.Equal([0, 1, 3, 4], outcomes.Where(o => o.Item1 == JitterOutcome.Packet).Select(o => o.Item2));
    }

    [Fact]
    public void A_pause_of_the_sender_is_no_loss()
    {
        Put(0, 0);
        Put(1, 20);
        _buffer.Take(25 * 8, true, out _);
        _buffer.Take(45 * 8, true, out _);
        _buffer.Put(2, 5 * Frame, Frame, AudioCodec.Pcmu, Payload(2), 50 * 8);

        Assert.Equal(JitterOutcome.Pause, _buffer.Take(65 * 8, true, out _));
    }

    [Fact]
    public void Duplicates_and_payloads_too_large_are_not_taken()
    {
        Assert.True(Put(7, 0));
        Assert.False(Put(7, 1));
        Assert.False(_buffer.Put(8, 8 * Frame, Frame, AudioCodec.Pcmu, new byte[JitterBuffer.MostOctets + 1], 8));
        Assert.False(_buffer.Put(9, 9 * Frame, Frame, AudioCodec.Pcmu, [], 8));
        Assert.Equal(1, _buffer.Duplicates);
    }

    [Fact]
    public void Another_timeline_begins_anew()
    {
        Run(Steady(20));

        _buffer.Put(5, 4_000_000_000, Frame, AudioCodec.Pcmu, Payload(77), 10_000);
        _buffer.Take(10_200, false, out var packet);

        Assert.Equal(77, Number(packet));
    }

    [Fact]
    public void Whatever_comes_is_played_in_order_once_and_never_more_than_there_is()
    {
        var property = Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var buffer = new JitterBuffer(8_000);
            var jitter = random.Next(0, 300);
            var loss = random.NextDouble() * 0.5;
            var start = (ushort)random.Next(65_536);
            var origin = (uint)random.NextInt64(uint.MaxValue);
            var arrivals = new List<(int AtMs, int Number)>();
            for (var i = 0; i < 200; i++)
            {
                if (random.NextDouble() < loss) continue;
                arrivals.Add((i * 20 + random.Next(0, jitter + 1), i));
                if (random.Next(10) == 0) arrivals.Add((i * 20 + random.Next(0, 400), i));
            }

            arrivals.Sort((a, b) => a.AtMs.CompareTo(b.AtMs));
            var played = new List<int>();
            var next = 0;
            for (var ms = 0; ms < 6_000; ms += 20)
            {
                for (; next < arrivals.Count && arrivals[next].AtMs <= ms; next++)
                {
                    var number = arrivals[next].Number;
                    buffer.Put((ushort)(start + number), origin + (uint)(number * Frame), Frame, AudioCodec.Pcmu, Payload(number), (uint)(ms * 8));
                }

                if (buffer.Take((uint)(ms * 8), random.Next(2) == 0, out var packet) == JitterOutcome.Packet) played.Add(Number(packet));
            }

            return played.SequenceEqual(played.Distinct().Order()) && buffer.Count == 0;
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), property);
    }

    [Fact]
    public void Nothing_is_allocated_by_packets()
    {
        Run(Steady(100));
        var payload = Payload(1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 100; i < 1_100; i++)
        {
            _buffer.Put((ushort)i, (uint)(i * Frame), Frame, AudioCodec.Pcmu, payload, (uint)(i * Frame));
            _buffer.Take((uint)(i * Frame) + 40, false, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static List<Arrival> Steady(int count) => [.. Enumerable.Range(0, count).Select(i => new Arrival(i, i * 20))];

    /// <summary>The number played in each tick, −1 for none.</summary>
    private List<int> Run(List<Arrival> arrivals, bool quiet = false)
    {
        var left = new Queue<Arrival>(arrivals.OrderBy(a => a.AtMs));
        var played = new List<int>();
        for (var ms = 5; left.Count > 0 || ms < arrivals[^1].AtMs + 300; ms += 20)
        {
            while (left.TryPeek(out var arrival) && arrival.AtMs <= ms)
            {
                left.Dequeue();
                Put(arrival.Number, arrival.AtMs);
            }

            played.Add(_buffer.Take((uint)(ms * 8), quiet, out var packet) == JitterOutcome.Packet ? Number(packet) : -1);
        }

        return played;
    }

    private bool Put(int number, int atMs) =>
        _buffer.Put((ushort)number, (uint)(number * Frame), Frame, AudioCodec.Pcmu, Payload(number), (uint)(atMs * 8));

    private static byte[] Payload(int number) => BitConverter.GetBytes(number);

    private static int Number(in JitterPacket packet) => BitConverter.ToInt32(packet.Payload);

    private sealed record Arrival(int Number, int AtMs);
}
