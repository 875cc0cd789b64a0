namespace Switchhook.Server.Speech;

/// <summary>Speech by voice and text, up to so many octets; what was used longest ago goes first. Safe from any thread.</summary>
internal sealed class SpeechCache(long octets)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Voice, string Text), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private long _held;

    public ReadOnlyMemory<byte>? Find(string voice, string text)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue((voice, text), out var node))
                return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Wav;
        }
    }

    public void Keep(string voice, string text, ReadOnlyMemory<byte> wav)
    {
        lock (_gate)
        {
            if (wav.Length > octets || _entries.ContainsKey((voice, text)))
                return;
            _entries[(voice, text)] = _byUse.AddFirst(new Entry((voice, text), wav));
            _held += wav.Length;
            while (_held > octets && _byUse.Last is { } oldest)
            {
                _byUse.RemoveLast();
                _entries.Remove(oldest.Value.Key);
                _held -= oldest.Value.Wav.Length;
            }
        }
    }

    private sealed record Entry((string Voice, string Text) Key, ReadOnlyMemory<byte> Wav);
}
