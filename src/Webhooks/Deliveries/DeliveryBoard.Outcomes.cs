using System.Threading.Channels;
using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks.Deliveries;

/// <summary>Outcomes on their way to the outbox. While too many wait for the storage nothing new is tried.</summary>
internal sealed partial class DeliveryBoard
{
    private readonly Dictionary<string, DeliveryAttempt> _unsaved = new(StringComparer.Ordinal);
    private readonly Queue<DeliveryAttempt> _toSave = new();
    private readonly Channel<bool> _keeperWanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private bool HasRoomForOutcomes => _unsaved.Count + _underWay < _options.MaxUnsaved;

    /// <summary>Waits until there is something to save or to read.</summary>
    public ValueTask<bool> KeeperWantedAsync(CancellationToken cancellation) => _keeperWanted.Reader.ReadAsync(cancellation);

    /// <summary>The oldest outcomes that are not stored; a later one of the same notification replaces an earlier one.</summary>
    public List<DeliveryAttempt> TakeUnsaved(int most)
    {
        List<DeliveryAttempt> batch = [];
        lock (_gate)
        {
            while (batch.Count < most && _toSave.TryDequeue(out var attempt))
            {
                if (ReferenceEquals(_unsaved.GetValueOrDefault(attempt.Id), attempt))
                    batch.Add(attempt);
            }
        }
        return batch;
    }

    /// <summary>Everything that is not stored, whether taken or not.</summary>
    public List<DeliveryAttempt> Unsaved()
    {
        lock (_gate)
            return [.. _unsaved.Values];
    }

    /// <summary>These are stored, or never will be.</summary>
    public void Saved(IReadOnlyList<DeliveryAttempt> batch)
    {
        lock (_gate)
        {
            var wasFull = !HasRoomForOutcomes;
            foreach (var attempt in batch)
            {
                if (ReferenceEquals(_unsaved.GetValueOrDefault(attempt.Id), attempt))
                    _unsaved.Remove(attempt.Id);
            }
            if (wasFull)
            {
                foreach (var target in _targets.Values.ToList())
                    Release(target);
            }
        }
        TellAll();
    }

    private void Keep(PendingDelivery pending, DateTimeOffset at, string text)
    {
        var id = pending.Notification.Id;
        var attempt = pending.Delivery.State switch
        {
            DeliveryState.Delivered s => new DeliveryAttempt(id, OutboxState.Delivered, s.Attempts, at, null, text),
            DeliveryState.Failed s => new DeliveryAttempt(id, OutboxState.Failed, s.Attempts, at, null, text),
            DeliveryState.Waiting s => new DeliveryAttempt(id, OutboxState.Pending, s.Attempts, at, s.Until, text),
            DeliveryState.Ready s => new DeliveryAttempt(id, OutboxState.Pending, s.Attempts, at, null, text),
            var state => throw new InvalidOperationException($"{state} is no outcome."),
        };
        _unsaved[id] = attempt;
        _toSave.Enqueue(attempt);
        WakeKeeper();
    }

    private void WakeKeeper() => _keeperWanted.Writer.TryWrite(true);
}
