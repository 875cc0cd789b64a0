using System.Net;
using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transactions;

/// <summary>A stack on a manual clock and a fake network, with one peer.</summary>
internal sealed class StackBench
{
    public static readonly SipFlow Udp = new(SipTransportKind.Udp, SipEndpoint.From(IPEndPoint.Parse("192.0.2.7:5060")), 0, 0);
    public static readonly SipFlow Tcp = new(SipTransportKind.Tcp, SipEndpoint.From(IPEndPoint.Parse("192.0.2.7:40001")), 1, 77);


    public StackBench(SipStackLimits? limits = null)
    {
        Timers = new TimerWheel(Clock);
        Stack = new SipStack(Network, User, Timers, limits);
    }

    public ManualClock Clock { get; } = new();

    public FakeTransport Network { get; } = new();

    public RecordingUser User { get; } = new();

    public TimerWheel Timers { get; }

    public SipStack Stack { get; }

    public IEnumerable<SipMessage> Sent => Network.Sent.Select(sent => sent.Message);

    public IEnumerable<int> SentStatuses => Sent.OfType<SipResponse>().Select(response => response.Status);

    public void Arrive(SipMessage message, SipFlow? flow = null) => Arrive(message.Wire, flow);

    public void Arrive(string text, SipFlow? flow = null) => Arrive(Encoding.UTF8.GetBytes(text), flow);

    public void Arrive(ReadOnlyMemory<byte> bytes, SipFlow? flow = null)
    {
        Network.Arrive(flow ?? Udp, bytes);
        Stack.Poll(0);
    }

    /// <summary>Moves the clock from timer to timer and returns when, in milliseconds from now, something was sent.</summary>
    public List<long> Run(TimeSpan duration)
    {
        var begin = Clock.GetTimestamp();
        var end = begin + (long)duration.TotalMicroseconds;
        var times = new List<long>();
        while (true)
        {
            var before = Network.Sent.Count;
            Stack.Poll(0);
            for (var i = before; i < Network.Sent.Count; i++) times.Add((Clock.GetTimestamp() - begin) / 1000);
            var next = Timers.Next;
            if (next > end) break;
            Clock.AdvanceTo(next);
        }

        Clock.AdvanceTo(end);
        Stack.Poll(0);
        return times;
    }

    public void AssertNothingLives()
    {
        Assert.Equal(0, Stack.LiveTransactions);
        Assert.Equal(0, Stack.LiveTimers);
    }
}
