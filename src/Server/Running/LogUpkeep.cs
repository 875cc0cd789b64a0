using Switchhook.Calls.Ports;
using Switchhook.Storage;
using Switchhook.Storage.Log;

namespace Switchhook.Server.Running;

/// <summary>Removes what the log need not keep any longer: looks once a minute, and then goes on in small steps with pauses between them.</summary>
internal sealed partial class LogUpkeep : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly IDurableStorage _storage;
    private readonly LogRetention _retention;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;

    public LogUpkeep(IDurableStorage storage, LogRetention retention, TimeProvider time, ILogger log)
    {
        (_storage, _retention, _time, _log) = (storage, retention, time, log);
        _work = Task.Run(WorkAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        _stopping.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Prune() ? Pause : Every, _time, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private bool Prune()
    {
        try
        {
            return _storage.Prune(_retention);
        }
        catch (StorageUnavailableException)
        {
            return false;   // whoever writes the log says so already
        }
#pragma warning disable CA1031 // A bug here must not end the server; the log only grows.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogBug(bug);
            return false;
        }
    }

    [LoggerMessage(EventName = "LogUpkeepFailed", Level = LogLevel.Error, Message = "what is past keeping could not be removed from the log")]
    private partial void LogBug(Exception bug);
}
