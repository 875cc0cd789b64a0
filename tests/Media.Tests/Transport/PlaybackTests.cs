using Switchhook.Media.Codecs;
using Switchhook.Media.Prompts;
using Switchhook.Media.Sdp;
using Switchhook.Media.Tones;
using Switchhook.Media.Transport;

namespace Switchhook.Media.Tests.Transport;

public sealed class PlaybackTests : IDisposable
{
    private static readonly Prompt OneSecond = Prompt.FromTone("hello", Tone.Ringback, TimeSpan.FromSeconds(1));

    private readonly Studio _studio = new();

    public void Dispose() => _studio.Dispose();

    [Theory]
    [InlineData(AudioCodec.Pcmu)]
    [InlineData(AudioCodec.Pcma)]
    public void A_prompt_arrives_packet_by_packet_and_is_said_to_have_finished(AudioCodec codec)
    {
        var (phone, session) = _studio.Leg(codec);

        var playback = session.Play(OneSecond, loop: false);
        _studio.Pass(1_100);

        var heard = phone.ReceiveAll();
        Assert.Equal(50, heard.Count);
        Assert.Equal(OneSecond.Encoded(codec), heard.SelectMany(p => p.Payload));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (i == 0, (ushort)i, (uint)i * 160)),
            heard.Select(p => (p.Marker, (ushort)(p.Sequence - heard[0].Sequence), p.Timestamp - heard[0].Timestamp)));
        Assert.Equal([(session, playback, PlaybackEnd.Finished, TimeSpan.FromSeconds(1))], _studio.Heard.Playbacks);
    }

    [Fact]
    public void One_packet_leaves_every_twenty_milliseconds()
    {
        var (phone, session) = _studio.Leg();
        session.Play(OneSecond, loop: true);
        _studio.Pass(20);
        phone.ReceiveAll();

        for (var i = 0; i < 200; i++)
        {
            _studio.Pass(20);
            Assert.Single(phone.ReceiveAll());
        }
    }

    [Fact]
    public void A_late_thread_catches_up_and_says_so()
    {
        var (phone, session) = _studio.Leg();
        session.Play(OneSecond, loop: true);
        _studio.Pass(40);
        phone.ReceiveAll();

        _studio.Time.Advance(TimeSpan.FromMilliseconds(80));
        _studio.Engine.Pump(0);

        Assert.Equal(4, phone.ReceiveAll().Count);
        Assert.Equal(3, _studio.Engine.LateTicks);
    }

    [Fact]
    public void A_looping_prompt_begins_again_until_stopped()
    {
        var (phone, session) = _studio.Leg();

        var playback = session.Play(Prompt.FromTone("short", Tone.Beep, TimeSpan.FromMilliseconds(60)), loop: true);
        _studio.Pass(200);
        session.StopPlaying();
        _studio.Pass(100);

        Assert.InRange(phone.ReceiveAll().Count, 9, 10);
        var ended = Assert.Single(_studio.Heard.Playbacks);
        Assert.Equal((playback, PlaybackEnd.Stopped), (ended.Playback, ended.Why));
        Assert.True(ended.Position <= TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public void A_second_prompt_replaces_the_first()
    {
        var (_, session) = _studio.Leg();

        var first = session.Play(OneSecond, loop: false);
        _studio.Pass(100);
        var second = session.Play(OneSecond, loop: false);
        _studio.Pass(1_100);

        Assert.Equal([(first, PlaybackEnd.Stopped), (second, PlaybackEnd.Finished)], _studio.Heard.Playbacks.Select(p => (p.Playback, p.Why)));
        Assert.InRange(_studio.Heard.Playbacks[0].Position.TotalMilliseconds, 80, 100);
    }

    [Fact]
    public void The_figures_say_what_is_playing_and_how_far_in_even_after_the_end()
    {
        var (_, session) = _studio.Leg();
        session.Play(OneSecond, loop: false);
        _studio.Pass(500);
        var during = session.Snapshot();

        session.Close();
        _studio.Pass(100);
        var after = session.Snapshot();

        Assert.Equal("hello", during.Prompt);
        Assert.InRange(during.PromptPosition.TotalMilliseconds, 480, 500);
        Assert.Equal((during.Prompt, during.PromptPosition, during.PacketsSent), (after.Prompt, after.PromptPosition, after.PacketsSent));
        Assert.Equal(PlaybackEnd.Stopped, Assert.Single(_studio.Heard.Playbacks).Why);
    }

    [Fact]
    public void A_far_side_that_likes_long_packets_gets_them()
    {
        var (phone, session) = _studio.Leg();
        session.Configure(Studio.Flow(phone.Local, packetTimeMs: 60));

        session.Play(OneSecond, loop: false);
        _studio.Pass(1_100);

        var heard = phone.ReceiveAll();
        Assert.Equal(OneSecond.MuLaw, heard.SelectMany(p => p.Payload));
        Assert.Equal(17, heard.Count);
        Assert.All(heard.Zip(heard.Skip(1)), pair => Assert.Equal(480u, pair.Second.Timestamp - pair.First.Timestamp));
    }

    [Fact]
    public void A_prompt_goes_on_unheard_while_the_far_side_does_not_receive()
    {
        var (phone, session) = _studio.Leg();
        session.Configure(Studio.Flow(phone.Local, direction: MediaDirection.RecvOnly));

        session.Play(OneSecond, loop: false);
        _studio.Pass(1_100);

        Assert.False(phone.HasMore);
        Assert.Equal(PlaybackEnd.Finished, Assert.Single(_studio.Heard.Playbacks).Why);
    }

    [Fact]
    public void Playing_allocates_nothing()
    {
        var (phone, session) = _studio.Leg();
        session.Play(OneSecond, loop: true);
        _studio.Pass(1_000);
        phone.ReceiveAll();

        var sent = _studio.Engine.PacketsSent;
        var allocated = 0L;
        for (var i = 0; i < 40; i++)
        {
            _studio.Time.Advance(TimeSpan.FromMilliseconds(20));
            var before = GC.GetAllocatedBytesForCurrentThread();
            _studio.Engine.Pump(0);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal((0L, 40L), (allocated, _studio.Engine.PacketsSent - sent));
    }

    [Fact]
    public void Hundreds_of_prompts_are_spread_over_the_twenty_milliseconds()
    {
        var legs = Enumerable.Range(0, 40).Select(_ => _studio.Leg()).ToList();
        foreach (var (_, session) in legs) session.Play(OneSecond, loop: true);
        _studio.Pass(40);

        var most = 0L;
        for (var i = 0; i < 10; i++)
        {
            var before = _studio.Engine.PacketsSent;
            _studio.Time.Advance(TimeSpan.FromMilliseconds(2));
            _studio.Engine.Pump(0);
            most = Math.Max(most, _studio.Engine.PacketsSent - before);
        }

        Assert.Equal(4, most);
    }
}
