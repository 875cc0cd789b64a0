using Switchhook.Calls;
using Switchhook.Calls.Traces;
using Switchhook.Sip;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Shards;

/// <summary>Counts every SIP message and puts those of calls into their traces. On the shard's thread.</summary>
internal sealed class SipTraceTap(ICallTraces traces, SwitchCounts counts, TimeProvider time) : ISipTrace
{
    private readonly Dictionary<ulong, CallId> _calls = [];

    /// <summary>From now on messages with this one's Call-ID belong to the call.</summary>
    public void Follow(SipMessage first, CallId call, bool received)
    {
        _calls[KeyOf(first)] = call;
        traces.Add(call, new SipTraceEntry(time.GetUtcNow(), received, default, first));
    }

    /// <summary>Messages with this one's Call-ID belong to another call from now on.</summary>
    public void Move(SipMessage message, CallId call)
    {
        if (_calls.ContainsKey(KeyOf(message)))
            _calls[KeyOf(message)] = call;
    }

    /// <summary>The Call-ID is done with.</summary>
    public void Unfollow(SipMessage message) => _calls.Remove(KeyOf(message));

    public void OnReceived(in SipFlow flow, SipMessage message)
    {
        counts.Message(true, message);
        Add(flow, message, true);
    }

    public void OnSent(in SipFlow flow, SipMessage message, SendResult result)
    {
        counts.Message(false, message);
        Add(flow, message, false);
    }

    private void Add(in SipFlow flow, SipMessage message, bool received)
    {
        if (_calls.TryGetValue(KeyOf(message), out var call))
            traces.Add(call, new SipTraceEntry(time.GetUtcNow(), received, flow, message));
    }

    // FNV-1a: 64 bits are enough to tell live calls apart, and a string per message would cost more than the rest of this class.
    private static ulong KeyOf(SipMessage message)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in message.CallId)
            hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }
}

/// <summary>A SIP message as a line of the trace; its text is made when someone reads it.</summary>
internal sealed class SipTraceEntry(DateTimeOffset at, bool received, SipFlow flow, SipMessage message)
    : TraceEntry(at, received ? "sip-in" : "sip-out", "", null)
{
    public override string Summary => message switch
    {
        SipRequest request => request.Summary,
        SipResponse response => $"{response.Status} {System.Text.Encoding.UTF8.GetString(response.Reason)}",
        _ => "",
    } + (flow.Remote.IsNone ? "" : $" {(received ? "from" : "to")} {flow.Remote}");

    public override string? Detail => message.ToString();

    public override int Size => 200 + message.Wire.Length;
}
