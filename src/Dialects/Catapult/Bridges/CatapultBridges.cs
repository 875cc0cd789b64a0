using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Catapult.Bridges;

/// <summary>
/// All bridges. Each is a room of its own that its calls sit in: they are calls of their own, and the others stay when one ends. A call that is
/// not answered yet takes its seat when it is. Bridges outlive a restart; their calls do not, so that they are completed then.
/// </summary>
public sealed class CatapultBridges : IEventSubscriber, IAsyncDisposable
{
    private const int MostBridges = 20_000;
    private const int MostChanges = 10_000;

    private readonly ICatapultBridgeStore _store;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Entry> _bridges = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<CallId, string> _watched = new();
    private readonly Channel<string> _changes = Channel.CreateBounded<string>(new BoundedChannelOptions(MostChanges) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private ICallControl _calls = null!;
    private ICallHistory _history = null!;
    private Task _work = Task.CompletedTask;

    public CatapultBridges(ICatapultBridgeStore store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        foreach (var document in store.Load())
        {
            if (Read(document) is { } bridge)
                _bridges[bridge.Id] = new Entry(bridge);
        }
    }

    /// <summary>From now on calls can be put together.</summary>
    public void Start(ICallControl calls, ICallHistory history)
    {
        (_calls, _history) = (calls, history);
        _work = Task.Run(() => WorkAsync(_stop.Token));
    }

    /// <inheritdoc/>
    public void On(LoggedEvent happened)
    {
        // A call nobody told of a full queue is looked at when its bridge is asked for.
        if (happened.Event is CallAnswered or LegEnded or CallTransferFailed && _watched.TryGetValue(happened.Event.Call.Id, out var bridge))
            _changes.Writer.TryWrite(bridge);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    /// <summary>The bridge as it stands now, or null.</summary>
    internal async ValueTask<CatapultBridge?> FindAsync(string account, string id, CancellationToken cancellation)
    {
        if (!_bridges.TryGetValue(id, out var entry) || !IsOf(entry.Bridge, account))
            return null;
        await entry.Gate.WaitAsync(cancellation);
        try
        {
            return await RefreshAsync(entry, cancellation);
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>The account's bridges, the last made first; they are as they were last seen.</summary>
    internal IReadOnlyList<CatapultBridge> List(string account) =>
        [.. _bridges.Values.Select(static e => e.Bridge).Where(b => IsOf(b, account)).OrderByDescending(static b => b.CreatedAt).ThenBy(static b => b.Id, StringComparer.Ordinal)];

    /// <summary>The bridge, not completed yet, that a call is in; null when it is in none.</summary>
    internal string? BridgeOf(LegId leg) =>
        _watched.TryGetValue(leg.Call, out var id) && _bridges.TryGetValue(id, out var entry) && entry.Bridge is { IsCompleted: false } bridge && bridge.Calls.Contains(CatapultId.Of(leg))
            ? id : null;

    /// <summary>A new one, without calls; null when there are too many.</summary>
    internal CatapultBridge? Create(string account, bool audio)
    {
        if (_bridges.Count >= MostBridges && !Prune())
            return null;
        var bridge = new CatapultBridge(CatapultId.New(CatapultId.Bridge), account, _time.GetUtcNow()) { Audio = audio };
        _bridges[bridge.Id] = new Entry(bridge);
        Save(bridge);
        return bridge;
    }

    /// <summary>Sets who is in it and whether they hear each other.</summary>
    /// <param name="id">The bridge.</param>
    /// <param name="audio">Null leaves it as it is.</param>
    /// <param name="calls">The calls that are in it from now on, at most two; null leaves them as they are.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async ValueTask<CatapultBridging> SetAsync(string id, bool? audio, ImmutableArray<string>? calls, CancellationToken cancellation)
    {
        var entry = _bridges[id];
        if (!entry.TryBeginChange())
            return CatapultBridging.Conflict;
        try
        {
            // Whoever only looks, and the exchange's own work, is waited for: an application is told of its own conflicts alone.
            await entry.Gate.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            entry.EndChange();
            throw;
        }
        try
        {
            var before = await RefreshAsync(entry, cancellation);
            if (before.IsCompleted)
                return CatapultBridging.Completed;
            var now = _time.GetUtcNow();
            var members = calls ?? before.Calls;
            var after = before with
            {
                Audio = audio ?? before.Audio,
                Calls = members,
                All = [.. before.All.Union(members, StringComparer.Ordinal)],
                SetAt = now,
                CompletedAt = members.IsEmpty && !before.All.IsEmpty ? now : null,
            };
            entry.Bridge = after;
            foreach (var gone in before.Calls.Except(members, StringComparer.Ordinal))
                await TakeOutAsync(after, gone, cancellation);
            var seated = await SeatAsync(after, cancellation);
            Save(await RefreshAsync(entry, cancellation));
            return seated ? CatapultBridging.Done : CatapultBridging.Failed;
        }
        finally
        {
            entry.EndChange();
            entry.Gate.Release();
        }
    }

    /// <summary>Takes everybody out and forgets it.</summary>
    internal async ValueTask RemoveAsync(string id, CancellationToken cancellation)
    {
        await SetAsync(id, null, [], cancellation);
        _bridges.TryRemove(id, out _);
        _store.Delete(id);
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var id in _changes.Reader.ReadAllAsync(stop))
            {
                if (!_bridges.TryGetValue(id, out var entry))
                    continue;
                await entry.Gate.WaitAsync(stop);
                try
                {
                    await SeatAsync(entry.Bridge, stop);
                    await RefreshAsync(entry, stop);
                }
                catch (StorageUnavailableException)
                {
                    // It is looked at again when somebody asks for it.
                }
                finally
                {
                    entry.Gate.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    /// <summary>Gives each call that can have one its seat, and holds or frees those that have. False when a call that talks got none.</summary>
    private async ValueTask<bool> SeatAsync(CatapultBridge bridge, CancellationToken cancellation)
    {
        var all = true;
        foreach (var id in bridge.Calls)
        {
            if (bridge.IsCompleted || LegOf(id) is not { } leg)
                continue;
            _watched[leg.Call] = bridge.Id;
            if (_calls.Find(leg.Call) is not { State: CallState.Talking or CallState.Held } call)
                continue;
            var seat = call.Audio.Seat;
            if (seat is null)
                all &= (await AskAsync(leg, new AudioOrder.JoinConference(bridge.Room, new()), cancellation)) is CallRefusal.None or CallRefusal.CallEnded or CallRefusal.HangupInProgress;
            if ((seat?.IsHeld ?? false) == bridge.Audio && (seat is null || seat.Room == bridge.Room))
                await AskAsync(leg, new AudioOrder.HoldSeat(!bridge.Audio), cancellation);
        }
        return all;
    }

    private async ValueTask TakeOutAsync(CatapultBridge bridge, string id, CancellationToken cancellation)
    {
        if (LegOf(id) is not { } leg)
            return;
        _watched.TryRemove(KeyValuePair.Create(leg.Call, bridge.Id));
        if (_calls.Find(leg.Call)?.Audio.Seat?.Room == bridge.Room)
            await AskAsync(leg, new AudioOrder.LeaveConference(), cancellation);
    }

    private async ValueTask<CallRefusal> AskAsync(LegId leg, AudioOrder order, CancellationToken cancellation) =>
        (await _calls.AskAsync(new CallCommand.Sound(leg.Call, order), cancellation)).Refusal;

    /// <summary>What became of its calls meanwhile.</summary>
    private async ValueTask<CatapultBridge> RefreshAsync(Entry entry, CancellationToken cancellation)
    {
        var bridge = entry.Bridge;
        if (bridge.IsCompleted || bridge.Calls.IsEmpty)
            return bridge;
        List<Leg?> legs = [];
        foreach (var id in bridge.Calls)
        {
            var leg = LegOf(id);
            var call = leg is null ? null : _calls.Find(leg.Value.Call) ?? await _history.FindAsync(leg.Value.Call, cancellation);
            legs.Add(call?.FindLeg(leg!.Value.Number));
        }
        var after = bridge;
        if (after is { ActivatedAt: null, Audio: true } && legs is [{ AnsweredAt: { } one }, { AnsweredAt: { } other }])
        {
            var joined = new[] { bridge.SetAt, one, other }.Max();
            if (legs.TrueForAll(l => l!.Record?.EndedAt is not { } ended || ended > joined))
                after = after with { ActivatedAt = joined };
        }
        if (legs.TrueForAll(static l => l is null or { HasEnded: true }))
        {
            after = after with { CompletedAt = legs.Max(static l => l?.Record?.EndedAt) ?? _time.GetUtcNow() };
            foreach (var id in bridge.Calls)
            {
                if (LegOf(id) is { } leg)
                    _watched.TryRemove(KeyValuePair.Create(leg.Call, bridge.Id));
            }
        }
        if (after != bridge)
        {
            entry.Bridge = after;
            Save(after);
        }
        return after;
    }

    /// <summary>Forgets the oldest that are completed; false when none is.</summary>
    private bool Prune()
    {
        var oldest = _bridges.Values.Select(static e => e.Bridge).Where(static b => b.IsCompleted).OrderBy(static b => b.CompletedAt).Take(MostBridges / 10).ToList();
        foreach (var bridge in oldest)
        {
            _bridges.TryRemove(bridge.Id, out _);
            _store.Delete(bridge.Id);
        }
        return oldest.Count > 0;
    }

    private void Save(CatapultBridge bridge) => _store.Save(bridge.Id, JsonSerializer.SerializeToUtf8Bytes(bridge, CatapultBridgeJson.Default.CatapultBridge));

    private static CatapultBridge? Read(byte[] document)
    {
        try
        {
            return JsonSerializer.Deserialize(document, CatapultBridgeJson.Default.CatapultBridge) is { Id: not null, Account: not null, Calls.IsDefault: false, All.IsDefault: false } bridge ? bridge : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static LegId? LegOf(string id) => CatapultId.TryParse(CatapultId.Call, id, out var leg) ? leg : null;

    private static bool IsOf(CatapultBridge bridge, string account) => bridge.Account.Equals(account, StringComparison.OrdinalIgnoreCase);

    /// <summary>A bridge, and who works on it: one at a time, of applications that ask for a change the first alone.</summary>
    private sealed class Entry(CatapultBridge bridge)
    {
        private int _changes;

        public CatapultBridge Bridge { get; set; } = bridge;

        public SemaphoreSlim Gate { get; } = new(1);

        public bool TryBeginChange() => Interlocked.Exchange(ref _changes, 1) == 0;

        public void EndChange() => Volatile.Write(ref _changes, 0);
    }
}

/// <summary>What became of a change.</summary>
internal enum CatapultBridging
{
    Done,
    /// <summary>Another change is under way.</summary>
    Conflict,
    /// <summary>The bridge is over.</summary>
    Completed,
    /// <summary>A call got no seat.</summary>
    Failed,
}
