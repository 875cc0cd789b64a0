using Switchhook.Calls.Causes;

namespace Switchhook.Exchange;

/// <summary>What the exchange can be measured by; a copy, cheap to take.</summary>
public sealed record ExchangeFigures
{
    /// <summary>Live things by kind: <c>call</c>, <c>leg</c>, <c>dialog</c>, <c>transaction</c>, <c>timer</c>, <c>rtp_port</c>, <c>script</c> … All zero after load.</summary>
    public required IReadOnlyDictionary<string, long> Live { get; init; }
    public required IReadOnlyDictionary<(HangupCause Cause, string By), long> CallsEnded { get; init; }

    /// <summary>SIP messages by direction (<c>in</c>, <c>out</c>) and method or status.</summary>
    public required IReadOnlyDictionary<(string Direction, string MethodOrStatus), long> SipMessages { get; init; }
    public required IReadOnlyDictionary<string, long> SipRejected { get; init; }
    /// <summary>Transactions of registrations and probes of ours: apart from <see cref="Live"/>, since they come without load.</summary>
    public long LiveUpkeep { get; init; }

    /// <summary>By trunk: whether it is usable as far as that is known.</summary>
    public IReadOnlyDictionary<string, bool> TrunksUp { get; init; } = new Dictionary<string, bool>();

    /// <summary>Changes of calls that are not stored yet.</summary>
    public long LogWaiting { get; init; }

    /// <summary>Writes to the log that failed and were tried again.</summary>
    public long LogFailures { get; init; }
    public required long RtpPacketsReceived { get; init; }
    public required long RtpPacketsSent { get; init; }
    public required long RtpLateTicks { get; init; }

    /// <summary>Request accepted to hangup message handed to the transport, counts per bucket; the bounds are <see cref="HangupBuckets"/> seconds, the last is +Inf.</summary>
    public required IReadOnlyList<long> HangupSeconds { get; init; }
    public required double HangupSecondsSum { get; init; }

    public static IReadOnlyList<double> HangupBuckets { get; } = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
}
