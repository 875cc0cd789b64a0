using Switchhook.Media.Codecs;
using Switchhook.Media.Dtmf;
using Switchhook.Media.Mixing;
using Switchhook.Media.Rtp;
using Switchhook.Media.Sdp;

namespace Switchhook.Media.Transport;

/// <content>
/// Audio as samples: where a packet cannot go on as it is (another codec, a conference, a recording), it waits in a jitter
/// buffer, is decoded in the 20 ms tick and encoded anew. A pure relay knows nothing of this.
/// </content>
public sealed partial class MediaSession
{
    private const int MostGathered = 3;                     // frames in a packet

    private AudioReceiver? _receiver;
    private IAudioEncoder? _encoder;
    private AudioCodec _encoderCodec;
    private OpusParameters _encoderOpus;
    private DigitDetector? _digitsInAudio;
    private RateChange _detectionRate;
    private bool _isSpeaking;                               // samples of others are being sent, tick after tick
    private byte[]? _gather;
    private int _gathered;                                  // frames
    private int _gatheredOctets;

    internal AudioCodec Codec => _flow.Codec;

    internal OpusParameters OpusWanted => _flow.Opus;

    /// <summary>Others may be heard by this leg now.</summary>
    internal bool CanBeSpokenTo => CanSend && !_onHold && !IsTalking;

    /// <summary>This leg may be heard by others now.</summary>
    internal bool MayBeHeard => _configured && !IsClosed && !_onHold && !_isMuted && _flow.Direction.MayReceive();

    /// <summary>The next 20 ms of the far side, for its conference and its recording.</summary>
    internal HeardFrame TakeHeard(Span<short> frame, long nowNs)
    {
        if (_receiver is null) { frame.Clear(); return HeardFrame.Nothing; }
        var heard = _receiver.Take(frame, nowNs, skipQuiet: true);
        if (!Codec.IsG711()) DetectWide(frame);
        Record(frame, nowNs);
        return heard;
    }

    /// <summary>Sends a frame at the rate of the codec.</summary>
    internal void Speak(ReadOnlySpan<short> frame, long nowNs)
    {
        BeginSpeaking(nowNs);
        Emit(frame, nowNs);
        _out.EndTick();
    }

    /// <summary>Sends a frame that someone encoded for several legs.</summary>
    internal void SpeakEncoded(ReadOnlySpan<byte> frame, long nowNs)
    {
        BeginSpeaking(nowNs);
        EmitEncoded(frame, nowNs);
        _out.EndTick();
    }

    private void BeginSpeaking(long nowNs)
    {
        if (_isSpeaking) return;
        _isSpeaking = true;
        _gathered = 0;
        _out.StartTicking(nowNs);
    }

    /// <summary>True when what is heard here has to be decoded to be sent there.</summary>
    private bool TranscodesFor(MediaSession partner) =>
        partner != this && partner._configured && partner.Codec != Codec && !(Codec.IsG711() && partner.Codec.IsG711());

    /// <summary>Starts or ends decoding, as bridge, conference and recording need it.</summary>
    private void Rethink()
    {
        var needs = _configured && !IsClosed && (_seat is not null || _recorder is not null || _recorderBeside is not null || ((_flow.ReceiveEventType is null || _tones is not null) && !Codec.IsG711())
            || (_partner is { } partner && TranscodesFor(partner)));
        if (needs && _receiver is null) _receiver = new AudioReceiver();
        if (needs && _seat is null) Thread.StartTicking(this);
        if (!needs && _receiver is { } receiver)
        {
            _receiver = null;
            receiver.Dispose();
        }

        _digitsInAudio = _configured && !IsClosed && _flow.ReceiveEventType is null ? _digitsInAudio ?? new DigitDetector() : null;
    }

    private void Hear(AudioCodec codec, in RtpHeader header, ReadOnlySpan<byte> payload, long nowNs)
    {
        _receiver?.Put(codec, header, payload, nowNs);
        if ((_digitsInAudio is null && _tones is null) || !codec.IsG711() || payload.Length > JitterBuffer.MostOctets) return;
        Span<short> samples = stackalloc short[payload.Length];
        _ = AudioCodecs.CreateDecoder(codec).Decode(payload, samples);
        Detect(samples);
    }

    private void HearTick(long nowNs)
    {
        var partner = _partner is { } other && TranscodesFor(other) ? other : null;
        Span<short> frame = stackalloc short[(partner?.Codec ?? Codec).FrameSamples()];
        var heard = _receiver!.Take(frame, nowNs);
        Record(frame, nowNs);
        if (!Codec.IsG711()) DetectWide(frame);
        if (partner is null) return;
        if (heard == HeardFrame.Nothing || !MayBeHeard || !partner.CanBeSpokenTo) partner._isSpeaking = false;
        else partner.Speak(frame, nowNs);
    }

