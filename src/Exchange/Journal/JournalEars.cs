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
            Guard(source, happened, static (ears, source, happened) => source.Collect(happened, ears._collected), static happened => happened.Id);
        return _collected.Count == 0 ? [] : [.. _collected];
    }

    /// <summary>What the sources want told of a phone.</summary>
    public IReadOnlyList<Notification> NotificationsOf(ChangedRegistration changed)
    {
        _collected.Clear();
        foreach (var source in Phones)
            Guard(source, changed, static (ears, source, changed) => source.Collect(changed.Extension, changed.Bindings, ears._collected), static changed => changed.Extension);
        return _collected.Count == 0 ? [] : [.. _collected];
    }

    /// <summary>Tells every subscriber.</summary>
    public void Tell(LoggedEvent stored)
    {
        foreach (var subscriber in _subscribers)
            Guard(subscriber, stored, static (_, subscriber, stored) => subscriber.On(stored), static stored => stored.Event.Id);
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

    private void Guard<TEar, TNews>(TEar ear, TNews news, Action<JournalEars, TEar, TNews> tell, Func<TNews, string> nameOf)
        where TEar : notnull
    {
        try
        {
            tell(this, ear, news);
        }
#pragma warning disable CA1031 // The bug of one who hears of a change must not keep it from the log or from the others; it is logged with its name.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogSubscriberFailed(e, ear.GetType().Name, nameOf(news));
        }
    }

    [LoggerMessage(EventName = "SubscriberFailed", Level = LogLevel.Error, Message = "{Subscriber} failed on event {Event}")]
    private partial void LogSubscriberFailed(Exception e, string subscriber, string @event);

    [LoggerMessage(EventName = "NotifierFailed", Level = LogLevel.Error, Message = "{Count} stored notifications were not taken for delivery")]
    private partial void LogNotifierFailed(Exception e, int count);
}
