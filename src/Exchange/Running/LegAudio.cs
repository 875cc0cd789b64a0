using System.Globalization;
using Switchhook.Calls.Hangup;
using Switchhook.Media.Codecs;
using Switchhook.Media.Sdp;
using Switchhook.Media.Transport;

namespace Switchhook.Exchange.Running;

/// <summary>One leg's audio: its media session and what was offered and answered about it (RFC 3264).</summary>
internal sealed class LegAudio(MediaSession media)
{
    private readonly ulong _id = (ulong)media.Local.Port << 32 | (uint)Environment.TickCount;
    private ulong _version;
    private bool _weOffered;
    private MediaFlow? _flow;
    private IReadOnlyList<AudioCodec> _shared = [];

    public MediaSession Media => media;

    /// <summary>Our side's description as last sent.</summary>
    public SdpSession? Ours { get; private set; }

    /// <summary>The far side's offer that waits for our answer.</summary>
    public SdpSession? Offer { get; private set; }

    /// <summary>The codec agreed, or null before.</summary>
    public AudioCodec? Codec => _flow?.Codec;

    /// <summary>True when keys go to the far side as events (RFC 4733).</summary>
    public bool HasEvents => _flow?.SendEventType is not null;

    /// <summary>True when the far side does not want to hear us: it put us on hold (RFC 3264 §8.4, or by 0.0.0.0 as in RFC 2543).</summary>
    public bool IsHeldByFarSide => _flow is { } flow && (flow.Remote is null || !flow.Direction.MaySend());

    /// <summary>True when it put us on hold and sends nothing either (RFC 3264 §5.1 "inactive", RFC 2543 0.0.0.0): whoever it talks to would hear silence.</summary>
    public bool IsLeftInSilence => _flow is { Remote: null } or { Direction: MediaDirection.Inactive };

    /// <summary>True when the last offer was ours: what the far side sends next is the answer.</summary>
    public bool AwaitsAnswer => _weOffered;

    /// <summary>Keeps the far side's offer. False when it cannot be read.</summary>
    public bool TakeOffer(ReadOnlySpan<byte> sdp)
    {
        if (SdpSession.TryParse(sdp, out var offer) != SdpError.None || offer is null)
            return false;
        Offer = offer;
        return true;
    }

    /// <summary>True when the offer at hand has a codec we speak.</summary>
    public bool CanAnswer => Offer is { } offer && SdpNegotiator.CanAnswer(offer, [.. media.Codecs]) == NegotiationError.None;

    /// <summary>The codecs of the far side's offer that we speak, in its order; all of ours when there is no offer.</summary>
    public IReadOnlyList<AudioCodec> OfferedCodecs()
    {
        if (Offer is null)
            return media.Codecs;
        List<AudioCodec> offered = [];
        foreach (var codec in SdpNegotiator.CodecsOf(Offer))
        {
            if (media.Codecs.Contains(codec))
                offered.Add(codec);
        }
        return offered;
    }

    /// <summary>Our first offer.</summary>
    /// <param name="codecs">The most wanted first.</param>
    /// <param name="shared">Those a partner speaks: an answer that names one of them is taken at it, so that nothing needs transcoding.</param>
    public byte[] MakeOffer(IReadOnlyList<AudioCodec> codecs, IReadOnlyList<AudioCodec>? shared = null)
    {
        _weOffered = true;
        _shared = shared ?? [];
        Ours = SdpNegotiator.CreateOffer(media.Advertised, _id, ++_version, [.. codecs], MediaDirection.SendRecv);
        return Ours.ToBytes();
    }

    /// <summary>Our description as it stands: an answer given before, an offer not yet answered.</summary>
    public byte[] Repeat() => Ours?.ToBytes() ?? [];

    /// <summary>Reads the answer to our offer and starts the audio. False when it cannot be used.</summary>
    public bool Accept(ReadOnlySpan<byte> sdp)
    {
        if (!_weOffered || Ours is null || SdpSession.TryParse(sdp, out var answer) != SdpError.None || answer is null)
            return false;
        if (SdpNegotiator.TryAccept(Ours, answer, out var flow) != NegotiationError.None)
            return false;
        foreach (var codec in _shared.Contains(flow.Codec) ? [] : _shared)
        {
            if (SdpNegotiator.TryAccept(Ours, answer, out var better, codec) == NegotiationError.None && better.Codec == codec)
                return Use(better);
        }
        return Use(flow);
    }

    /// <summary>Answers the offer at hand and starts the audio; the preferred codec is taken when it was offered. Null when nothing fits.</summary>
    public byte[]? Answer(AudioCodec? preferred, MediaDirection direction = MediaDirection.SendRecv)
    {
        if (Offer is null)
            return null;
        var codecs = AnswerCodecs(preferred);
        if (codecs.Length == 0)
            return null;
        if (SdpNegotiator.TryAnswer(Offer, media.Advertised, _id, _version + 1, codecs, direction, out var answer, out var flow) != NegotiationError.None || answer is null)
            return null;
        _version++;
        Ours = answer;
        Offer = null;
        _weOffered = false;
        Use(flow);
        return answer.ToBytes();
    }

    /// <summary>The answer that takes nothing of the offer at hand; empty when there is none.</summary>
    public byte[] RefuseOffer() => Offer is { } offer ? SdpNegotiator.Refuse(offer, media.Advertised, _id, ++_version).ToBytes() : [];

    /// <summary>What may be answered, the most wanted first: the preferred codec, then the offer's own order.</summary>
    private AudioCodec[] AnswerCodecs(AudioCodec? preferred)
    {
        var offered = OfferedCodecs();
        if (preferred is not { } first)
            return [.. offered];
        // Without the partner's own codec its sister law comes next: translated, not decoded.
        AudioCodec[] wanted = first switch
        {
            AudioCodec.Pcmu => [AudioCodec.Pcmu, AudioCodec.Pcma],
            AudioCodec.Pcma => [AudioCodec.Pcma, AudioCodec.Pcmu],
            _ => [first],
        };
        return [.. wanted.Where(media.Codecs.Contains), .. offered.Except(wanted)];
    }

    /// <summary>A new offer with another direction, for hold and back.</summary>
    public byte[]? Reoffer(MediaDirection direction)
    {
        if (Ours is null)
            return null;
        _weOffered = true;
        Ours = SdpNegotiator.Reoffer(Ours, ++_version, direction);
        return Ours.ToBytes();
    }

    /// <summary>The audio in figures for the hangup record.</summary>
    public LegMedia Figures()
    {
        var figures = media.Snapshot();
        return new LegMedia
        {
            PacketsReceived = figures.PacketsReceived,
            PacketsSent = figures.PacketsSent,
            OctetsReceived = figures.OctetsReceived,
            OctetsSent = figures.OctetsSent,
            PacketsLost = figures.PacketsLost,
            JitterMs = Math.Round(figures.JitterMs, 3),
            LastPacketReceivedAt = figures.LastReceived,
            LastPacketSentAt = figures.LastSent,
            Codec = Codec?.ToString().ToUpper(CultureInfo.InvariantCulture),
            Prompt = figures.Prompt,
            PromptPosition = figures.Prompt is null ? null : figures.PromptPosition,
        };
    }

    private bool Use(in MediaFlow flow)
    {
        _flow = flow;
        return media.Configure(flow);
    }
}
