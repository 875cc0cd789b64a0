using Switchhook.Media.Codecs;
using Switchhook.Media.Dtmf;
using Switchhook.Media.Prompts;
using Switchhook.Media.Rtp;
using Switchhook.Media.Sdp;

namespace Switchhook.Media.Transport;

/// <content>Prompts and digits: what goes out every 20 ms.</content>
public sealed partial class MediaSession
{
    private OutgoingStream _out;
    private DigitSender _digits;
    private uint _digitTimestamp;
    private bool _digitIsOver;
    private Prompt? _prompt;                                // being played
    private Prompt? _lastPrompt;                            // being played when the session was closed
    private long _playback;
    private bool _loop;
    private int _position;                                  // frames into the prompt
    private int _framesInPacket = 1;
    private EncodedAudio? _encoded;                         // the prompt in _promptCodec; null = not yet there
    private AudioCodec _promptCodec;
    private PolyphaseResampler? _promptResampler;           // while the prompt is not yet there in the codec

    /// <summary>Audio of our own has the floor; the partner's waits.</summary>
    private bool IsTalking => _prompt is not null || !_digits.IsIdle;

    private bool CanSend => _configured && !IsClosed && _flow.Direction.MaySend() && _flow.Remote is not null;

    void ITicked.Tick(long nowNs)
    {
        if (_digitsHeard.OnTick(nowNs) is { } heard) Report(heard);
        if (IsTalking)
        {
            if (!_digits.IsIdle) SendDigit(nowNs);
            else PlayFrame(nowNs);
            _out.EndTick();
        }

        if (_receiver is not null && _seat is null) HearTick(nowNs);
        if (!IsTalking && !_digitsHeard.IsOpen && (_receiver is null || _seat is not null)) Thread.StopTicking(this);
    }

    private void OnPlay(Prompt prompt, bool loop, long number)
    {
        if (IsClosed)
        {
            Thread.Sink.OnPlaybackEnded(this, number, PlaybackEnd.Failed, TimeSpan.Zero);
            return;
        }

        EndPlaying(PlaybackEnd.Stopped);
        if (_configured && !prompt.TryEncoded(Codec, out _)) Thread.Engine.Prepare(prompt, Codec);
        StartTalking();
        (_prompt, _loop, _playback, _position) = (prompt, loop, number, 0);
        ChooseEncoding();
    }

    private void OnSendDigits(string digits)
    {
        StartTalking();
        foreach (var digit in digits) _ = _digits.TryAdd(digit);
    }

    private void StartTalking()
    {
        var now = Thread.Clock.NowNs;
        if (!IsTalking) _out.StartTicking(now);
        _isSpeaking = false;
        _gathered = 0;
        Thread.StartTicking(this);
    }

    private unsafe void SendDigit(long nowNs)
    {
        var step = _digits.Next(out var packet);
        if (step == DigitStep.First) _digitTimestamp = _out.TickTimestamp;
        if (!CanSend) return;
        if (_flow.SendEventType is not { } type)
        {
            SendDigitTone(step, packet, nowNs);
            return;
        }

        if (step is not (DigitStep.First or DigitStep.Again)) return;
        (packet with { Duration = (ushort)(packet.Duration * (_flow.EventClockHz / 8_000)) }).Write(new Span<byte>(Thread.Packet + RtpHeader.Size, TelephoneEvent.Size));
        _out.SendOwn(Thread.Packet, TelephoneEvent.Size, type, step == DigitStep.First, isEvent: true, _digitTimestamp, _latch.Destination, nowNs);
    }

    /// <summary>No events were agreed: the digit is heard as its two tones, and the pause as silence.</summary>
    private void SendDigitTone(DigitStep step, in TelephoneEvent packet, long nowNs)
    {
        Span<short> frame = stackalloc short[_flow.Codec.FrameSamples()];
        var ticks = packet.Duration / 160 - 1;
        if (step is DigitStep.First or DigitStep.Again && !_digitIsOver) DigitTone.Fill(packet.Code, frame, _flow.Codec.SampleRateHz(), ticks * frame.Length);
        else frame.Clear();
        _digitIsOver = step is DigitStep.First or DigitStep.Again && packet.End;
        Emit(frame, nowNs);
    }

    private void PlayFrame(long nowNs)
    {
        if (_position >= _prompt!.Frames)                   // the last frame was sent 20 ms ago and is now heard
        {
            if (!_loop) { EndPlaying(PlaybackEnd.Finished); return; }
            _position = 0;
            ChooseEncoding();
        }

        var at = _position++;
        if (!CanSend) return;
        if (_promptCodec != Codec) ChooseEncoding();
        if (_encoded is { } encoded) EmitEncoded(encoded.Frame(at), nowNs);
        else PlayUnprepared(at, nowNs);
        if (_position >= _prompt.Frames) Flush(nowNs);
    }

    /// <summary>Once a round: changing over in the middle would be heard.</summary>
    private void ChooseEncoding()
    {
        _ = _prompt!.TryEncoded(Codec, out _encoded);
        (_promptCodec, _promptResampler) = (Codec, null);
    }

    /// <summary>The prompt is still being encoded elsewhere: this leg does it for itself meanwhile.</summary>
    private void PlayUnprepared(int at, long nowNs)
    {
        var rate = _flow.Codec.SampleRateHz();
        var samples = _prompt!.Frame(at);
        if (_prompt.SampleRateHz == rate)
        {
            Emit(samples, nowNs);
            return;
        }

        _promptResampler ??= new PolyphaseResampler(_prompt.SampleRateHz, rate, samples.Length);
        Span<short> frame = stackalloc short[640];
        var made = _promptResampler.Process(samples, frame);
        Emit(frame[..Math.Min(made, rate / 50)], nowNs);
    }

    private void EndPlaying(PlaybackEnd why)
    {
        if (_prompt is not { } prompt) return;
        if (IsClosed) _lastPrompt = prompt;
        _prompt = null;
        Thread.Sink.OnPlaybackEnded(this, _playback, why, PositionOf(_position));
    }

    private static TimeSpan PositionOf(int frames) => TimeSpan.FromMilliseconds(frames * AudioCodecs.FrameMs);
}
