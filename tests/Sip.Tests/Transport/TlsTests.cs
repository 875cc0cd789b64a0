using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transport;

public sealed class TlsTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void Messages_come_and_go_over_the_connection_the_peer_has_made(SslProtocols version)
    {
        using var bench = new LoopbackBench(certificate: OwnCertificate.It);
        using var peer = Connect(bench, version);
        bench.React = (flow, _) => Assert.Equal(SendResult.Sent, bench.Transport.Send(flow, "answer"u8));

        peer.Write(LoopbackBench.Bytes(LoopbackBench.Message(1)));
        bench.PollUntil(() => bench.Messages.Count == 1);

        Assert.Equal(LoopbackBench.Message(1), bench.Messages[0].Text);
        Assert.Equal(SipTransportKind.Tls, bench.Messages[0].Flow.Kind);
        Assert.Equal("answer", Read(peer, 6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(20_000)]
    public void Messages_arrive_whole_and_in_order_however_they_are_cut_into_records(int piece)
    {
        using var bench = new LoopbackBench(certificate: OwnCertificate.It);
        using var peer = Connect(bench);
        var messages = Enumerable.Range(0, 12).Select(i => LoopbackBench.Message(i, i * (piece == 1 ? 5 : 500))).ToList();
        var stream = LoopbackBench.Bytes(string.Concat(messages));

        for (var at = 0; at < stream.Length; at += piece)
        {
            peer.Write(stream.AsSpan(at, Math.Min(piece, stream.Length - at)));
            bench.Transport.Poll(0, bench);
        }

        bench.PollUntil(() => bench.Messages.Count == messages.Count);
        Assert.Equal(messages, bench.Messages.Select(message => message.Text));
    }

    [Fact]
    public void More_than_the_peer_reads_at_once_is_queued_and_arrives()
    {
        using var bench = new LoopbackBench(certificate: OwnCertificate.It);
        using var peer = Connect(bench);
        peer.Write(LoopbackBench.Bytes(LoopbackBench.Message(1)));
        bench.PollUntil(() => bench.Messages.Count == 1);
        var message = new string('m', 7000);

        for (var i = 0; i < 100; i++) _ = bench.Transport.Send(bench.Messages[0].Flow, LoopbackBench.Bytes(message));
        string? read = null;
        var reading = new Thread(() => read = Read(peer, 100 * message.Length));
        reading.Start();
        bench.PollUntil(() => !reading.IsAlive);

        Assert.Equal(string.Concat(Enumerable.Repeat(message, 100)), read);
    }

    [Fact]
    public void A_connection_that_the_peer_ends_is_reported_and_holds_nothing()
    {
        using var bench = new LoopbackBench(certificate: OwnCertificate.It);
        using (var peer = Connect(bench))
        {
            peer.Write(LoopbackBench.Bytes(LoopbackBench.Message(1)));
            bench.PollUntil(() => bench.Messages.Count == 1);
        }

        bench.PollUntil(() => bench.Faults.Count == 1);

        Assert.Equal((bench.Messages[0].Flow, TransportFault.ConnectionClosed), bench.Faults[0]);
        Assert.Equal(SendResult.ConnectionGone, bench.Transport.Send(bench.Messages[0].Flow, "late"u8));
        Assert.Equal((0, 0), (bench.Transport.LiveConnections, bench.Timers.LiveTimers));
    }

    [Theory]
    [InlineData("OPTIONS sip:x@y SIP/2.0\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\0\u0005hello and more of what is no handshake")]
    public void Whoever_speaks_no_TLS_is_cut_off(string bytes)
    {
        using var bench = new LoopbackBench(certificate: OwnCertificate.It);
        using var peer = new TcpClient();
        peer.Connect(bench.Tls);

        peer.Client.Send(Encoding.Latin1.GetBytes(bytes));
        bench.PollUntil(() => bench.Faults.Count == 1);

        Assert.Empty(bench.Messages);
        Assert.Equal((0, 0), (bench.Transport.LiveConnections, bench.Timers.LiveTimers));
    }

    [Fact]
    public void No_connection_is_made_toward_a_peer_that_has_made_none()
    {
        using var bench = new LoopbackBench(certificate: OwnCertificate.It);

        var sent = bench.Transport.Send(SipFlow.Toward(SipTransportKind.Tls, new IPEndPoint(IPAddress.Loopback, 9)), "hello"u8);

        Assert.Equal(SendResult.Unreachable, sent);
        Assert.Equal(0, bench.Transport.LiveConnections);
    }

    private static SslStream Connect(LoopbackBench bench, SslProtocols version = SslProtocols.None)
    {
        var client = new TcpClient();
        client.Connect(bench.Tls);
        client.NoDelay = true;
        var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "switchhook.local",
            EnabledSslProtocols = version,
            RemoteCertificateValidationCallback = static (_, shown, _, _) => shown!.GetCertHashString() == OwnCertificate.It.TargetCertificate.GetCertHashString(),
        };
        var setUp = Task.Run(() => tls.AuthenticateAsClient(options));
        bench.PollUntil(() => setUp.IsCompleted);
        setUp.GetAwaiter().GetResult();
        return tls;
    }

    private static string Read(SslStream peer, int length)
    {
        var bytes = new byte[length];
        peer.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
