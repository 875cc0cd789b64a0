using Switchhook.Calls;
using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Tests.Journal;

/// <summary>A store that waits, fails and recovers when told to; a batch is taken whole or not at all.</summary>
internal sealed class ScriptedHistory : ICallHistory, IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<HistoryWrite> _writes = [];
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private int _failures;

    /// <summary>A batch with the end of this call meets a bug.</summary>
    public CallId? Poison { get; set; }

    public IReadOnlyList<HistoryWrite> Writes
    {
        get
        {
            lock (_lock)
                return [.. _writes];
        }
    }

    public IReadOnlyList<CallId> Stored => [.. Writes.OfType<HistoryWrite.Ended>().Select(w => w.Call.Id)];

    public void Hold() => _open.Reset();

    public void LetGo() => _open.Set();

    /// <summary>The journal has come with its first batch.</summary>
    public Task AskedAsync() => _asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public void FailNext(Exception failure, int times) => (_failure, _failures) = (failure, times);

    public void Append(IReadOnlyList<HistoryWrite> writes)
    {
        _asked.TrySetResult();
        _open.Wait();
        lock (_lock)
        {
            if (_failures > 0)
            {
                _failures--;
                throw _failure!;
            }
            if (writes.Any(w => w is HistoryWrite.Ended ended && ended.Call.Id == Poison))
                throw new FormatException("a bug of the store");
            _writes.AddRange(writes);
        }
    }

    public void Dispose() => _open.Dispose();

    public ValueTask<Call?> FindAsync(CallId id, CancellationToken cancellation) => ValueTask.FromResult<Call?>(null);

    public ValueTask<CallPage> QueryAsync(CallQuery query, CancellationToken cancellation) => ValueTask.FromResult(new CallPage([], 0));

    public CallId LastId() => default;
}
