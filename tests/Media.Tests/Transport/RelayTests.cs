using Switchhook.Media.Codecs;
using Switchhook.Media.Prompts;
using Switchhook.Media.Sdp;
using Switchhook.TestKit.Rtp;
using G711 = Switchhook.TestKit.Rtp.G711;

namespace Switchhook.Media.Tests.Transport;

public sealed class RelayTests : IDisposable
{
    private readonly Studio _studio = new();

    public void Dispose() => _studio.Dispose();

    [Fact]
    public void Bridged_legs_hear_each_other_with_the_payload_untouched()
    {
        var ((alice, a), (bob, b)) = (_studio.Leg(), _studio.Leg(address: "127.0.0.2"));
        a.Bridge(b);

        var (fromAlice, fromBob) = (alice.Send(), bob.Send());
        _studio.Settle();
        var (atBob, atAlice) = (bob.Receive(), alice.Receive());

        Assert.Equal(fromAlice, atBob.Payload);
        Assert.Equal(fromBob, atAlice.Payload);
        Assert.Equal((b.Local, a.Local), (atBob.From, atAlice.From));
        Assert.NotEqual(alice.Source, atBob.Source);
    }

    [Fact]
    public void A_loss_before_us_is_a_loss_after_us_and_nothing_else_is()
    {
        var ((alice, a), (bob, b)) = (_studio.Leg(), _studio.Leg());
        a.Bridge(b);

        for (var i = 0; i < 20; i++)
        {
            if (i is 7 or 8) (alice.Sequence, alice.Timestamp) = ((ushort)(alice.Sequence + 1), alice.Timestamp + 160);
            else alice.Send();
            _studio.Settle();
            _studio.Pass(20);
        }

        var heard = bob.ReceiveAll();
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19], heard.Select(p => (ushort)(p.Sequence - heard[0].Sequence)));
        Assert.All(heard, p => Assert.Equal((ushort)(p.Sequence - heard[0].Sequence) * 160u, p.Timestamp - heard[0].Timestamp));
        Assert.Equal(2, a.Snapshot().PacketsLost);
        Assert.True(heard[0].Marker);
    }

    [Theory]
    [InlineData(AudioCodec.Pcmu, AudioCodec.Pcma)]
    [InlineData(AudioCodec.Pcma, AudioCodec.Pcmu)]
    public void Legs_of_different_laws_are_translated(AudioCodec from, AudioCodec to)
    {
        var ((alice, a), (bob, b)) = (_studio.Leg(from), _studio.Leg(to));
        a.Bridge(b);
        var sound = Enumerable.Range(0, 160).Select(i => (short)(9_000 * Math.Sin(i * 0.3))).ToArray();

        alice.Send(from == AudioCodec.Pcmu ? 0 : 8, [.. sound.Select(s => from == AudioCodec.Pcmu ? G711.EncodeMu(s) : G711.EncodeA(s))]);
        _studio.Settle();
        var heard = bob.Receive();

        Assert.Equal(to == AudioCodec.Pcmu ? 0 : 8, heard.PayloadType);
        var decoded = heard.Payload.Select(o => to == AudioCodec.Pcmu ? G711.DecodeMu(o) : G711.DecodeA(o)).ToArray();
        for (var i = 0; i < 160; i++) Assert.InRange(decoded[i] - sound[i], -700, 700);
    }

    [Fact]
    public void Contributing_sources_extensions_and_padding_stay_behind()
    {
        var ((alice, a), (bob, b)) = (_studio.Leg(), _studio.Leg());
        a.Bridge(b);
        byte[] start = [0xB1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 1, 1, 1, 1, 0xBE, 0xDE, 0, 1, 5, 5, 5, 5];

        alice.SendRaw([.. start, 41, 42, 43, 0, 2]);
        _studio.Settle();

        Assert.Equal([41, 42, 43], bob.Receive().Payload);
        Assert.False(bob.HasMore);
    }

    [Fact]
    public void Another_source_goes_on_where_the_former_left_off()
    {
        var ((alice, a), (bob, b)) = (_studio.Leg(), _studio.Leg());
        a.Bridge(b);
        alice.Send();
        _studio.Settle();
        _studio.Pass(100);

        (alice.Source, alice.Sequence, alice.Timestamp) = (99, 60_000, 4_000_000_000);
        alice.Send();
        _studio.Settle();

        var (first, second) = (bob.Receive(), bob.Receive());
        Assert.Equal(first.Source, second.Source);
        Assert.Equal((ushort)(first.Sequence + 1), second.Sequence);
        Assert.Equal(800u, second.Timestamp - first.Timestamp);
    }

    [Fact]
    public void A_prompt_takes_the_floor_and_gives_it_back_in_one_unbroken_stream()
    {
        var ((alice, a), (bob, b)) = (_studio.Leg(), _studio.Leg());
        a.Bridge(b);
        Talk(alice, 3);

        b.Play(Prompt.FromTone("beep", Media.Tones.Tone.Beep, TimeSpan.FromMilliseconds(60)), loop: false);
        Talk(alice, 6);

        var heard = bob.ReceiveAll();
        Assert.Single(heard.Select(p => p.Source).Distinct());
        Assert.Equal(Enumerable.Range(0, heard.Count), heard.Select(p => (int)(ushort)(p.Sequence - heard[0].Sequence)));
        Assert.All(heard.Zip(heard.Skip(1)), pair => Assert.InRange(pair.Second.Timestamp - pair.First.Timestamp, 1u, 480u));
        Assert.InRange(heard.Count, 8, 10);
    }

    [Fact]
    public void On_hold_nothing_passes_either_way()
    {
        var ((alice, a), (bob, b)) = (_studio.Leg(), _studio.Leg());
        a.Bridge(b);
        a.SetHold(true);
        Exchange(alice, bob);
        Assert.False(alice.HasMore || bob.HasMore);

        a.SetHold(false);
        Exchange(alice, bob);

        Assert.Single(alice.ReceiveAll());
        Assert.Single(bob.ReceiveAll());
    }

    [Fact]
    public void A_direction_is_kept_to()
    {
        var ((alice, a), (bob, b)) = (_studio.Leg(), _studio.Leg());
        a.Bridge(b);

        b.Configure(Studio.Flow(bob.Local, direction: MediaDirection.RecvOnly));
        Exchange(alice, bob);

        Assert.Single(alice.ReceiveAll());
        Assert.False(bob.HasMore);
    }

    [Fact]
    public void Parted_legs_hear_nothing_of_each_other()
    {
        var ((alice, a), (bob, b)) = (_studio.Leg(), _studio.Leg());
        a.Bridge(b);
        b.Unbridge();

        Exchange(alice, bob);

        Assert.False(alice.HasMore || bob.HasMore);
    }

    [Fact]
    public void A_new_bridge_ends_the_old_one()
    {
        var ((alice, a), (bob, b), (carol, c)) = (_studio.Leg(), _studio.Leg(), _studio.Leg());
        a.Bridge(b);
        a.Bridge(c);

        Exchange(alice, bob);

        Assert.Single(carol.ReceiveAll());
        Assert.False(alice.HasMore || bob.HasMore);
    }

    [Fact]
    public void Echo_returns_what_was_said()
    {
        var (alice, a) = _studio.Leg();
        a.SetEcho(true);

        var said = alice.Send();
        _studio.Settle();

        Assert.Equal(said, alice.Receive().Payload);
    }

    [Fact]
    public void The_path_of_a_packet_allocates_nothing()
    {
        var ((alice, a), (bob, b)) = (_studio.Leg(AudioCodec.Pcmu), _studio.Leg(AudioCodec.Pcma));
        a.Bridge(b);
        var packet = new RtpPacket(0, false, 1, 160, 7, new byte[160]).ToBytes();
        for (var i = 0; i < 50; i++) Once();

        var allocated = 0L;
        for (var i = 0; i < 200; i++) allocated += Once();

        Assert.Equal(0, allocated);
        Assert.True(_studio.Engine.PacketsSent >= 250);

        long Once()
        {
            packet[3]++;
            _studio.Time.Advance(TimeSpan.FromMilliseconds(10));
            alice.Rtp.SendTo(packet, System.Net.Sockets.SocketFlags.None, _address ??= a.Local.Serialize());
            var seen = _studio.Engine.PacketsReceived;
            var before = GC.GetAllocatedBytesForCurrentThread();
            while (_studio.Engine.PacketsReceived == seen) _studio.Engine.Pump(5);
            var gone = GC.GetAllocatedBytesForCurrentThread() - before;
            while (bob.HasMore) bob.Rtp.Receive(_room);
            return gone;
        }
    }

    private readonly byte[] _room = new byte[2_048];
    private System.Net.SocketAddress? _address;

    private void Exchange(Phone alice, Phone bob)
    {
        alice.Send();
        bob.Send();
        _studio.Settle();
    }

    private void Talk(Phone phone, int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            phone.Send();
            _studio.Settle();
            _studio.Pass(20);
        }
    }
}
