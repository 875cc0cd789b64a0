using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transport;

public sealed class WebSocketTests
{
    [Theory]
    [InlineData(SipTransportKind.Ws)]
    [InlineData(SipTransportKind.Wss)]
    public async Task Messages_come_and_go_over_the_socket_the_peer_has_opened(SipTransportKind kind)
    {
        using var bench = new LoopbackBench(certificate: OwnCertificate.It);
        using var peer = Open(bench, kind);
        bench.React = (flow, _) => Assert.Equal(SendResult.Sent, bench.Transport.Send(flow, "answer"u8));

        await peer.SendAsync(LoopbackBench.Bytes(LoopbackBench.Message(1, 3000)), WebSocketMessageType.Text, true, default);
        bench.PollUntil(() => bench.Messages.Count == 1);
        var answer = new byte[100];
        var read = await peer.ReceiveAsync(answer, default);

        Assert.Equal((kind, LoopbackBench.Message(1, 3000)), (bench.Messages[0].Flow.Kind, bench.Messages[0].Text));
        Assert.Equal(("answer", WebSocketMessageType.Text, true), (Encoding.UTF8.GetString(answer, 0, read.Count), read.MessageType, read.EndOfMessage));
    }

    [Fact]
    public async Task A_message_needs_no_Content_Length_and_may_come_in_fragments_and_as_binary()
    {
        using var bench = new LoopbackBench(certificate: OwnCertificate.It);
        using var peer = Open(bench, SipTransportKind.Ws);

        await peer.SendAsync(LoopbackBench.Bytes("OPTIONS sip:x@y SIP/2.0\r\n"), WebSocketMessageType.Binary, false, default);
        await peer.SendAsync(LoopbackBench.Bytes("CSeq: 1 OPTIONS\r\n\r\nbody"), WebSocketMessageType.Binary, true, default);
        bench.PollUntil(() => bench.Messages.Count == 1);

        Assert.Equal("OPTIONS sip:x@y SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\nbody", bench.Messages[0].Text);
    }

    [Fact]
    public void Frames_cut_anywhere_arrive_whole_and_a_ping_between_them_is_answered()
    {
        using var bench = new LoopbackBench(certificate: OwnCertificate.It);
        using var peer = Upgraded(bench);
        byte[] stream = [.. Frame(0x81, LoopbackBench.Message(1)), .. Frame(0x89, "hi"), .. Frame(0x81, LoopbackBench.Message(2, 300)), .. Frame(0x81, "\r\n\r\n")];

        foreach (var octet in stream)
        {
            peer.Send([octet]);
            bench.Transport.Poll(0, bench);
        }

        bench.PollUntil(() => bench.Drops.Count == 1);
        Assert.Equal([LoopbackBench.Message(1), LoopbackBench.Message(2, 300)], bench.Messages.Select(static m => m.Text));
        Assert.Equal([TransportDrop.KeepAlive], bench.Drops);
        Assert.Equal("\u008A\u0002hi", Read(peer, 4));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "400")]
    [InlineData("OPTIONS sip:x@y SIP/2.0\r\nContent-Length: 0\r\n\r\n", "400")]
    [InlineData("\u0016\u0003\u0001\0\u0005hello", "400")]
    [InlineData("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Protocol: sip\r\n\r\n", "426")]
    public void What_is_no_handshake_for_SIP_is_refused_and_cut_off(string bytes, string status)
    {
        using var bench = new LoopbackBench(certificate: OwnCertificate.It);
        using var peer = Connect(bench.Ws);

        peer.Send(Encoding.Latin1.GetBytes(bytes));
        bench.PollUntil(() => bench.Faults.Count == 1);

        Assert.Equal($"HTTP/1.1 {status}", Read(peer, 12));
        Assert.Empty(bench.Messages);
        Assert.Equal((0, 0), (bench.Transport.LiveConnections, bench.Timers.LiveTimers));
    }

    [Theory]
    [InlineData("not masked", 1002)]
    [InlineData("reserved", 1002)]
    [InlineData("long ping", 1002)]
    [InlineData("begun nowhere", 1002)]
    [InlineData("too long", 1009)]
    [InlineData("close", 1000)]
    public void A_frame_that_must_not_come_and_a_close_end_the_connection_with_their_code(string kind, int code)
    {
        using var bench = new LoopbackBench(certificate: OwnCertificate.It);
        using var peer = Upgraded(bench);

        peer.Send(kind switch
        {
            "not masked" => [0x81, 0x02, 0x41, 0x41],
            "reserved" => Frame(0xC1, "x"),
            "long ping" => Frame(0x89, new string('p', 126)),
            "begun nowhere" => Frame(0x80, "x"),
            "too long" => [0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            _ => Frame(0x88, "\u0003\u00E8"),
        });
        bench.PollUntil(() => bench.Faults.Count == 1);

        var close = Encoding.Latin1.GetBytes(Read(peer, 4));
        Assert.Equal((0x88, 2, code), (close[0], close[1], BinaryPrimitives.ReadUInt16BigEndian(close.AsSpan(2))));
        Assert.Equal(0, bench.Transport.LiveConnections);
    }

    private static ClientWebSocket Open(LoopbackBench bench, SipTransportKind kind)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("sip");
        socket.Options.RemoteCertificateValidationCallback = static (_, shown, _, _) =>
            shown!.GetCertHashString() == OwnCertificate.It.TargetCertificate.GetCertHashString();
        var address = kind == SipTransportKind.Ws ? new Uri($"ws://{bench.Ws}/") : new Uri($"wss://{bench.Wss}/");
        var opening = socket.ConnectAsync(address, default);
        bench.PollUntil(() => opening.IsCompleted);
        opening.GetAwaiter().GetResult();
        return socket;
    }

    private static Socket Connect(IPEndPoint to)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000, NoDelay = true };
        socket.Connect(to);
        return socket;
    }

    private static Socket Upgraded(LoopbackBench bench)
    {
        var socket = Connect(bench.Ws);
        socket.Send(LoopbackBench.Bytes(
            "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat, sip\r\n\r\n"));
        const string Answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: sip\r\n\r\n"; // the accept value of RFC 6455 §1.3
        bench.PollUntil(() => socket.Available >= Answer.Length);
        Assert.Equal(Answer, Read(socket, Answer.Length));
        return socket;
    }

    private static byte[] Frame(byte first, string payload)
    {
        var bytes = Encoding.Latin1.GetBytes(payload);
        byte[] length = bytes.Length < 126 ? [(byte)(0x80 | bytes.Length)] : [0x80 | 126, (byte)(bytes.Length >> 8), (byte)bytes.Length];
        byte[] mask = [1, 2, 3, 4];
        return [first, .. length, .. mask, .. bytes.Select((b, i) => (byte)(b ^ mask[i & 3]))];
    }

    private static string Read(Socket peer, int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length;)
        {
            var read = peer.Receive(bytes.AsSpan(at));
            Assert.NotEqual(0, read);
            at += read;
        }

        return Encoding.Latin1.GetString(bytes);
    }
}
