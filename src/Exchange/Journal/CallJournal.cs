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
internal sealed partial class CallJournal : IDisposable
{
    private const int MaxBatch = 1024;

    private static readonly TimeSpan TakeOverWithin = TimeSpan.FromSeconds(10);

    private readonly JournalQueue _entries = new(new JournalPace());
    private readonly ConcurrentDictionary<CallId, Call> _live;
    private readonly JournalStore _store;
    private readonly JournalEars _ears;
    private readonly IFlightRecorder? _flight;
    private readonly ILogger _log;
    private readonly int _highWater;
    private readonly Thread _writer;
    private long _cursor;
    private string? _flightProblem;

    /// <param name="live">Calls by id for readers; a call leaves it once its end is durable.</param>
    /// <param name="store">The log.</param>
    /// <param name="ears">Who is told.</param>
    /// <param name="log">For the operator.</param>
    /// <param name="flight">Keeps what is appended over a crash until it is stored; null: nobody does.</param>
    /// <param name="highWater">So many changes may wait before no new call begins; twice as many before those that live are ended.</param>
    /// <exception cref="StorageUnavailableException">The end of the log cannot be read.</exception>
    public CallJournal(
        ConcurrentDictionary<CallId, Call> live, ICallLog store, JournalEars ears, ILogger log, IFlightRecorder? flight = null, int highWater = 50_000)
    {
        (_live, _ears, _log, _flight, _highWater) = (live, ears, log, flight, highWater);
        _store = new JournalStore(store, log);
        _cursor = store.LastCursor();
        _writer = new Thread(Write) { Name = "call journal", IsBackground = true };
        _writer.Start();
    }

    /// <summary>False while so much waits, or the store has failed for so long, that no new call should begin.</summary>
    public bool HasRoom => _entries.Count < _highWater && !_store.IsDown && TryFlight();

    /// <summary>True when nothing more can be borne but what ends.</summary>
    public bool IsFull => _entries.Count >= 2 * _highWater;

    /// <summary>What waits to be stored.</summary>
    public int Waiting => _entries.Count;

    /// <summary>Attempts to store a batch that failed.</summary>
    public long StoreFailures => _store.Failures;

    /// <summary>What keeps the store from taking writes, or null.</summary>
    public string? Problem => _store.Problem;

    /// <summary>Why a crash now would lose what is not stored yet; null when it would not.</summary>
    public string? FlightProblem => _flight?.Problem;

