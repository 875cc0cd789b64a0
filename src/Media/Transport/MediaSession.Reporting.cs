using Switchhook.Media.Codecs;
using Switchhook.Media.Rtp;

namespace Switchhook.Media.Transport;

/// <content>RTCP both ways, and the figures for the hangup record.</content>
public sealed partial class MediaSession
{
    private const long ReportEveryNs = 5 * MediaClock.Second;

    private PeerAddress _rtcpSource;
    private long _nextReportNs;
    private long _packetsAtReport;                          // sent, when the last report left
    private long _heardAtReport;
    private uint _senderReport;                             // of the far side, and when it came
    private long _senderReportNs;
    private bool _hasRemoteReport;
    private long _remoteLost;
    private uint _remoteJitter;

    /// <summary>The figures so far; final ones after <see cref="Close"/>.</summary>
    public MediaFigures Snapshot()
    {
        // Each figure is one aligned word written by the media thread alone; see MediaFigures for what that promises.
        var prompt = Volatile.Read(ref _prompt) ?? Volatile.Read(ref _lastPrompt);
        var (received, sent) = (Volatile.Read(ref _packetsReceived), _out.Packets);
        return new MediaFigures
        {
            PacketsReceived = received,
            OctetsReceived = Volatile.Read(ref _octetsReceived),
            PacketsSent = sent,
            OctetsSent = _out.Octets,
            PacketsLost = Volatile.Read(ref _lost),
            JitterMs = _heard.Jitter / ClockKhz,
            RemoteLost = Volatile.Read(ref _hasRemoteReport) ? _remoteLost : null,
            RemoteJitterMs = Volatile.Read(ref _hasRemoteReport) ? _remoteJitter / ClockKhz : null,
            Rejected = Volatile.Read(ref _rejected),
            LastReceived = received > 0 ? Thread.Clock.ToUtc(Volatile.Read(ref _lastReceivedNs)) : null,
            LastSent = sent > 0 ? Thread.Clock.ToUtc(_out.LastNs) : null,
            Latched = Volatile.Read(ref _latched),
            Prompt = prompt?.Name,
            PromptPosition = prompt is null ? TimeSpan.Zero : PositionOf(Math.Min(Volatile.Read(ref _position), prompt.Frames)),
        };
    }

    internal void OnRtcp(ReadOnlySpan<byte> packet, in PeerAddress from, long nowNs)
    {
        if (IsClosed || !_configured || !IsFromFarSide(from) || !RtcpReader.TryParse(packet, _out.Ssrc, out var news))
        {
            Reject();
            return;
        }

        _rtcpSource = from;
        ListenFrom(nowNs);
        if (news.SenderReport != 0) (_senderReport, _senderReportNs) = (news.SenderReport, nowNs);
        if (news.About is not { } about) return;
        (_remoteLost, _remoteJitter) = (about.CumulativeLost, about.Jitter);
        Volatile.Write(ref _hasRemoteReport, true);
    }

    /// <summary>The machine that RTP goes to, or the one signalled for RTCP; from the first report on, that very port.</summary>
    private bool IsFromFarSide(in PeerAddress from) =>
        _rtcpSource.IsSet ? from.Equals(_rtcpSource) : from.IsSameHost(_latch.Destination) || from.IsSameHost(_signalledRtcp);

    private double ClockKhz => _flow.Codec.RtpClockHz() / 1_000.0;

    private void FirstReport(long nowNs) => _nextReportNs = nowNs + ReportEveryNs / 2 + _out.Ssrc % 16 * (ReportEveryNs / 32);

    private void ReportIfDue(long nowNs)
    {
        if (nowNs < _nextReportNs) return;
        _nextReportNs = nowNs + ReportEveryNs;
        SendReport(nowNs, goodbye: false);
    }

    private void SayGoodbye(long nowNs)
    {
        if (_configured && (_out.Packets > 0 || _packetsReceived > 0)) SendReport(nowNs, goodbye: true);
    }

    private unsafe void SendReport(long nowNs, bool goodbye)
    {
        var to = _rtcpSource.IsSet ? _rtcpSource : _signalledRtcp;
        if (!to.IsSet || _flow.Remote is null) return;

        SenderInfo? sender = _out.Packets > _packetsAtReport
            ? new SenderInfo(Thread.Clock.NtpNow, _out.TimestampAt(nowNs), (uint)_out.Packets, (uint)_out.Octets)
            : null;
        ReportBlock? block = _packetsReceived > _heardAtReport ? Block(nowNs) : null;
        (_packetsAtReport, _heardAtReport) = (_out.Packets, _packetsReceived);

        Span<byte> room = stackalloc byte[RtcpWriter.MostOctets];
        Span<byte> name = stackalloc byte[RtcpWriter.NameOctets];
        _ = _out.Ssrc.TryFormat(name, out _, "x16", System.Globalization.CultureInfo.InvariantCulture);
        var length = RtcpWriter.Write(room, _out.Ssrc, sender, block, name, goodbye);
        fixed (byte* start = room)
            if (!Ports.Rtcp.Send(start, length, to)) Thread.Counters.SendFailures++;
    }

    private ReportBlock Block(long nowNs)
    {
        var delay = _senderReport == 0 ? 0 : (uint)((nowNs - _senderReportNs) * 65_536.0 / MediaClock.Second);
        return new ReportBlock(_heard.Ssrc, _heard.TakeFractionLost(), (int)Math.Clamp(_heard.Lost, int.MinValue, int.MaxValue),
            _heard.ExtendedHighest, _heard.Jitter, _senderReport, delay);
    }
}
