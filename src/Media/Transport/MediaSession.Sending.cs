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
    private Prompt? _prompt;                                // being played
    private Prompt? _lastPrompt;                            // being played when the session was closed
    private long _playback;
    private bool _loop;
    private int _position;                                  // octets = samples into the prompt
    private int _framesInPacket = 1;
    private int _framesReady;                               // of the packet being gathered

    /// <summary>Audio of our own has the floor; the partner's waits.</summary>
    private bool IsTalking => _prompt is not null || !_digits.IsIdle;

    private bool CanSend => _configured && !IsClosed && _flow.Direction.MaySend() && _flow.Remote is not null;

    internal void Tick(long nowNs)
    {
        if (_digitsHeard.OnTick(nowNs) is { } heard) Thread.Sink.OnDigit(this, heard.Digit, heard.DurationMs);
        if (!_digits.IsIdle) SendDigit(nowNs);
        else if (_prompt is not null) PlayFrame(nowNs);
        _out.EndTick();
        if (!IsTalking && !_digitsHeard.IsOpen) Thread.StopTicking(this);
    }

    private void OnPlay(Prompt prompt, bool loop, long number)
    {
        if (IsClosed)
        {
            Thread.Sink.OnPlaybackEnded(this, number, PlaybackEnd.Failed, TimeSpan.Zero);
            return;
        }

        EndPlaying(PlaybackEnd.Stopped);
        StartTalking();
        (_prompt, _loop, _playback, _position, _framesReady) = (prompt, loop, number, 0, 0);
    }

    private void OnSendDigits(string digits)
    {
        if (_flow.SendEventType is null) return;
        StartTalking();
        foreach (var digit in digits) _ = _digits.TryAdd(digit);
        _framesReady = 0;
    }

    private void StartTalking()
    {
        var now = Thread.Clock.NowNs;
        if (!IsTalking) _out.StartTicking(now);
        Thread.StartTicking(this);
    }

    private unsafe void SendDigit(long nowNs)
    {
        var step = _digits.Next(out var packet);
        if (step == DigitStep.First) _digitTimestamp = _out.TickTimestamp;
        if (step is not (DigitStep.First or DigitStep.Again) || !CanSend || _flow.SendEventType is not { } type) return;

        packet.Write(new Span<byte>(Thread.Packet + RtpHeader.Size, TelephoneEvent.Size));
        _out.SendOwn(Thread.Packet, TelephoneEvent.Size, type, step == DigitStep.First, isEvent: true, _digitTimestamp, _latch.Destination, nowNs);
    }

    private void PlayFrame(long nowNs)
    {
        if (_position >= _prompt!.MuLaw.Length)             // the last frame was sent 20 ms ago and is now heard
        {
            if (!_loop) { EndPlaying(PlaybackEnd.Finished); return; }
            _position = 0;
        }

        _framesReady++;
        _position += Prompt.FrameOctets;
        if (_framesReady < _framesInPacket && _position < _prompt.MuLaw.Length) return;
        if (CanSend) SendFrames(_framesReady, nowNs);
        _framesReady = 0;
    }

    private unsafe void SendFrames(int frames, long nowNs)
    {
        var octets = frames * Prompt.FrameOctets;
        _prompt!.Encoded(_flow.Codec).AsSpan(_position - octets, octets).CopyTo(new Span<byte>(Thread.Packet + RtpHeader.Size, octets));
        var timestamp = _out.TickTimestamp - (uint)(octets - Prompt.FrameOctets);
        _out.SendOwn(Thread.Packet, octets, _flow.SendPayloadType, isEventStart: false, isEvent: false, timestamp, _latch.Destination, nowNs);
    }

    private void EndPlaying(PlaybackEnd why)
    {
        if (_prompt is not { } prompt) return;
        if (IsClosed) _lastPrompt = prompt;
        _prompt = null;
        Thread.Sink.OnPlaybackEnded(this, _playback, why, PositionOf(_position));
    }

    private static TimeSpan PositionOf(int octets) => TimeSpan.FromMilliseconds(octets / 8);
}
