using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Traces;
using Switchhook.Exchange.Subscriptions;
using Switchhook.Exchange.Tests.Journal;
using Switchhook.Ivr;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Every port of the exchange in memory, with what passed through it.</summary>
internal sealed class MemoryPorts : ICallHistory, ICallLog, IRegistrationStore, ISpeech, ICallTraces, IDirectory, IEventSubscriber, IRegistrationNotificationSource
{
    private readonly ConcurrentDictionary<CallId, Call> _ended = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<StoredBinding>> _bindings = new();
    private readonly ConcurrentDictionary<CallId, ConcurrentQueue<TraceEntry>> _traces = new();
    private readonly List<(Func<CallEvent, bool> Wanted, TaskCompletionSource<CallEvent> Waiter)> _waiters = [];
    private readonly List<CallEvent> _events = [];

    /// <summary>Voice messages that wait.</summary>
    public MessageCountBoard MessageCounts { get; } = new();

    /// <summary>The clock of the exchange.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public CallDirectory Current { get; set; } = CallDirectory.Empty;

    public IReadOnlyList<CallEvent> Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    public ICollection<Call> Ended => _ended.Values;

    public ExchangePorts ToPorts(params IScriptSource[] scripts) => new()
    {
        Directory = this,
        History = this,
        Log = this,
        Registrations = this,
        Flight = Flight,
        Speech = this,
        Traces = this,
        Time = Time,
        MessageCounts = MessageCounts,
        Logs = NullLoggerFactory.Instance,
        Scripts = scripts,
        Subscribers = [this],
        RegistrationNotifications = [this],
    };

    /// <summary>What was told of phones: who, and with how many bindings.</summary>
    public ConcurrentQueue<(string Extension, int Bindings)> Phones { get; } = new();

    /// <summary>Who was registered at the start.</summary>
    public IReadOnlyList<StoredBinding> Registered { get; private set; } = [];

    public void Begin(IReadOnlyList<StoredBinding> registered) => Registered = registered;

    public void Collect(string extension, IReadOnlyList<StoredBinding> bindings, ICollection<Notification> notifications) => Phones.Enqueue((extension, bindings.Count));

    /// <summary>The first event that fits, past or future.</summary>
    public Task<CallEvent> EventAsync(Func<CallEvent, bool> wanted)
    {
        lock (_events)
        {
            if (_events.Find(e => wanted(e)) is { } past)
                return Task.FromResult(past);
            var waiter = new TaskCompletionSource<CallEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((wanted, waiter));
            return waiter.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    public void On(LoggedEvent logged)
    {
        var happened = logged.Event;
        lock (_events)
        {
            _events.Add(happened);
            foreach (var (wanted, waiter) in _waiters)
            {
                if (wanted(happened))
                    waiter.TrySetResult(happened);
            }
        }
    }

    /// <summary>What would be there after a crash.</summary>
    public MemoryFlight Flight { get; init; } = new();

    /// <summary>The log takes no write before this is set.</summary>
    public ManualResetEventSlim LogTakesWrites { get; } = new(initialState: true);

    /// <summary>Why the log fails; null while it does not.</summary>
    public string? LogFailure { get; set; }

    public void Append(IReadOnlyList<LogWrite> writes)
    {
        LogTakesWrites.Wait();
        if (LogFailure is { } failure)
            throw new StorageUnavailableException(failure);
        foreach (var write in writes)
        {
            if (write is LogWrite.Happened { Event: CallEnded ended } && !_ended.TryAdd(ended.Call.Id, ended.Call))
                throw new InvalidOperationException($"call {ended.Call.Id} ended twice");
            if (write is LogWrite.DialogKept kept)
                Dialogs[kept.Leg] = kept.Dialog;
            if (write is LogWrite.BindingsKept bindings)
                _bindings[bindings.Extension] = bindings.Bindings;
        }
    }

    /// <summary>The last dialog kept of each leg.</summary>
    public ConcurrentDictionary<LegId, string> Dialogs { get; } = new();

    public long LastCursor() => Past.Count;

    /// <summary>What an exchange before this one has stored.</summary>
    public IReadOnlyList<CallEvent> Past { get; init; } = [];

    /// <summary>What an exchange before this one left up.</summary>
    public IReadOnlyList<UnfinishedCall> Left { get; init; } = [];

    public IReadOnlyList<UnfinishedCall> Unfinished() => Left;

    public ValueTask<LogPage> ReadAsync(long after, int most, EventFilter filter, CancellationToken cancellation) => ValueTask.FromResult(new LogPage(
        [.. Past.Select(static (e, i) => new LoggedEvent(i + 1, e)).Where(e => e.Cursor > after && e.Event.Call.Id == filter.Call)], Past.Count, 0));

    public ValueTask<Call?> FindAsync(CallId id, CancellationToken cancellation) => ValueTask.FromResult(_ended.GetValueOrDefault(id));

    public ValueTask<CallPage> QueryAsync(CallQuery query, CancellationToken cancellation) => ValueTask.FromResult(new CallPage([.. _ended.Values], _ended.Count));

    public CallId LastId() => default;

    public IReadOnlyList<StoredBinding> Load(DateTimeOffset now) => [.. _bindings.Values.SelectMany(b => b).Where(b => b.ExpiresAt > now)];

    public ValueTask<SpeechReply> SpeakAsync(string text, string? language, string? voice, CancellationToken cancellation) =>
        ValueTask.FromResult(new SpeechReply(default, "no speech here"));

    /// <summary>Sees every line of a trace before it is kept; may throw.</summary>
    public Action<TraceEntry>? OnTrace { get; set; }

    public bool ShowsKeys { get; set; }

    public void Add(CallId call, TraceEntry entry)
    {
        OnTrace?.Invoke(entry);
        _traces.GetOrAdd(call, _ => new()).Enqueue(entry);
    }

    public IReadOnlyList<TraceEntry>? Find(CallId call) => _traces.TryGetValue(call, out var entries) ? [.. entries] : null;
}
