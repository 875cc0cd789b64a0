using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Switchhook.Media.Codecs;

namespace Switchhook.Media.Sdp;

/// <summary>Offer and answer for one audio line of our codecs and telephone events (RFC 3264), as pure functions.</summary>
public static class SdpNegotiator
{
    /// <summary>Payload type we give telephone events in offers of our own.</summary>
    public const byte OfferedEventType = 101;

    /// <summary>Payload type of telephone events that go with Opus: their clock is its clock (RFC 4733 §2.1, RFC 7587 §7).</summary>
    public const byte OfferedWideEventType = 110;

    /// <summary>Payload type we give Opus in offers of our own.</summary>
    public const byte OfferedOpusType = 111;

    /// <summary>Describes what we would like.</summary>
    /// <param name="local">Address and port where our media session can be reached.</param>
    /// <param name="sessionId">The same through the life of the dialog.</param>
    /// <param name="version">One more for each changed description.</param>
    /// <param name="codecs">The most wanted first; at least one.</param>
    /// <param name="direction">What we want to do; <see cref="MediaDirection.SendOnly"/> puts the far side on hold.</param>
    public static SdpSession CreateOffer(IPEndPoint local, ulong sessionId, ulong version, ReadOnlySpan<AudioCodec> codecs,
        MediaDirection direction = MediaDirection.SendRecv)
    {
        var formats = ImmutableArray.CreateBuilder<SdpFormat>(codecs.Length + 2);
        foreach (var codec in codecs) formats.Add(Format(codec));
        formats.Add(Events(OfferedEventType, 8_000));
        if (codecs.Contains(AudioCodec.Opus)) formats.Add(Events(OfferedWideEventType, 48_000));
        return Describe(local, sessionId, version, [Audio(local.Port, formats.ToImmutable(), direction)]);
    }

    /// <summary>Our last description again with another direction: hold and resume (RFC 3264 §8.4).</summary>
    /// <param name="ours">What we last sent, offer or answer; all its media lines stay in place.</param>
    /// <param name="version">One more than that of <paramref name="ours"/>.</param>
    /// <param name="direction">The direction from now on.</param>
    public static SdpSession Reoffer(SdpSession ours, ulong version, MediaDirection direction) => ours with
    {
        Origin = ours.Origin with { Version = version.ToString(CultureInfo.InvariantCulture) },
        Media = [.. ours.Media.Select(m => m.Port == 0 ? m : m with { Direction = direction })],
    };

    /// <summary>Answers an offer: the first usable audio line is taken, every other line gets port 0.</summary>
    /// <param name="offer">What the far side sent.</param>
    /// <param name="local">Address and port where our media session can be reached.</param>
    /// <param name="sessionId">The same through the life of the dialog.</param>
    /// <param name="version">One more for each changed description.</param>
    /// <param name="preferred">Codecs we allow, ours first; empty: G.711, in the order of the offer (RFC 3264 §6.1).</param>
    /// <param name="direction">What we are ready to do; the answer says what remains of it.</param>
    /// <param name="answer">What to send back; null on failure.</param>
    /// <param name="flow">What to give the media session; empty on failure.</param>
    public static NegotiationError TryAnswer(SdpSession offer, IPEndPoint local, ulong sessionId, ulong version,
        ReadOnlySpan<AudioCodec> preferred, MediaDirection direction, out SdpSession? answer, out MediaFlow flow)
    {
        answer = null;
        flow = default;
        var error = FindAudio(offer, out var at);
        if (error != NegotiationError.None) return error;

        var audio = offer.Media[at];
        if (Choose(audio, preferred) is not { } chosen) return NegotiationError.NoCommonCodec;
        if (RemoteOf(offer, audio, out var remote, out var rtcp) is var noAddress and not NegotiationError.None) return noAddress;

        var events = EventsOf(audio, chosen.Codec);
        var mine = direction & DirectionOf(offer, audio).Reversed();
        flow = new MediaFlow(remote, rtcp, chosen.Codec, chosen.Type, chosen.Type, events?.PayloadType, events?.PayloadType, mine, audio.PacketTimeMs ?? 20,
            events?.ClockRateHz ?? 8_000, OpusOf(audio, chosen));

        // The offer's own numbers are used both ways, as RFC 3264 §6.1 asks.
        var format = Format(chosen.Codec) with { Token = chosen.Token, PayloadType = chosen.Type };
        ImmutableArray<SdpFormat> formats = events is null ? [format] : [format, Events(events.PayloadType!.Value, events.ClockRateHz)];
        var lines = offer.Media.Select((m, i) => i == at ? Audio(local.Port, formats, mine) : Refused(m));
        answer = Describe(local, sessionId, version, [.. lines]);
        return NegotiationError.None;
    }

