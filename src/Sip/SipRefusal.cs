using System.Collections.Immutable;

namespace Switchhook.Sip;

/// <summary>An answer to an INVITE for which nothing is made: no transaction, no timer (RFC 3261 §8.2.7).</summary>
/// <param name="Status">300 to 699.</param>
/// <param name="Headers">Names and values of the rows to add, for example Retry-After and Reason.</param>
public sealed record SipRefusal(int Status, ImmutableArray<(string Name, string Value)> Headers);
