using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Journal;

/// <summary>
/// The one point every change of every call passes, in order: one writer thread makes it durable, then tells the subscribers, then releases
/// whoever waits for it. Events of calls that live are always taken; new calls are refused while the writer is far behind.
/// </summary>
internal sealed partial class CallJournal : IDisposable
{
    private const int MaxBatch = 1024;
    private const int HighWater = 50_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    // One durable write costs about the same for one record and for fifty.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(5);

    private readonly JournalQueue _entries = new();
    private readonly ConcurrentDictionary<CallId, Call> _live;
    private readonly ICallHistory _history;
    private readonly IReadOnlyList<IEventSubscriber> _subscribers;
    private readonly ILogger _log;
    private readonly Thread _writer;
    private readonly ManualResetEventSlim _stopped = new();
    private long _storeFailures;

    /// <param name="live">Calls by id for readers; a call leaves it once its end is durable.</param>
    public CallJournal(ConcurrentDictionary<CallId, Call> live, ICallHistory history, IReadOnlyList<IEventSubscriber> subscribers, ILogger log)
    {
        (_live, _history, _subscribers, _log) = (live, history, subscribers, log);
        _writer = new Thread(Write) { Name = "call journal", IsBackground = true };
        _writer.Start();
    }

    /// <summary>False while so much waits that no new call should begin.</summary>
    public bool HasRoom => _entries.Count < HighWater;

    /// <summary>Batches that could not be stored at the first try.</summary>
    public long StoreFailures => Interlocked.Read(ref _storeFailures);

    /// <summary>Appends an event. Its place in the queue is the order of the log.</summary>
    public void Append(CallEvent happened) => Enqueue(new JournalEntry(happened, null, default));

    /// <summary>Completes the waiter with the reply once everything appended before it is durable.</summary>
    public void Release(TaskCompletionSource<CallReply> waiter, CallReply reply) => Enqueue(new JournalEntry(null, waiter, reply));

    /// <summary>Writes what was appended, then stops.</summary>
    public void Dispose()
    {
        _entries.Close();
        _writer.Join();
        _entries.Dispose();
        _stopped.Dispose();
    }

    /// <summary>From now on a store that fails is not tried again: the process is about to end.</summary>
    public void StopRetrying() => _stopped.Set();

    private void Enqueue(JournalEntry entry)
    {
        if (!_entries.TryAdd(entry, urgent: entry.Waiter is not null))
            entry.Waiter?.TrySetResult(entry.Reply);
    }

    private void Write()
    {
        List<JournalEntry> batch = new(MaxBatch);
        List<HistoryWrite> writes = new(MaxBatch);
        Dictionary<CallId, int> ended = [];
        while (_entries.Take(batch, MaxBatch, Gather))
        {
            foreach (var entry in batch)
                Collect(entry.Event, writes, ended);
            if (writes.Count > 0)
                Store(writes);
            foreach (var entry in batch)
                Publish(entry);
            _entries.Done(batch.Count);
            batch.Clear();
            writes.Clear();
            ended.Clear();
        }
    }

    /// <summary>What an event makes durable. A confirmation that comes in the batch of its call's end goes into the same record.</summary>
    private static void Collect(CallEvent? happened, List<HistoryWrite> writes, Dictionary<CallId, int> ended)
    {
        switch (happened)
        {
            case CallEnded end:
                ended[end.Call.Id] = writes.Count;
                writes.Add(new HistoryWrite.Ended(end.Call));
                break;
            case HangupConfirmed { Call.HasEnded: true } confirmed when ended.TryGetValue(confirmed.Call.Id, out var index):
                writes[index] = new HistoryWrite.Ended(confirmed.Call);
                break;
            case HangupConfirmed { Call.HasEnded: true } confirmed:
                writes.Add(new HistoryWrite.Confirmed(confirmed.Leg, confirmed.Confirmation));
                break;
        }
    }

    private void Store(List<HistoryWrite> writes)
    {
        while (true)
        {
            try
            {
                _history.Append(writes);
                return;
            }
            catch (StorageUnavailableException e)
            {
                Interlocked.Increment(ref _storeFailures);
                LogStoreFailed(writes.Count, e.Message);
                if (_stopped.Wait(RetryAfter))
                {
                    LogGivenUp(writes.Count);
                    return;
                }
            }
#pragma warning disable CA1031 // A record the store cannot take is a bug; it must not keep the others from being stored.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                if (writes.Count > 1)
                    writes.ForEach(write => Store([write]));
                else
                    LogNotStorable(bug, writes[0]);
                return;
            }
        }
    }

    private void Publish(JournalEntry entry)
    {
        if (entry.Event is { } happened)
        {
            foreach (var subscriber in _subscribers)
                Tell(subscriber, happened);
            if (happened is CallEnded)
                _live.TryRemove(happened.Call.Id, out _);
        }
        entry.Waiter?.TrySetResult(entry.Reply);
    }

    private void Tell(IEventSubscriber subscriber, CallEvent happened)
    {
        try
        {
            subscriber.On(happened);
        }
#pragma warning disable CA1031 // A subscriber's bug must not stop the log for everyone else.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogSubscriberFailed(e, subscriber.GetType().Name, happened.Id);
        }
    }

    [LoggerMessage(EventName = "JournalStoreFailed", Level = LogLevel.Error, Message = "{Count} call records could not be stored and will be tried again: {Reason}")]
    private partial void LogStoreFailed(int count, string reason);

    [LoggerMessage(EventName = "JournalGivenUp", Level = LogLevel.Critical, Message = "{Count} call records were not stored: the server stopped while the store was unavailable")]
    private partial void LogGivenUp(int count);

    [LoggerMessage(EventName = "JournalRecordNotStorable", Level = LogLevel.Critical, Message = "a call record cannot be stored: {Record}")]
    private partial void LogNotStorable(Exception bug, HistoryWrite record);

    [LoggerMessage(EventName = "SubscriberFailed", Level = LogLevel.Error, Message = "{Subscriber} failed on event {Event}")]
    private partial void LogSubscriberFailed(Exception e, string subscriber, string @event);
}

/// <summary>An event, or someone who waits for all events before to be durable.</summary>
internal readonly record struct JournalEntry(CallEvent? Event, TaskCompletionSource<CallReply>? Waiter, CallReply Reply);
