using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Commands;

namespace Switchhook.Server.Tests.Native;

/// <summary>The WebSocket of events, octet by octet (RFC 6455).</summary>
public sealed class NativeEventFrameTests
{
    private const int Text = 1;
    private const int Close = 8;
    private const int Ping = 9;
    private const int Pong = 10;

    [Fact]
    public async Task The_handshake_is_that_of_the_RFC_and_a_ping_is_answered()
    {
        await using var server = await NativeServer.StartAsync();
        using var wire = await WireAsync(server);

        // The key and its answer are the example of RFC 6455 §1.3.
        var head = await HeadAsync(wire);
        await SendAsync(wire, Ping, "are you there?"u8.ToArray(), masked: true);
        var pong = await FrameAsync(wire);
        server.Exchange.Place(new CallCommand.Originate
        {
            Dialect = "native",
            Account = "demo",
            Caller = new Party("100"),
            Dialed = "811",
            Then = new OnAnswer.Wait(),
        });
        var told = await FrameAsync(wire);
        await SendAsync(wire, Close, [0x03, 0xE8], masked: true);
        var closed = await FrameAsync(wire);

        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Sec-WebSocket-Protocol", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((Pong, "are you there?"), (pong.Opcode, Encoding.UTF8.GetString(pong.Payload)));
        Assert.Equal(Text, told.Opcode);
        Assert.StartsWith("""{"cursor":"1","event":"call.started","data":{""", Encoding.UTF8.GetString(told.Payload), StringComparison.Ordinal);
        Assert.Equal((Close, 1000), (closed.Opcode, BinaryPrimitives.ReadUInt16BigEndian(closed.Payload)));
    }

    [Fact]
    public async Task Frames_that_are_none_end_the_connection_and_nothing_else()
    {
        await using var server = await NativeServer.StartAsync();
        using var wire = await WireAsync(server);
        await HeadAsync(wire);

        // A client's frames are masked (§5.1).
        await SendAsync(wire, Text, "hello"u8.ToArray(), masked: false);
        var rest = await RestAsync(wire);
        using var next = await WireAsync(server);

        Assert.True(rest.Length == 0 || (rest[0] & 0x0F) == Close, Convert.ToHexString(rest));
        Assert.StartsWith("HTTP/1.1 101 ", await HeadAsync(next), StringComparison.Ordinal);
    }

    private static async Task<NetworkStream> WireAsync(NativeServer server)
    {
        var address = server.Client.BaseAddress!;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port);
        var wire = new NetworkStream(socket, ownsSocket: true) { ReadTimeout = 30_000 };
        await wire.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /switchhook/v1/events/ws HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer shk_demo\r\n\r\n"));
        return wire;
    }

    private static async Task<string> HeadAsync(NetworkStream wire)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append((char)(await ReadAsync(wire, 1))[0]);
        return head.ToString();
    }

    private static async Task<(int Opcode, byte[] Payload)> FrameAsync(NetworkStream wire)
    {
        var start = await ReadAsync(wire, 2);
        var length = start[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(wire, 2)),
            127 => (int)BinaryPrimitives.ReadInt64BigEndian(await ReadAsync(wire, 8)),
            var small => small,
        };
        return (start[0] & 0x0F, await ReadAsync(wire, length));
    }

    private static async Task SendAsync(NetworkStream wire, int opcode, byte[] payload, bool masked)
    {
        byte[] mask = masked ? [7, 11, 13, 17] : [];
        byte[] frame =
        [
            (byte)(0x80 | opcode), (byte)((masked ? 0x80 : 0) | payload.Length), .. mask,
            .. payload.Select((octet, i) => masked ? (byte)(octet ^ mask[i % 4]) : octet),
        ];
        await wire.WriteAsync(frame);
    }

    private static async Task<byte[]> ReadAsync(NetworkStream wire, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var octets = new byte[count];
        await wire.ReadExactlyAsync(octets, deadline.Token);
        return octets;
    }

    private static async Task<byte[]> RestAsync(NetworkStream wire)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var rest = new MemoryStream();
        try
        {
            await wire.CopyToAsync(rest, deadline.Token);
        }
        catch (IOException)
        {
            // Reset: over as well.
        }
        return rest.ToArray();
    }
}
