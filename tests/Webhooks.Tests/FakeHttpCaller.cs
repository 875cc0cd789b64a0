using System.Collections.Concurrent;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Traces;

namespace Switchhook.Webhooks.Tests;

/// <summary>Customers' servers as a function; keeps count of what is under way at once.</summary>
internal sealed class FakeHttpCaller(Func<HttpCall, CancellationToken, Task<HttpReply>> answer) : IHttpCaller
{
    private readonly ConcurrentDictionary<CallId, int> _inCall = new();
    private int _now;
    private int _most;

    public static HttpReply Ok { get; } = new(200, default, HttpFailure.None, null);

    public ConcurrentQueue<HttpCall> Sent { get; } = new();

    /// <summary>The most requests that were ever under way at once.</summary>
    public int Most => _most;

    /// <summary>True when two requests of one call were ever under way at once.</summary>
    public bool Overlapped { get; private set; }

    public async ValueTask<HttpReply> SendAsync(HttpCall call, CancellationToken cancellation)
    {
        Sent.Enqueue(call);
        var now = Interlocked.Increment(ref _now);
        for (var most = _most; now > most; most = _most)
            Interlocked.CompareExchange(ref _most, now, most);
        if (_inCall.AddOrUpdate(call.Call!.Value, 1, (_, count) => count + 1) > 1)
            Overlapped = true;
        try
        {
            return await answer(call, cancellation);
        }
        finally
        {
            _inCall.AddOrUpdate(call.Call.Value, 0, (_, count) => count - 1);
            Interlocked.Decrement(ref _now);
        }
    }
}

/// <summary>What is provisioned, and can be changed.</summary>
internal sealed class FakeDirectory(params Account[] accounts) : IDirectory
{
    public CallDirectory Current { get; set; } = new(new Provisioning { Accounts = [.. accounts] });
}

/// <summary>Keeps every trace entry.</summary>
internal sealed class FakeTraces : ICallTraces
{
    public ConcurrentQueue<(CallId Call, TraceEntry Entry)> All { get; } = new();

    public void Add(CallId call, TraceEntry entry) => All.Enqueue((call, entry));

    public IReadOnlyList<TraceEntry>? Find(CallId call) => [.. All.Where(trace => trace.Call == call).Select(trace => trace.Entry)];
}
