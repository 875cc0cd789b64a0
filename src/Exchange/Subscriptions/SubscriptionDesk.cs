using System.Globalization;
using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Registrar;
using Switchhook.Exchange.Shards;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;

namespace Switchhook.Exchange.Subscriptions;

/// <summary>What is watched: one package of one extension.</summary>
internal readonly record struct Watch(EventPackage Package, string Extension);

/// <summary>What the desk needs of its shard.</summary>
internal sealed record SubscriptionTools(
    IDirectory Directory, Bindings Bindings, IMessageCounts Messages, SwitchCounts Counts, TimerWheel Timers, TimeProvider Time, string Domain, SubscriptionLimits Limits);

/// <summary>
/// Every subscription of every phone (RFC 6665): who may watch what, who is to be told when that changes, and how many there may be. On the
/// shard's thread.
/// </summary>
internal sealed class SubscriptionDesk(SubscriptionTools tools)
{
    /// <summary>Granted when the phone asks for none, seconds; longer wishes are shortened to it.</summary>
    public const uint MostSeconds = 3600;

    /// <summary>A shorter wish is refused.</summary>
    public const uint LeastSeconds = 60;

    private static readonly SipHeaderLine AllowEvents = new("Allow-Events", EventPackages.AllowEvents);

    private readonly Dictionary<Watch, List<RunningSubscription>> _watched = [];
    private readonly Dictionary<string, int> _perPhone = new(StringComparer.Ordinal);
    private readonly ExtensionCalls _calls = new();
    private int _count;
    private bool _stopping;

    /// <summary>Set once the user agent exists.</summary>
    public SipUserAgent Agent { get; set; } = null!;

    /// <summary>Subscriptions that live.</summary>
    public int Count => _count;

    public TimerWheel Timers => tools.Timers;

    public DateTimeOffset Now() => tools.Time.GetUtcNow();

    /// <summary>A SUBSCRIBE outside every dialog, from a phone that has proved who it is.</summary>
    public void OnSubscribe(IncomingRequest incoming, Extension watcher)
    {
        var request = incoming.Request;
        if (!EventHeader.TryParse(request.Get(HeaderName.Event), out var asked) || EventPackages.Find(asked.Type) is not { } package)
            Refuse(incoming, "subscribe-event", 489, AllowEvents);
        else if (!AcceptHeader.Takes(request, Encoding.ASCII.GetBytes(package.ContentType())))
            Refuse(incoming, "subscribe-accept", 406, new SipHeaderLine("Accept", package.ContentType()));
        else if (!SipUri.TryParse(request.RequestUri, out var uri) || tools.Directory.Current.Extension(uri.UserText) is not { } target)
            Refuse(incoming, "subscribe-unknown", 404);
        else if (!string.Equals(target.Account, watcher.Account, StringComparison.OrdinalIgnoreCase))
            Refuse(incoming, "subscribe-other", 403);
        else if (_stopping || _count >= tools.Limits.Most)
            Refuse(incoming, "subscriptions", 503, new SipHeaderLine("Retry-After", "30"));
        else if (_perPhone.GetValueOrDefault(watcher.Number) >= tools.Limits.MostPerPhone)
            Refuse(incoming, "subscriptions-phone", 403);
        else if (TryGrant(incoming, out var seconds))
            Begin(incoming, new Watch(package, target.Number), asked, watcher.Number, seconds);
    }

    /// <summary>A SUBSCRIBE in a subscription's own dialog: a refresh, or its end.</summary>
    public void OnRefresh(RunningSubscription subscription, IncomingRequest incoming, EventHeader of)
    {
        // A second subscription does not share the dialog of the first (RFC 6665 §4.5.2).
        if (!EventHeader.TryParse(incoming.Request.Get(HeaderName.Event), out var asked) || asked != of)
        {
            Refuse(incoming, "subscribe-event", 489, AllowEvents);
        }
        else if (tools.Directory.Current.Extension(subscription.Watch.Extension) is null)
        {
            Refuse(incoming, "subscribe-unknown", 404);
            subscription.Give(new SubscriptionInput.Stop(EndReason.NoResource));
        }
        else if (TryGrant(incoming, out var seconds))
        {
            subscription.Subscribe(incoming, seconds);
        }
    }

    /// <summary>A call as it is now.</summary>
    public void OnCall(Call call) => _calls.Update(call, OnCalls);

