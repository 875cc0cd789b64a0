using System.Globalization;
using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;

namespace Switchhook.Exchange.Subscriptions;

/// <summary>Carries out what <see cref="Subscription"/> decides for one phone's subscription. On the shard's thread.</summary>
internal sealed class RunningSubscription(SubscriptionDesk desk, Watch watch, EventHeader of, string watcher) : INotifierUser, ITimed
{
    private readonly Queue<SubscriptionInput> _inputs = new();
    private Subscription _machine = Subscription.Start;
    private TimerHandle _timer;
    private IncomingRequest? _asked;
    private DateTimeOffset _endsAt;
    private string _told = "";
    private uint _version;
    private bool _busy;

    /// <summary>Whom it watches.</summary>
    public Watch Watch => watch;

    /// <summary>The extension whose phone watches.</summary>
    public string Watcher => watcher;

    /// <summary>Set before the first input.</summary>
    public NotifierDialog Dialog { get; set; } = null!;

    public void Give(SubscriptionInput input)
    {
        _inputs.Enqueue(input);
        if (_busy)
            return;
        _busy = true;
        try
        {
            while (_inputs.TryDequeue(out var next))
            {
                var step = _machine.On(next);
                _machine = step.Next;
                foreach (var effect in step.Effects)
                    Carry(effect);
            }
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>A SUBSCRIBE that is to be granted so many seconds.</summary>
    public void Subscribe(IncomingRequest request, uint seconds)
    {
        _asked = request;
        Give(new SubscriptionInput.Subscribe(seconds));
        _asked = null;
    }

    /// <summary>What is watched may have changed.</summary>
    public void Look()
    {
        if (desk.Describe(watch, 0) != _told)
            Give(SubscriptionInput.Changed.It);
    }

    public void OnSubscribe(NotifierDialog dialog, IncomingRequest subscribe) => desk.OnRefresh(this, subscribe, of);

    public void OnNotified(NotifierDialog dialog, SipResponse? final) => Give(
        final is null ? SubscriptionInput.Failed.It
        : final.Status < 300 ? SubscriptionInput.Delivered.It
        : final.Has(HeaderName.RetryAfter) ? SubscriptionInput.Deferred.It
        : SubscriptionInput.Failed.It);

    public void OnTimer(int timer)
    {
        _timer = default;
        Give(SubscriptionInput.Expired.It);
    }

    private void Carry(SubscriptionEffect effect)
    {
        switch (effect)
        {
            case SubscriptionEffect.Accept accept:
                _endsAt = desk.Now() + TimeSpan.FromSeconds(accept.Seconds);
                Dialog.Accept(_asked!, accept.Seconds);
                break;
            case SubscriptionEffect.Refuse refuse: _asked!.Reply(refuse.Status); break;
            case SubscriptionEffect.Notify notify: Notify(notify.End); break;
            case SubscriptionEffect.StartTimer start: desk.Timers.Restart(ref _timer, TimeSpan.FromSeconds(start.Seconds), this, 0); break;
            case SubscriptionEffect.StopTimer: desk.Timers.Cancel(ref _timer); break;
            case SubscriptionEffect.Release: desk.Forget(this); break;
            default: throw new InvalidOperationException($"no such effect: {effect}");
        }
    }

    private void Notify(EndReason? end)
    {
        _told = desk.Describe(watch, 0);
        var state = end switch
        {
            null => "active;expires=" + Math.Max(0, (long)Math.Ceiling((_endsAt - desk.Now()).TotalSeconds)).ToString(CultureInfo.InvariantCulture),
            EndReason.Timeout => "terminated;reason=timeout",
            EndReason.Deactivated => "terminated;reason=deactivated",
            EndReason.NoResource => "terminated;reason=noresource",
            _ => throw new ArgumentOutOfRangeException(nameof(end)),
        };
        var body = Encoding.UTF8.GetBytes(desk.Describe(watch, _version++));
        if (!Dialog.Notify(of.ToString(), state, Encoding.ASCII.GetBytes(watch.Package.ContentType()), body))
            _inputs.Enqueue(SubscriptionInput.Failed.It);
    }
}