    /// <summary>Keys and tones are looked for at 8 kHz.</summary>
    private void DetectWide(ReadOnlySpan<short> frame)
    {
        if (_digitsInAudio is null && _tones is null) return;
        Detect(_detectionRate.To(frame, frame.Length * 50, 8_000));
    }

    private void Detect(ReadOnlySpan<short> samples)
    {
        if (_tones?.Process(samples) is { } tone) Thread.Sink.OnTone(this, tone.Hz, tone.DurationMs);
        if (_digitsInAudio is not { } detector) return;
        detector.Process(samples);
        while (detector.TryTake(out var digit))
        {
            OnKeyDown(digit.Digit);
            Thread.Sink.OnDigit(this, digit.Digit, digit.DurationMs);
        }
    }

    /// <summary>Whoever waits for a key goes on with its first packet: most are held for a tenth of a second.</summary>
    private void OnKeyDown(char digit)
    {
        Thread.Sink.OnDigitBegan(this, digit);
        RecordKey(digit);
    }

    /// <summary>The end of a key pressed by events: told, and pressed again for a partner that cannot be sent the packets themselves.</summary>
    private void Report(in DigitHeard digit)
    {
        Thread.Sink.OnDigit(this, digit.Digit, digit.DurationMs);
        if (_partner is not { } partner || partner == this || !MayBeHeard) return;
        if (TranscodesFor(partner) || partner._flow.SendEventType is null) partner.PressAgain(digit.Digit);
    }

    private void PressAgain(char digit)
    {
        if (!CanSend || _onHold) return;
        StartTalking();
        _ = _digits.TryAdd(digit);
    }

    /// <summary>Encodes a frame and sends it at the present tick.</summary>
    private void Emit(ReadOnlySpan<short> frame, long nowNs)
    {
        if (_encoder is null || _encoderCodec != Codec || _encoderOpus != _flow.Opus)
        {
            _encoder?.Dispose();
            _encoder = AudioCodecs.CreateEncoder(Codec, _flow.Opus);
            (_encoderCodec, _encoderOpus) = (Codec, _flow.Opus);
        }

        Span<byte> payload = stackalloc byte[AudioCodecs.MostFrameOctets];
        var octets = _encoder.Encode(frame, payload);
        EmitEncoded(payload[..octets], nowNs);
    }

    /// <summary>Sends an encoded frame at the present tick, alone or with its neighbours in one packet, as the far side likes it.</summary>
    private void EmitEncoded(ReadOnlySpan<byte> frame, long nowNs)
    {
        if (frame.IsEmpty) return;
        if (_framesInPacket == 1 || Codec == AudioCodec.Opus)
        {
            SendAudio(frame, _out.TickTimestamp, nowNs);
            return;
        }

        _gather ??= new byte[MostGathered * 160];
        if (_gathered == 0) _gatheredOctets = 0;
        frame[..Math.Min(frame.Length, 160)].CopyTo(_gather.AsSpan(_gatheredOctets));
        _gatheredOctets += 160;
        if (++_gathered >= _framesInPacket) Flush(nowNs);
    }

    private void Flush(long nowNs)
    {
        if (_gathered == 0) return;
        SendAudio(_gather.AsSpan(0, _gatheredOctets), _out.TickTimestamp - (uint)(_gathered - 1) * Codec.FrameUnits(), nowNs);
        _gathered = 0;
    }

    private unsafe void SendAudio(ReadOnlySpan<byte> payload, uint timestamp, long nowNs)
    {
        payload.CopyTo(new Span<byte>(Thread.Packet + RtpHeader.Size, payload.Length));
        if (_recorder is not null || _recorderBeside is not null)
        {
            var header = new RtpHeader
            {
                PayloadType = 0,
                Marker = false,
                Sequence = _out.NextSequence,
                Timestamp = timestamp,
                Ssrc = _out.Ssrc,
                PayloadAt = RtpHeader.Size,
                PayloadLength = payload.Length,
            };
            RecordSent(Codec, header, payload, nowNs);
        }

        _out.SendOwn(Thread.Packet, payload.Length, _flow.SendPayloadType, isEventStart: false, isEvent: false, timestamp, _latch.Destination, nowNs);
    }

    private void Forget()
    {
        _encoder?.Dispose();
        _receiver?.Dispose();
        (_encoder, _receiver) = (null, null);
    }
}
