using System.Net;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transactions;

/// <summary>A network of lists: what the stack sends is kept, what a test queues arrives at the next poll.</summary>
internal sealed class FakeTransport : ISipTransport
{
    private readonly Queue<Action<ISipTransportSink>> _arrivals = new();

    public IReadOnlyList<SipListener> Listeners { get; } =
    [
        new SipListener(0, SipTransportKind.Udp, SipEndpoint.From(IPEndPoint.Parse("198.51.100.1:5060")), "198.51.100.1", 5060),
        new SipListener(1, SipTransportKind.Tcp, SipEndpoint.From(IPEndPoint.Parse("198.51.100.1:5060")), "198.51.100.1", 5060),
    ];

    public List<(SipFlow Flow, SipMessage Message)> Sent { get; } = [];

    /// <summary>What sending on a flow comes to.</summary>
    public Func<SipFlow, SendResult> Outcome { get; set; } = _ => SendResult.Sent;

    public long LastDeadline { get; private set; }

    public int Poll(long deadline, ISipTransportSink sink)
    {
        LastDeadline = deadline;
        var count = _arrivals.Count;
        for (var i = 0; i < count; i++) _arrivals.Dequeue()(sink);
        return count;
    }

    public void Wake()
    {
    }

    public SendResult Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        var result = Outcome(flow);
        _ = SipParser.TryParse(message, SipLimits.Default, out var parsed); // the answer to a malformed request repeats its faults
        if (result == SendResult.Sent) Sent.Add((flow, parsed!));
        return result;
    }

    public SipListener? ListenerFor(in SipFlow flow) => Listeners[flow.Kind == SipTransportKind.Udp ? 0 : 1];

    public void Arrive(SipFlow flow, ReadOnlyMemory<byte> bytes) => _arrivals.Enqueue(sink => sink.OnMessage(flow, bytes.Span));

    public void Fail(SipFlow flow, TransportFault fault) => _arrivals.Enqueue(sink => sink.OnFailed(flow, fault));
}
