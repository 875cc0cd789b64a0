using System.Globalization;
using System.Text;
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
        traces.Add(call, new SipTraceEntry(time.GetUtcNow(), received, default, first.Kept()));
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
            traces.Add(call, new SipTraceEntry(time.GetUtcNow(), received, flow, message.Kept()) { HidesBody = MayHoldKeys(message) && !traces.ShowsKeys });
    }

    /// <summary>An INFO is what phones without RFC 4733 press keys with; whatever else it may be about is not worth showing a PIN.</summary>
    private static bool MayHoldKeys(SipMessage message) => message is SipRequest { Method: SipMethod.Info, Body.IsEmpty: false };

    // FNV-1a: 64 bits are enough to tell live calls apart, and a string per message would cost more than the rest of this class.
    private static ulong KeyOf(SipMessage message)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in message.CallId)
            hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }
}

/// <summary>A SIP message as a line of the trace: copied from its octets, no text is made for it.</summary>
internal sealed class SipTraceEntry(DateTimeOffset at, bool received, SipFlow flow, SipMessage message)
    : TraceEntry(at, received ? "sip-in" : "sip-out", "", null)
{
    // An address with its port, and the word before it.
    private const int WayRoom = 80;

    public override string Summary
    {
        get
        {
            Span<byte> line = stackalloc byte[512];
            return Encoding.UTF8.GetString(line[..WriteSummary(line)]);
        }
    }

    /// <summary>True when nothing of the body is to be seen but its length.</summary>
    public bool HidesBody { get; init; }

    public override string? Detail => HidesBody ? Encoding.UTF8.GetString(DetailOctets.Span) : message.ToString();

    public override ReadOnlyMemory<byte> DetailOctets
    {
        get
        {
            if (!HidesBody)
                return message.Wire;
            var shown = message.Wire.ToArray();
            shown.AsSpan(shown.Length - message.Body.Length).Fill((byte)TraceKeys.Mask);
            return shown;
        }
    }

    public override int WriteSummary(Span<byte> room)
    {
        var line = new Line(room[..Math.Max(0, room.Length - WayRoom)]);
        switch (message)
        {
            case SipRequest request:
                line.Add(request.MethodName);
                line.Add(" "u8);
                line.Add(request.RequestUri);
                break;
            case SipResponse response:
                line.Add(response.Status);
                line.Add(" "u8);
                line.Add(response.Reason);
                break;
        }
        if (flow.Remote.IsNone)
            return line.Length;
        var way = new Line(room[line.Length..]);
        way.Add(received ? " from "u8 : " to "u8);
        way.Add(flow.Remote);
        return line.Length + way.Length;
    }

    /// <summary>Octets put one behind the other; what has no room is left out.</summary>
    private ref struct Line(Span<byte> room)
    {
        private readonly Span<byte> _room = room;

        public int Length { get; private set; }

        public void Add(scoped ReadOnlySpan<byte> text)
        {
            var part = text[..Math.Min(text.Length, _room.Length - Length)];
            part.CopyTo(_room[Length..]);
            Length += part.Length;
        }

        public void Add(int number)
        {
            if (number.TryFormat(_room[Length..], out var written, provider: CultureInfo.InvariantCulture))
                Length += written;
        }

        public void Add(SipEndpoint endpoint)
        {
            Span<byte> address = stackalloc byte[64];
            if (!endpoint.TryFormatAddress(address, out var written))
                return;
            if (!endpoint.IsIPv4)
                Add("["u8);
            Add(address[..written]);
            Add(endpoint.IsIPv4 ? ":"u8 : "]:"u8);
            Add(endpoint.Port);
        }
    }
}
