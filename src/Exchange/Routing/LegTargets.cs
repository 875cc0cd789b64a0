using System.Collections.Immutable;
using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Hangup;
using Switchhook.Exchange.Registrar;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Resolution;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Routing;

/// <summary>Where an INVITE goes on the wire.</summary>
/// <param name="RequestUri">What it asks for.</param>
/// <param name="ToUri">Whom it is meant for.</param>
/// <param name="Flow">The way there.</param>
/// <param name="Credentials">What a challenge is answered with.</param>
/// <param name="StayOnFlow">True when the URIs of the dialog are not to be followed.</param>
/// <param name="Route">The proxies on the way (RFC 3327 §5.4), as the value of a Route header; null for none.</param>
/// <param name="Targets">Where else it may go when this way fails (RFC 3263 §4.3); <paramref name="Flow"/> leads to the first. Null: nowhere.</param>
internal sealed record Destination(
    string RequestUri, string ToUri, SipFlow Flow, DigestLogin? Credentials = null, bool StayOnFlow = false, string? Route = null, TargetList? Targets = null)
{
    /// <summary>True when it wants to make the offer itself.</summary>
    public bool LateOffer { get; init; }

    /// <summary>The ways that follow <see cref="Flow"/>.</summary>
    public IReadOnlyList<SipFlow> Elsewhere => Targets is null ? [] : [.. Targets.Targets.Skip(1).Select(static t => t.ToFlow())];
}

/// <summary>Why there is none.</summary>
internal sealed record NoDestination(HangupCause Cause, HangupBy By);

/// <summary>A leg's target to an address: a phone's binding, or a trunk's host. On the shard's thread; never waits.</summary>
internal sealed class LegTargets(IDirectory directory, Bindings bindings, TrunkAddresses trunks, string domain)
{
    private const int MaxPhones = 10;

    /// <summary>Every phone of an extension, so that all of them ring; the target itself when it is another kind or names its phone.</summary>
    public ImmutableArray<LegTarget> Expand(LegTarget target) =>
        target is LegTarget.Extension { Contact: null } extension && bindings.Find(extension.Number) is { Count: > 1 } all
            ? [.. all.Take(MaxPhones).Select(b => new LegTarget.Extension(extension.Number, b.Contact))]
            : [target];

    /// <summary>The plan with every phone of the extension it rings.</summary>
    public CallPlan ExpandPlan(CallPlan plan) =>
        plan is CallPlan.Connect connect && Expand(connect.Target) is [var first, .. var also] ? connect with { Target = first, Also = [.. also] } : plan;

    /// <summary>The trunk of that name as it is provisioned now, or null.</summary>
    public Trunk? Trunk(string name) => directory.Current.Trunk(name);

    /// <summary>What a challenge of that trunk is answered with, whichever side has called; null where it has no credentials.</summary>
    public DigestLogin? LoginOf(string? trunk) => trunk is null ? null : LoginOf(directory.Current.Trunk(trunk));

    /// <summary>A trunk does not answer at that place.</summary>
    public void PlaceFailed(in SipFlow place) => trunks.Failed(place.Remote);

    /// <summary>False when the target exists no longer. True with a refusal when it exists and cannot be reached now.</summary>
    public bool TryFind(LegTarget target, out Destination destination, out NoDestination? refusal)
    {
        (destination, refusal) = (null!, null);
        switch (target)
        {
            case LegTarget.Extension extension:
                if (Find(extension) is not { } binding)
                    return false;
                var aor = $"sip:{SipNumbers.Escape(extension.Number)}@{domain}";
                destination = binding.Stored.Path is { } path
                    ? new Destination(binding.Contact, aor, NextHop.ForRoute(path, binding.Flow), Route: path)
                    : new Destination(binding.Contact, aor, binding.Flow, StayOnFlow: true);
                return true;
            case LegTarget.Trunk to:
                if (directory.Current.Trunk(to.Name) is not { } trunk)
                    return false;
                if (trunks.Find(trunk) is not { Current: { } first } targets)
                {
                    refusal = new NoDestination(HangupCause.NetworkOutOfOrder, new HangupBy.Fault($"trunk host '{trunk.Host}' has no address"));
                    return true;
                }
                var host = trunk.Host.Contains(':', StringComparison.Ordinal) ? $"[{trunk.Host}]" : trunk.Host;
                var port = trunk.Port > 0 ? string.Create(CultureInfo.InvariantCulture, $":{trunk.Port}") : "";
                var uri = $"sip:{SipNumbers.Escape(to.Number)}@{host}{port}{(first.Transport == SipTransportKind.Tcp ? ";transport=tcp" : "")}";
                destination = new Destination(uri, uri, first.ToFlow(), LoginOf(trunk), Targets: targets) { LateOffer = trunk.LateOffer };
                return true;
            default:
                return false;
        }
    }

    private static DigestLogin? LoginOf(Trunk? trunk) => trunk is { User: { } user, Secret: { } secret } ? new DigestLogin(user, secret) : null;

    private Binding? Find(LegTarget.Extension extension) => extension.Contact is { } contact
        ? bindings.Find(extension.Number).FirstOrDefault(b => b.Contact == contact)
        : bindings.Best(extension.Number);
}
