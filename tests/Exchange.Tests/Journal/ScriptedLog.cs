using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Tests.Journal;

/// <summary>A log that waits, fails and recovers when told to; a batch is taken whole or not at all.</summary>
internal sealed class ScriptedLog(long lastCursor = 0) : ICallLog, IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<LogWrite> _writes = [];
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private int _failures;

    /// <summary>A batch with the end of this call meets a bug.</summary>
    public CallId? Poison { get; set; }

    /// <summary>Called for each batch that is refused, with the number of those still to come.</summary>
    public Action<int>? OnFailure { get; set; }

    public IReadOnlyList<LogWrite> Writes
    {
        get
        {
            lock (_lock)
                return [.. _writes];
        }
    }

    public IReadOnlyList<LogWrite.Happened> Events => [.. Writes.OfType<LogWrite.Happened>()];

    /// <summary>Calls whose end was stored.</summary>
    public IReadOnlyList<CallId> Stored => [.. Events.Where(w => w.Event is CallEnded).Select(w => w.Event.Call.Id)];

    public void Hold() => _open.Reset();

    public void LetGo() => _open.Set();

    /// <summary>The journal has come with its first batch.</summary>
    public Task AskedAsync() => _asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public void FailNext(Exception failure, int times) => (_failure, _failures) = (failure, times);

    public void Append(IReadOnlyList<LogWrite> writes)
    {
        _asked.TrySetResult();
        _open.Wait();
        lock (_lock)
        {
            if (_failures > 0)
            {
                _failures--;
                OnFailure?.Invoke(_failures);
                throw _failure!;
            }
            if (writes.Any(w => w is LogWrite.Happened { Event: CallEnded ended } && ended.Call.Id == Poison))
                throw new FormatException("a bug of the store");
            _writes.AddRange(writes);
        }
    }

    public void Dispose() => _open.Dispose();

    public long LastCursor() => lastCursor;

    public IReadOnlyList<UnfinishedCall> Unfinished() => [];

    public ValueTask<LogPage> ReadAsync(long after, int most, EventFilter filter, CancellationToken cancellation) => throw new NotSupportedException();
}
