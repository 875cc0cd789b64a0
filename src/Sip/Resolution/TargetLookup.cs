using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Resolution;

/// <summary>One round of a selection: what was found, what is missing, and how long it holds.</summary>
internal sealed class TargetLookup(TargetPolicy policy, Func<DnsQuestion, DnsAnswer?> answers)
{
    /// <summary>Of the SRV or NAPTR records of one name no more are followed: each may cost two questions.</summary>
    public const int MostRecords = 16;

    private readonly List<DnsQuestion> _missing = [];
    private bool _isCertain = true;

    /// <summary>The shortest time to live of what was used.</summary>
    public TimeSpan TimeToLive { get; private set; } = TimeSpan.MaxValue;

    /// <summary>True when something has to be asked before the result means anything.</summary>
    public bool IsWaiting => _missing.Count > 0;

    /// <summary>True when there were SRV records, be it those that deny the service.</summary>
    public bool SawServices { get; private set; }

    /// <summary>The answer, or null: then it is among the missing.</summary>
    public DnsAnswer? Ask(string name, DnsType type)
    {
        var question = new DnsQuestion(name, type);
        if (answers(question) is not { } answer)
        {
            if (!_missing.Contains(question)) _missing.Add(question);
            return null;
        }

        if (answer.TimeToLive < TimeToLive) TimeToLive = answer.TimeToLive;
        _isCertain &= answer.IsDefinite;
        return answer;
    }

    /// <summary>The hosts of a service, by SRV and then A and AAAA (RFC 3263 §4.2).</summary>
    public TargetService Services(string serviceName, SipTransportKind kind)
    {
        if (Ask(serviceName, DnsType.Srv) is not { } answer) return new TargetService(kind, []);
        var records = answer.Records.OfType<DnsRecord.Service>().ToList();
        SawServices |= records.Count > 0;
        return new TargetService(kind,
        [
            // An empty target denies the service (RFC 2782).
            .. records.Where(static r => r is { Target.Length: > 0, Port: > 0 }).OrderBy(static r => r.Priority).Take(MostRecords)
                .Select(r => new TargetHost(r.Priority, r.Weight, Addresses(r.Target, r.Port))),
        ]);
    }

    /// <summary>The host by its own addresses, A and AAAA alone.</summary>
    public TargetService Plain(string host, int port, SipTransportKind kind) => new(kind, [new TargetHost(0, 0, Addresses(host, port))]);

    /// <summary>What came of the round.</summary>
    public TargetStep Outcome(IReadOnlyList<TargetService> services)
    {
        if (IsWaiting) return new TargetStep.Ask([.. _missing]);
        var found = services
            .Select(static s => s with { Hosts = [.. s.Hosts.Where(static h => !h.Addresses.IsEmpty)] })
            .Where(static s => !s.Hosts.IsEmpty).ToImmutableArray();
        if (!found.IsEmpty) return new TargetStep.Found(new TargetSet(found, TimeToLive, _isCertain));
        return new TargetStep.Nowhere(_isCertain ? TargetFault.NotFound : TargetFault.Unanswered, TimeToLive);
    }

    private ImmutableArray<SipEndpoint> Addresses(string host, int port)
    {
        var first = policy.PreferIPv6 ? DnsType.Aaaa : DnsType.A;
        var second = policy.PreferIPv6 ? DnsType.A : DnsType.Aaaa;
        return [.. Addresses(host, port, first), .. Addresses(host, port, second)];
    }

    private IEnumerable<SipEndpoint> Addresses(string host, int port, DnsType type)
    {
        if (!(type == DnsType.A ? policy.IPv4 : policy.IPv6) || Ask(host, type) is not { } answer) return [];
        return answer.Records.OfType<DnsRecord.Address>().Where(static r => CanBeCalled(r.Value)).Select(r => SipEndpoint.From(r.Value, port));
    }

    /// <summary>A zone may say 0.0.0.0 or a group; a request goes to neither.</summary>
    private static bool CanBeCalled(IPAddress address) =>
        !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.Broadcast)
        && !address.IsIPv6Multicast && !address.IsIPv4MappedToIPv6
        && !(address.AddressFamily == AddressFamily.InterNetwork && (address.GetAddressBytes()[0] & 0xF0) == 0xE0);
}
