using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Tests.Transactions;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transport;

/// <summary>Two stacks that talk over real sockets.</summary>
public class StackOverSocketsTests
{
    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public void An_invite_is_refused_and_acknowledged_and_other_requests_are_answered(SipTransportKind kind)
    {
        using var near = new LoopbackBench();
        using var far = new LoopbackBench();
        var (caller, callee) = (new RecordingUser(), new RecordingUser());
        var uac = new SipStack(near.Transport, caller, near.Timers);
        var uas = new SipStack(far.Transport, callee, far.Timers);
        callee.Answer = id => uas.Respond(id, SipResponseBuilder.ReplyTo(id.Request, id.Request.Method == SipMethod.Invite ? 603 : 200, "ours", id.Source).Build());
        var flow = SipFlow.Toward(kind, kind == SipTransportKind.Udp ? far.Udp : far.Tcp);
        var count = 0;

        foreach (var method in new[] { SipMethod.Invite, SipMethod.Options, SipMethod.Message })
        {
            var listener = uac.ListenerFor(flow)!;
            var request = Samples.Request(method, $"z9hG4bK{method}", $"{listener.AdvertisedHost}:{listener.AdvertisedPort}", callId: $"{method}",
                transport: Encoding.ASCII.GetString(kind.ViaName()));
            Assert.NotNull(uac.SendRequest(request, flow));
            count++;
            for (var i = 0; i < 2000 && caller.Responses.Count < count; i++)
            {
                uas.Poll(Soon());
                uac.Poll(Soon());
            }
        }

        for (var i = 0; i < 2000 && uas.Counters[SipCount.RequestsReceived] < 4; i++) uas.Poll(Soon());
        Assert.Equal(["response 603", "response 200", "response 200"], caller.Heard.Where(heard => heard != "response 100"));
        Assert.Equal(4, uas.Counters[SipCount.RequestsReceived]); // the ACK is the fourth, and reaches nobody
        Assert.DoesNotContain("ack", callee.Heard);
        if (kind == SipTransportKind.Tcp) Assert.Equal((0, 0, 1, 1), (uac.LiveTransactions, uas.LiveTransactions, near.Transport.LiveConnections, far.Transport.LiveConnections));
    }

    [Fact]
    public void Random_bytes_on_both_sockets_leave_the_stack_working()
    {
        using var bench = new LoopbackBench();
        var user = new RecordingUser();
        var stack = new SipStack(bench.Transport, user, bench.Timers);
        using var udp = LoopbackBench.BindUdp();
        var random = new Random(1);

        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(1, 1400)];
            random.NextBytes(bytes);
            udp.SendTo(bytes, bench.Udp);
            using var tcp = bench.ConnectTcp();
            tcp.Send(bytes);
            stack.Poll(0);
        }

        udp.SendTo(Samples.Request(SipMethod.Options).Wire.Span, bench.Udp);
        for (var i = 0; i < 2000 && (user.Heard.Count == 0 || bench.Transport.LiveConnections > 0); i++) stack.Poll(Soon());

        Assert.Equal(["request Options"], user.Heard);
        Assert.Equal(0, bench.Transport.LiveConnections);
    }

    private static long Soon() => TimeProvider.System.GetTimestamp() + (TimeProvider.System.TimestampFrequency / 100);
}
