using System.Net;
using Switchhook.Media.Prompts;
using Switchhook.Media.Rtp;
using Switchhook.Media.Sdp;
using Switchhook.Media.Tones;
using Switchhook.Media.Transport;

namespace Switchhook.Media.Tests.Transport;

public sealed class SessionLifeTests
{
    [Fact]
    public void Ports_come_in_pairs_even_first_and_return_on_close()
    {
        using var studio = new Studio();

        var sessions = Enumerable.Range(0, 5).Select(_ => studio.Engine.TryOpen(null)!).ToList();
        Assert.Equal(10, studio.Engine.LivePorts);
        Assert.All(sessions, s => Assert.Equal(0, s.Local.Port % 2));
        foreach (var session in sessions)
        {
            session.Close();
            session.Close();
        }

        studio.Until(() => studio.Engine.LivePorts == 0);
        Assert.All(sessions, s => Assert.True(s.IsClosed));
    }

    [Fact]
    public void A_full_range_refuses_and_a_returned_pair_is_used_again()
    {
        using var probe = new Studio();
        var free = probe.Engine.TryOpen(null)!.Local.Port;
        probe.Dispose();
        using var studio = new Studio(firstPort: free, lastPort: free + 1);

        var first = studio.Engine.TryOpen("one")!;
        Assert.Null(studio.Engine.TryOpen("two"));
        first.Close();
        studio.Until(() => studio.Engine.LivePorts == 0);
        var second = studio.Engine.TryOpen("three")!;

        Assert.Equal((free, "three"), (second.Local.Port, second.Owner));
    }

    [Fact]
    public void More_idle_pairs_than_need_be_are_unbound_and_bound_again_when_wanted()
    {
        using var studio = new Studio();
        for (var round = 0; round < 2; round++)
        {
            var sessions = Enumerable.Range(0, 1_100).Select(_ => studio.Engine.TryOpen(null)!).ToList();
            Assert.DoesNotContain(null, sessions);

            foreach (var session in sessions) session.Close();
            studio.Until(() => studio.Engine.LivePorts == 0);
        }

        Assert.Equal(0, studio.Engine.Faults);
    }

    [Fact]
    public void Packets_meant_for_the_former_user_of_a_port_are_not_the_next_ones()
    {
        using var probe = new Studio();
        var free = probe.Engine.TryOpen(null)!.Local.Port;
        probe.Dispose();
        using var studio = new Studio(firstPort: free, lastPort: free + 1);
        var (phone, first) = studio.Leg();
        first.Close();
        studio.Until(() => studio.Engine.LivePorts == 0);

        for (var i = 0; i < 10; i++) phone.Rtp.SendTo(new byte[172], phone.Remote!);
        var second = studio.Engine.TryOpen(null)!;
        second.Configure(Studio.Flow(phone.Local));
        phone.Send();
        studio.Until(() => studio.Engine.PacketsReceived == 1);

        Assert.Equal(0, second.Snapshot().Rejected);
    }

    [Fact]
    public void A_closed_session_sends_nothing_and_takes_nothing_more()
    {
        using var studio = new Studio();
        var (phone, session) = studio.Leg();
        session.Play(Prompt.FromTone("tone", Tone.Busy), loop: true);
        studio.Pass(100);
        session.Close();
        phone.ReceiveAll();

        studio.Pass(100);

        Assert.False(phone.HasMore);
        Assert.Equal(0, session.Play(Prompt.FromTone("tone", Tone.Busy), loop: true));
        Assert.False(session.SendDigits("1") || session.SetEcho(true) || session.Configure(Studio.Flow(phone.Local)));
    }

    [Fact]
    public void A_partner_of_a_closed_session_goes_on_alone()
    {
        using var studio = new Studio();
        var ((alice, a), (bob, b)) = (studio.Leg(), studio.Leg());
        a.Bridge(b);
        b.Close();

        alice.Send();
        studio.Settle();

        Assert.False(bob.HasMore);
        Assert.Equal((1L, 0L), (a.Snapshot().PacketsReceived, studio.Engine.Faults));
    }

    [Fact]
    public void Too_many_waiting_commands_are_refused()
    {
        using var studio = new Studio();
        var session = studio.Engine.TryOpen(null)!;

        var taken = Enumerable.Range(0, 200).Count(_ => session.SetHold(true));
        studio.Engine.Pump(0);

        Assert.Equal(64, taken);
        Assert.True(session.SetHold(false));
    }

    [Fact]
    public void Silence_is_reported_once_and_again_after_a_sign_of_life()
    {
        using var studio = new Studio(TimeSpan.FromSeconds(5));
        var (phone, session) = studio.Leg();
        studio.Pass(4_000);
        Assert.Empty(studio.Heard.Silences);

        studio.Pass(12_000);
        var (silent, since) = Assert.Single(studio.Heard.Silences);
        Assert.Equal(session, silent);
        Assert.InRange(since.TotalSeconds, 5, 6.1);

        phone.Send();
        studio.Settle();
        studio.Pass(7_000);
        Assert.Equal(2, studio.Heard.Silences.Count);
    }

    [Fact]
    public void Silence_is_nothing_to_report_on_hold_or_when_nothing_is_expected()
    {
        using var studio = new Studio(TimeSpan.FromSeconds(5));
        var ((_, held), (phone, sending)) = (studio.Leg(), studio.Leg());
        held.SetHold(true);
        sending.Configure(Studio.Flow(phone.Local, direction: MediaDirection.SendOnly));
        var unconfigured = studio.Engine.TryOpen(null)!;

        studio.Pass(20_000);
        Assert.Empty(studio.Heard.Silences);
        held.SetHold(false);
        studio.Pass(6_500);

        Assert.Equal(held, Assert.Single(studio.Heard.Silences).Session);
        Assert.False(unconfigured.IsClosed);
    }

