using System.Collections.Immutable;

namespace Switchhook.Sip.Resolution;

/// <summary>How far the selection has come with the answers it has.</summary>
public abstract record TargetStep
{
    private TargetStep() { }

    /// <summary>These have to be asked first; all at once.</summary>
    public sealed record Ask(ImmutableArray<DnsQuestion> Questions) : TargetStep;

    /// <summary>There are servers.</summary>
    public sealed record Found(TargetSet Targets) : TargetStep;

    /// <summary>There are none.</summary>
    /// <param name="Fault">Why.</param>
    /// <param name="TimeToLive">How long that may be relied on.</param>
    public sealed record Nowhere(TargetFault Fault, TimeSpan TimeToLive) : TargetStep;
}
