using System.Collections.Immutable;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Resolution;

/// <summary>
/// From what is looked for and what the DNS has said so far to the servers, or to what has to be asked next (RFC 3263 §4). A function:
/// it is called again with more answers until it asks nothing.
/// </summary>
public static class TargetSelection
{
    /// <summary>One round of it.</summary>
    /// <param name="question">What is looked for.</param>
    /// <param name="policy">What this element can send over.</param>
    /// <param name="answers">What the DNS says; null for a question that has not been asked.</param>
    public static TargetStep Select(TargetQuestion question, TargetPolicy policy, Func<DnsQuestion, DnsAnswer?> answers)
    {
        if (question.Transport is { } named && !policy.Transports.Contains(named)) return Nowhere(TargetFault.UnsupportedTransport);
        if (question.Transport is null && Otherwise(question, policy) is null) return Nowhere(TargetFault.UnsupportedTransport);

        var lookup = new TargetLookup(policy, answers);
        List<TargetService>? services = (question.Address, question.Port, question.Transport) switch
        {
            ({ } address, _, _) => [Literal(question, policy, address)],
            (_, > 0, _) => [lookup.Plain(question.Host, question.Port, KindOf(question, policy))],
            (_, _, { } kind) => Services(lookup, question, policy, [kind]),
            _ => ByRules(lookup, question, policy),
        };
        return services is null ? Nowhere(TargetFault.UnsupportedTransport, lookup.TimeToLive) : lookup.Outcome(services);
    }

    /// <summary>No transport and no port: the domain's own order of services (§4.1); without one, whichever services it has.</summary>
    private static List<TargetService>? ByRules(TargetLookup lookup, TargetQuestion question, TargetPolicy policy)
    {
        if (lookup.Ask(question.Host, DnsType.Naptr) is not { } answer) return [];
        if (answer.Records.IsEmpty) return Services(lookup, question, policy, [.. policy.Transports.Where(t => Serves(question, t))]);

        var rules = answer.Records.OfType<DnsRecord.Rule>()
            .Where(r => ServiceRules.TransportOf(r) is { } t && Serves(question, t, bySip: true) && policy.Transports.Contains(t))
            .OrderBy(static r => r.Order).ThenBy(static r => r.Preference).Take(TargetLookup.MostRecords).ToList();
        if (rules.Count == 0) return null;

        // A higher order counts only when nothing of the lower ones leads anywhere (RFC 3403 §4.1).
        foreach (var equals in rules.GroupBy(static r => r.Order))
        {
            var services = equals.Select(r => lookup.Services(r.Replacement, ServiceRules.TransportOf(r)!.Value)).ToList();
            if (lookup.IsWaiting || services.Exists(static s => s.Hosts.Any(static h => !h.Addresses.IsEmpty))) return services;
        }

        return [];
    }

    /// <summary>SRV for each transport that may be used; when there is none at all, the host itself (§4.1, §4.2).</summary>
    private static List<TargetService> Services(
        TargetLookup lookup, TargetQuestion question, TargetPolicy policy, ImmutableArray<SipTransportKind> kinds)
    {
        List<TargetService> services = [];
        foreach (var kind in kinds)
        {
            if (ServiceRules.ServiceName(kind, question.Host) is { } name) services.Add(lookup.Services(name, kind));
        }

        if (lookup.IsWaiting || lookup.SawServices) return services;
        var otherwise = KindOf(question, policy);
        return [lookup.Plain(question.Host, otherwise.DefaultPort(), otherwise)];
    }

    private static TargetService Literal(TargetQuestion question, TargetPolicy policy, System.Net.IPAddress address)
    {
        var kind = KindOf(question, policy);
        var port = question.Port > 0 ? question.Port : kind.DefaultPort();
        return new TargetService(kind, [new TargetHost(0, 0, [SipEndpoint.From(address, port)])]);
    }

    private static SipTransportKind KindOf(TargetQuestion question, TargetPolicy policy) => question.Transport ?? Otherwise(question, policy)!.Value;

    /// <summary>UDP for <c>sip:</c> and TLS for <c>sips:</c> (§4.1); an element without UDP takes what it speaks.</summary>
    private static SipTransportKind? Otherwise(TargetQuestion question, TargetPolicy policy)
    {
        var usual = question.IsSecure ? SipTransportKind.Tls : SipTransportKind.Udp;
        if (policy.Transports.Contains(usual)) return usual;
        foreach (var kind in policy.Transports)
        {
            if (Serves(question, kind)) return kind;
        }

        return null;
    }

    /// <summary>
    /// A <c>sips:</c> URI goes over TLS alone; a <c>sip:</c> one is not looked for under the names of secure services, yet goes there when
    /// the domain's own rules say so (§4.1).
    /// </summary>
    private static bool Serves(TargetQuestion question, SipTransportKind kind, bool bySip = false)
    {
        var secure = kind is SipTransportKind.Tls or SipTransportKind.Wss;
        return question.IsSecure ? secure : bySip || !secure;
    }

    private static TargetStep.Nowhere Nowhere(TargetFault fault, TimeSpan timeToLive = default) => new(fault, timeToLive);
}
