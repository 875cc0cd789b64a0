namespace Switchhook.Calls.Ports;

/// <summary>Hears every event after it was made durable, one at a time, in the order of the log. Must return at once: it may queue, never wait.</summary>
public interface IEventSubscriber
{
    void On(LoggedEvent happened);
}
