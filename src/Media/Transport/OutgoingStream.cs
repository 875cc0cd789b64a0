using Switchhook.Media.Rtp;

namespace Switchhook.Media.Transport;

/// <summary>
/// What a session sends, as the far side sees it: one source whose sequence numbers and timestamps go on without a break whether
/// the audio comes from a prompt, from digits or from a bridged partner. Owned by the media thread.
/// </summary>
internal struct OutgoingStream
{
    private const int MaxJump = 3_000;                      // sequence numbers; further is a new beginning (RFC 3550 A.1)
    private const int MaxBack = 100;

    private readonly MediaThread _thread;
    private readonly UdpSocket _socket;
    private ushort _next;                                   // sequence number
    private uint _lastTimestamp;
    private uint _tickTimestamp;
    private bool _startsTalk = true;
    private uint _frameUnits = 160;                         // of 20 ms
    private int _clockHz = 8_000;
    private uint _relaySource;
    private ushort _relaySequence;                          // added to the partner's numbers
    private uint _relayTimestamp;
    private int _relayed;                                   // since the offsets were chosen
    private bool _relayIsFresh = true;

    public OutgoingStream(MediaThread thread, UdpSocket socket, uint ssrc, ushort sequence, uint timestamp)
    {
        (_thread, _socket, Ssrc, _next, _lastTimestamp) = (thread, socket, ssrc, sequence, timestamp);
    }

    public uint Ssrc { get; }

    public long Packets { get; private set; }

    public long Octets { get; private set; }

    public long LastNs { get; private set; }

    /// <summary>The timestamp that belongs to an instant.</summary>
    public readonly uint TimestampAt(long nowNs) => Packets == 0 ? _lastTimestamp : _lastTimestamp + MediaClock.Units(nowNs - LastNs, _clockHz);

    /// <summary>Audio of our own begins: its clock goes on where the last packet left it.</summary>
    public void StartTicking(long nowNs)
    {
        _tickTimestamp = Following(nowNs);
        _startsTalk = true;
        _relayIsFresh = true;
    }

    /// <summary>The timestamp of the present tick.</summary>
    public readonly uint TickTimestamp => _tickTimestamp;

    /// <summary>One 20 ms tick is over.</summary>
    public void EndTick() => _tickTimestamp += _frameUnits;

    /// <summary>Units from now on; what was sent before keeps its timestamps (RFC 7160 §4.1).</summary>
    public void SetClock(int clockHz) => (_clockHz, _frameUnits) = (clockHz, (uint)(clockHz / 50));

    /// <summary>The number of the next packet.</summary>
    public readonly ushort NextSequence => _next;

    /// <summary>The next audio packet is marked as the beginning of a talkspurt (RFC 3551 §4.1).</summary>
    public void StartTalk() => _startsTalk = true;

    /// <summary>The next relayed packet goes on where the last packet sent left off.</summary>
    public void Interrupt() => _relayIsFresh = true;

    /// <summary>Sends a packet of our own; its payload stands behind the room for a header.</summary>
    public unsafe void SendOwn(byte* packet, int payloadLength, byte payloadType, bool isEventStart, bool isEvent, uint timestamp,
        in PeerAddress to, long nowNs)
    {
        var marker = isEvent ? isEventStart : _startsTalk;
        _startsTalk = isEvent;                              // audio after a digit is a new talkspurt
        _relayIsFresh = true;
        RtpHeader.Write(new Span<byte>(packet, RtpHeader.Size), payloadType, marker, _next, timestamp, Ssrc);
        // The timestamp of an event stands still while its packets go out; what follows must come after all of it.
        var reached = isEvent ? _tickTimestamp : timestamp;
        if ((int)(reached - _lastTimestamp) > 0) _lastTimestamp = reached;
        _next++;
        Send(packet, RtpHeader.Size + payloadLength, to, nowNs);
    }

    /// <summary>Sends a partner's packet on with a header of ours, written over the end of its own.</summary>
    public unsafe void Relay(byte* packet, in RtpHeader header, byte payloadType, bool isEvent, in PeerAddress to, long nowNs)
    {
        if (_relayIsFresh || header.Ssrc != _relaySource) Rebase(header, nowNs);
        var sequence = (ushort)(header.Sequence + _relaySequence);
        var ahead = (short)(sequence - _next);
        if (ahead is > MaxJump or < -MaxBack)
        {
            Rebase(header, nowNs);
            sequence = _next;
            ahead = 0;
        }

        if (-ahead > _relayed) return;                      // older than what this relaying began with: its number is taken
        var timestamp = header.Timestamp + _relayTimestamp;
        var marker = header.Marker || (_startsTalk && !isEvent);
        if (!isEvent) _startsTalk = false;
        if (ahead >= 0)
        {
            _next = (ushort)(sequence + 1);
            _lastTimestamp = timestamp;
        }

        if (_relayed < MaxJump) _relayed++;
        var start = packet + header.PayloadAt - RtpHeader.Size;
        RtpHeader.Write(new Span<byte>(start, RtpHeader.Size), payloadType, marker, sequence, timestamp, Ssrc);
        Send(start, RtpHeader.Size + header.PayloadLength, to, nowNs);
    }

    /// <summary>A partner's packet is not sent on: the numbers close up, so that it does not look like a loss.</summary>
    public void Skip(in RtpHeader header)
    {
        if (!_relayIsFresh && header.Ssrc == _relaySource) _relaySequence--;
    }

    private void Rebase(in RtpHeader header, long nowNs)
    {
        _relaySource = header.Ssrc;
        _relaySequence = (ushort)(_next - header.Sequence);
        _relayTimestamp = Following(nowNs) - header.Timestamp;
        _relayed = 0;
        _relayIsFresh = false;
        _startsTalk = true;
    }

    /// <summary>A timestamp after the last one by the time gone since, at least one frame.</summary>
    private readonly uint Following(long nowNs) =>
        Packets == 0 ? _lastTimestamp : _lastTimestamp + Math.Max(_frameUnits, MediaClock.Units(nowNs - LastNs, _clockHz));

    private unsafe void Send(byte* packet, int length, in PeerAddress to, long nowNs)
    {
        LastNs = nowNs;
        if (!_socket.Send(packet, length, to))
        {
            _thread.Counters.SendFailures++;
            return;
        }

        Packets++;
        Octets += length - RtpHeader.Size;
        _thread.Counters.PacketsSent++;
    }
}
