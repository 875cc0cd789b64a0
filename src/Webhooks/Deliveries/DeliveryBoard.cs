using System.Collections.Concurrent;
using System.Threading.Channels;
using Switchhook.Calls;
using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks.Deliveries;

/// <summary>
/// Says what may be delivered now. The notifications of a call to one receiver, a lane, wait for each other; the first of each lane stands in
/// the line of its target, and each target has only so many under way, none while its circuit is open. Safe from any thread; never waits.
/// </summary>
internal sealed partial class DeliveryBoard : IDisposable
{
    private const int MostTargets = 10_000;   // remembered for their failures alone

    private readonly Lock _gate = new();
    private readonly Lock _telling = new();
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<Outcome> _tell;
    private readonly Alarms _alarms;
    private readonly Dictionary<string, PendingDelivery> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<LaneKey, Lane> _lanes = [];
    private readonly Dictionary<string, Target> _targets = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Outcome> _outcomes = new();
    private readonly Channel<Attempt> _line = Channel.CreateUnbounded<Attempt>();   // holds what is under way: bounded by targets and their shares
    private int _underWay;
    private bool _closed;

    /// <param name="tell">Told every outcome, in order, outside every lock but its own.</param>
    public DeliveryBoard(WebhookOptions options, TimeProvider time, Action<Outcome> tell)
    {
        (_options, _time, _tell) = (options, time, tell);
        _alarms = new Alarms(time, Wake);
    }

    /// <summary>The next attempt; null once closed and nothing can go any more.</summary>
    public async ValueTask<Attempt?> TakeAsync(CancellationToken cancellation)
    {
        try
        {
            return await _line.Reader.ReadAsync(cancellation).ConfigureAwait(false);   // wakes one worker, where waiting to read wakes all
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    /// <summary>What came of an attempt that was taken.</summary>
    public void Finished(Attempt attempt, HttpReply reply)
    {
        lock (_gate)
        {
            var (lane, pending, target) = (attempt.Lane, attempt.Pending, attempt.Target);
            var now = _time.GetUtcNow();
            target.UnderWay--;
            _underWay--;
            var attempts = ((DeliveryState.Trying)pending.Delivery.State).Attempt;
            pending.Delivery = pending.Delivery.On(pending.Delivery.IsSuccess(reply.Status)
                ? DeliveryInput.Succeeded.It
                : new DeliveryInput.Failed(now, Scatter.Of(pending.Notification.Id, attempts))).Next;
            Judge(target, reply, now);
            Note(pending, attempt.Request, now, NotifierCounts.Word(reply), reply.Failure == HttpFailure.None ? $"{reply.Status}" : $"{NotifierCounts.Word(reply)}: {reply.Detail}");
            if (pending.Delivery.State is DeliveryState.Delivered or DeliveryState.Failed)
                Leave(lane, pending);
            Place(lane);
            Release(target);
            Forget(target);
            WakeKeeper();
            CompleteWhenIdle();
        }
        TellAll();
    }

    /// <summary>Takes nothing more in and begins no pause's next attempt; what could go at once still goes.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            CompleteWhenIdle();
        }
    }

    public void Dispose() => _alarms.Dispose();

    private void Wake()
    {
        lock (_gate)
        {
            while (!_closed && _alarms.TryTake(out var alarm))
            {
                switch (alarm.Owner)
                {
                    case Lane lane when lane.Waiting.TryPeek(out var head) && head.Delivery.State is DeliveryState.Waiting w && w.Until == alarm.At:
                        head.Delivery = head.Delivery.On(DeliveryInput.TimerFired.It).Next;
                        Place(lane);
                        break;
                    case Target target when target.Circuit.State is CircuitState.Open open && open.Until == alarm.At:
                        target.Circuit = target.Circuit.On(CircuitInput.TimerFired.It).Next;
                        Release(target);
                        Forget(target);
                        break;
                }
            }
            _alarms.Rearm();
        }
        TellAll();
    }

    /// <summary>Takes a notification into memory, behind the others of its lane.</summary>
    private void Hold(Notification notification, Delivery delivery, bool wasRead)
    {
        var pending = new PendingDelivery(notification, delivery, wasRead);
        _held.Add(notification.Id, pending);
        var key = LaneKey.Of(notification);
        var isNew = !_lanes.TryGetValue(key, out var lane);
        if (isNew)
            _lanes.Add(key, lane = new Lane(key, Target.OriginOf(notification.Request.Url)));
        lane!.Waiting.Enqueue(pending);
        TargetOf(lane.Home).Held++;
        if (isNew)
            Place(lane);
    }

