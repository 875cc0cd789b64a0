using System.Collections.Concurrent;
using System.Threading.Channels;
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

    private readonly Channel<JournalEntry> _entries = Channel.CreateUnbounded<JournalEntry>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<CallId, Call> _live;
    private readonly ICallHistory _history;
    private readonly IReadOnlyList<IEventSubscriber> _subscribers;
    private readonly ILogger _log;
    private readonly Thread _writer;
    private readonly ManualResetEventSlim _stopped = new();
    private int _waiting;
    private long _storeFailures;

    /// <param name="live">Calls by id for readers; a call leaves it once its end is durable.</param>
    public CallJournal(ConcurrentDictionary<CallId, Call> live, ICallHistory history, IReadOnlyList<IEventSubscriber> subscribers, ILogger log)
    {
        (_live, _history, _subscribers, _log) = (live, history, subscribers, log);
        _writer = new Thread(Write) { Name = "call journal", IsBackground = true };
        _writer.Start();
    }

    /// <summary>False while so much waits that no new call should begin.</summary>
    public bool HasRoom => Volatile.Read(ref _waiting) < HighWater;

    /// <summary>Batches that could not be stored at the first try.</summary>
    public long StoreFailures => Interlocked.Read(ref _storeFailures);

    /// <summary>Appends an event. Its place in the queue is the order of the log.</summary>
    public void Append(CallEvent happened) => Enqueue(new JournalEntry(happened, null, default));

    /// <summary>Completes the waiter with the reply once everything appended before it is durable.</summary>
    public void Release(TaskCompletionSource<CallReply> waiter, CallReply reply) => Enqueue(new JournalEntry(null, waiter, reply));

    /// <summary>Writes what was appended, then stops.</summary>
    public void Dispose()
    {
        _entries.Writer.TryComplete();
        _writer.Join();
        _stopped.Dispose();
    }

    /// <summary>From now on a store that fails is not tried again: the process is about to end.</summary>
    public void StopRetrying() => _stopped.Set();

    private void Enqueue(JournalEntry entry)
    {
        Interlocked.Increment(ref _waiting);
        if (!_entries.Writer.TryWrite(entry))
        {
            Interlocked.Decrement(ref _waiting);
            entry.Waiter?.TrySetResult(entry.Reply);
        }
    }

    private void Write()
    {
        List<JournalEntry> batch = new(MaxBatch);
        List<HistoryWrite> writes = new(MaxBatch);
        // The thread blocks here between batches; it has nothing else to do.
        while (_entries.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            writes.Clear();
            while (batch.Count < MaxBatch && _entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
                if (ToWrite(entry.Event) is { } write)
                    writes.Add(write);
            }
            if (writes.Count > 0)
                Store(writes);
            foreach (var entry in batch)
                Publish(entry);
            Interlocked.Add(ref _waiting, -batch.Count);
        }
    }

    private static HistoryWrite? ToWrite(CallEvent? happened) => happened switch
    {
        CallEnded ended => new HistoryWrite.Ended(ended.Call),
        HangupConfirmed { Call.HasEnded: true } confirmed => new HistoryWrite.Confirmed(confirmed.Leg, confirmed.Confirmation),
        _ => null,
    };

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
