using System.Collections.Concurrent;
using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Subscriptions;

/// <summary>Counts kept in memory: none for anybody until someone sets them. Safe from any thread.</summary>
public sealed class MessageCountBoard : IMessageCounts
{
    private readonly ConcurrentDictionary<string, MessageCounts> _counts = new(StringComparer.Ordinal);
    private volatile Action<string>? _changed;

    /// <inheritdoc/>
    public MessageCounts Of(string extension) => _counts.GetValueOrDefault(extension, MessageCounts.None);

    /// <inheritdoc/>
    public void OnChange(Action<string> changed) => _changed = changed;

    /// <summary>Sets an extension's counts; phones that watch them are told.</summary>
    public void Set(string extension, MessageCounts counts)
    {
        _counts[extension] = counts;
        _changed?.Invoke(extension);
    }
}
