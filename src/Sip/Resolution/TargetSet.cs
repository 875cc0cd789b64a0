using System.Collections.Immutable;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Resolution;

/// <summary>A host of a service: its place among the others (RFC 2782) and where it is.</summary>
/// <param name="Priority">Lower ones are tried first.</param>
/// <param name="Weight">Its share among hosts of the same priority.</param>
/// <param name="Addresses">With ports, in the order they are tried; may be empty.</param>
public sealed record TargetHost(ushort Priority, ushort Weight, ImmutableArray<SipEndpoint> Addresses);

/// <summary>The hosts that serve a domain over one transport.</summary>
public sealed record TargetService(SipTransportKind Transport, ImmutableArray<TargetHost> Hosts);

/// <summary>
/// Every server of a domain, as the DNS tells it. Each request draws its own order from it, so that the shares of RFC 2782 hold over many
/// requests while nothing is asked again.
/// </summary>
/// <param name="Services">One a transport, the preferred first.</param>
/// <param name="TimeToLive">How long this may be relied on.</param>
/// <param name="IsCertain">False when a server that was asked on the way gave no answer: there may be more, or better ones.</param>
public sealed record TargetSet(ImmutableArray<TargetService> Services, TimeSpan TimeToLive, bool IsCertain)
{
    /// <summary>A request is not tried at more places than this.</summary>
    public const int MostTargets = 32;

    /// <summary>The order for one request.</summary>
    public TargetList Draw(IRandomSource random)
    {
        var targets = ImmutableArray.CreateBuilder<SipTarget>();
        foreach (var service in Services)
        {
            foreach (var host in ServiceOrder.Draw(service.Hosts, random))
            {
                foreach (var address in host.Addresses)
                {
                    var target = new SipTarget(service.Transport, address);
                    if (targets.Count < MostTargets && !targets.Contains(target)) targets.Add(target);
                }
            }
        }

        return new TargetList(targets.ToImmutable());
    }
}
