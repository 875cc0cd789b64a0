using System.Net;
using System.Net.Sockets;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transport;

public class UdpTests
{
    [Fact]
    public void A_datagram_arrives_whole_with_its_sender_and_the_answer_goes_back_there()
    {
        using var bench = new LoopbackBench();
        using var peer = LoopbackBench.BindUdp();
        var message = LoopbackBench.Message(1, 3000);

        peer.SendTo(LoopbackBench.Bytes(message), bench.Udp);
        bench.PollUntil(() => bench.Messages.Count == 1);
        var (flow, text) = bench.Messages.Single();
        Assert.Equal(SendResult.Sent, bench.Transport.Send(flow, "hello"u8));
        var buffer = new byte[100];
        var length = peer.Receive(buffer);

        Assert.Equal(message, text);
        Assert.Equal(SipEndpoint.From((IPEndPoint)peer.LocalEndPoint!), flow.Remote);
        Assert.Equal("hello"u8, buffer.AsSpan(0, length));
    }

    [Fact]
    public void Datagrams_beyond_one_wake_wait_for_the_next_and_none_is_lost()
    {
        using var bench = new LoopbackBench(new SipTransportLimits { DatagramsPerWake = 16 });
        using var peer = LoopbackBench.BindUdp();
        for (var i = 0; i < 500; i++) peer.SendTo(LoopbackBench.Bytes(LoopbackBench.Message(i)), bench.Udp);

        bench.Transport.Poll(0, bench);
        Assert.Equal(16, bench.Messages.Count);
        bench.PollUntil(() => bench.Messages.Count == 500);

        Assert.Equal(Enumerable.Range(0, 500).Select(i => LoopbackBench.Message(i)), bench.Messages.Select(message => message.Text));
    }

    [Fact]
    public void Keep_alives_are_counted_and_not_passed_up_and_an_empty_datagram_is_one()
    {
        using var bench = new LoopbackBench();
        using var peer = LoopbackBench.BindUdp();

        peer.SendTo("\r\n\r\n"u8, bench.Udp);
        peer.SendTo("\0"u8, bench.Udp);
        peer.SendTo([], bench.Udp);
        bench.PollUntil(() => bench.Drops.Count == 3);

        Assert.Empty(bench.Messages);
        Assert.All(bench.Drops, drop => Assert.Equal(TransportDrop.KeepAlive, drop));
    }

    [Fact]
    public void A_port_nobody_listens_on_is_reported_for_the_remote_it_is_about()
    {
        using var bench = new LoopbackBench();
        using var alive = LoopbackBench.BindUdp();
        var gone = ClosedPort();

        bench.Transport.Send(SipFlow.Toward(SipTransportKind.Udp, gone), "anybody?"u8);
        bench.PollUntil(() => bench.Faults.Count > 0);

        var (flow, fault) = Assert.Single(bench.Faults);
        Assert.Equal(SipEndpoint.From(gone), flow.Remote);
        Assert.Equal(TransportFault.Refused, fault);
    }

    [Fact]
    public void An_icmp_error_about_one_remote_loses_no_datagram_to_another()
    {
        using var bench = new LoopbackBench();
        using var alive = LoopbackBench.BindUdp();
        var there = SipFlow.Toward(SipTransportKind.Udp, (IPEndPoint)alive.LocalEndPoint!);
        var gone = SipFlow.Toward(SipTransportKind.Udp, ClosedPort());

        for (var i = 0; i < 50; i++)
        {
            bench.Transport.Send(gone, "anybody?"u8); // its ICMP error is pending when the next datagram leaves
            Assert.Equal(SendResult.Sent, bench.Transport.Send(there, "hello"u8));
        }

        var buffer = new byte[100];
        for (var i = 0; i < 50; i++) Assert.Equal(5, alive.Receive(buffer));
        bench.PollUntil(() => bench.Faults.Count == 50);
        Assert.All(bench.Faults, fault => Assert.Equal(gone.Remote, fault.Flow.Remote));
    }

    [Fact]
    public void An_invite_to_a_port_nobody_listens_on_fails_at_once_instead_of_after_32_s()
    {
        using var bench = new LoopbackBench();
        var user = new Transactions.RecordingUser();
        var stack = new SipStack(bench.Transport, user, bench.Timers);

        stack.SendRequest(Transactions.Samples.Request(SipMethod.Invite), SipFlow.Toward(SipTransportKind.Udp, ClosedPort()));
        for (var i = 0; i < 100 && user.Heard.Count == 0; i++) stack.Poll(long.MaxValue);

        Assert.Equal(["failed Transport"], user.Heard);
        Assert.Equal(0, stack.LiveTransactions);
        Assert.Equal(0, stack.LiveTimers);
    }

    [Fact]
    public void A_message_no_datagram_can_hold_is_refused()
    {
        using var bench = new LoopbackBench();
        using var peer = LoopbackBench.BindUdp();

        var result = bench.Transport.Send(SipFlow.Toward(SipTransportKind.Udp, (IPEndPoint)peer.LocalEndPoint!), new byte[70_000]);

        Assert.Equal(SendResult.TooLarge, result);
    }

    [Fact]
    public void Ipv6_carries_messages_both_ways()
    {
        using var bench = new LoopbackBench(address: IPAddress.IPv6Loopback);
        using var peer = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
        peer.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));

        peer.SendTo("hello"u8, bench.Udp);
        bench.PollUntil(() => bench.Messages.Count == 1);
        bench.Transport.Send(bench.Messages[0].Flow, "answer"u8);

        Assert.Equal(6, peer.Receive(new byte[100]));
        Assert.Equal(peer.LocalEndPoint, bench.Messages[0].Flow.Remote.ToIPEndPoint());
        Assert.Equal(SendResult.NoListener, bench.Transport.Send(SipFlow.Toward(SipTransportKind.Udp, IPEndPoint.Parse("127.0.0.1:5060")), "x"u8));
    }

    [Fact]
    public void Waking_from_another_thread_ends_a_wait_without_end()
    {
        using var bench = new LoopbackBench();
        var waker = new Thread(bench.Transport.Wake);

        waker.Start();
        var handled = bench.Transport.Poll(long.MaxValue, bench);
        waker.Join();
        bench.Transport.Wake();
        bench.Transport.Wake();
        bench.Transport.Poll(long.MaxValue, bench);

        Assert.Equal(0, handled);
    }

    [Fact]
    public void Waking_a_closed_transport_is_harmless()
    {
        var bench = new LoopbackBench();
        bench.Dispose();

        bench.Transport.Wake();
        bench.Transport.Wake();
    }

    private static IPEndPoint ClosedPort()
    {
        using var socket = LoopbackBench.BindUdp();
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
