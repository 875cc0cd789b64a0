using Switchhook.Sip.Resolution;

namespace Switchhook.Sip.Transport.Dns;

/// <summary>Answers for as long as they hold, absences among them (RFC 2308). When full, what was used longest ago goes. Not thread-safe.</summary>
internal sealed class DnsCache(int capacity, TimeProvider time)
{
    /// <summary>Nothing is believed for longer, whatever its time to live (RFC 8767 §4 recommends a bound of days; calls want less).</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Dictionary<DnsQuestion, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];

    public int Count => _entries.Count;

    /// <summary>The answer with what is left of its time to live; null when there is none any more.</summary>
    public DnsAnswer? Find(in DnsQuestion question)
    {
        if (!_entries.TryGetValue(question, out var node)) return null;
        var left = node.Value.Lifetime - time.GetElapsedTime(node.Value.Since);
        _byUse.Remove(node);
        if (left <= TimeSpan.Zero)
        {
            _entries.Remove(question);
            return null;
        }

        _byUse.AddFirst(node);
        return node.Value.Answer with { TimeToLive = left };
    }

    /// <summary>Remembers an answer; one with no time to live is not.</summary>
    public void Add(in DnsQuestion question, DnsAnswer answer)
    {
        if (_entries.Remove(question, out var before)) _byUse.Remove(before);
        if (answer.TimeToLive <= TimeSpan.Zero) return;
        if (_entries.Count >= capacity)
        {
            _entries.Remove(_byUse.Last!.Value.Question);
            _byUse.RemoveLast();
        }

        var lifetime = answer.TimeToLive < Longest ? answer.TimeToLive : Longest;
        _entries[question] = _byUse.AddFirst(new Entry(question, answer, time.GetTimestamp(), lifetime));
    }

    private sealed record Entry(DnsQuestion Question, DnsAnswer Answer, long Since, TimeSpan Lifetime);
}