    /// <summary>Stores and tells what the process before this one had not come to. Before anything is appended.</summary>
    /// <exception cref="StorageUnavailableException">It cannot be stored, and stays where it is.</exception>
    public void TakeOver()
    {
        if (_flight is null)
            return;
        var left = _flight.Open(_cursor);
        foreach (var remark in _flight.Remarks)
            LogFlightRemark(remark);
        var stored = new TaskCompletionSource<CallReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var write in left)
        {
            if (write is LogWrite.Happened(var cursor, _, _))
                _cursor = cursor;
            Enqueue(new JournalEntry { Left = write });
        }
        if (left.Count > 0)
        {
            Release(stored, default);
            // Waiting holds up nothing: no shard runs yet, and none may before this is stored.
            if (!stored.Task.Wait(TakeOverWithin) || !stored.Task.Result.Done)
                throw new StorageUnavailableException(Problem ?? "The database does not store what the last run left.");
            LogTakenOver(left.Count);
        }
        _flight.LeftIsStored();
    }

    /// <summary>Appends an event. Its place in the queue is the order of the log. This and every other change comes from one thread, the shard's.</summary>
    public void Append(CallEvent happened) => Record(new JournalEntry { Event = happened, Cursor = ++_cursor });

    /// <summary>Keeps how the far side of a leg can be reached after a crash.</summary>
    public void Keep(LegId leg, DialogSnapshot dialog) => Record(new JournalEntry { Leg = leg, Dialog = KeptDialog.Write(dialog), Cursor = _cursor });

    /// <summary>Keeps how the far side of a leg that nobody has answered can be told of the end after a crash; its dialog takes the place of this.</summary>
    public void Keep(LegId leg, UnansweredInvite invite) => Record(new JournalEntry { Leg = leg, Dialog = KeptInvite.Write(invite), Cursor = _cursor });

    /// <summary>Keeps a phone's bindings as they are now.</summary>
    public void Keep(string extension, IReadOnlyList<StoredBinding> bindings)
    {
        if (IsFull)
            LogBindingNotSaved(extension);
        else
            Record(new JournalEntry { Bindings = new ChangedRegistration(extension, bindings), Cursor = _cursor });
    }

    /// <summary>Stores and hands on what is no event of a call.</summary>
    public void Tell(IReadOnlyList<Notification> notifications) => Enqueue(new JournalEntry { Told = notifications });

    /// <summary>Tells whoever wants to know of a phone's bindings as they are now.</summary>
    public void Registered(string extension, IReadOnlyList<StoredBinding> bindings)
    {
        if (!IsFull)
            Enqueue(new JournalEntry { Registration = new ChangedRegistration(extension, bindings) });
    }

    /// <summary>Completes the waiter with the reply once everything appended before it is durable.</summary>
    public void Release(TaskCompletionSource<CallReply> waiter, CallReply reply) => Enqueue(new JournalEntry { Waiter = waiter, Reply = reply });

    /// <summary>What was appended outlives the process from here on. Before any message leaves.</summary>
    public void Flush() => _flight?.Flush();

    /// <summary>False while what is appended would not outlive the process; asks anew each time.</summary>
    public bool TryFlight() => _flight?.Problem is null || _flight.TryAgain();

    /// <summary>Writes what was appended, then stops.</summary>
    public void Dispose()
    {
        _entries.Close();
        _writer.Join();
        if (_store.GivenUp > 0)
            LogGivenUp(_store.GivenUp, FlightProblem is null && _flight is not null ? "the next start stores them" : "they are lost");
        _entries.Dispose();
        _store.Dispose();
    }

    /// <summary>From now on a store that fails is not tried again: the process is about to end.</summary>
    public void StopRetrying() => _store.StopRetrying();

    private void Record(in JournalEntry entry)
    {
        long ticket = 0;
        try
        {
            ticket = entry switch
            {
                _ when _flight is null => 0,
                { Event: { } happened } => _flight.Add(entry.Cursor, happened),
                { Dialog: { } dialog } => _flight.Add(entry.Cursor, entry.Leg, dialog),
                { Bindings: { } changed } => _flight.Add(entry.Cursor, changed.Extension, changed.Bindings),
                _ => 0,
            };
        }
#pragma warning disable CA1031 // A change that cannot be written down here is stored by the log all the same.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogNotRecorded(bug);
        }
        Enqueue(entry with { Ticket = ticket });
    }

    private void Enqueue(in JournalEntry entry)
    {
        if (!_entries.TryAdd(entry, urgent: entry.Waiter is not null))
            entry.Waiter?.TrySetResult(entry.Reply);
    }

    private void Write()
    {
        List<JournalEntry> batch = new(MaxBatch);
        List<LogWrite> writes = new(MaxBatch);
        while (_entries.Take(batch, MaxBatch))
        {
            foreach (var entry in batch)
                Collect(entry, writes);
            // What was given up is told by whoever stores it: the next start.
            var stored = writes.Count == 0 || _store.Append(writes);
            if (stored)
                Publish(writes);
            foreach (var entry in batch)
                entry.Waiter?.TrySetResult(stored ? entry.Reply : entry.Reply with { Refusal = CallRefusal.ShuttingDown });
            if (stored)
                TellFlight(batch);
            _entries.Done(batch.Count);
            batch.Clear();
            writes.Clear();
        }
    }

    private void TellFlight(List<JournalEntry> stored)
    {
        if (_flight is null)
            return;
        for (var i = stored.Count - 1; i >= 0; i--)
        {
            if (stored[i].Ticket == 0)
                continue;
            _flight.Stored(stored[i].Ticket);
            break;
        }
        var problem = _flight.Problem;
        if (problem is not null && _flightProblem is null)
            LogFlightFailed(problem);
        else if (problem is null && _flightProblem is not null)
            LogFlightWorks();
        _flightProblem = problem;
    }

    private void Collect(in JournalEntry entry, List<LogWrite> writes)
    {
        if (entry.Event is { } happened)
            writes.Add(new LogWrite.Happened(entry.Cursor, happened, _ears.NotificationsOf(happened)));
        else if (entry.Dialog is { } dialog)
            writes.Add(new LogWrite.DialogKept(entry.Leg, dialog));
        else if (entry.Bindings is { } bindings)
            writes.Add(new LogWrite.BindingsKept(bindings.Extension, bindings.Bindings));
        else if (entry.Left is { } left)
            writes.Add(left is LogWrite.Happened was ? was with { Notifications = _ears.NotificationsOf(was.Event) } : left);
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

    [LoggerMessage(EventName = "JournalGivenUp", Level = LogLevel.Critical,
        Message = "{Count} changes of calls were not stored before the server stopped, since the store was unavailable: {What}")]
    private partial void LogGivenUp(int count, string what);

    [LoggerMessage(EventName = "FlightTakenOver", Level = LogLevel.Warning, Message = "{Count} changes that the last run had not stored before it died are stored")]
    private partial void LogTakenOver(int count);

    [LoggerMessage(EventName = "FlightRemark", Level = LogLevel.Warning, Message = "{Remark}")]
    private partial void LogFlightRemark(string remark);

    [LoggerMessage(EventName = "FlightFailed", Level = LogLevel.Error, Message = "a crash now would lose changes of calls that are not stored yet, and new calls are refused: {Reason}")]
    private partial void LogFlightFailed(string reason);

    [LoggerMessage(EventName = "FlightWorks", Level = LogLevel.Warning, Message = "changes of calls outlive a crash again")]
    private partial void LogFlightWorks();

    [LoggerMessage(EventName = "FlightBug", Level = LogLevel.Error, Message = "a change of a call could not be written to the flight files")]
    private partial void LogNotRecorded(Exception bug);

    [LoggerMessage(EventName = "BindingNotSaved", Level = LogLevel.Error,
        Message = "the registration of {Extension} will not survive a restart: too many changes wait to be stored")]
    private partial void LogBindingNotSaved(string extension);
}

/// <summary>What a phone's bindings are now.</summary>
internal sealed record ChangedRegistration(string Extension, IReadOnlyList<StoredBinding> Bindings);

/// <summary>An event, a dialog or bindings to keep, something to tell, or someone who waits for all before to be durable.</summary>
internal readonly record struct JournalEntry
{
    public CallEvent? Event { get; init; }

    /// <summary>Of the event, or of the last one before.</summary>
    public long Cursor { get; init; }

    /// <summary>The flight recorder's; 0 for what it does not get.</summary>
    public long Ticket { get; init; }
    public LegId Leg { get; init; }
    public string? Dialog { get; init; }
    public ChangedRegistration? Bindings { get; init; }

    /// <summary>What the process before this one left.</summary>
    public LogWrite? Left { get; init; }
    public IReadOnlyList<Notification>? Told { get; init; }
    public ChangedRegistration? Registration { get; init; }
    public TaskCompletionSource<CallReply>? Waiter { get; init; }
    public CallReply Reply { get; init; }
}
