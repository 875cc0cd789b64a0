using Switchhook.Calls.Events;

namespace Switchhook.Calls.Ports;

/// <summary>
/// Says who is to be told of an event, and what. Asked once for each event, in order, on the thread that writes the log, before the event is
/// stored: the notifications become durable in the same write. Must return at once and change nothing outside.
/// </summary>
public interface INotificationSource
{
    void Collect(CallEvent happened, ICollection<Notification> notifications);
}
