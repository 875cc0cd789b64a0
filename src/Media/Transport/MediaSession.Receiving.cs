using System.Net;
using Switchhook.Media.Codecs;
using Switchhook.Media.Dtmf;
using Switchhook.Media.Rtp;
using Switchhook.Media.Sdp;

namespace Switchhook.Media.Transport;

/// <content>The way of a packet in, and on to the partner. Runs once a packet: no allocation, one send at most.</content>
public sealed partial class MediaSession
{
    private const byte ComfortNoise = 13;                   // RFC 3389
    private const int MostPerSecond = 400;                  // eight times what a call sends: two echoes facing each other stop there

    private SourceLatch _latch;
    private ReceiverStatistics _heard;
    private DigitReceiver _digitsHeard;
    private IPEndPoint? _latched;                           // made once a latching, for the figures
    private long _lost;
    private long _packetsReceived;
    private long _octetsReceived;
    private long _lastReceivedNs;
    private long _rejected;
    private long _listeningSinceNs;                         // silence is counted from here on
    private bool _silenceReported;
    private long _secondEndsNs;
    private int _inSecond;

    private enum Payload
    {
        Unknown,
        Audio,
        Event,
        Noise,
    }

    internal void OnRtp(Span<byte> packet, in PeerAddress from, long nowNs)
    {
        if (IsClosed || !_configured || !RtpHeader.TryParse(packet, out var header)) { Reject(); return; }
        var payload = PayloadOf(header.PayloadType, out var codec);
        if (payload == Payload.Unknown || !_latch.Accepts(from, header) || IsFlood(nowNs)) { Reject(); return; }

        if (_heard.HasSource && header.Ssrc != _heard.Ssrc) _digitsHeard = new DigitReceiver { ClockHz = _flow.EventClockHz };
        _heard.On(header, MediaClock.Units(nowNs, _flow.Codec.RtpClockHz()), timesMean: payload == Payload.Audio);
        if (_latched is null) Volatile.Write(ref _latched, from.ToEndPoint());
        _lost = _heard.Lost;
        _packetsReceived++;
        _octetsReceived += header.PayloadLength;
        Thread.Counters.PacketsReceived++;
        _lastReceivedNs = nowNs;
        ListenFrom(nowNs);

        if (payload == Payload.Event) OnEvent(packet.Slice(header.PayloadAt, header.PayloadLength), header, nowNs);
        else if (payload == Payload.Audio) Hear(codec, header, packet.Slice(header.PayloadAt, header.PayloadLength), nowNs);
        if (_partner is { } partner && !_onHold && !_isMuted && _flow.Direction.MayReceive() && !TranscodesFor(partner)) partner.Relay(packet, header, payload, codec, nowNs);
    }

    internal void Reject()
    {
        _rejected++;
        Thread.Counters.Rejected++;
    }

    private bool IsFlood(long nowNs)
    {
        if (nowNs >= _secondEndsNs) (_secondEndsNs, _inSecond) = (nowNs + MediaClock.Second, 0);
        return ++_inSecond > MostPerSecond;
    }

    /// <summary>Once a second: the silence of the far side and the reports of RTCP.</summary>
    internal void LookAfter(long nowNs)
    {
        if (!_configured || IsClosed) return;
        WatchSilence(nowNs);
        ReportIfDue(nowNs);
    }

    /// <summary>Sends a partner's packet to our far side.</summary>
    private unsafe void Relay(Span<byte> packet, in RtpHeader header, Payload payload, AudioCodec codec, long nowNs)
    {
        if (IsClosed || !_configured || _onHold || IsTalking || !_flow.Direction.MaySend() || _flow.Remote is null) return;
        var isEvent = payload == Payload.Event;
        byte type;
        if (isEvent && _flow.SendEventType is { } events) type = events;
        else if (payload == Payload.Audio) type = _flow.SendPayloadType;
        else { _out.Skip(header); return; }

        var octets = packet.Slice(header.PayloadAt, header.PayloadLength);
        if (!isEvent && codec != _flow.Codec) G711.Transcode(octets, codec);
        if (!isEvent) RecordSent(_flow.Codec, header, octets, nowNs);
        fixed (byte* start = packet) _out.Relay(start, header, type, isEvent, _latch.Destination, nowNs);
    }

    /// <summary>
    /// A sender may change between what was agreed at any packet (RFC 3264 §8.3.1). Types 0 and 8 mean one thing only, so that
    /// a phone that falls back to the other law is understood even when it should not.
    /// </summary>
    private Payload PayloadOf(byte type, out AudioCodec codec)
    {
        codec = _flow.Codec;
        if (type == _flow.ReceiveEventType) return Payload.Event;
        if (type == _flow.ReceivePayloadType) return Payload.Audio;
        if (type == ComfortNoise) return Payload.Noise;
        if (type is not (0 or 8) || !codec.IsG711()) return Payload.Unknown;
        codec = type == 0 ? AudioCodec.Pcmu : AudioCodec.Pcma;
        return Payload.Audio;
    }

    private void OnEvent(ReadOnlySpan<byte> payload, in RtpHeader header, long nowNs)
    {
        if (!TelephoneEvent.TryParse(payload, out var heard)) return;
        var (unended, ended) = _digitsHeard.On(heard, header.Timestamp, header.Marker, nowNs);
        if (unended is { } before) Report(before);
        if (_digitsHeard.Begun is { } begun) OnKeyDown(begun);
        if (ended is { } digit) Report(digit);
        if (_digitsHeard.IsOpen) Thread.StartTicking(this);  // its end may be lost
    }

    private void ListenFrom(long nowNs)
    {
        _listeningSinceNs = nowNs;
        _silenceReported = false;
    }

    private void WatchSilence(long nowNs)
    {
        if (_silenceReported || _onHold || !_flow.Direction.MayReceive()) return;
        var since = nowNs - _listeningSinceNs;
        if (since < Thread.SilenceAfterNs) return;
        _silenceReported = true;
        Thread.Sink.OnSilence(this, TimeSpan.FromTicks(since / 100));
    }
}
