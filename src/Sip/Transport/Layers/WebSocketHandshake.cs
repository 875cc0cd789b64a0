using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Switchhook.Sip.Transport.Layers;

internal enum HandshakeVerdict
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,
    Accepted,

    /// <summary>It has been answered; the connection is of no use.</summary>
    Refused,
}

/// <summary>The opening handshake of a WebSocket for SIP (RFC 6455 §4.2, RFC 7118 §4.1).</summary>
internal static class WebSocketHandshake
{
    private const int MostBytes = 8192;
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 §1.3

    /// <summary>Reads a request and writes its answer.</summary>
    public static HandshakeVerdict TryRead(ReadOnlySpan<byte> received, out int length, ArrayBufferWriter<byte> answer)
    {
        length = received.IndexOf("\r\n\r\n"u8) + 4;
        if (length < 4)
        {
            if (received.Length <= MostBytes && (received.Length < 4 || received.StartsWith("GET "u8))) return HandshakeVerdict.Incomplete;
            return Refuse("400 Bad Request", answer);
        }

        if (length > MostBytes || !received.StartsWith("GET "u8)) return Refuse("400 Bad Request", answer);
        var lines = Encoding.Latin1.GetString(received[..(length - 4)]).Split("\r\n");
        if (!lines[0].EndsWith(" HTTP/1.1", StringComparison.Ordinal) || !Has(lines, "Upgrade", "websocket") || !Has(lines, "Connection", "Upgrade")
            || Values(lines, "Sec-WebSocket-Key").FirstOrDefault() is not { Length: 24 } key)
            return Refuse("400 Bad Request", answer);
        if (!Has(lines, "Sec-WebSocket-Version", "13")) return Refuse("426 Upgrade Required\r\nSec-WebSocket-Version: 13", answer);
        if (!Has(lines, "Sec-WebSocket-Protocol", "sip")) return Refuse("400 Bad Request", answer);

#pragma warning disable CA5350 // RFC 6455 §4.2.2 says SHA-1; it protects nothing.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
#pragma warning restore CA5350
        Write(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: sip\r\n\r\n",
            answer);
        return HandshakeVerdict.Accepted;
    }

    private static HandshakeVerdict Refuse(string status, ArrayBufferWriter<byte> answer)
    {
        Write($"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", answer);
        return HandshakeVerdict.Refused;
    }

    private static void Write(string text, ArrayBufferWriter<byte> answer) => answer.Write(Encoding.ASCII.GetBytes(text));

    private static bool Has(string[] lines, string name, string value) => Values(lines, name).Contains(value, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Values(string[] lines, string name) =>
        from line in lines.Skip(1)
        let colon = line.IndexOf(':', StringComparison.Ordinal)
        where colon == name.Length && line.StartsWith(name, StringComparison.OrdinalIgnoreCase)
        from value in line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries)
        select value;
}
