using System.Collections.Immutable;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;

namespace Switchhook.Calls.Ports;

/// <summary>A dialect whose applications take calls to public numbers. Asked on the exchange's own thread: must return at once.</summary>
public interface INumberApplications
{
    /// <summary>What a call to the number does; null when the number is none of the dialect's.</summary>
    NumberOffer? Offer(NumberEntry number, CallDirectory directory, ArrivingCall arriving);
}

/// <summary>What is known of a call that comes in.</summary>
/// <param name="Caller">Who calls.</param>
/// <param name="Headers">What its INVITE says beyond that: <c>X-</c> headers, Diversion, P-Asserted-Identity and P-Preferred-Identity, as they came.</param>
public sealed record ArrivingCall(Party Caller, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <summary>What is to become of it.</summary>
/// <param name="Plan">What it does.</param>
public sealed record NumberOffer(CallPlan Plan)
{
    /// <summary><see cref="Leg.Details"/> of the caller's leg.</summary>
    public ImmutableDictionary<string, string>? Details { get; init; }

    /// <summary>What is done with its audio as soon as it is answered.</summary>
    public ImmutableArray<AudioOrder> OnceAnswered { get; init; } = [];
}
