using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Hangup;
using Switchhook.Exchange.Registrar;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Routing;

/// <summary>Where an INVITE goes on the wire.</summary>
internal sealed record Destination(string RequestUri, string ToUri, SipFlow Flow, DigestLogin? Credentials = null, bool StayOnFlow = false);

/// <summary>Why there is none.</summary>
internal sealed record NoDestination(HangupCause Cause, HangupBy By);

/// <summary>A leg's target to an address: a phone's binding, or a trunk's host. On the shard's thread; never waits.</summary>
internal sealed class LegTargets(IDirectory directory, Bindings bindings, TrunkAddresses trunks, string domain)
{
    /// <summary>False when the target exists no longer. True with a refusal when it exists and cannot be reached now.</summary>
    public bool TryFind(LegTarget target, out Destination destination, out NoDestination? refusal)
    {
        (destination, refusal) = (null!, null);
        switch (target)
        {
            case LegTarget.Extension extension:
                if (bindings.Best(extension.Number) is not { } binding)
                    return false;
                var aor = $"sip:{SipNumbers.Escape(extension.Number)}@{domain}";
                destination = new Destination(binding.Contact, aor, binding.Flow, StayOnFlow: true);
                return true;
            case LegTarget.Trunk to:
                if (directory.Current.Trunk(to.Name) is not { } trunk)
                    return false;
                if (trunks.Find(trunk) is not { } address)
                {
                    refusal = new NoDestination(HangupCause.NetworkOutOfOrder, new HangupBy.Fault($"trunk host '{trunk.Host}' has no address"));
                    return true;
                }
                var kind = trunk.Transport.Equals("tcp", StringComparison.OrdinalIgnoreCase) ? SipTransportKind.Tcp : SipTransportKind.Udp;
                var host = trunk.Host.Contains(':', StringComparison.Ordinal) ? $"[{trunk.Host}]" : trunk.Host;
                var uri = $"sip:{SipNumbers.Escape(to.Number)}@{host}:{trunk.Port}{(kind == SipTransportKind.Tcp ? ";transport=tcp" : "")}";
                var credentials = trunk is { User: { } user, Secret: { } secret } ? new DigestLogin(user, secret) : null;
                destination = new Destination(uri, uri, SipFlow.Toward(kind, SipEndpoint.From(address, trunk.Port)), credentials);
                return true;
            default:
                return false;
        }
    }
}
