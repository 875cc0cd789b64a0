using System.Net;
using System.Threading.Channels;
using Switchhook.Media.Prompts;
using Switchhook.Media.Tones;
using Switchhook.Media.Transport;
using Switchhook.TestKit.Timing;

namespace Switchhook.Media.Tests.Transport;

/// <summary>The engine on threads of its own and the real clock.</summary>
public sealed class MediaThreadTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_prompt_plays_to_its_end_by_itself()
    {
        var sink = new ChannelSink();
        using var engine = MediaEngine.Start(new MediaOptions(IPAddress.Loopback, null, 0, 0), sink, TimeProvider.System);
        using var phone = new Phone(IPAddress.Loopback, new ManualTime());
        var session = engine.TryOpen(null)!;
        session.Configure(Studio.Flow(phone.Local));

        var playback = session.Play(Prompt.FromTone("beep", Tone.Beep, TimeSpan.FromMilliseconds(100)), loop: false);
        var ended = await sink.Ended.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline);

        Assert.Equal((playback, PlaybackEnd.Finished), ended);
        Assert.Equal(5, phone.ReceiveAll().Count);
    }

    [Fact]
    public void Bridged_sessions_on_one_of_several_threads_relay()
    {
        using var engine = MediaEngine.Start(new MediaOptions(IPAddress.Loopback, null, 0, 0, Threads: 2), new ChannelSink(), TimeProvider.System);
        using var alice = new Phone(IPAddress.Loopback, new ManualTime());
        using var bob = new Phone(IPAddress.Loopback, new ManualTime());
        var a = engine.TryOpen(null)!;
        var b = engine.TryOpen(null, near: a)!;
        a.Configure(Studio.Flow(alice.Local));
        b.Configure(Studio.Flow(bob.Local));
        Assert.True(a.Bridge(b));
        alice.Remote = a.Local;
        var said = new byte[160];
        Array.Fill(said, (byte)77);

        // A packet that is there before the commands are carried out is refused: say it again until it comes through.
        for (var i = 0; i < 50 && !bob.HasMore; i++)
        {
            alice.Send(payload: said);
            bob.Rtp.Poll(100_000, System.Net.Sockets.SelectMode.SelectRead);
        }

        Assert.Equal(said, bob.Receive().Payload);
    }

    [Fact]
    public void Sessions_of_different_threads_are_not_bridged()
    {
        using var engine = MediaEngine.StartManual(new MediaOptions(IPAddress.Loopback, null, 0, 0, Threads: 2), new ChannelSink(), TimeProvider.System);
        var a = engine.TryOpen(null)!;
        engine.Pump(0);
        var b = engine.TryOpen(null)!;

        Assert.False(a.Bridge(b));
    }

    [Fact]
    public void An_engine_stops_with_sessions_open_and_leaves_their_ports_free()
    {
        var engine = MediaEngine.Start(new MediaOptions(IPAddress.Loopback, null, 0, 0), new ChannelSink(), TimeProvider.System);
        var session = engine.TryOpen(null)!;
        session.Play(Prompt.FromTone("tone", Tone.Busy), loop: true);

        engine.Dispose();

        Assert.True(session.IsClosed);
        Assert.Equal(0, engine.LivePorts);
        Assert.Null(engine.TryOpen(null));
        using var again = new System.Net.Sockets.UdpClient(session.Local);
    }

    [Fact]
    public async Task Many_threads_open_play_bridge_and_close_without_leaving_anything()
    {
        using var engine = MediaEngine.Start(new MediaOptions(IPAddress.Loopback, null, 0, 0), new ChannelSink(), TimeProvider.System);
        var prompt = Prompt.FromTone("tone", Tone.Busy);
        var remote = Studio.Flow(new IPEndPoint(IPAddress.Loopback, 9));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                var (a, b) = (engine.TryOpen(null)!, engine.TryOpen(null)!);
                a.Configure(remote);
                b.Configure(remote);
                a.Bridge(b);
                a.Play(prompt, loop: true);
                b.SendDigits("12");
                Assert.True(a.Snapshot().PacketsSent >= 0);
                b.Close();
                a.Close();
            }
        })));
        await Eventually.TrueAsync(() => engine.LivePorts == 0, "all ports returned");

        Assert.Equal(0, engine.Faults);
    }

    [Fact]
    public async Task Ports_that_one_thread_had_serve_another_as_well()
    {
        using var probe = new Studio();
        var free = probe.Engine.TryOpen(null)!.Local.Port;
        probe.Dispose();
        using var engine = MediaEngine.Start(new MediaOptions(IPAddress.Loopback, null, free, free + 1, Threads: 2), new ChannelSink(), TimeProvider.System);
        using var phone = new Phone(IPAddress.Loopback, new ManualTime());

        foreach (var thread in (int[])[0, 1, 0])
        {
            var session = engine.TryOpen(null, thread)!;
            session.Configure(Studio.Flow(phone.Local));
            session.SetEcho(true);
            phone.Remote = session.Local;
            phone.Send();
            await Eventually.TrueAsync(() => session.Snapshot().PacketsSent == 1, "the echo");
            session.Close();
            await Eventually.TrueAsync(() => engine.LivePorts == 0, "the ports returned");
        }

        Assert.Equal(0, engine.Faults);
    }

    private sealed class ChannelSink : IMediaSink
    {
        public Channel<(long, PlaybackEnd)> Ended { get; } = Channel.CreateBounded<(long, PlaybackEnd)>(
            new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropOldest });

        public void OnDigit(MediaSession session, char digit, int durationMs) { }

        public void OnPlaybackEnded(MediaSession session, long playback, PlaybackEnd why, TimeSpan position) => Ended.Writer.TryWrite((playback, why));

        public void OnSilence(MediaSession session, TimeSpan since) { }
    }
}
