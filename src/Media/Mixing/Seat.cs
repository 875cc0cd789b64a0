using Switchhook.Media.Codecs;
using Switchhook.Media.Rtp;
using Switchhook.Media.Transport;

namespace Switchhook.Media.Mixing;

/// <summary>One leg's place in a conference. Owned by a media thread.</summary>
internal sealed class Seat(MediaSession session, ConferenceRole role)
{
    private RateChange _rate;

    public MediaSession Session { get; } = session;

    /// <summary>Heard by those no route speaks of.</summary>
    public bool IsPublic { get; } = role == ConferenceRole.Member;

    public bool IsMuted { get; set; }

    /// <summary>Hears nothing of the conference: on hold with music of its own, say.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>What was said in this tick.</summary>
    public short[] Frame { get; } = new short[Mixer.MostSamples];

    /// <summary>It says something in this tick.</summary>
    public bool Speaks { get; set; }

    public HeardFrame Heard { get; set; }

    /// <summary>Those for whom it is the other way round than <see cref="IsPublic"/> says, seen from the speaker.</summary>
    public List<Seat> Exceptions { get; } = [];

    /// <summary>The same pairs, seen from the listener.</summary>
    public List<Seat> ExceptedSpeakers { get; } = [];

    /// <summary>A frame of his own mix at the rate of his codec.</summary>
    public ReadOnlySpan<short> ToCodec(ReadOnlySpan<short> mix, int rateHz) => _rate.To(mix, rateHz, Session.Codec.SampleRateHz());

    public void Route(Seat listener, bool heard)
    {
        _ = Exceptions.Remove(listener);
        _ = listener.ExceptedSpeakers.Remove(this);
        if (heard == IsPublic) return;
        Exceptions.Add(listener);
        listener.ExceptedSpeakers.Add(this);
    }

    /// <summary>Leaves no trace in the routes of others.</summary>
    public void Unroute()
    {
        foreach (var listener in Exceptions) _ = listener.ExceptedSpeakers.Remove(this);
        foreach (var speaker in ExceptedSpeakers) _ = speaker.Exceptions.Remove(this);
        Exceptions.Clear();
        ExceptedSpeakers.Clear();
    }
}