    /// <summary>An extension's phones came or went.</summary>
    public void OnRegistration(string extension) => Look(new Watch(EventPackage.Presence, extension));

    /// <summary>An extension's messages came or went.</summary>
    public void OnMessages(string extension) => Look(new Watch(EventPackage.MessageSummary, extension));

    /// <summary>The server stops: every phone is told to come back, and no new one is served.</summary>
    public void Stop()
    {
        _stopping = true;
        foreach (var subscription in _watched.Values.SelectMany(static w => w).ToList())
            subscription.Give(new SubscriptionInput.Stop(EndReason.Deactivated));
    }

    /// <summary>What is watched as it is now.</summary>
    public string Describe(Watch watch, uint version) => watch.Package switch
    {
        EventPackage.MessageSummary => EventDocuments.MessageSummary(watch.Extension, tools.Domain, tools.Messages.Of(watch.Extension)),
        EventPackage.Dialog => EventDocuments.DialogInfo(watch.Extension, tools.Domain, _calls.Of(watch.Extension), version),
        EventPackage.Presence => EventDocuments.Presence(
            watch.Extension, tools.Domain, IsOpen(watch.Extension), EventDocuments.IsOnThePhone(_calls.Of(watch.Extension))),
    };

    /// <summary>A subscription is over.</summary>
    public void Forget(RunningSubscription subscription)
    {
        subscription.Dialog.Close();
        if (!_watched.TryGetValue(subscription.Watch, out var watched) || !watched.Remove(subscription))
            return;
        if (watched.Count == 0)
            _watched.Remove(subscription.Watch);
        _count--;
        if (--_perPhone[subscription.Watcher] == 0)
            _perPhone.Remove(subscription.Watcher);
    }

    private void Begin(IncomingRequest incoming, Watch watch, EventHeader of, string watcher, uint seconds)
    {
        var subscription = new RunningSubscription(this, watch, of, watcher);
        if (!Agent.TryMakeNotifier(incoming, subscription, "switchhook", out var dialog))
        {
            Refuse(incoming, "subscribe-contact", 400);
            return;
        }
        subscription.Dialog = dialog;
        if (!_watched.TryGetValue(watch, out var watched))
            _watched[watch] = watched = [];
        watched.Add(subscription);
        _count++;
        _perPhone[watcher] = _perPhone.GetValueOrDefault(watcher) + 1;
        subscription.Subscribe(incoming, seconds);
    }

    /// <summary>RFC 6665 §4.2.1.1. False when it has been refused.</summary>
    private bool TryGrant(IncomingRequest incoming, out uint seconds)
    {
        seconds = MostSeconds;
        if (!incoming.Request.Has(HeaderName.Expires))
            return true;
        if (!incoming.Request.TryGetNumber(HeaderName.Expires, out var asked))
        {
            Refuse(incoming, "subscribe-expires", 400);
            return false;
        }
        if (asked is > 0 and < LeastSeconds)
        {
            Refuse(incoming, "subscribe-brief", 423, new SipHeaderLine("Min-Expires", LeastSeconds.ToString(CultureInfo.InvariantCulture)));
            return false;
        }
        seconds = Math.Min(asked, MostSeconds);
        return true;
    }

    private void Refuse(IncomingRequest incoming, string reason, int status, params ReadOnlySpan<SipHeaderLine> headers)
    {
        tools.Counts.Reject(reason);
        incoming.Reply(status, headers);
    }

    private void OnCalls(string extension)
    {
        Look(new Watch(EventPackage.Dialog, extension));
        Look(new Watch(EventPackage.Presence, extension));
    }

    private void Look(Watch watch)
    {
        if (!_watched.TryGetValue(watch, out var watched))
            return;
        foreach (var subscription in watched.ToArray())
            subscription.Look();
    }

    /// <summary>Something that is no phone is there for whoever calls it.</summary>
    private bool IsOpen(string extension) => tools.Directory.Current.Extension(extension) switch
    {
        { Kind: ExtensionKind.Phone or ExtensionKind.DemoPhone } => tools.Bindings.IsRegistered(extension),
        { } => true,
        null => false,
    };
}

/// <summary>How many subscriptions there may be.</summary>
/// <param name="Most">In all; beyond it 503.</param>
/// <param name="MostPerPhone">Of all phones of one extension together; beyond it 403.</param>
public sealed record SubscriptionLimits(int Most, int MostPerPhone)
{
    public static SubscriptionLimits Default { get; } = new(10_000, 200);
}
