namespace Switchhook.Server.Running;

/// <summary>Looks once a second whether memory can be given back.</summary>
internal sealed partial class MemoryUpkeep : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly IdleMemory _memory;
    private readonly Action _storage;
    private readonly ILogger _log;
    private readonly PeriodicTimer _looks;
    private readonly Task _work;

    public MemoryUpkeep(Func<long> packets, Action storage, TimeProvider time, ILogger log)
    {
        _storage = storage;
        _memory = new IdleMemory(packets, static () => GC.GetTotalAllocatedBytes(precise: false));
        _log = log;
        _looks = new PeriodicTimer(Every, time);
        _work = Task.Run(WorkAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _looks.Dispose();
        await _work;
    }

    private async Task WorkAsync()
    {
        try
        {
            if (await _looks.WaitForNextTickAsync())
                MappedCode.LetGo();     // most of what the start has touched is never needed again
            while (await _looks.WaitForNextTickAsync())
            {
                if (_memory.Look())
                    IdleMemory.GiveBack(_storage);
            }
        }
#pragma warning disable CA1031 // The server goes on all the same; it is only larger than it need be.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogBug(bug);
        }
    }

    [LoggerMessage(EventName = "MemoryUpkeepFailed", Level = LogLevel.Warning, Message = "memory is not given back any more")]
    private partial void LogBug(Exception bug);
}
