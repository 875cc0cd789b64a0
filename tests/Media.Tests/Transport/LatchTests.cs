using System.Net;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Media.Tests.Transport;

public sealed class LatchTests : IDisposable
{
    private readonly Studio _studio = new();

    public void Dispose() => _studio.Dispose();

    [Fact]
    public void The_first_packet_of_the_signalled_machine_decides_even_from_another_port()
    {
        var (signalled, session) = _studio.Leg();
        var actual = _studio.Phone();
        actual.Remote = session.Local;
        session.SetEcho(true);

        actual.Send();
        _studio.Settle();

        Assert.Equal(actual.Local, session.Snapshot().Latched);
        Assert.NotNull(actual.Receive());
        Assert.False(signalled.HasMore);
    }

    [Fact]
    public void Once_latched_strangers_are_refused_and_counted()
    {
        var (phone, session) = _studio.Leg();
        session.SetEcho(true);
        phone.Send();
        _studio.Settle();
        phone.ReceiveAll();
        var stranger = _studio.Phone("127.0.0.66");
        stranger.Remote = session.Local;

        for (var i = 0; i < 100; i++) stranger.Send();
        _studio.Settle();

        var figures = session.Snapshot();
        Assert.Equal((1L, 100L, phone.Local), (figures.PacketsReceived, figures.Rejected, figures.Latched));
        Assert.False(phone.HasMore || stranger.HasMore);
    }

    [Fact]
    public void A_source_elsewhere_needs_several_packets_in_a_row()
    {
        var (_, session) = _studio.Leg();
        var elsewhere = _studio.Phone("127.0.0.66");
        elsewhere.Remote = session.Local;

        for (var i = 0; i < 4; i++) elsewhere.Send();
        elsewhere.Sequence += 1;                            // a gap: the count begins anew
        for (var i = 0; i < 4; i++) elsewhere.Send();
        _studio.Settle();
        Assert.Null(session.Snapshot().Latched);

        elsewhere.Send();
        _studio.Settle();

        Assert.Equal(elsewhere.Local, session.Snapshot().Latched);
    }

    [Fact]
    public void Two_strangers_that_take_turns_never_get_in()
    {
        var (_, session) = _studio.Leg();
        var (one, two) = (_studio.Phone("127.0.0.66"), _studio.Phone("127.0.0.67"));
        (one.Remote, two.Remote) = (session.Local, session.Local);

        for (var i = 0; i < 30; i++)
        {
            one.Send();
            two.Send();
            _studio.Settle();
        }

        Assert.Null(session.Snapshot().Latched);
    }

    [Fact]
    public void A_public_address_takes_more_convincing()
    {
        var session = _studio.Engine.TryOpen(null)!;
        session.Configure(Studio.Flow(new IPEndPoint(IPAddress.Parse("192.0.2.5"), 4_000)));
        var elsewhere = _studio.Phone();
        elsewhere.Remote = session.Local;

        for (var i = 0; i < 24; i++) elsewhere.Send();
        _studio.Settle();
        Assert.Null(session.Snapshot().Latched);

        elsewhere.Send();
        _studio.Settle();

        Assert.Equal(elsewhere.Local, session.Snapshot().Latched);
    }

    [Fact]
    public void A_changed_remote_address_lets_a_new_source_in_and_the_same_one_does_not()
    {
        var (phone, session) = _studio.Leg();
        phone.Send();
        _studio.Settle();
        var moved = _studio.Phone();
        moved.Remote = session.Local;

        session.Configure(Studio.Flow(phone.Local));
        moved.Send();
        _studio.Settle();
        Assert.Equal(phone.Local, session.Snapshot().Latched);

        session.Configure(Studio.Flow(moved.Local));
        moved.Send();
        _studio.Settle();

        Assert.Equal(moved.Local, session.Snapshot().Latched);
    }

    [Fact]
    public void Garbage_and_unknown_payload_types_never_latch()
    {
        var (phone, session) = _studio.Leg();

        phone.SendRaw([]);
        phone.SendRaw([0x80]);
        phone.SendRaw(new byte[172]);
        phone.SendRaw(new byte[4_000]);
        phone.Send(payloadType: 77);
        phone.SendRaw([.. new RtpPacket(0, false, 1, 1, 1, []).ToBytes().Select((o, i) => i == 0 ? (byte)0x9F : o)]);
        _studio.Settle();

        var figures = session.Snapshot();
        Assert.Equal((0L, 6L, null), (figures.PacketsReceived, figures.Rejected, figures.Latched));
    }

    [Fact]
    public void A_source_that_floods_is_cut_to_what_a_call_can_need()
    {
        var (phone, session) = _studio.Leg();

        for (var i = 0; i < 1_000; i++)
        {
            phone.Send();
            _studio.Settle();
        }

        Assert.Equal((400L, 600L), (session.Snapshot().PacketsReceived, session.Snapshot().Rejected));
        _studio.Pass(1_000);
        phone.Send();
        _studio.Settle();
        Assert.Equal(401, session.Snapshot().PacketsReceived);
    }

    [Fact]
    public void Random_datagrams_do_no_harm()
    {
        var (phone, session) = _studio.Leg();
        session.SetEcho(true);
        var chance = new Random(20_261_121);

        for (var i = 0; i < 2_000; i++)
        {
            var datagram = new byte[chance.Next(0, 300)];
            chance.NextBytes(datagram);
            if (datagram.Length > 1 && i % 2 == 0) (datagram[0], datagram[1]) = ((byte)(0x80 | datagram[0] & 0x3F), (byte)(i % 4 == 0 ? 101 : 0));
            phone.SendRaw(datagram);
            _studio.Settle();
            _studio.Pass(10);
            phone.ReceiveAll();
        }

        Assert.Equal(0, _studio.Engine.Faults);
        phone.Send();
        _studio.Settle();
        Assert.Equal(160, phone.Receive().Payload.Length);
    }
}
