using Switchhook.Media.Codecs;
using Switchhook.Media.Mixing;
using Switchhook.Media.Prompts;
using Switchhook.Media.Tones;
using Switchhook.Media.Transport;

namespace Switchhook.Media.Tests.Transport;

public sealed class ConferenceTests : IDisposable
{
    private readonly Studio _studio = new();

    public void Dispose() => _studio.Dispose();

    [Fact]
    public void Everybody_hears_the_others_and_not_himself_whatever_their_codecs()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 500);
        using var b = new Talk(_studio, AudioCodec.G722, 800);
        using var c = new Talk(_studio, AudioCodec.Opus, 1_100);
        using var d = new Talk(_studio, AudioCodec.Pcma, 0);
        var conference = Conference(new ConferenceOptions(), a, b, c, d);

        Talk.Run(_studio, 80, [a, b, c, d], a, b, c);

        Hears(a, 800, 1_100);
        Hears(b, 500, 1_100);
        Hears(c, 500, 800);
        Hears(d, 500, 800, 1_100);
        Assert.InRange(d.Packets.Count, 76, 80);
        Assert.Equal((4, 4, 1), (conference.Seats, _studio.Engine.MixerSeats, _studio.Engine.Conferences));
    }

    [Fact]
    public void A_muted_leg_hears_and_a_held_one_does_not()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 500);
        using var b = new Talk(_studio, AudioCodec.Pcmu, 800);
        using var c = new Talk(_studio, AudioCodec.Pcmu, 1_100);
        var conference = Conference(new ConferenceOptions(), a, b, c);
        conference.SetMute(a.Session, true);
        conference.SetHold(c.Session, true);

        Talk.Run(_studio, 60, [a, b, c], a, b, c);

        Hears(a, 800);
        Assert.Equal(0, b.Share(500) + b.Share(1_100));
        Assert.Empty(c.Packets);
    }

    [Fact]
    public void A_coach_is_heard_by_the_one_he_whispers_to_and_a_listener_by_nobody()
    {
        using var agent = new Talk(_studio, AudioCodec.Pcmu, 500);
        using var customer = new Talk(_studio, AudioCodec.Pcma, 800);
        using var coach = new Talk(_studio, AudioCodec.G722, 1_100);
        using var listener = new Talk(_studio, AudioCodec.Pcmu, 1_400);
        var conference = Conference(new ConferenceOptions(), agent, customer);
        conference.Join(coach.Session, ConferenceRole.Coach);
        conference.Join(listener.Session, ConferenceRole.Listener);
        conference.SetRoute(coach.Session, agent.Session, heard: true);
        Talk[] all = [agent, customer, coach, listener];

        Talk.Run(_studio, 60, all, all);

        Hears(agent, 800, 1_100);
        Hears(customer, 500);
        Hears(coach, 500, 800);
        Hears(listener, 500, 800);
    }

    [Fact]
    public void Two_can_be_kept_from_hearing_each_other()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 500);
        using var b = new Talk(_studio, AudioCodec.Pcmu, 800);
        using var c = new Talk(_studio, AudioCodec.Pcmu, 1_100);
        var conference = Conference(new ConferenceOptions(), a, b, c);
        conference.SetRoute(a.Session, b.Session, heard: false);

        Talk.Run(_studio, 60, [a, b, c], a, b, c);

        Hears(a, 800, 1_100);
        Hears(b, 1_100);
        Hears(c, 500, 800);
    }

    [Fact]
    public void One_alone_hears_music_until_somebody_comes_and_tones_say_who_comes_and_goes()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 0);
        using var b = new Talk(_studio, AudioCodec.Pcmu, 0);
        var options = new ConferenceOptions
        {
            WaitingMusic = Sound(600),
            JoinTone = Sound(900),
            LeaveTone = Sound(1_200),
        };
        var conference = Conference(options, a);
        Talk.Run(_studio, 50, [a]);
        Assert.InRange(a.Share(600), 0.9, 1.02);

        a.Heard.Clear();
        conference.Join(b.Session);
        Talk.Run(_studio, 20, [a, b]);
        Assert.InRange(a.Share(900), 0.9, 1.02);

        a.Heard.Clear();
        b.Session.Close();
        Talk.Run(_studio, 20, [a]);
        Assert.InRange(a.Share(1_200), 0.9, 1.02);
    }

    [Fact]
    public void Legs_and_conferences_close_in_any_order_and_nothing_is_left()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var legs = Enumerable.Range(0, 6).Select(i => _studio.Leg(i % 2 == 0 ? AudioCodec.Pcmu : AudioCodec.Pcma).Session).ToList();
            var conference = _studio.Engine.CreateConference(new ConferenceOptions());
            foreach (var leg in legs) Assert.True(conference.Join(leg));
            _studio.Pass(40);
            List<Action> ends = [conference.Close, .. legs.Select(l => (Action)l.Close), () => legs[0].Bridge(legs[1]), () => legs[2].SetEcho(true)];
            foreach (var end in ends.OrderBy(_ => random.Next()))
            {
                end();
                _studio.Pass(20);
            }
        }

        Assert.Equal((0, 0, 0, 0L), (_studio.Engine.MixerSeats, _studio.Engine.Conferences, _studio.Engine.LivePorts, _studio.Engine.Faults));
    }

    [Fact]
    public void A_full_or_closed_conference_takes_nobody()
    {
        var conference = _studio.Engine.CreateConference(new ConferenceOptions { MostSeats = 1 });
        var (one, other) = (_studio.Leg().Session, _studio.Leg().Session);
        Assert.True(conference.Join(one));
        _studio.Pass(20);
        Assert.False(conference.Join(other));

        conference.Close();
        _studio.Pass(20);

        Assert.False(conference.Join(other));
        Assert.Equal(0, conference.Seats);
    }

    [Fact]
    public void Mixing_allocates_nothing()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 500);
        using var b = new Talk(_studio, AudioCodec.G722, 800);
        using var c = new Talk(_studio, AudioCodec.Pcma, 1_100);
        Conference(new ConferenceOptions(), a, b, c);
        Talk.Run(_studio, 60, [a, b, c], a, b);

        var allocated = 0L;
        for (var i = 0; i < 20; i++)
        {
            a.Say();
            b.Say();
            _studio.Time.Advance(TimeSpan.FromMilliseconds(20));
            var before = GC.GetAllocatedBytesForCurrentThread();
            _studio.Engine.Pump(0);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void What_is_too_loud_together_is_limited_and_not_wrapped()
    {
        var mixer = new Mixer();
        var (loud, low, made) = (Enumerable.Repeat((short)30_000, 160).ToArray(), Enumerable.Repeat((short)-30_000, 160).ToArray(), new short[320]);
        mixer.Begin(160);
        mixer.Add(loud);
        mixer.Add(loud);
        mixer.Shared(made);
        Assert.All(made[..160], s => Assert.Equal(short.MaxValue, s));

        mixer.BeginOwn();
        mixer.Without(loud);
        mixer.With(low);
        mixer.With(low);
        mixer.Own(made);
        Assert.All(made[..160], s => Assert.Equal(-30_000, s));
    }

    private MediaConference Conference(ConferenceOptions options, params Talk[] legs)
    {
        var conference = _studio.Engine.CreateConference(options);
        foreach (var leg in legs) Assert.True(conference.Join(leg.Session));
        _studio.Engine.Pump(0);
        return conference;
    }

    private static Prompt Sound(double hz) => Prompt.FromTone("sound", new Tone(hz, 0, TimeSpan.FromSeconds(1), TimeSpan.Zero));

    /// <summary>Those tones in equal parts and hardly anything else.</summary>
    private static void Hears(Talk talk, params double[] tones)
    {
        var shares = tones.Select(talk.Share).ToArray();
        Assert.True(shares.Sum() is > 0.9 and < 1.05 && shares.All(s => s > 0.7 / tones.Length), string.Join(' ', shares));
    }
}
