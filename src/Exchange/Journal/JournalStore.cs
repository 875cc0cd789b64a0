using Microsoft.Extensions.Logging;
using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Journal;

/// <summary>The log as the journal's writer sees it: a write that fails for reasons outside is tried until it is done, in order.</summary>
internal sealed partial class JournalStore(ICallLog store, ILogger log) : IDisposable
{
    /// <summary>So many tries in a row, about two seconds, are more than a hiccup.</summary>
    private const int DownAfter = 4;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private readonly ManualResetEventSlim _stopped = new();
    private volatile string? _problem;
    private volatile int _failedTries;
    private long _failures;
    private bool _givenUp;

    /// <summary>Attempts that failed.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? Problem => _problem;

    /// <summary>True while nothing can be stored and has not been for some time.</summary>
    public bool IsDown => _failedTries >= DownAfter;

    /// <summary>Changes that were given up.</summary>
    public int GivenUp { get; private set; }

    public void StopRetrying() => _stopped.Set();

    /// <summary>True once the writes are durable; false when they were given up at the end of the process, as is all that comes after them.</summary>
    public bool Append(IReadOnlyList<LogWrite> writes)
    {
        while (!_givenUp)
        {
            try
            {
                store.Append(writes);
                Recovered();
                return true;
            }
            catch (StorageUnavailableException e)
            {
                Failed(writes.Count, e.Message);
                // What comes later is not stored either: the log has no gaps, and the next start goes on where it ends.
                _givenUp = _stopped.Wait(RetryAfter);
            }
#pragma warning disable CA1031 // A record the store cannot take is a bug; it must not keep the others from being stored.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                if (writes.Count == 1)
                {
                    LogNotStorable(bug, writes[0]);
                    return true;
                }
                var stored = true;
                foreach (var write in writes)
                    stored &= Append([write]);
                return stored;
            }
        }
        GivenUp += writes.Count;
        return false;
    }

    public void Dispose() => _stopped.Dispose();

    private void Failed(int count, string reason)
    {
        Interlocked.Increment(ref _failures);
        _problem = reason;
        // One line at the beginning of a failure and one at its end, however long it lasts.
        if (++_failedTries == 1)
            LogStoreFailed(count, reason);
    }

    private void Recovered()
    {
        if (_failedTries == 0)
            return;
        LogStoreRecovered(_failedTries);
        _failedTries = 0;
        _problem = null;
    }

    [LoggerMessage(EventName = "JournalStoreFailed", Level = LogLevel.Error,
        Message = "{Count} changes of calls could not be stored; they are kept in memory and tried again until it works: {Reason}")]
    private partial void LogStoreFailed(int count, string reason);

    [LoggerMessage(EventName = "JournalStoreRecovered", Level = LogLevel.Warning,
        Message = "changes of calls are stored again after {Tries} failed tries; none was lost")]
    private partial void LogStoreRecovered(int tries);

    [LoggerMessage(EventName = "JournalRecordNotStorable", Level = LogLevel.Critical, Message = "a change of a call cannot be stored: {Record}")]
    private partial void LogNotStorable(Exception bug, LogWrite record);
}
