using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Switchhook.Sip.Resolution;

namespace Switchhook.Sip.Transport.Dns;

/// <summary>Asks one server one question, once (RFC 1035 §4.2).</summary>
internal static class DnsWire
{
    // Without EDNS a server sends at most 512; one that sends more is heard all the same, up to here.
    private const int LongestDatagram = 4096;

    // Whoever guesses ids has so many tries before this server is given up (RFC 5452 §9.3).
    private const int MostWrongAnswers = 16;

    /// <summary>The server's answer, over TCP when it does not fit a datagram; null when none came in time.</summary>
    public static async Task<DnsMessage?> AskAsync(
        IPEndPoint server, DnsQuestion question, ushort id, TimeSpan timeout, TimeProvider time, CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        try
        {
            var answer = await OverUdpAsync(server, question, id, either.Token).ConfigureAwait(false);
            return answer is { IsTruncated: true } ? await OverTcpAsync(server, question, id, either.Token).ConfigureAwait(false) : answer;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<DnsMessage?> OverUdpAsync(IPEndPoint server, DnsQuestion question, ushort id, CancellationToken cancellation)
    {
        // A socket for each question: the kernel picks a random port for it, and a connected one hears this server alone (RFC 5452 §9.2).
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellation).ConfigureAwait(false);
        var buffer = new byte[LongestDatagram];
        var length = DnsMessage.WriteQuery(id, question, buffer);
        await socket.SendAsync(buffer.AsMemory(0, length), cancellation).ConfigureAwait(false);
        for (var wrong = 0; wrong < MostWrongAnswers; wrong++)
        {
            length = await socket.ReceiveAsync(buffer, cancellation).ConfigureAwait(false);
            // What fills the buffer may have been longer.
            if (length < buffer.Length && DnsMessage.TryDecode(buffer.AsSpan(0, length), out var answer, out _) && Fits(answer, question, id))
                return answer;
        }

        return null;
    }

    private static async Task<DnsMessage?> OverTcpAsync(IPEndPoint server, DnsQuestion question, ushort id, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellation).ConfigureAwait(false);
        var query = new byte[sizeof(ushort) + DnsMessage.LongestQuery];
        var length = DnsMessage.WriteQuery(id, question, query.AsSpan(sizeof(ushort)));
        BinaryPrimitives.WriteUInt16BigEndian(query, (ushort)length);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(query.AsMemory(0, sizeof(ushort) + length), cancellation).ConfigureAwait(false);
        if (await ReadAsync(stream, sizeof(ushort), cancellation).ConfigureAwait(false) is not { } prefix) return null;
        if (await ReadAsync(stream, BinaryPrimitives.ReadUInt16BigEndian(prefix), cancellation).ConfigureAwait(false) is not { } bytes) return null;
        return DnsMessage.TryDecode(bytes, out var answer, out _) && Fits(answer, question, id) && !answer.IsTruncated ? answer : null;
    }

    private static async Task<byte[]?> ReadAsync(NetworkStream stream, int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        try
        {
            var read = await stream.ReadAtLeastAsync(bytes, count, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            return read == count ? bytes : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool Fits(DnsMessage answer, in DnsQuestion question, ushort id) =>
        answer.IsResponse && answer.Id == id && answer.Question == question;
}
