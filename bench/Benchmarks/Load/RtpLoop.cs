using System.Collections.Concurrent;
using System.Net;

namespace Switchhook.Benchmarks.Load;

/// <summary>The thread that owns the socket and the legs: sends what is due, takes what came, a thousand times a second.</summary>
internal sealed class RtpLoop : IRtpReceiver, IDisposable
{
    private static readonly long Frame = TimeProvider.System.TimestampFrequency / 50;

    private readonly RtpSocket _socket = new(IPAddress.Parse("127.0.0.2"));
    private readonly RtpLeg?[] _byPort = new RtpLeg?[65_536];
    private readonly List<RtpLeg> _legs = [];
    private readonly ConcurrentQueue<Action> _asked = new();
    private readonly Thread _thread;
    private volatile bool _stopping;

    public RtpLoop()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "rtp" };
        _thread.Start();
    }

    /// <summary>Where all legs hear.</summary>
    public IPEndPoint Local => _socket.Local;

    /// <summary>Does something on the thread, and waits for it.</summary>
    public Task DoAsync(Action what)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Enqueue(() =>
        {
            what();
            done.SetResult();
        });
        return done.Task;
    }

    public Task AddAsync(RtpLeg leg) => DoAsync(() =>
    {
        // Packets of the legs are spread over the 20 ms, as those of phones are.
        leg.Due = TimeProvider.System.GetTimestamp() + (Frame * (_legs.Count * 7 % 20) / 20);
        _legs.Add(leg);
        _byPort[leg.Remote.Port] = leg;
    });

    public Task RemoveAsync(RtpLeg leg) => DoAsync(() =>
    {
        _ = _legs.Remove(leg);
        _byPort[leg.Remote.Port] = null;
    });

    /// <summary>Presses a key now.</summary>
    public Task PressAsync(RtpLeg leg, KeyPress key) => DoAsync(() =>
    {
        leg.Key = key;
        leg.Due = TimeProvider.System.GetTimestamp();
    });

    public void OnPacket(int port, ReadOnlySpan<byte> packet, long atNanoseconds) => _byPort[port]?.OnPacket(packet, atNanoseconds);

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        _socket.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            while (_asked.TryDequeue(out var what)) what();
            _socket.Drain(this);
            var now = TimeProvider.System.GetTimestamp();
            foreach (var leg in _legs)
            {
                if (leg.Due > now) continue;
                leg.SendNext(_socket);
                // Whoever was kept from the core does not send all he owes at once.
                leg.Due = Math.Max(leg.Due + Frame, now - (5 * Frame));
            }
            RtpSocket.Rest();
        }
    }
}
