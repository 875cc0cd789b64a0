using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Switchhook.Calls.Directory;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Resolution;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Routing;

/// <summary>
/// Where trunks are (RFC 3263) and which networks they call from. Names are looked up off the shard and again when what was said expires;
/// the shard only reads what is known.
/// </summary>
/// <param name="directory">Which trunks there are.</param>
/// <param name="finder">Asks the DNS.</param>
/// <param name="random">Shares requests among hosts of one priority; used on the shard's thread alone.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told of hosts that are not found.</param>
/// <param name="resolver">What is behind the finder when it ends with this.</param>
internal sealed partial class TrunkAddresses(
    IDirectory directory, TargetFinder finder, IRandomSource random, TimeProvider time, ILogger log, IDisposable? resolver = null) : IDisposable
{
    private const int MostFailed = 1024;
    private static readonly TimeSpan AvoidFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestAvoided = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<TrunkHost, Known> _known = new();
    private readonly Dictionary<SipEndpoint, DateTimeOffset> _failed = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _log = log;
    private CallDirectory? _parsedFrom;
    private List<(IPNetwork Network, Trunk Trunk)> _networks = [];
    private Task _refreshing = Task.CompletedTask;

    /// <summary>Starts looking names up.</summary>
    public void Start() => _refreshing = Task.Run(RefreshAsync);

    /// <summary>
    /// The places the next request to the trunk may go to, in order: as the DNS ranks them, those that failed lately behind the others. Null
    /// while none is known. On the shard's thread.
    /// </summary>
    public TargetList? Find(Trunk trunk)
    {
        var targets = ImmutableArray.CreateBuilder<SipTarget>();
        foreach (var host in HostsOf(trunk))
            targets.AddRange(Find(host).Where(t => !targets.Contains(t)));
        if (targets.Count == 0)
            return null;
        ForgetOldFailures();
        return new TargetList(_failed.Count == 0
            ? targets.ToImmutable()
            : [.. targets.OrderBy(t => _failed.GetValueOrDefault(t.Remote, DateTimeOffset.MinValue))]);
    }

    /// <summary>
    /// A request to that address was answered 503, timed out or could not be sent: for a while others are tried before it (RFC 3263 §4.3,
    /// RFC 3261 §21.5.4). On the shard's thread.
    /// </summary>
    /// <param name="address">Where it was sent.</param>
    /// <param name="lasting">The Retry-After of a 503; a minute unless given, an hour at most.</param>
    public void Failed(SipEndpoint address, TimeSpan? lasting = null)
    {
        ForgetOldFailures();
        if (_failed.Count >= MostFailed && !_failed.ContainsKey(address))
            return;
        var avoided = lasting ?? AvoidFor;
        _failed[address] = time.GetUtcNow() + (avoided < LongestAvoided ? avoided : LongestAvoided);
    }

    /// <summary>A request to that address was answered after all.</summary>
    public void Recovered(SipEndpoint address) => _failed.Remove(address);

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
        resolver?.Dispose();
    }

    private static SipTransportKind TransportOf(Trunk trunk) =>
        trunk.Transport.Equals("tcp", StringComparison.OrdinalIgnoreCase) ? SipTransportKind.Tcp : SipTransportKind.Udp;

    private ImmutableArray<SipTarget> Find(TrunkHost host)
    {
        if (IPAddress.TryParse(host.Host, out var literal))
            return [new SipTarget(host.Transport, SipEndpoint.From(literal, host.Port > 0 ? host.Port : host.Transport.DefaultPort()))];
        return _known.TryGetValue(host, out var known) && known.Targets is { } targets ? targets.Draw(random).Targets : [];
    }

    /// <summary>The trunk's own host, then the further ones by priority.</summary>
    private static IEnumerable<TrunkHost> HostsOf(Trunk trunk)
    {
        var transport = TransportOf(trunk);
        return trunk.Hosts.OrderBy(static h => h.Priority).Select(h => new TrunkHost(h.Host, h.Port, transport)).Prepend(new TrunkHost(trunk.Host, trunk.Port, transport));
    }

    private void ForgetOldFailures()
    {
        var now = time.GetUtcNow();
        foreach (var (address, until) in _failed)
        {
            if (until <= now)
                _failed.Remove(address);
        }
    }

    private void Parse(CallDirectory current)
    {
        _networks = [];
        foreach (var trunk in current.Provisioning.Trunks)
        {
            foreach (var text in trunk.From.IsEmpty ? HostsOf(trunk).Select(static h => h.Host) : trunk.From)
            {
                if (IPNetwork.TryParse(text, out var network))
                    _networks.Add((network, trunk));
                else if (IPAddress.TryParse(text, out var address))
                    _networks.Add((new IPNetwork(address, address.GetAddressBytes().Length * 8), trunk));
            }
        }
        _parsedFrom = current;
    }

    /// <summary>What of a trunk its addresses depend on.</summary>
    private readonly record struct TrunkHost(string Host, int Port, SipTransportKind Transport);

    /// <summary>What the DNS said last, and when it is asked again.</summary>
    private sealed record Known(TargetSet? Targets, TargetFault Fault, DateTimeOffset AskAgainAt);
}
