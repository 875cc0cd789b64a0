using Microsoft.Extensions.Logging;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Journal;

/// <summary>Everybody who has to do with an event: who says what is to be told of it, who hears it once it is stored, who delivers.</summary>
internal sealed partial class JournalEars(
    IReadOnlyList<INotificationSource> sources, IReadOnlyList<IEventSubscriber> subscribers, INotifier? notifier, ILogger log)
{
    /// <summary>Say what is to be told of phones that come and go.</summary>
    public IReadOnlyList<IRegistrationNotificationSource> Phones { get; init; } = [];

    // Gone through for every event.
    private readonly INotificationSource[] _sources = [.. sources];
    private readonly IEventSubscriber[] _subscribers = [.. subscribers];
    private readonly List<Notification> _collected = [];
    private readonly List<Notification> _stored = [];

    /// <summary>What the sources want told of the event.</summary>
    public IReadOnlyList<Notification> NotificationsOf(CallEvent happened)
    {
        _collected.Clear();
        foreach (var source in _sources)
        {
            try
            {
                source.Collect(happened, _collected);
            }
#pragma warning disable CA1031 // A source's bug must not keep the event out of the log.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogSubscriberFailed(e, source.GetType().Name, happened.Id);
            }
        }
        return _collected.Count == 0 ? [] : [.. _collected];
    }

    /// <summary>What the sources want told of a phone.</summary>
    public IReadOnlyList<Notification> NotificationsOf(ChangedRegistration changed)
    {
        _collected.Clear();
        foreach (var source in Phones)
        {
            try
            {
                source.Collect(changed.Extension, changed.Bindings, _collected);
            }
#pragma warning disable CA1031 // A source's bug must not stop the log.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogSubscriberFailed(e, source.GetType().Name, changed.Extension);
            }
        }
        return _collected.Count == 0 ? [] : [.. _collected];
    }

    /// <summary>Tells every subscriber.</summary>
    public void Tell(LoggedEvent stored)
    {
        foreach (var subscriber in _subscribers)
        {
            try
            {
                subscriber.On(stored);
            }
#pragma warning disable CA1031 // A subscriber's bug must not stop the log for everyone else.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogSubscriberFailed(e, subscriber.GetType().Name, stored.Event.Id);
            }
        }
    }

    /// <summary>Hands on the notifications of a stored batch, in order.</summary>
    public void Notify(IReadOnlyList<LogWrite> stored)
    {
        if (notifier is null)
            return;
        for (var i = 0; i < stored.Count; i++)
        {
            switch (stored[i])
            {
                case LogWrite.Happened { Notifications: { Count: > 0 } notifications }: _stored.AddRange(notifications); break;
                case LogWrite.Told(var notifications): _stored.AddRange(notifications); break;
            }
        }
        if (_stored.Count == 0)
            return;
        try
        {
            notifier.Notify([.. _stored]);
        }
#pragma warning disable CA1031 // What the notifier did not take is in the outbox.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotifierFailed(e, _stored.Count);
        }
        _stored.Clear();
    }

    [LoggerMessage(EventName = "SubscriberFailed", Level = LogLevel.Error, Message = "{Subscriber} failed on event {Event}")]
    private partial void LogSubscriberFailed(Exception e, string subscriber, string @event);

    [LoggerMessage(EventName = "NotifierFailed", Level = LogLevel.Error, Message = "{Count} stored notifications were not taken for delivery")]
    private partial void LogNotifierFailed(Exception e, int count);
}
