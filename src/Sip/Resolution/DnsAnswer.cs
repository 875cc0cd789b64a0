using System.Collections.Immutable;

namespace Switchhook.Sip.Resolution;

/// <summary>How a question to the DNS ended.</summary>
public enum DnsOutcome
{
    /// <summary>There are records of the type.</summary>
    Found,

    /// <summary>The name is known and has none of the type.</summary>
    NoData,

    /// <summary>The name does not exist (RFC 1035 §4.1.1, response code 3).</summary>
    NoSuchName,

    /// <summary>No server answered in time, or none could be reached.</summary>
    Unanswered,

    /// <summary>Servers answered that they cannot or will not say, or made no sense.</summary>
    ServerFailure,

    /// <summary>What was asked for is no name that the DNS could hold.</summary>
    InvalidName,

    /// <summary>Too many questions are open; this one was not asked.</summary>
    Overloaded,
}

/// <summary>What the DNS says about a name.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Records">Records of the type asked for, aliases resolved; empty unless found.</param>
/// <param name="TimeToLive">How long this may be relied on; zero when not at all.</param>
public sealed record DnsAnswer(DnsOutcome Outcome, ImmutableArray<DnsRecord> Records, TimeSpan TimeToLive)
{
    /// <summary>True when the answer says how things are, false when it says that nobody could tell.</summary>
    public bool IsDefinite => Outcome is DnsOutcome.Found or DnsOutcome.NoData or DnsOutcome.NoSuchName;

    /// <summary>An answer without records.</summary>
    public static DnsAnswer Without(DnsOutcome outcome, TimeSpan timeToLive = default) => new(outcome, [], timeToLive);
}

/// <summary>Asks the DNS. Never on a shard's thread: it waits for the network.</summary>
public interface IDnsQueries
{
    /// <summary>Records of the type for the name. Failures are outcomes; only the caller's own cancellation is thrown.</summary>
    ValueTask<DnsAnswer> QueryAsync(string name, DnsType type, CancellationToken cancellation);
}
