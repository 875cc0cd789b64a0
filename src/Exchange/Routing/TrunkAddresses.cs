using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Switchhook.Calls.Directory;

namespace Switchhook.Exchange.Routing;

/// <summary>
/// Addresses of trunk hosts and the networks trunks call from. Names are looked up off the shard, at start and every minute; the shard only
/// reads what is known.
/// </summary>
internal sealed partial class TrunkAddresses(IDirectory directory, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, IPAddress> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _log = log;
    private CallDirectory? _parsedFrom;
    private List<(IPNetwork Network, Trunk Trunk)> _networks = [];
    private Task _refreshing = Task.CompletedTask;

    /// <summary>Starts looking names up.</summary>
    public void Start() => _refreshing = Task.Run(RefreshAsync);

    /// <summary>The host's address, or null while it is not known.</summary>
    public IPAddress? Find(Trunk trunk) => IPAddress.TryParse(trunk.Host, out var literal) ? literal : _known.GetValueOrDefault(trunk.Host);

    /// <summary>The trunk that calls from this address, or null. On the shard's thread.</summary>
    public Trunk? From(IPAddress source)
    {
        var current = directory.Current;
        if (!ReferenceEquals(current, _parsedFrom))
            Parse(current);
        var address = source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source;
        (IPNetwork Network, Trunk Trunk)? best = null;
        foreach (var entry in _networks)
        {
            if (entry.Network.Contains(address) && (best is null || entry.Network.PrefixLength > best.Value.Network.PrefixLength))
                best = entry;
        }
        return best?.Trunk;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _refreshing.Wait();
        _stop.Dispose();
    }

    private void Parse(CallDirectory current)
    {
        _networks = [];
        foreach (var trunk in current.Provisioning.Trunks)
        {
            foreach (var text in trunk.From.IsEmpty ? [trunk.Host] : trunk.From)
            {
                if (IPNetwork.TryParse(text, out var network))
                    _networks.Add((network, trunk));
                else if (IPAddress.TryParse(text, out var address))
                    _networks.Add((new IPNetwork(address, address.GetAddressBytes().Length * 8), trunk));
            }
        }
        _parsedFrom = current;
    }

    private async Task RefreshAsync()
    {
        using var timer = new PeriodicTimer(Refresh, time);
        try
        {
            do
            {
                foreach (var trunk in directory.Current.Provisioning.Trunks)
                {
                    if (!IPAddress.TryParse(trunk.Host, out _))
                        await LookUpAsync(trunk.Host).ConfigureAwait(false);
                }
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends.
        }
    }

    private async Task LookUpAsync(string host)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, _stop.Token).ConfigureAwait(false);
            if (addresses.Length > 0)
                _known[host] = addresses[0];
        }
        // A host too long to be one is refused with an ArgumentException.
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ArgumentException)
        {
            LogNotFound(host, e.Message);
        }
    }

    [LoggerMessage(EventName = "TrunkHostNotFound", Level = LogLevel.Warning, Message = "the trunk host {Host} was not found: {Reason}")]
    private partial void LogNotFound(string host, string reason);
}
