using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Switchhook.TestKit.Sip;

/// <summary>Session descriptions, written and read as text.</summary>
public static class Sdp
{
    /// <summary>An audio description. Payload types are written in the given order; 101 is telephone-event.</summary>
    public static string Audio(IPEndPoint rtp, string payloads = "0 8 101", string direction = "sendrecv", int version = 1) =>
        $"v=0\r\no=phone 4711 {version} IN {Family(rtp)} {rtp.Address}\r\ns=-\r\nc=IN {Family(rtp)} {rtp.Address}\r\nt=0 0\r\n" +
        $"m=audio {rtp.Port} RTP/AVP {payloads}\r\n{string.Concat(payloads.Split(' ').Select(Map))}a=ptime:20\r\na={direction}\r\n";

    /// <summary>Where the audio of a description is wanted; null when it has none or its port is 0.</summary>
    public static IPEndPoint? AudioEndpoint(string sdp)
    {
        string? address = null;
        foreach (var line in sdp.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("c=IN IP", StringComparison.Ordinal))
                address = line["c=IN IP4 ".Length..];
        }
        var media = AudioLine(sdp);
        if (media is null || address is null)
            return null;
        var port = int.Parse(media.Split(' ')[1].Split('/')[0], CultureInfo.InvariantCulture);
        return port == 0 ? null : new IPEndPoint(IPAddress.Parse(address), port);
    }

    /// <summary>The payload types offered or chosen, in order.</summary>
    public static IReadOnlyList<int> Payloads(string sdp) =>
        AudioLine(sdp) is { } line ? [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(3).Select(p => int.Parse(p, CultureInfo.InvariantCulture))] : [];

    /// <summary><c>sendrecv</c>, <c>sendonly</c>, <c>recvonly</c> or <c>inactive</c>.</summary>
    public static string Direction(string sdp) =>
        sdp.Split('\n', StringSplitOptions.TrimEntries)
            .LastOrDefault(l => l is "a=sendrecv" or "a=sendonly" or "a=recvonly" or "a=inactive")?[2..] ?? "sendrecv";

    private static string Family(IPEndPoint rtp) => rtp.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4";

    private static string? AudioLine(string sdp) =>
        sdp.Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(l => l.StartsWith("m=audio ", StringComparison.Ordinal));

    private static string Map(string payload) => payload switch
    {
        "0" => "a=rtpmap:0 PCMU/8000\r\n",
        "8" => "a=rtpmap:8 PCMA/8000\r\n",
        "101" => "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n",
        _ => "",
    };
}
