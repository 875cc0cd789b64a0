using System.Net;
using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transactions;

/// <summary>Two stacks over a network that loses, repeats and reorders: the reason transactions exist (RFC 3261 §17).</summary>
public class LossyNetworkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_request_is_handled_once_and_answered_whatever_is_lost_on_the_way(int seed)
    {
        var random = new Random(seed);
        var clock = new ManualClock();
        var timers = new TimerWheel(clock);
        var (near, far) = (new Node(timers, random), new Node(timers, random));
        (near.Peer, far.Peer) = (far, near);
        far.User.Answer = id => far.Stack.Respond(id, SipResponseBuilder.ReplyTo(id.Request, id.Request.Method == SipMethod.Invite ? 486 : 200, "ours").Build());
        for (var i = 0; i < 300; i++)
        {
            var request = Samples.Request(i % 2 == 0 ? SipMethod.Invite : SipMethod.Bye, $"z9hG4bK{i}", callId: $"call-{i}");
            Assert.NotNull(near.Stack.SendRequest(request, StackBench.Udp));
        }

        while (timers.LiveTimers > 0 || near.Arriving.Count + far.Arriving.Count > 0)
        {
            near.Deliver();
            far.Deliver();
            if (near.Arriving.Count + far.Arriving.Count == 0 && timers.LiveTimers > 0) clock.AdvanceTo(timers.Next);
        }

        Assert.Equal(300, far.User.Requests.Select(id => Encoding.ASCII.GetString(id.Request.CallId)).Distinct().Count());
        Assert.Equal(300, far.User.Heard.Count(heard => heard.StartsWith("request", StringComparison.Ordinal)));
        Assert.Equal(300, near.User.Heard.Count(heard => heard is "response 486" or "response 200"));
        Assert.DoesNotContain(near.User.Heard, heard => heard.StartsWith("failed", StringComparison.Ordinal));
        Assert.Equal(300, far.User.Heard.Count(heard => heard == "ended Finished"));
        Assert.Equal(0, near.Stack.LiveTransactions + far.Stack.LiveTransactions);
    }

    /// <summary>A stack whose datagrams are lost three times in ten, repeated once in ten, and arrive in any order.</summary>
    private sealed class Node : ISipTransport
    {
        private readonly Random _random;

        public Node(TimerWheel timers, Random random)
        {
            _random = random;
            Stack = new SipStack(this, User, timers);
        }

        public SipStack Stack { get; }

        public RecordingUser User { get; } = new();

        public Node? Peer { get; set; }

        public List<byte[]> Arriving { get; } = [];

        public IReadOnlyList<SipListener> Listeners { get; } =
            [new SipListener(0, SipTransportKind.Udp, SipEndpoint.From(IPEndPoint.Parse("198.51.100.1:5060")), "198.51.100.1", 5060)];

        public void Deliver() => Stack.Poll(0);

        public int Poll(long deadline, ISipTransportSink sink)
        {
            var arrived = Arriving.OrderBy(_ => _random.Next()).ToList();
            Arriving.Clear();
            foreach (var datagram in arrived) sink.OnMessage(StackBench.Udp, datagram);
            return arrived.Count;
        }

        public SendResult Send(in SipFlow flow, ReadOnlySpan<byte> message)
        {
            var fate = _random.Next(10);
            if (fate >= 3) Peer!.Arriving.Add(message.ToArray());
            if (fate == 9) Peer!.Arriving.Add(message.ToArray());
            return SendResult.Sent;
        }

        public SipListener? ListenerFor(in SipFlow flow) => Listeners[0];

        public void Wake()
        {
        }
    }
}
