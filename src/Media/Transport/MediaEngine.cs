using System.Net;
using Switchhook.Media.Codecs;
using Switchhook.Media.Mixing;
using Switchhook.Media.Prompts;
using Switchhook.Media.Recording;

namespace Switchhook.Media.Transport;

/// <summary>The media threads and their ports.</summary>
public sealed class MediaEngine : IDisposable
{
    private readonly MediaOptions _options;
    private readonly PortPool _ports;
    private readonly MediaThread[] _threads;
    private readonly WorkQueue _encoding = new("media-encoding", capacity: 1_000);
    private readonly RecordingWriter _recordings;
    private readonly Lock _conferencesGate = new();
    private readonly HashSet<MediaConference> _conferences = [];
    private int _seats;
    private long _faults;
    private volatile Exception? _lastFault;

    private MediaEngine(MediaOptions options, IMediaSink sink, TimeProvider time, bool runs)
    {
        _options = options;
        Sink = sink;
        Codecs = [.. options.Codecs.Where(AudioCodecs.IsAvailable).Distinct()];
        Clock = new MediaClock(time);
        _recordings = new RecordingWriter(this);
        SilenceAfterNs = options.SilenceAfter > TimeSpan.Zero ? options.SilenceAfter.Ticks * 100 : long.MaxValue;
        _ports = new PortPool(options.Address, options.FirstPort, options.LastPort, Clock);
        _threads = new MediaThread[Math.Max(1, options.Threads)];
        for (var i = 0; i < _threads.Length; i++) _threads[i] = new MediaThread(this, i, runs);
    }

    /// <summary>Starts the media threads.</summary>
    /// <exception cref="InvalidOperationException">The system gives no epoll descriptor.</exception>
    public static MediaEngine Start(MediaOptions options, IMediaSink sink, TimeProvider time) => new(options, sink, time, runs: true);

    /// <summary>An engine whose only thread is the caller of <see cref="Pump"/>.</summary>
    internal static MediaEngine StartManual(MediaOptions options, IMediaSink sink, TimeProvider time) => new(options, sink, time, runs: false);

    /// <summary>Codecs offered and accepted, the most wanted first.</summary>
    public IReadOnlyList<AudioCodec> Codecs { get; }

    /// <summary>Ports in use by open sessions, two each.</summary>
    public int LivePorts => _ports.LivePorts;

    /// <summary>Valid RTP packets received by all sessions so far.</summary>
    public long PacketsReceived => Sum(static t => Volatile.Read(ref t.Counters.PacketsReceived));

    /// <summary>RTP packets sent by all sessions so far.</summary>
    public long PacketsSent => Sum(static t => Volatile.Read(ref t.Counters.PacketsSent));

    /// <summary>Datagrams refused: other sources, unknown payload types, not RTP.</summary>
    public long Rejected => Sum(static t => Volatile.Read(ref t.Counters.Rejected));

    /// <summary>Packets the system would not send.</summary>
    public long SendFailures => Sum(static t => Volatile.Read(ref t.Counters.SendFailures));

    /// <summary>20 ms ticks that came more than 10 ms late.</summary>
    public long LateTicks => Sum(static t => t.LateTicks);

    /// <summary>Sessions closed because of a mistake in this program; <see cref="LastFault"/> says which.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>The last such mistake, for the log.</summary>
    public Exception? LastFault => _lastFault;

    /// <summary>Conferences open.</summary>
    public int Conferences
    {
        get { lock (_conferencesGate) return _conferences.Count; }
    }

    /// <summary>Seats taken in all conferences.</summary>
    public int MixerSeats => Volatile.Read(ref _seats);

    /// <summary>Recordings under way.</summary>
    public int Recordings => _recordings.Count;

    /// <summary>Why a recording could not be made, written or converted last; null = it never happened.</summary>
    public string? LastRecordingFailure => _recordings.LastFailure;

    internal IMediaSink Sink { get; }