    [Fact]
    public void Reports_leave_every_five_seconds_and_say_what_was_sent_and_lost()
    {
        using var studio = new Studio();
        var (phone, session) = studio.Leg();
        session.SetEcho(true);
        phone.Send();
        phone.Sequence += 3;
        phone.Send();
        studio.Settle();
        var ours = phone.Receive().Source;

        studio.Pass(7_000);

        Assert.True(RtcpReader.TryParse(phone.ReceiveReport(), phone.Source, out var news));
        Assert.Equal((3, 3 * 256 / 5), (news.About!.Value.CumulativeLost, news.About.Value.FractionLost));
        Assert.NotEqual(0u, news.SenderReport);
        Assert.Equal((3L, 2L), (session.Snapshot().PacketsLost, session.Snapshot().PacketsSent));
        Assert.NotEqual(phone.Source, ours);
    }

    [Fact]
    public void The_far_sides_report_is_in_the_figures_and_its_time_comes_back_to_it()
    {
        using var studio = new Studio();
        var (phone, session) = studio.Leg();
        session.SetEcho(true);
        phone.Send();
        studio.Settle();
        var ours = phone.Receive().Source;
        var room = new byte[RtcpWriter.MostOctets];
        var length = RtcpWriter.Write(room, phone.Source, new SenderInfo(0x0000_ABCD_1234_0000, 1, 1, 160),
            new ReportBlock(ours, 1, 7, 1, 24, 0, 0), new byte[16], goodbye: false);

        phone.SendReport(room[..length]);
        studio.Until(() => session.Snapshot().RemoteLost is not null);
        studio.Pass(7_000);

        Assert.Equal((7L, 3.0), (session.Snapshot().RemoteLost, session.Snapshot().RemoteJitterMs));
        Assert.True(RtcpReader.TryParse(phone.ReceiveReport(), phone.Source, out var news));
        Assert.Equal(0xABCD_1234u, news.About!.Value.LastSr);
        Assert.InRange(news.About.Value.DelaySinceLastSr / 65_536.0, 2.4, 7.1);
    }

    [Fact]
    public void Reports_of_strangers_and_broken_ones_are_refused()
    {
        using var studio = new Studio();
        var (phone, session) = studio.Leg();
        var stranger = studio.Phone("127.0.0.66");
        stranger.Remote = session.Local;
        var room = new byte[RtcpWriter.MostOctets];
        var length = RtcpWriter.Write(room, 1, null, null, new byte[16], goodbye: false);

        stranger.SendReport(room[..length]);
        phone.SendReport(room[..(length - 3)]);
        studio.Until(() => studio.Engine.Rejected == 2);

        Assert.Equal(0, studio.Engine.Faults);
    }

    [Fact]
    public void Goodbye_is_said_on_close()
    {
        using var studio = new Studio();
        var (phone, session) = studio.Leg();
        phone.Send();
        studio.Settle();

        session.Close();
        studio.Engine.Pump(0);

        Assert.True(RtcpReader.TryParse(phone.ReceiveReport(), phone.Source, out var news));
        Assert.True(news.Goodbye);
    }

    [Fact]
    public void The_figures_count_both_ways_and_say_when()
    {
        using var studio = new Studio();
        var (phone, session) = studio.Leg();
        session.SetEcho(true);
        studio.Pass(1_000);
        var at = studio.Time.GetUtcNow();

        phone.Send();
        phone.Send();
        studio.Settle();
        studio.Pass(3_000);

        var figures = session.Snapshot();
        Assert.Equal((2L, 320L, 2L, 320L), (figures.PacketsReceived, figures.OctetsReceived, figures.PacketsSent, figures.OctetsSent));
        Assert.Equal((at, at), (figures.LastReceived, figures.LastSent));
    }

    [Fact]
    public void A_sink_that_fails_ends_its_own_session_alone()
    {
        using var engine = MediaEngine.StartManual(new MediaOptions(IPAddress.Loopback, null, 0, 0), new BrokenSink(), TimeProvider.System);
        var (broken, other) = (engine.TryOpen(null)!, engine.TryOpen(null)!);
        broken.Play(Prompt.FromTone("tone", Tone.Beep), loop: false);
        broken.StopPlaying();

        engine.Pump(100);
        engine.Pump(100);

        Assert.Equal((1L, true, false, 2), (engine.Faults, broken.IsClosed, other.IsClosed, engine.LivePorts));
        Assert.IsType<InvalidOperationException>(engine.LastFault);
    }

    [Fact]
    public void The_advertised_address_carries_the_sockets_port()
    {
        var advertise = IPAddress.Parse("203.0.113.7");
        using var engine = MediaEngine.StartManual(new MediaOptions(IPAddress.Loopback, advertise, 0, 0), new RecordingSink(), TimeProvider.System);

        var session = engine.TryOpen(null)!;

        Assert.Equal(new IPEndPoint(advertise, session.Local.Port), session.Advertised);
    }

    private sealed class BrokenSink : IMediaSink
    {
        public void OnDigit(MediaSession session, char digit, int durationMs) => throw new InvalidOperationException();

        public void OnPlaybackEnded(MediaSession session, long playback, PlaybackEnd why, TimeSpan position) => throw new InvalidOperationException();

        public void OnSilence(MediaSession session, TimeSpan since) => throw new InvalidOperationException();
    }
}
