using System.Runtime.CompilerServices;

namespace Switchhook.Media.Transport;

/// <summary>One media thread and every session it owns. Nothing else touches their packets.</summary>
internal sealed unsafe class MediaThread : IDisposable
{
    private const int PacketRoom = 2_048;
    private const long RoundNs = 100 * MediaClock.Millisecond;
    private const int Rounds = 10;                          // each session is looked after once in so many rounds: every second
    private const int IdleMs = 200;                         // so long a command that wakes nobody may wait

    private readonly MediaEngine _engine;
    private readonly Poller _poller = new();
    private readonly CommandInbox _inbox;
    private readonly TickWheel _wheel = new();
    private readonly List<MediaSession?> _byKey = [];
    private readonly Stack<int> _freeKeys = new();
    private readonly Action<ITicked, long> _tick;
    private readonly byte[] _packetArray = GC.AllocateArray<byte>(PacketRoom, pinned: true);
    private readonly Thread? _thread;
    private long _nextRoundNs;
    private int _round;
    private int _sessions;
    private volatile bool _stopping;

    public MediaThread(MediaEngine engine, int number, bool runs)
    {
        _engine = engine;
        _inbox = new CommandInbox(_poller);
        _tick = Tick;
        Packet = (byte*)Unsafe.AsPointer(ref _packetArray[0]);
        if (!runs) return;
        _thread = new Thread(Run) { Name = $"media-{number}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Room for the packet being received or built; <see cref="PacketRoom"/> octets.</summary>
    public byte* Packet { get; }

    public ref MediaCounters Counters => ref _counters;
    private MediaCounters _counters;

    public MediaEngine Engine => _engine;

    public MediaClock Clock => _engine.Clock;

    public IMediaSink Sink => _engine.Sink;

    public long SilenceAfterNs => _engine.SilenceAfterNs;

    public long LateTicks => Volatile.Read(ref _wheel.LateTicks);

    /// <summary>Open sessions, those on their way here among them.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>A session is being opened; it follows by <see cref="Post"/>.</summary>
    public void Expect() => Interlocked.Increment(ref _sessions);

    /// <summary>Another thread had the pair before.</summary>
    public bool MustTakeOver(PortPair pair) => pair.Watcher is { } watcher && watcher != _poller;

    public void Post(in MediaCommand command) => _inbox.Post(command);

    /// <summary>Waits at most this long for something to do, then does all there is.</summary>
    public void RunOnce(int mostMs)
    {
        var count = _poller.Wait(Math.Min(mostMs, TimeoutMs()));
        var now = Clock.NowNs;
        for (var i = 0; i < count; i++)
            if (_poller.KeyOf(i) == Poller.Bell) _poller.Quiet();
        // Commands first: who asked for something before a packet came wants it to hold for that packet.
        Drain();
        for (var i = 0; i < count; i++)
            if (_poller.KeyOf(i) is var key and not Poller.Bell) OnReadable(key, now);
        _wheel.Run(now, _tick);
        if (_sessions > 0 && now >= _nextRoundNs) LookAfter(now);
    }

    public void StartTicking(ITicked session)
    {
        if (session.TickSlot < 0) _wheel.Add(session, Clock.NowNs);
    }

    public void StopTicking(ITicked session) => _wheel.Remove(session);

    public void Attach(MediaSession session)
    {
        if (!_freeKeys.TryPop(out var key))
        {
            key = _byKey.Count;
            _byKey.Add(null);
        }

        _byKey[key] = session;
        session.Key = key;
        if (!session.Ports.TryWatch(_poller))
            throw new InvalidOperationException("The system does not watch another socket.");
    }

    public void Detach(MediaSession session)
    {
        StopTicking(session);
        session.Ports.Session = null;
        _byKey[session.Key] = null;
        _freeKeys.Push(session.Key);
        Interlocked.Decrement(ref _sessions);
        _engine.Return(session.Ports);
    }

    public void Dispose()
    {
        _stopping = true;
        _poller.Ring();
        _thread?.Join();
        Drain();
        for (var key = 0; key < _byKey.Count; key++)
            if (_byKey[key] is { } session) Carry(new MediaCommand(MediaCommandKind.Close, session));
        _poller.Dispose();
    }

    private void Run()
    {
        // A late audio packet is a lost one: go before other threads of this process where the system allows it.
        _ = Native.SetPriority(0, 0, -10);
        while (!_stopping) RunOnce(IdleMs);
    }

    /// <summary>Rounded up: waking too early would cost a turn of the loop for nothing.</summary>
    private int TimeoutMs()
    {
        var until = _sessions == 0 ? long.MaxValue : Math.Min(_wheel.NextDueNs, _nextRoundNs);
        if (until == long.MaxValue) return IdleMs;
        return (int)Math.Clamp((until - Clock.NowNs + MediaClock.Millisecond - 1) / MediaClock.Millisecond, 0, IdleMs);
    }

    private void OnReadable(ulong key, long nowNs)
    {
        if (_engine.FindPorts((int)(key >> 1)) is not { } ports) return;
        var socket = (key & 1) == 0 ? ports.Rtp : ports.Rtcp;
        if (ports.Session is not { } session)
        {
            socket.Drain();                                 // late, for who had the ports before
            return;
        }

        if (session.Thread != this) return;                 // which is about to take the sockets over
        try
        {
            var isRtp = socket == ports.Rtp;
            var length = socket.Receive(Packet, PacketRoom, out var from);
            if (length < 0) return;
            if (length > PacketRoom) session.Reject();
            else if (isRtp) session.OnRtp(new Span<byte>(Packet, length), from, nowNs);
            else session.OnRtcp(new ReadOnlySpan<byte>(Packet, length), from, nowNs);
        }
        catch (Exception fault)
        {
            OnFault(session, fault);
        }
    }

    private void Drain()
    {
        foreach (var command in _inbox.Take()) Carry(command);
    }

    private void Carry(in MediaCommand command)
    {
        try
        {
            if (command.Session is { } session) session.On(command);
            else ((MediaConference)command.Argument!).On(command);
        }
        catch (Exception fault)
        {
            OnFault(command.Session ?? (ITicked)command.Argument!, fault);
        }
    }

    private void Tick(ITicked session, long nowNs)
    {
        try
        {
            session.Tick(nowNs);
        }
        catch (Exception fault)
        {
            OnFault(session, fault);
        }
    }

    private void LookAfter(long nowNs)
    {
        _nextRoundNs = nowNs + RoundNs;
        for (var key = _round; key < _byKey.Count; key += Rounds)
        {
            if (_byKey[key] is not { } session) continue;
            try
            {
                session.LookAfter(nowNs);
            }
            catch (Exception fault)
            {
                OnFault(session, fault);
            }
        }

        _round = (_round + 1) % Rounds;
    }

    /// <summary>A mistake of ours ends the one session it happened in.</summary>
    private void OnFault(ITicked session, Exception fault)
    {
        _engine.OnFault(fault);
        session.Close();
    }
}

/// <summary>What a media thread has done so far; only it writes them.</summary>
internal struct MediaCounters
{
    public long PacketsReceived;
    public long PacketsSent;
    public long Rejected;
    public long SendFailures;
}