    internal MediaClock Clock { get; }

    internal Chance Chance { get; } = new();

    internal long SilenceAfterNs { get; }

    /// <summary>Opens a session on a free pair of ports: an even one for RTP and the next for RTCP (RFC 3550 §11).</summary>
    /// <param name="owner">Handed back as <see cref="MediaSession.Owner"/>.</param>
    /// <param name="near">A session this one may be bridged to: it gets the same media thread. Matters with several threads only.</param>
    /// <returns>Null when no port is free.</returns>
    public MediaSession? TryOpen(object? owner, MediaSession? near = null) => TryOpen(owner, near?.Thread ?? Idlest());

    /// <summary>Opens a session on the thread of that number.</summary>
    internal MediaSession? TryOpen(object? owner, int thread) => TryOpen(owner, _threads[thread]);

    private MediaSession? TryOpen(object? owner, MediaThread thread)
    {
        if (_ports.TryTake() is not { } pair) return null;
        var local = new IPEndPoint(_options.Address, pair.Rtp.Port);
        var advertised = _options.Advertise is { } address ? new IPEndPoint(address, pair.Rtp.Port) : local;
        var session = new MediaSession(thread, pair, local, advertised, owner);
        thread.Expect();
        pair.Session = session;
        thread.Post(new MediaCommand(MediaCommandKind.Attach, session, Flag: thread.MustTakeOver(pair)));
        return session;
    }

    /// <summary>Opens a conference.</summary>
    /// <param name="options">What it is like.</param>
    /// <param name="owner">Handed back as <see cref="MediaConference.Owner"/>.</param>
    /// <param name="near">A leg that is to join: the conference gets its media thread. Matters with several threads only.</param>
    public MediaConference CreateConference(ConferenceOptions options, object? owner = null, MediaSession? near = null)
    {
        var conference = new MediaConference(this, near?.Thread ?? Idlest(), options, owner);
        lock (_conferencesGate) _ = _conferences.Add(conference);
        return conference;
    }

    /// <summary>Stops the threads and closes every socket; open sessions are closed.</summary>
    public void Dispose()
    {
        lock (_conferencesGate)
            foreach (var conference in _conferences) conference.Close();
        foreach (var thread in _threads) thread.Dispose();
        _recordings.Dispose();
        _encoding.Dispose();
        _ports.Dispose();
    }

    /// <summary>Does all there is to do now, waiting at most so long for the first of it. Only after <see cref="StartManual"/>.</summary>
    internal void Pump(int mostMs)
    {
        foreach (var thread in _threads) thread.RunOnce(mostMs);
    }

    /// <summary>The pair a poller knows by that key; null when it is gone.</summary>
    internal PortPair? FindPorts(int key) => _ports.Find(key);

    internal void Return(PortPair pair) => _ports.Return(pair);

    internal void OnSeats(int change) => Interlocked.Add(ref _seats, change);

    internal void OnConferenceClosed(MediaConference conference)
    {
        lock (_conferencesGate) _ = _conferences.Remove(conference);
    }

    internal MediaRecording? TryRecord(MediaSession? session, RecordingSettings settings, int usualRateHz) => _recordings.TryOpen(session, settings, usualRateHz);

    /// <summary>Has a prompt encoded for a codec beside the media threads; until then each leg encodes it for itself.</summary>
    internal void Prepare(Prompt prompt, AudioCodec codec) => _ = _encoding.TryPost(() => prompt.Prepare(codec));

    internal void OnFault(Exception fault)
    {
        _lastFault = fault;
        Interlocked.Increment(ref _faults);
    }

    private MediaThread Idlest()
    {
        var idlest = _threads[0];
        foreach (var thread in _threads)
            if (thread.Sessions < idlest.Sessions) idlest = thread;
        return idlest;
    }

    private long Sum(Func<MediaThread, long> of)
    {
        var sum = 0L;
        foreach (var thread in _threads) sum += of(thread);
        return sum;
    }
}
