using System.Collections.Concurrent;
using Switchhook.Calls.Ports;

namespace Switchhook.Server.Tests.Native;

/// <summary>Keys in memory, which may fail.</summary>
internal sealed class MemoryRequestKeys : IRequestKeys
{
    private readonly ConcurrentDictionary<RequestKey, KeptRequest> _kept = new();

    public bool TakesNothing { get; set; }
    public bool KeepsNothing { get; set; }

    public ICollection<RequestKey> Keys => _kept.Keys;

    public ValueTask<KeptRequest?> TakeAsync(RequestKey key, string digest, DateTimeOffset now, CancellationToken cancellation)
    {
        if (TakesNothing)
            throw new StorageUnavailableException("The disk is full.");
        var mine = new KeptRequest(digest, null);
        var kept = _kept.GetOrAdd(key, mine);
        return ValueTask.FromResult(ReferenceEquals(kept, mine) ? null : kept);
    }

    public void Answer(RequestKey key, RequestAnswer answer)
    {
        if (KeepsNothing)
            throw new StorageUnavailableException("The disk is full.");
        _kept[key] = _kept[key] with { Answer = answer };
    }

    public void Free(RequestKey key)
    {
        if (KeepsNothing)
            throw new StorageUnavailableException("The disk is full.");
        _kept.TryRemove(key, out _);
    }
}
