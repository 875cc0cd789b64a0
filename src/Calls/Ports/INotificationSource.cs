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

/// <summary>
/// As <see cref="INotificationSource"/>, for phones that come and go. Asked in order on the thread that writes the log; what is to be told is
/// stored right after.
/// </summary>
public interface IRegistrationNotificationSource
{
    /// <summary>Told once, before anything is asked.</summary>
    /// <param name="registered">Where the phones are that are registered already, also those that lapsed while the program was not there: that is asked next.</param>
    void Begin(IReadOnlyList<StoredBinding> registered);

    /// <param name="extension">Whose bindings were replaced, only refreshed, or have expired.</param>
    /// <param name="bindings">What they are now, the preferred one first; empty when the last one went.</param>
    /// <param name="notifications">Takes what is to be told.</param>
    void Collect(string extension, IReadOnlyList<StoredBinding> bindings, ICollection<Notification> notifications);
}
