using System.Globalization;
using System.Net;

namespace Switchhook.Benchmarks.Load;

/// <summary>What a load run was told.</summary>
/// <param name="Server">Where the server listens for SIP.</param>
/// <param name="Pid">The server's process, whose processor time is told.</param>
/// <param name="Api">Where it listens for HTTP.</param>
/// <param name="Calls">Calls, or legs of each room.</param>
/// <param name="Seconds">How long is measured.</param>
internal sealed record LoadOptions(string Scene, IPEndPoint Server, int Pid, Uri Api, int? Calls, int Seconds)
{
    public int Rooms { get; init; } = 1;

    /// <summary>Legs that send a tone, of each room in conferences; all or none when left out, as the scene has it.</summary>
    public int? Speaking { get; init; }

    /// <summary>Keys measured.</summary>
    public int Samples { get; init; } = 200;

    /// <summary>Reads the words after <c>load</c>; null with what is wrong.</summary>
    public static LoadOptions? Read(string[] words, out string? mistake)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i + 1 < words.Length; i += 2) given[words[i]] = words[i + 1];
        mistake = words.Length % 2 == 0 ? "every option has a value"
            : !given.ContainsKey("--pid") ? "--pid is missing"
            : given.Keys.FirstOrDefault(k => k is not ("--server" or "--pid" or "--api" or "--calls" or "--seconds" or "--rooms" or "--speaking" or "--samples")) is { } unknown ? $"{unknown} is unknown"
            : null;
        if (mistake is not null) return null;
        return new LoadOptions(
            words[0], IPEndPoint.Parse(given.GetValueOrDefault("--server", "127.0.0.1:5060")), Number(given, "--pid") ?? 0,
            new Uri(given.GetValueOrDefault("--api", "http://127.0.0.1:8088")), Number(given, "--calls"), Number(given, "--seconds") ?? 20)
        {
            Rooms = Number(given, "--rooms") ?? 1,
            Speaking = Number(given, "--speaking"),
            Samples = Number(given, "--samples") ?? 200,
        };
    }

    private static int? Number(Dictionary<string, string> given, string name) =>
        given.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