    /// <summary>The first of a lane is done.</summary>
    private void Leave(Lane lane, PendingDelivery pending)
    {
        lane.Waiting.Dequeue();
        _held.Remove(pending.Notification.Id);
        var home = TargetOf(lane.Home);
        home.Held--;
        Forget(home);
        if (pending.WasRead)
            Remember(pending.Notification.Id);
    }

    /// <summary>Puts a lane where its first notification belongs: into a target's line or to sleep. One without any is forgotten.</summary>
    private void Place(Lane lane)
    {
        while (lane.Waiting.TryPeek(out var head))
        {
            if (head.Delivery.State is DeliveryState.Waiting waiting)
            {
                _alarms.Set(lane, waiting.Until);
                return;
            }
            var request = head.Request;
            var target = TargetOf(Target.OriginOf(request.Url));
            if (target.Circuit.State is CircuitState.Open)
            {
                var (now, before) = (_time.GetUtcNow(), head.Delivery);
                head.Delivery = before.On(new DeliveryInput.CircuitOpened(now)).Next;
                if (head.Delivery.State is DeliveryState.Failed)
                {
                    Note(head, request, now, NotifierCounts.CircuitOpenResult, $"{NotifierCounts.CircuitOpenResult}: {target.Origin} failed too often");
                    Leave(lane, head);
                    continue;
                }
                if (head.Delivery.State != before.State)
                    continue;
            }
            target.Line.Enqueue(lane);
            Release(target);
            return;
        }
        _lanes.Remove(lane.Key);
    }

    /// <summary>Lets go what a target has room for.</summary>
    private void Release(Target target)
    {
        while (target.UnderWay < RoomAt(target) && HasRoomForOutcomes && target.Line.TryDequeue(out var lane))
        {
            var head = lane.Waiting.Peek();
            head.Delivery = head.Delivery.On(DeliveryInput.Begin.It).Next;
            target.UnderWay++;
            _underWay++;
            _line.Writer.TryWrite(new Attempt(lane, head, target, head.Request));
        }
    }

    private int RoomAt(Target target) => target.Circuit.State switch
    {
        CircuitState.Open => 0,
        CircuitState.HalfOpen => 1,
        _ => _options.MaxConcurrentPerHost,
    };

    /// <summary>Tells the target's circuit; when that opens, everything in the line hears of it.</summary>
    private void Judge(Target target, HttpReply reply, DateTimeOffset now)
    {
        CircuitInput? input = reply.Failure switch
        {
            HttpFailure.None => reply.Status is >= 500 or 429 ? new CircuitInput.Failed(now) : CircuitInput.Succeeded.It,
            HttpFailure.NameNotFound or HttpFailure.CannotConnect or HttpFailure.TimedOut or HttpFailure.Broken => new CircuitInput.Failed(now),
            _ => null,   // refusals of our own say nothing about the target
        };
        if (input is null || target.Circuit.On(input) is not { IsIgnored: false } step)
            return;
        target.Circuit = step.Next;
        if (step.Next.State is not CircuitState.Open open)
            return;
        _alarms.Set(target, open.Until);
        var standing = target.Line.ToArray();
        target.Line.Clear();
        foreach (var lane in standing)
            Place(lane);
    }

    private Target TargetOf(string origin)
    {
        if (!_targets.TryGetValue(origin, out var target))
            _targets.Add(origin, target = new Target(origin, new Circuit(_options.CircuitFailures, _options.CircuitPause)));
        return target;
    }

    private void Forget(Target target)
    {
        if (target.IsUnused || (target.IsIdle && _targets.Count > MostTargets))
            _targets.Remove(target.Origin);
    }

    /// <summary>To be stored, and to be told.</summary>
    private void Note(PendingDelivery pending, HttpCall request, DateTimeOffset at, string result, string text)
    {
        Keep(pending, at, text);
        _outcomes.Enqueue(new Outcome(pending.Notification, request, at, pending.Delivery.State, result, text));
    }

    private void TellAll()
    {
        if (_outcomes.IsEmpty)
            return;
        lock (_telling)
        {
            while (_outcomes.TryDequeue(out var outcome))
                _tell(outcome);
        }
    }

    private void CompleteWhenIdle()
    {
        if (_closed && _underWay == 0)
            _line.Writer.TryComplete();
    }
}