    /// <summary>The answer that takes nothing of an offer: every line gets port 0 (RFC 3264 §6).</summary>
    /// <param name="offer">What the far side sent.</param>
    /// <param name="local">Our address.</param>
    /// <param name="sessionId">The same through the life of the dialog.</param>
    /// <param name="version">One more for each changed description.</param>
    public static SdpSession Refuse(SdpSession offer, IPEndPoint local, ulong sessionId, ulong version) =>
        Describe(local, sessionId, version, [.. offer.Media.Select(Refused)]);

    /// <summary>Whether <see cref="TryAnswer"/> would answer the offer, without making the answer.</summary>
    /// <param name="offer">What the far side sent.</param>
    /// <param name="preferred">Codecs we allow, ours first; empty: G.711.</param>
    public static NegotiationError CanAnswer(SdpSession offer, ReadOnlySpan<AudioCodec> preferred)
    {
        if (FindAudio(offer, out var at) is var error and not NegotiationError.None) return error;
        if (Choose(offer.Media[at], preferred) is null) return NegotiationError.NoCommonCodec;
        return RemoteOf(offer, offer.Media[at], out _, out _);
    }

    /// <summary>Reads the answer to an offer of ours.</summary>
    /// <param name="offer">What we sent.</param>
    /// <param name="answer">What came back.</param>
    /// <param name="flow">What to give the media session; empty on failure.</param>
    /// <param name="preferred">Sent instead of the answer's first when the answer has it: what a partner speaks, so that nothing needs transcoding.</param>
    public static NegotiationError TryAccept(SdpSession offer, SdpSession answer, out MediaFlow flow, AudioCodec? preferred = null)
    {
        flow = default;
        if (FindAudio(offer, out var at) != NegotiationError.None || answer.Media.Length <= at) return NegotiationError.MediaMismatch;
        var ours = offer.Media[at];
        var theirs = answer.Media[at];
        if (theirs.Kind != ours.Kind) return NegotiationError.MediaMismatch;
        if (theirs.Port == 0) return NegotiationError.NoAudio;
        if (theirs.Protocol != ours.Protocol) return NegotiationError.UnsupportedTransport;

        Span<AudioCodec> offered = stackalloc AudioCodec[8];
        var count = 0;
        foreach (var format in ours.Formats)
            if (count < offered.Length && CodecOf(format) is { } codec) offered[count++] = codec;
        var choice = preferred is { } wanted && offered[..count].Contains(wanted) ? ChooseInTheirOrder(theirs, [wanted]) : null;
        if ((choice ?? ChooseInTheirOrder(theirs, offered[..count])) is not { } chosen) return NegotiationError.NoCommonCodec;
        if (RemoteOf(answer, theirs, out var remote, out var rtcp) is var noAddress and not NegotiationError.None) return noAddress;

        var receiveType = ours.Formats.First(f => CodecOf(f) == chosen.Codec).PayloadType!.Value;
        var events = EventsOf(theirs, chosen.Codec);
        var (sendEvents, receiveEvents) = (events?.PayloadType, events is null ? null : EventsOf(ours, events.ClockRateHz)?.PayloadType);
        if (sendEvents is null || receiveEvents is null) (sendEvents, receiveEvents) = (null, null);
        var mine = DirectionOf(offer, ours) & DirectionOf(answer, theirs).Reversed();
        flow = new MediaFlow(remote, rtcp, chosen.Codec, chosen.Type, receiveType, sendEvents, receiveEvents, mine, theirs.PacketTimeMs ?? 20,
            events?.ClockRateHz ?? 8_000, OpusOf(theirs, chosen));
        return NegotiationError.None;
    }

    /// <summary>The direction a description gives its audio, seen from the side that wrote it; inactive when it has none.</summary>
    public static MediaDirection AudioDirection(SdpSession session) =>
        FindAudio(session, out var at) == NegotiationError.None ? DirectionOf(session, session.Media[at]) : MediaDirection.Inactive;

    /// <summary>The codecs of ours that a description's audio names, in its order; none without audio.</summary>
    public static IReadOnlyList<AudioCodec> CodecsOf(SdpSession session)
    {
        List<AudioCodec> codecs = [];
        if (FindAudio(session, out var at) != NegotiationError.None) return codecs;
        foreach (var format in session.Media[at].Formats)
            if (CodecOf(format) is { } codec && !codecs.Contains(codec)) codecs.Add(codec);
        return codecs;
    }

    private static NegotiationError FindAudio(SdpSession session, out int at)
    {
        var error = NegotiationError.NoAudio;
        for (at = 0; at < session.Media.Length; at++)
        {
            var media = session.Media[at];
            if (media.Kind != "audio" || media.Port == 0) continue;
            if (media.Protocol == "RTP/AVP") return NegotiationError.None;
            error = NegotiationError.UnsupportedTransport;
        }

        return error;
    }

