using System.Net;
using System.Net.Sockets;
using System.Text;
using Switchhook.Sip.Tests.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transport;

public class TcpTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Messages_cut_anywhere_arrive_whole_and_in_order(int piece)
    {
        using var bench = new LoopbackBench();
        using var peer = bench.ConnectTcp();
        var messages = Enumerable.Range(0, 6).Select(i => LoopbackBench.Message(i, i * 50)).ToList();
        var stream = LoopbackBench.Bytes(string.Concat(messages));

        for (var at = 0; at < stream.Length; at += piece)
        {
            peer.Send(stream.AsSpan(at, Math.Min(piece, stream.Length - at)));
            bench.Transport.Poll(0, bench);
        }

        bench.PollUntil(() => bench.Messages.Count == messages.Count);
        Assert.Equal(messages, bench.Messages.Select(message => message.Text));
        Assert.Single(bench.Messages.Select(message => message.Flow.Connection).Distinct());
    }

    [Fact]
    public void Many_messages_in_one_segment_are_all_handled()
    {
        using var bench = new LoopbackBench();
        using var peer = bench.ConnectTcp();
        var messages = Enumerable.Range(0, 2000).Select(i => LoopbackBench.Message(i, 100)).ToList();
        var sending = new Thread(() => peer.Send(LoopbackBench.Bytes(string.Concat(messages))));

        sending.Start();
        bench.PollUntil(() => bench.Messages.Count == messages.Count);
        sending.Join();

        Assert.Equal(messages, bench.Messages.Select(message => message.Text));
    }

    [Fact]
    public void The_answer_takes_the_connection_of_the_request()
    {
        using var bench = new LoopbackBench();
        using var peer = bench.ConnectTcp();
        bench.React = (flow, _) => Assert.Equal(SendResult.Sent, bench.Transport.Send(flow, "answer"u8));

        peer.Send(LoopbackBench.Bytes(LoopbackBench.Message(1)));
        bench.PollUntil(() => bench.Messages.Count == 1);

        Assert.Equal("answer", Read(peer, 6));
        Assert.Equal(1, bench.Transport.LiveConnections);
    }

    [Fact]
    public void A_double_crlf_is_answered_by_a_single_one_and_messages_around_it_arrive()
    {
        using var bench = new LoopbackBench();
        using var peer = bench.ConnectTcp();

        peer.Send(LoopbackBench.Bytes(LoopbackBench.Message(1) + "\r\n\r\n" + LoopbackBench.Message(2)));
        bench.PollUntil(() => bench.Messages.Count == 2);

        Assert.Equal("\r\n", Read(peer, 2));
        Assert.Equal([TransportDrop.KeepAlive], bench.Drops);
    }

    [Theory]
    [InlineData("\u0001\u0002\u0003 not SIP at all\r\n\r\n")]
    [InlineData("OPTIONS sip:x@y SIP/2.0\r\nContent-Length: 999999\r\n\r\n")]
    [InlineData("OPTIONS sip:x@y SIP/2.0\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("OPTIONS sip:x@y SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n")]
    public void A_stream_that_cannot_be_cut_is_closed_and_its_earlier_messages_stand(string garbage)
    {
        using var bench = new LoopbackBench();
        using var peer = bench.ConnectTcp();

        peer.Send(LoopbackBench.Bytes(LoopbackBench.Message(1) + garbage));
        bench.PollUntil(() => bench.Faults.Count == 1);

        Assert.Single(bench.Messages);
        Assert.Equal(TransportFault.BadFraming, bench.Faults[0].Fault);
        Assert.Equal([TransportDrop.BadFraming], bench.Drops);
        Assert.Equal(0, bench.Transport.LiveConnections);
        Assert.Equal(0, bench.Timers.LiveTimers);
        AssertClosed(peer);
    }

    [Fact]
    public void A_header_without_end_is_closed_at_the_bound()
    {
        using var bench = new LoopbackBench();
        using var peer = bench.ConnectTcp();

        peer.Send(LoopbackBench.Bytes("OPTIONS sip:x@y SIP/2.0\r\nX: " + new string('x', 9000)));
        bench.PollUntil(() => bench.Faults.Count == 1);

        Assert.Equal(TransportFault.BadFraming, bench.Faults[0].Fault);
    }

    [Fact]
    public void A_new_destination_is_connected_to_without_waiting_and_what_was_queued_arrives()
    {
        using var bench = new LoopbackBench();
        using var listener = Listen();
        var flow = SipFlow.Toward(SipTransportKind.Tcp, (IPEndPoint)listener.LocalEndPoint!);

        var first = bench.Transport.Send(flow, "one"u8);
        bench.Transport.Send(flow, "two"u8);
        bench.PollUntil(() => listener.Poll(0, SelectMode.SelectRead));
        using var peer = listener.Accept();
        bench.PollUntil(() => peer.Available >= 6);

        Assert.Equal(SendResult.Queued, first);
        Assert.Equal("onetwo", Read(peer, 6));
        Assert.Equal(1, bench.Transport.LiveConnections);

        peer.Send(LoopbackBench.Bytes(LoopbackBench.Message(1)));
        bench.PollUntil(() => bench.Messages.Count == 1);
        Assert.Equal(flow.Remote, bench.Messages[0].Flow.Remote);
    }

    [Fact]
    public void A_destination_nobody_listens_on_is_reported_refused()
    {
        using var bench = new LoopbackBench();
        IPEndPoint gone;
        using (var listener = Listen()) gone = (IPEndPoint)listener.LocalEndPoint!;

        bench.Transport.Send(SipFlow.Toward(SipTransportKind.Tcp, gone), "hello"u8);
        bench.PollUntil(() => bench.Faults.Count == 1);

        Assert.Equal((SipEndpoint.From(gone), TransportFault.Refused), (bench.Faults[0].Flow.Remote, bench.Faults[0].Fault));
        Assert.Equal(0, bench.Transport.LiveConnections);
        Assert.Equal(0, bench.Timers.LiveTimers);
    }

    [Fact]
    public void A_connection_the_peer_closes_is_reported_and_sending_on_it_says_so()
    {
        using var bench = new LoopbackBench();
        var peer = bench.ConnectTcp();
        peer.Send(LoopbackBench.Bytes(LoopbackBench.Message(1)));
        bench.PollUntil(() => bench.Messages.Count == 1);

        peer.Dispose();
        bench.PollUntil(() => bench.Faults.Count == 1);

        Assert.Equal(TransportFault.ConnectionClosed, bench.Faults[0].Fault);
        Assert.Equal(SendResult.ConnectionGone, bench.Transport.Send(bench.Messages[0].Flow, "late"u8));
        Assert.Equal(0, bench.Timers.LiveTimers);
    }

    [Fact]
    public void A_peer_that_does_not_read_is_dropped_at_the_bound_of_its_queue()
    {
        using var bench = new LoopbackBench(new SipTransportLimits { MaxSendQueueBytes = 100_000 });
        using var peer = bench.ConnectTcp();
        peer.ReceiveBufferSize = 4096;
        peer.Send(LoopbackBench.Bytes(LoopbackBench.Message(1)));
        bench.PollUntil(() => bench.Messages.Count == 1);
        var flow = bench.Messages[0].Flow;

        var results = new HashSet<SendResult>();
        for (var i = 0; i < 10_000 && !results.Contains(SendResult.Unreachable); i++) results.Add(bench.Transport.Send(flow, new byte[4096]));
        bench.PollUntil(() => bench.Faults.Count == 1);

        Assert.Equal([SendResult.Sent, SendResult.Queued, SendResult.Unreachable], results.Order());
        Assert.Equal(TransportFault.QueueOverflow, bench.Faults[0].Fault);
        Assert.Equal(0, bench.Transport.LiveConnections);
    }

    [Fact]
    public void What_a_slow_peer_left_waiting_arrives_in_order_once_it_reads()
    {
        using var bench = new LoopbackBench(new SipTransportLimits { MaxSendQueueBytes = 64_000_000 });
        using var peer = bench.ConnectTcp();
        peer.Send(LoopbackBench.Bytes(LoopbackBench.Message(1)));
        bench.PollUntil(() => bench.Messages.Count == 1);
        var sent = 0;
        var block = new byte[50_000];
        while (bench.Transport.Send(bench.Messages[0].Flow, Fill(block, sent)) == SendResult.Sent) sent += block.Length;
        sent += block.Length;

        var received = 0;
        var buffer = new byte[65_536];
        bench.PollUntil(() =>
        {
            while (peer.Available > 0)
            {
                var length = peer.Receive(buffer);
                for (var i = 0; i < length; i++) Assert.Equal((byte)((received + i) % 251), buffer[i]);
                received += length;
            }

            return received == sent;
        });

        Assert.Empty(bench.Faults);
    }

    [Fact]
    public void A_connection_beyond_the_bound_is_closed_at_once()
    {
        using var bench = new LoopbackBench(new SipTransportLimits { MaxConnections = 1 });
        using var first = bench.ConnectTcp();
        bench.PollUntil(() => bench.Transport.LiveConnections == 1);
        using var second = bench.ConnectTcp();

        bench.PollUntil(() => bench.Drops.Count == 1);

        Assert.Equal([TransportDrop.TooManyConnections], bench.Drops);
        AssertClosed(second);
        Assert.Equal(1, bench.Transport.LiveConnections);
    }

    [Theory]
    [InlineData("")]
    [InlineData("OPTIONS sip:x@y SIP/2.0\r\n")]
    public void A_peer_that_never_finishes_its_first_message_is_closed_after_32_s(string beginning)
    {
        var clock = new ManualClock();
        using var bench = new LoopbackBench(time: clock);
        using var peer = bench.ConnectTcp();
        peer.Send(LoopbackBench.Bytes(beginning));
        bench.PollUntil(() => bench.Transport.LiveConnections == 1);
        bench.Transport.Poll(0, bench);

        clock.Advance(TimeSpan.FromSeconds(31));
        bench.Timers.Fire();
        Assert.Equal(1, bench.Transport.LiveConnections);
        clock.Advance(TimeSpan.FromSeconds(2));
        bench.PollUntil(() => bench.Faults.Count == 1);

        Assert.Equal(TransportFault.Idle, bench.Faults[0].Fault);
        AssertClosed(peer);
    }

    [Fact]
    public void A_silent_connection_is_closed_after_its_idle_time_counted_from_the_last_bytes()
    {
        var clock = new ManualClock();
        using var bench = new LoopbackBench(time: clock);
        using var peer = bench.ConnectTcp();
        peer.Send(LoopbackBench.Bytes(LoopbackBench.Message(1)));
        bench.PollUntil(() => bench.Messages.Count == 1);

        clock.Advance(TimeSpan.FromMinutes(40));
        bench.Timers.Fire();
        peer.Send(LoopbackBench.Bytes("\r\n\r\n"));
        bench.PollUntil(() => bench.Drops.Count == 1);
        clock.Advance(TimeSpan.FromMinutes(40));
        bench.Timers.Fire();
        Assert.Equal(1, bench.Transport.LiveConnections);
        clock.Advance(TimeSpan.FromMinutes(31));
        bench.PollUntil(() => bench.Faults.Count == 1);

        Assert.Equal(TransportFault.Idle, bench.Faults[0].Fault);
    }

    [Fact]
    public void A_message_that_makes_the_user_throw_is_not_met_again()
    {
        using var bench = new LoopbackBench();
        using var peer = bench.ConnectTcp();
        bench.React = (_, text) => throw new InvalidOperationException(text);
        peer.Send(LoopbackBench.Bytes(LoopbackBench.Message(1) + LoopbackBench.Message(2)));

        var thrown = Assert.Throws<InvalidOperationException>(() => bench.PollUntil(() => false));
        bench.React = null;
        peer.Send(LoopbackBench.Bytes(LoopbackBench.Message(3)));
        bench.PollUntil(() => bench.Messages.Count == 3);

        Assert.Equal(LoopbackBench.Message(1), thrown.Message);
        Assert.Equal([LoopbackBench.Message(1), LoopbackBench.Message(2), LoopbackBench.Message(3)], bench.Messages.Select(message => message.Text));
    }

    private static byte[] Fill(byte[] block, int offset)
    {
        for (var i = 0; i < block.Length; i++) block[i] = (byte)((offset + i) % 251);
        return block;
    }

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }

    private static string Read(Socket peer, int length)
    {
        var buffer = new byte[length];
        for (var at = 0; at < length;)
        {
            var read = peer.Receive(buffer.AsSpan(at));
            Assert.NotEqual(0, read);
            at += read;
        }

        return Encoding.UTF8.GetString(buffer);
    }

    private static void AssertClosed(Socket peer)
    {
        try
        {
            Assert.Equal(0, peer.Receive(new byte[1]));
        }
        catch (SocketException e)
        {
            Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode); // it had sent what nobody read
        }
    }
}
