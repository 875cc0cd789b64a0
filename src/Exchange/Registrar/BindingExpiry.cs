using Switchhook.Calls.Ports;
using Switchhook.Sip.Transactions;

namespace Switchhook.Exchange.Registrar;

/// <summary>
/// Nobody tells that a binding has expired (RFC 3261 §10.3): one timer of each registered extension does, at the first end among its bindings. For
/// the shard's thread.
/// </summary>
/// <param name="bindings">All there are.</param>
/// <param name="timers">Those that belong to no call.</param>
/// <param name="time">The clock the bindings end by.</param>
/// <param name="keep">Stores what an extension has left.</param>
internal sealed class BindingExpiry(Bindings bindings, TimerWheel timers, TimeProvider time, Action<string, IReadOnlyList<StoredBinding>> keep)
{
    private readonly Dictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);

    /// <summary>An extension's bindings were replaced.</summary>
    public void OnChange(string extension)
    {
        DateTimeOffset? first = null;
        foreach (var binding in bindings.Find(extension))
            first = first < binding.Stored.ExpiresAt ? first : binding.Stored.ExpiresAt;
        if (first is { } end)
        {
            if (!_waiting.TryGetValue(extension, out var waiting))
                _waiting[extension] = waiting = new Waiting(this, extension);
            timers.Restart(ref waiting.Timer, end - time.GetUtcNow() + TimeSpan.FromMilliseconds(1), waiting, 0);
        }
        else if (_waiting.Remove(extension, out var over))
            timers.Cancel(ref over.Timer);
    }

    private void Expire(string extension)
    {
        bindings.Replace(extension, bindings.Find(extension));
        keep(extension, bindings.Of(extension));
    }

    private sealed class Waiting(BindingExpiry expiry, string extension) : ITimed
    {
        public TimerHandle Timer;

        public void OnTimer(int timer)
        {
            Timer = default;
            expiry.Expire(extension);
        }
    }
}
