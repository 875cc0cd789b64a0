using System.Collections.Immutable;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Resolution;

/// <summary>One place to send a request to.</summary>
public readonly record struct SipTarget(SipTransportKind Transport, SipEndpoint Remote)
{
    /// <summary>A flow toward it.</summary>
    public SipFlow ToFlow() => SipFlow.Toward(Transport, Remote);
}

/// <summary>
/// The places one request may go to, in order, and how far it has come (RFC 3263 §4.3). A request that moves on is a new transaction: same
/// Call-ID, tag and CSeq rules as any new one, but a new branch.
/// </summary>
/// <param name="Targets">In the order they are tried.</param>
public sealed record TargetList(ImmutableArray<SipTarget> Targets)
{
    private readonly int _at;

    /// <summary>Where the request goes now; null when every place has failed.</summary>
    public SipTarget? Current => _at < Targets.Length ? Targets[_at] : null;

    /// <summary>How many places come after the current one.</summary>
    public int Left => Math.Max(0, Targets.Length - _at - 1);

    /// <summary>The list after the current place failed.</summary>
    public TargetList AfterFailure() => _at < Targets.Length ? new TargetList(this, _at + 1) : this;

    /// <summary>True for the one final response that sends a request to the next place: 503 (RFC 3263 §4.3).</summary>
    public static bool MovesOn(int status) => status == 503;

    /// <summary>True for a transaction that ended without an answer: both ways send the request to the next place (RFC 3263 §4.3).</summary>
    public static bool MovesOn(TransactionFailure failure) => failure switch
    {
        TransactionFailure.TimedOut => true,
        TransactionFailure.Transport => true,
    };

    private TargetList(TargetList list, int at) : this(list) => _at = at;

    /// <inheritdoc/>
    public bool Equals(TargetList? other) => other is not null && _at == other._at && Targets.AsSpan().SequenceEqual(other.Targets.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_at, Targets.Length, Current);
}
