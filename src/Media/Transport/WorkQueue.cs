namespace Switchhook.Media.Transport;

/// <summary>A thread for work that would be too long for a media thread. Bounded; what does not fit is refused.</summary>
internal sealed class WorkQueue(string name, int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _waiting = new();
    private readonly AutoResetEvent _wake = new(false);
    private Thread? _thread;
    private volatile bool _stopping;

    public bool TryPost(Action work)
    {
        lock (_gate)
        {
            if (_stopping || _waiting.Count >= capacity) return false;
            _waiting.Enqueue(work);
            if (_thread is null)
            {
                _thread = new Thread(Run) { Name = name, IsBackground = true };
                _thread.Start();
            }
        }

        _ = _wake.Set();
        return true;
    }

    /// <summary>Finishes the present piece of work; what waits is left undone.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
        }

        _ = _wake.Set();
        _thread?.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            Action? work;
            lock (_gate) _ = _waiting.TryDequeue(out work);
            if (work is not null) work();
            else _ = _wake.WaitOne();
        }
    }
}