    private static (AudioCodec Codec, byte Type, string Token)? Choose(SdpMedia audio, ReadOnlySpan<AudioCodec> preferred)
    {
        if (preferred.IsEmpty) return ChooseInTheirOrder(audio, [AudioCodec.Pcmu, AudioCodec.Pcma]);
        foreach (var wanted in preferred)
            if (ChooseInTheirOrder(audio, [wanted]) is { } chosen) return chosen;
        return null;
    }

    private static (AudioCodec Codec, byte Type, string Token)? ChooseInTheirOrder(SdpMedia audio, ReadOnlySpan<AudioCodec> allowed)
    {
        foreach (var format in audio.Formats)
            if (CodecOf(format) is { } codec && allowed.Contains(codec)) return (codec, format.PayloadType!.Value, format.Token);
        return null;
    }

    private static NegotiationError RemoteOf(SdpSession session, SdpMedia audio, out IPEndPoint? remote, out IPEndPoint? rtcp)
    {
        remote = rtcp = null;
        if ((audio.Connection ?? session.Connection) is not { Address: { } address } connection) return NegotiationError.NoAddress;
        if (connection.IsNowhere) return NegotiationError.None;

        remote = new IPEndPoint(address, audio.Port);
        var rtcpPort = audio.RtcpPort ?? audio.Port + 1;
        if (rtcpPort is > 0 and <= 65_535) rtcp = new IPEndPoint(audio.RtcpConnection?.Address ?? address, rtcpPort);
        return NegotiationError.None;
    }

    private static MediaDirection DirectionOf(SdpSession session, SdpMedia media)
    {
        var direction = media.Direction ?? session.Direction ?? MediaDirection.SendRecv;
        // RFC 3264 §8.4: the old way to hold. Whoever has no address cannot receive.
        return (media.Connection ?? session.Connection) is { IsNowhere: true } ? direction & MediaDirection.SendOnly : direction;
    }

    private static AudioCodec? CodecOf(SdpFormat format)
    {
        foreach (var codec in AudioCodecs.All)
            if (format.Is(codec.SdpName(), codec.RtpClockHz())) return codec;
        return null;
    }

    /// <summary>Events of the codec's clock, as RFC 4733 §2.1 demands; else of the other one, for phones that know only that.</summary>
    private static SdpFormat? EventsOf(SdpMedia audio, AudioCodec codec)
    {
        var clock = codec.RtpClockHz();
        return EventsOf(audio, clock) ?? EventsOf(audio, clock == 8_000 ? 48_000 : 8_000);
    }

    private static SdpFormat? EventsOf(SdpMedia audio, int clockHz)
    {
        foreach (var format in audio.Formats)
            if (format.Is("telephone-event", clockHz)) return format;
        return null;
    }

    private static OpusParameters OpusOf(SdpMedia theirs, (AudioCodec Codec, byte Type, string Token) chosen)
    {
        if (chosen.Codec != AudioCodec.Opus) return default;
        foreach (var format in theirs.Formats)
            if (format.Token == chosen.Token) return OpusParameters.Parse(format.Parameters);
        return default;
    }

    private static SdpFormat Format(AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu => new SdpFormat("0", 0, "PCMU", 8000, null),
        AudioCodec.Pcma => new SdpFormat("8", 8, "PCMA", 8000, null),
        AudioCodec.G722 => new SdpFormat("9", 9, "G722", 8000, null),
        AudioCodec.Opus => new SdpFormat("111", OfferedOpusType, "opus", 48_000, OpusParameters.Ours) { Channels = 2 },
    };

    private static SdpFormat Events(byte type, int clockHz) => new(type.ToString(CultureInfo.InvariantCulture), type, "telephone-event", clockHz, "0-15");

    private static SdpMedia Audio(int port, ImmutableArray<SdpFormat> formats, MediaDirection direction) => new()
    {
        Kind = "audio",
        Port = port,
        Protocol = "RTP/AVP",
        Formats = formats,
        PacketTimeMs = 20,
        Direction = direction,
    };

    private static SdpMedia Refused(SdpMedia offered) => new()
    {
        Kind = offered.Kind,
        Port = 0,
        Protocol = offered.Protocol,
        Formats = offered.Formats,
    };

    private static SdpSession Describe(IPEndPoint local, ulong sessionId, ulong version, ImmutableArray<SdpMedia> media)
    {
        var address = local.Address.ToString();
        return new SdpSession
        {
            Origin = new SdpOrigin("-", sessionId.ToString(CultureInfo.InvariantCulture), version.ToString(CultureInfo.InvariantCulture), address),
            Connection = new SdpConnection(address, local.Address),
            Media = media,
        };
    }
}
