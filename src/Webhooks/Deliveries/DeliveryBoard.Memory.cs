using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks.Deliveries;

/// <summary>
/// What is in memory and what only in the outbox. A target may have as many notifications in memory as there is room left for others, so a
/// dead one never takes it all. A lane with a notification that found no room takes no later ones in either, until a scan of the outbox has
/// read the earlier: that keeps its order. At the start everything is in the outbox alone.
/// </summary>
internal sealed partial class DeliveryBoard
{
    private const int MostLanesElsewhere = 1_000_000;

    private readonly Queue<string> _recent = new();
    private readonly HashSet<string> _recentIds = new(StringComparer.Ordinal);
    private LanesElsewhere _elsewhere = new(MostLanesElsewhere);
    private HashSet<string> _fullTargets = new(StringComparer.Ordinal);
    private bool _allElsewhere = true;   // until the first scan has ended
    private Scan? _scan;
    private long _cursor;                // everything stored up to here is in memory or done
    private long _notHeld;

    /// <summary>Not done, whether in memory or not; before the first scan has ended, those found so far.</summary>
    public long Pending
    {
        get { lock (_gate) return _held.Count + _notHeld; }
    }

    /// <summary>Takes what was stored just now; what finds no room is read later.</summary>
    public void Take(IReadOnlyList<Notification> stored)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            foreach (var notification in stored)
            {
                if (IsKnown(notification.Id))
                    continue;
                var lane = LaneKey.Of(notification).Mark;
                if (_allElsewhere || _elsewhere.Contains(lane))
                    LeaveForScan(notification);
                else if (IsFull(notification, out var origin))
                    LeaveElsewhere(lane, origin);
                else
                    Hold(notification, new Delivery(notification.Policy, _time.GetUtcNow(), new DeliveryState.Ready(0, false)), wasRead: false);
            }
            WakeKeeper();
        }
        TellAll();
    }

    /// <summary>Takes one that was done and is to be delivered again.</summary>
    public void TakeAgain(OutboxEntry reopened)
    {
        lock (_gate)
        {
            var notification = reopened.Notification;
            if (_closed || _held.ContainsKey(notification.Id))
                return;
            _recentIds.Remove(notification.Id);
            var lane = LaneKey.Of(notification).Mark;
            if (!_allElsewhere && !_elsewhere.Contains(lane) && !IsFull(notification, out var origin))
            {
                Hold(notification, new Delivery(notification.Policy, _time.GetUtcNow(), new DeliveryState.Ready(0, false)), wasRead: false);
            }
            else
            {
                LeaveElsewhere(lane, Target.OriginOf(notification.Request.Url));
                _cursor = Math.Min(_cursor, reopened.Number - 1);
                if (_scan is { } scan)
                    scan.FirstLeft = Math.Min(scan.FirstLeft, reopened.Number);
            }
            WakeKeeper();
        }
        TellAll();
    }

    /// <summary>Where a scan of the outbox is to begin; null when none is needed, or there is no room for what it would find.</summary>
    public long? BeginScan()
    {
        lock (_gate)
        {
            if (_closed || !(_allElsewhere || !_elsewhere.IsEmpty) || (_fullTargets.Count > 0 && !_fullTargets.Any(HasMuchRoom)))
                return null;
            _scan = new Scan { At = _cursor };
            return _cursor;
        }
    }

    /// <summary>A page is about to be read: what was stored before now will be in it or behind it.</summary>
    public void BeginPage()
    {
        lock (_gate)
        {
            _scan!.Aside.Clear();
            _scan.AsideIsWhole = true;
        }
    }

    /// <summary>Takes a page; gives the number to read on from, or null when the scan is over.</summary>
    public long? TakePage(IReadOnlyList<OutboxEntry> page, bool isLast)
    {
        long? next;
        lock (_gate)
        {
            var scan = _scan!;
            foreach (var entry in _closed ? [] : page)
            {
                scan.At = entry.Number;
                if (!IsKnown(entry.Notification.Id))
                    TakeFound(scan, entry.Notification, entry.Number, DeliveryOf(entry));
            }
            if (_closed || (isLast && scan.AsideIsWhole))
                next = EndScan(scan);
            else if (!isLast && !_allElsewhere && scan.Full.Count > 0 && scan.Full.Union(_fullTargets).All(IsFull))
                next = BreakOff(scan);
            else
                next = scan.At;
        }
        TellAll();
        return next;
    }

    private long? EndScan(Scan scan)
    {
        foreach (var notification in scan.Aside.Where(n => !IsKnown(n.Id)))
            TakeFound(scan, notification, scan.At + 1, new Delivery(notification.Policy, _time.GetUtcNow(), new DeliveryState.Ready(0, false)));
        (_elsewhere, _fullTargets, _notHeld) = (scan.Left, scan.Full, scan.LeftCount);
        _cursor = Math.Min(scan.At, scan.FirstLeft - 1);
        _allElsewhere = false;
        _scan = null;
        return null;
    }

    /// <summary>No target that waits for its notifications has room: what lies behind is read when one has.</summary>
    private long? BreakOff(Scan scan)
    {
        _elsewhere.Add(scan.Left);
        _fullTargets.UnionWith(scan.Full);
        _cursor = Math.Min(scan.At, scan.FirstLeft - 1);
        _scan = null;
        return null;
    }

    private void TakeFound(Scan scan, Notification notification, long number, Delivery delivery)
    {
        var lane = LaneKey.Of(notification).Mark;
        if (scan.Left.Contains(lane))
        {
            scan.Leave(lane, number);
        }
        else if (IsFull(notification, out var origin))
        {
            scan.Leave(lane, number);
            scan.Full.Add(origin);
        }
        else
        {
            _notHeld = Math.Max(0, _notHeld - 1);
            Hold(notification, delivery, wasRead: true);
        }
    }

    /// <summary>Its lane has something that only a scan will find; a scan that is under way may have passed it, and then takes it at its end.</summary>
    private void LeaveForScan(Notification notification)
    {
        _notHeld++;
        if (_scan is not { AsideIsWhole: true } scan)
            return;
        if (scan.Aside.Count < Scan.MostAside)
            scan.Aside.Add(notification);
        else
            scan.AsideIsWhole = false;
    }

    private void LeaveElsewhere(LaneMark lane, string origin)
    {
        _notHeld++;
        _elsewhere.Add(lane);
        _fullTargets.Add(origin);
        if (_scan is { } scan)
        {
            scan.Left.Add(lane);
            scan.LeftCount++;
            scan.Full.Add(origin);
        }
    }

    private bool IsKnown(string id) =>
        _held.ContainsKey(id) || (_unsaved.TryGetValue(id, out var attempt) && attempt.State != OutboxState.Pending) || _recentIds.Contains(id);

    private bool IsFull(Notification notification, out string origin) =>
        IsFull(origin = Target.OriginOf(notification.Request.Url));

    private bool IsFull(string origin) => HeldFor(origin) >= _options.MaxPending - _held.Count;

    private bool HasMuchRoom(string origin) => HeldFor(origin) <= (_options.MaxPending - _held.Count) / 2;

    private int HeldFor(string origin) => _targets.GetValueOrDefault(origin)?.Held ?? 0;

    private static Delivery DeliveryOf(OutboxEntry entry)
    {
        var policy = entry.Notification.Policy;
        return new Delivery(policy, entry.CreatedAt, entry.NextAttemptAt is { } next
            ? new DeliveryState.Waiting(entry.Attempts, next)
            : new DeliveryState.Ready(entry.Attempts, policy is DeliveryPolicy.Fallback && entry.Attempts > 0));
    }

    /// <summary>A scan may find a notification before the log hands it over; by then it may be delivered and stored as such.</summary>
    private void Remember(string id)
    {
        if (_recentIds.Add(id))
            _recent.Enqueue(id);
        if (_recent.Count > 1024)
            _recentIds.Remove(_recent.Dequeue());
    }

    /// <summary>One pass over what is pending in the outbox.</summary>
    private sealed class Scan
    {
        public const int MostAside = 4096;

        /// <summary>Number of the last entry seen.</summary>
        public long At { get; set; }

        /// <summary>Number of the first that was left where it is.</summary>
        public long FirstLeft { get; set; } = long.MaxValue;
        public long LeftCount { get; set; }
        public LanesElsewhere Left { get; } = new(MostLanesElsewhere);
        public HashSet<string> Full { get; } = new(StringComparer.Ordinal);

        /// <summary>What was stored since the page that is being read was asked for.</summary>
        public List<Notification> Aside { get; } = [];
        public bool AsideIsWhole { get; set; } = true;

        public void Leave(LaneMark lane, long number)
        {
            Left.Add(lane);
            LeftCount++;
            FirstLeft = Math.Min(FirstLeft, number);
        }
    }
}
