using Switchhook.Media.Codecs;
using Switchhook.Media.Prompts;
using Switchhook.Media.Recording;
using Switchhook.Media.Sdp;

namespace Switchhook.Media.Transport;

/// <content>What the media thread does with commands.</content>
public sealed partial class MediaSession
{
    private bool _attached;
    private bool _configured;
    private bool _onHold;
    private bool _isMuted;
    private MediaFlow _flow;
    private PeerAddress _signalledRtcp;
    private MediaSession? _partner;                         // itself: echo

    /// <summary>Place in the thread's table.</summary>
    internal int Key { get; set; }

    int ITicked.TickSlot { get; set; } = -1;

    int ITicked.TickIndex { get; set; }

    internal void On(in MediaCommand command)
    {
        if (command.Kind is not (MediaCommandKind.Attach or MediaCommandKind.Close)) Interlocked.Decrement(ref _waiting);
        if (IsClosed && command.Kind == MediaCommandKind.Record) ((Recorder)command.Argument!).End(RecordingEnd.Closed);
        if (IsClosed && command.Kind is not (MediaCommandKind.Attach or MediaCommandKind.Close or MediaCommandKind.Play)) return;
        switch (command.Kind)
        {
            case MediaCommandKind.Attach: OnAttach(); break;
            case MediaCommandKind.Configure: OnConfigure(command.Flow); break;
            case MediaCommandKind.Bridge: OnBridge((MediaSession)command.Argument!); break;
            case MediaCommandKind.Unbridge: Part(); break;
            case MediaCommandKind.Play: OnPlay((Prompt)command.Argument!, command.Flag, command.Number); break;
            case MediaCommandKind.StopPlaying: EndPlaying(PlaybackEnd.Stopped); break;
            case MediaCommandKind.SendDigits: OnSendDigits((string)command.Argument!); break;
            case MediaCommandKind.SetEcho: OnEcho(command.Flag); break;
            case MediaCommandKind.SetHold: OnHold(command.Flag); break;
            case MediaCommandKind.SetMute: OnMute(command.Flag); break;
            case MediaCommandKind.Record: OnRecord((Recorder)command.Argument!); break;
            case MediaCommandKind.Conference: command.Action!(); break;
            case MediaCommandKind.Listen: OnListen((double[])command.Argument!); break;
            case MediaCommandKind.Close: OnClose(); break;
        }
    }

    private void OnAttach()
    {
        _attached = true;
        Thread.Attach(this);
    }

    private void OnConfigure(in MediaFlow flow)
    {
        var now = Thread.Clock.NowNs;
        if (flow.Remote is { } remote) Signal(PeerAddress.From(remote), flow.RemoteRtcp is { } rtcp ? PeerAddress.From(rtcp) : default);
        if (!_configured) FirstReport(now);
        if (_configured && flow.Codec != _flow.Codec)
        {
            _out.StartTalk();
            _isSpeaking = false;
        }

        _out.SetClock(flow.Codec.RtpClockHz());
        _digitsHeard.ClockHz = flow.EventClockHz;
        _flow = flow;
        _configured = true;
        _gathered = 0;
        _framesInPacket = flow.PacketTimeMs is 40 or 60 ? flow.PacketTimeMs / 20 : 1;
        ListenFrom(now);
        Rethink();
        _partner?.Rethink();
    }

    private void Signal(in PeerAddress rtp, in PeerAddress rtcp)
    {
        var before = _latch.Destination;
        _latch.Signal(rtp);
        if (!_latch.Source.IsSet) Volatile.Write(ref _latched, null);
        if (!_latch.Destination.Equals(before) || !rtcp.Equals(_signalledRtcp)) _rtcpSource = default;
        _signalledRtcp = rtcp;
    }

    private void OnBridge(MediaSession other)
    {
        if (other.IsClosed || !other._attached || other == this) return;
        if (_partner == other) return;
        Part();
        other.Part();
        LeaveConference();
        other.LeaveConference();
        (_partner, other._partner) = (other, this);
        // Whoever was silent while apart, which nobody minded, is listened to anew.
        var now = Thread.Clock.NowNs;
        ListenFrom(now);
        other.ListenFrom(now);
        Rethink();
        other.Rethink();
    }

    private void OnEcho(bool on)
    {
        if (on == (_partner == this)) return;
        if (!on && _partner != this) return;
        Part();
        if (!on) return;
        LeaveConference();
        _partner = this;
    }

    private void Part()
    {
        if (_partner is { } other)
        {
            other._partner = null;
            other._out.Interrupt();
            other._isSpeaking = false;
            if (other != this) other.Rethink();
        }

        _partner = null;
        _isSpeaking = false;
        _out.Interrupt();
        Rethink();
    }

    private void OnHold(bool on)
    {
        if (on == _onHold) return;
        _onHold = on;
        _isSpeaking = false;
        _out.Interrupt();
        ListenFrom(Thread.Clock.NowNs);
    }

    private void OnMute(bool on)
    {
        if (on == _isMuted) return;
        _isMuted = on;
        if (_partner is not { } partner) return;
        partner._isSpeaking = false;
        partner._out.Interrupt();
    }

    private void OnClose()
    {
        if (!_attached) return;
        _attached = false;
        Volatile.Write(ref _closed, 1);
        Part();
        LeaveConference();
        try
        {
            EndRecordings(RecordingEnd.Closed);
            EndPlaying(PlaybackEnd.Stopped);
            SayGoodbye(Thread.Clock.NowNs);
        }
        finally
        {
            Forget();
            Thread.Detach(this);
        }
    }
}
