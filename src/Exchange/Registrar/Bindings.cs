using System.Collections.Concurrent;
using System.Net;
using Switchhook.Calls.Ports;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Registrar;

/// <summary>One phone's binding (RFC 3261 §10.3) and the flow that reaches it.</summary>
internal sealed record Binding(StoredBinding Stored, SipFlow Flow)
{
    public string Contact => Stored.Contact;

    public static Binding? From(StoredBinding stored)
    {
        var scheme = stored.Source.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || !IPEndPoint.TryParse(stored.Source.AsSpan(scheme + 3), out var remote))
            return null;
        var kind = stored.Source[..scheme] switch
        {
            "tcp" => SipTransportKind.Tcp,
            "tls" => SipTransportKind.Tls,
            "ws" => SipTransportKind.Ws,
            "wss" => SipTransportKind.Wss,
            _ => SipTransportKind.Udp,
        };
        return new Binding(stored, SipFlow.Toward(kind, remote));
    }
}

/// <summary>All bindings: the shard's thread changes them, any thread may read. Lists are replaced, never changed.</summary>
internal sealed class Bindings(TimeProvider time) : IRegistrations
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<Binding>> _byExtension = new(StringComparer.Ordinal);

    /// <summary>Told, on the shard's thread, of each extension whose bindings were replaced.</summary>
    public Action<string>? Changed { get; set; }

    /// <summary>Live bindings of an extension, the preferred first: by q, then the latest.</summary>
    public IReadOnlyList<Binding> Find(string extension)
    {
        if (!_byExtension.TryGetValue(extension, out var all))
            return [];
        var now = time.GetUtcNow();
        foreach (var binding in all)
        {
            if (binding.Stored.ExpiresAt <= now)
                return [.. all.Where(b => b.Stored.ExpiresAt > now)];
        }
        return all;
    }

    /// <summary>The binding to ring, or null.</summary>
    public Binding? Best(string extension) => Find(extension) is [var first, ..] ? first : null;

    /// <summary>Replaces an extension's bindings.</summary>
    public void Replace(string extension, IEnumerable<Binding> bindings)
    {
        List<Binding> ordered = [.. bindings.OrderByDescending(static b => b.Stored.Quality).ThenByDescending(static b => b.Stored.ExpiresAt)];
        if (ordered.Count == 0)
            _byExtension.TryRemove(extension, out _);
        else
            _byExtension[extension] = ordered;
        Changed?.Invoke(extension);
    }

    /// <inheritdoc/>
    public bool IsRegistered(string extension) => Best(extension) is not null;

    /// <inheritdoc/>
    public IReadOnlyList<StoredBinding> Of(string extension) => [.. Find(extension).Select(static b => b.Stored)];
}
