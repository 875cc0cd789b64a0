using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>A request outside every dialog to send: REGISTER, OPTIONS, MESSAGE (RFC 3261 §8.1).</summary>
public sealed record OutgoingRequest
{
    public required SipMethod Method { get; init; }
    public required string RequestUri { get; init; }
    public required SipAddress From { get; init; }
    public required SipAddress To { get; init; }

    /// <summary>The transport and address it is sent to.</summary>
    public required SipFlow Flow { get; init; }

    /// <summary>The Call-ID; the same for all REGISTERs of one registration (§10.2.4).</summary>
    public required string CallId { get; init; }

    /// <summary>The CSeq number; one more for each request with the same Call-ID.</summary>
    public required uint Sequence { get; init; }

    /// <summary>The user part of our Contact; null for no Contact.</summary>
    public string? ContactUser { get; init; }

    /// <summary>
    /// True for what keeps a peer known or reachable and serves no call, such as a registration of ours or a probe: its transaction is
    /// counted apart, and its timers run on the second wheel.
    /// </summary>
    public bool IsUpkeep { get; init; }

    /// <summary>The preloaded Route set (§8.1.1.1), each with angle brackets.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>How far it may go; less than usual when it goes on from a request that came to us (§16.6 step 3).</summary>
    public int MaxForwards { get; init; } = SipUserAgent.UsualHops;

    /// <summary>The type of the body.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>The body; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Further rows: Expires, Authorization …</summary>
    public IReadOnlyList<SipHeaderLine> Headers { get; init; } = [];
}

/// <summary>Told what came of a request outside every dialog, on the stack's thread.</summary>
public interface IRequestUser
{
    /// <summary>A response; the last one is final.</summary>
    void OnResponse(SipRequest request, SipResponse response);

    /// <summary>No final response came.</summary>
    void OnFailed(SipRequest request, TransactionFailure failure);
}
