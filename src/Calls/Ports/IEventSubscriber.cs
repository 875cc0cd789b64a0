using Switchhook.Calls.Events;

namespace Switchhook.Calls.Ports;

/// <summary>Hears every event after it was made durable, one at a time, in order per call. Must return at once: it may queue, never wait.</summary>
public interface IEventSubscriber
{
    void On(CallEvent happened);
}
