using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Sip.Dialogs;

namespace Switchhook.Exchange.Journal;

/// <summary>
/// The one point every change of every call passes, in order: one writer thread makes it durable with the notifications about it, then tells
/// the subscribers, hands the notifications on, and releases whoever waits for it. Events of calls that live are always taken and stay in
/// memory while the store fails; new calls are refused while the writer is far behind.
/// </summary>
internal sealed class CallJournal : IDisposable
{
    private const int MaxBatch = 1024;
    private const int HighWater = 50_000;

    // One durable write costs about the same for one record and for fifty.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(5);

    private readonly JournalQueue _entries = new();
    private readonly ConcurrentDictionary<CallId, Call> _live;
    private readonly JournalStore _store;
    private readonly JournalEars _ears;
    private readonly Thread _writer;
    private long _cursor;

    /// <param name="live">Calls by id for readers; a call leaves it once its end is durable.</param>
    /// <exception cref="StorageUnavailableException">The end of the log cannot be read.</exception>
    public CallJournal(ConcurrentDictionary<CallId, Call> live, ICallLog store, JournalEars ears, ILogger log)
    {
        (_live, _ears) = (live, ears);
        _store = new JournalStore(store, log);
        _cursor = store.LastCursor();
        _writer = new Thread(Write) { Name = "call journal", IsBackground = true };
        _writer.Start();
    }

    /// <summary>False while so much waits, or the store has failed for so long, that no new call should begin.</summary>
    public bool HasRoom => _entries.Count < HighWater && !_store.IsDown;

    /// <summary>What waits to be stored.</summary>
    public int Waiting => _entries.Count;

    /// <summary>Attempts to store a batch that failed.</summary>
    public long StoreFailures => _store.Failures;

    /// <summary>What keeps the store from taking writes, or null.</summary>
    public string? Problem => _store.Problem;

    /// <summary>Appends an event. Its place in the queue is the order of the log.</summary>
    public void Append(CallEvent happened) => Enqueue(new JournalEntry { Event = happened });

    /// <summary>Keeps how the far side of a leg can be reached after a crash.</summary>
    /// <param name="kept">Called on the writer's thread once it is durable, and when the store fails, more than once then.</param>
    public void Keep(LegId leg, DialogSnapshot dialog, Action? kept = null) => Enqueue(new JournalEntry { Leg = leg, Dialog = dialog, Kept = kept });

    /// <summary>Stores and hands on what is no event of a call.</summary>
    public void Tell(IReadOnlyList<Notification> notifications) => Enqueue(new JournalEntry { Told = notifications });

    /// <summary>Tells whoever wants to know of a phone's bindings as they are now.</summary>
    public void Registered(string extension, IReadOnlyList<StoredBinding> bindings) =>
        Enqueue(new JournalEntry { Registration = new ChangedRegistration(extension, bindings) });

    /// <summary>Completes the waiter with the reply once everything appended before it is durable.</summary>
    public void Release(TaskCompletionSource<CallReply> waiter, CallReply reply) => Enqueue(new JournalEntry { Waiter = waiter, Reply = reply });

    /// <summary>Writes what was appended, then stops.</summary>
    public void Dispose()
    {
        _entries.Close();
        _writer.Join();
        _entries.Dispose();
        _store.Dispose();
    }

    /// <summary>From now on a store that fails is not tried again: the process is about to end.</summary>
    public void StopRetrying() => _store.StopRetrying();

    private void Enqueue(in JournalEntry entry)
    {
        if (!_entries.TryAdd(entry, urgent: entry.Waiter is not null || entry.Kept is not null))
            entry.Waiter?.TrySetResult(entry.Reply);
    }

    private void Write()
    {
        List<JournalEntry> batch = new(MaxBatch);
        List<LogWrite> writes = new(MaxBatch);
        while (_entries.Take(batch, MaxBatch, Gather))
        {
            foreach (var entry in batch)
                Collect(entry, writes);
            if (writes.Count > 0)
                _store.Append(writes, () => TellKept(batch));
            Publish(writes);
            TellKept(batch);
            foreach (var entry in batch)
                entry.Waiter?.TrySetResult(entry.Reply);
            _entries.Done(batch.Count);
            batch.Clear();
            writes.Clear();
        }
    }

    private static void TellKept(List<JournalEntry> batch)
    {
        foreach (var entry in batch)
            entry.Kept?.Invoke();
    }

    private void Collect(in JournalEntry entry, List<LogWrite> writes)
    {
        if (entry.Event is { } happened)
            writes.Add(new LogWrite.Happened(++_cursor, happened, _ears.NotificationsOf(happened)));
        else if (entry.Dialog is { } dialog)
            writes.Add(new LogWrite.DialogKept(entry.Leg, KeptDialog.Write(dialog)));
        else if (entry.Told is { Count: > 0 } told)
            writes.Add(new LogWrite.Told(told));
        else if (entry.Registration is { } changed && _ears.NotificationsOf(changed) is { Count: > 0 } notifications)
            writes.Add(new LogWrite.Told(notifications));
    }

    private void Publish(List<LogWrite> writes)
    {
        foreach (var write in writes)
        {
            if (write is not LogWrite.Happened(var cursor, var happened, _))
                continue;
            _ears.Tell(new LoggedEvent(cursor, happened));
            if (happened is CallEnded)
                _live.TryRemove(happened.Call.Id, out _);
        }
        _ears.Notify(writes);
    }
}

/// <summary>What a phone's bindings are now.</summary>
internal sealed record ChangedRegistration(string Extension, IReadOnlyList<StoredBinding> Bindings);

/// <summary>An event, a dialog to keep, something to tell, or someone who waits for all before to be durable.</summary>
internal readonly record struct JournalEntry
{
    public CallEvent? Event { get; init; }
    public LegId Leg { get; init; }
    public DialogSnapshot? Dialog { get; init; }
    public IReadOnlyList<Notification>? Told { get; init; }
    public ChangedRegistration? Registration { get; init; }
    public Action? Kept { get; init; }
    public TaskCompletionSource<CallReply>? Waiter { get; init; }
    public CallReply Reply { get; init; }
}
