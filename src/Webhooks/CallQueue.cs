using Switchhook.Calls;
using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks;

/// <summary>The notifications of one call that have not left yet. Guarded by <see cref="PendingNotifications"/>.</summary>
internal sealed class CallQueue(CallId call)
{
    public CallId Call { get; } = call;
    public Queue<Notification> Waiting { get; } = new();
}
