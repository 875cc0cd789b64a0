using System.Globalization;
using System.Text;

namespace Switchhook.TestKit.Sip;

/// <summary>One message as it was sent or received.</summary>
public sealed record WireLogEntry(DateTimeOffset At, bool Sent, string Text)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var at = At.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        return $"{at} {(Sent ? "phone -> server" : "server -> phone")}\n{Text}";
    }
}

/// <summary>What a phone sent and received; the oldest goes when there is too much.</summary>
internal sealed class WireLog
{
    private const int Capacity = 4_000;
    private const int Shown = 30;

    private readonly Lock _lock = new();
    private readonly Queue<WireLogEntry> _entries = [];
    private readonly List<WireMessage> _received = [];

    public IReadOnlyList<WireLogEntry> Entries
    {
        get
        {
            lock (_lock)
                return [.. _entries];
        }
    }

    public void Sent(ReadOnlySpan<byte> bytes) => Add(sent: true, bytes);

    public void Received(ReadOnlySpan<byte> bytes) => Add(sent: false, bytes);

    public void Received(WireMessage message)
    {
        lock (_lock)
        {
            _received.Add(message);
            if (_received.Count > Capacity)
                _received.RemoveAt(0);
        }
    }

    public int CountReceived(Func<WireMessage, bool> kind)
    {
        lock (_lock)
            return _received.Count(kind);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var entries = Entries;
        var text = new StringBuilder();
        if (entries.Count > Shown)
            text.Append(CultureInfo.InvariantCulture, $"… {entries.Count - Shown} earlier messages\n");
        foreach (var entry in entries.TakeLast(Shown))
            text.Append(entry).Append('\n');
        return text.ToString();
    }

    private void Add(bool sent, ReadOnlySpan<byte> bytes)
    {
        var entry = new WireLogEntry(TimeProvider.System.GetUtcNow(), sent, Encoding.Latin1.GetString(bytes));
        lock (_lock)
        {
            _entries.Enqueue(entry);
            if (_entries.Count > Capacity)
                _entries.Dequeue();
        }
    }
}
