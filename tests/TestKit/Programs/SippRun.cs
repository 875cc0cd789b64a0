using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Programs;

/// <summary>What a sipp is to do.</summary>
public sealed record SippSettings
{
    /// <summary>The scenario's file.</summary>
    public required string Scenario { get; init; }

    /// <summary>The server, for a caller; also where answers of a callee's own requests go.</summary>
    public required IPEndPoint Server { get; init; }
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Its port; picked when 0.</summary>
    public int Port { get; init; }

    /// <summary><c>u1</c> for UDP, <c>t1</c> for TCP.</summary>
    public string Transport { get; init; } = "u1";
    public int Calls { get; init; } = 10;
    public int CallsPerSecond { get; init; } = 10;
    public int AtOnce { get; init; } = 10;

    /// <summary>The number called (<c>[service]</c> of the scenario).</summary>
    public string Service { get; init; } = "";

    /// <summary>Its own user and password (<c>[authentication]</c>, and <c>-key user</c>).</summary>
    public string User { get; init; } = "";
    public string Secret { get; init; } = "";
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>What stands in the scenario's text for <c>{name}</c>: sipp takes its keys in messages only, not in what it expects.</summary>
    public IReadOnlyDictionary<string, string> Fills { get; init; } = new Dictionary<string, string>();
}

/// <summary>A sipp of the Debian package running one scenario.</summary>
public sealed class SippRun : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly ChildProgram _program;
    private readonly SippSettings _settings;

    private SippRun(SippSettings settings, TempFolder folder, ChildProgram program, int port)
    {
        _settings = settings;
        _folder = folder;
        _program = program;
        Port = port;
    }

    /// <summary>The port it uses.</summary>
    public int Port { get; }

    /// <summary>Starts it; callers begin calling at once.</summary>
    public static SippRun Start(SippSettings settings)
    {
        var folder = new TempFolder();
        var port = settings.Port == 0 ? FreePort.Next() : settings.Port;
        if (settings.Fills.Count > 0)
            settings = settings with { Scenario = Fill(settings, folder) };
        return new SippRun(settings, folder, ChildProgram.Start("sipp", Arguments(settings, port), folder.Path), port);
    }

    /// <summary>Waits until every call was made; gives the exit code, 0 when all succeeded.</summary>
    public async Task<int> WaitAsync() => await _program.WaitAsync(_settings.Deadline + TimeSpan.FromSeconds(10));

    /// <summary>Waits until it takes messages: a callee must be there before it is called.</summary>
    public async Task ListeningAsync()
    {
        var own = new IPEndPoint(_settings.Address, Port);
        await Eventually.TrueAsync(
            () =>
            {
                var network = IPGlobalProperties.GetIPGlobalProperties();
                var all = _settings.Transport == "u1" ? network.GetActiveUdpListeners() : network.GetActiveTcpListeners();
                return _program.HasExited || all.Contains(own);
            },
            $"sipp listens at {own}");
    }

    /// <summary>What went wrong by its own account: errors, last messages, screen.</summary>
    public string Account()
    {
        var logs = Directory.GetFiles(_folder.Path, "*.log").Select(f => $"--- {Path.GetFileName(f)}\n{Tail(File.ReadAllText(f))}");
        return $"{string.Join('\n', logs)}\n--- screen\n{Tail(_program.Output)}";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Dispose();
    }

    private static List<string> Arguments(SippSettings s, int port)
    {
        List<string> arguments =
        [
            s.Server.ToString(), "-sf", s.Scenario, "-i", s.Address.ToString(), "-p", Text(port), "-t", s.Transport, "-m", Text(s.Calls),
            "-r", Text(s.CallsPerSecond), "-l", Text(s.AtOnce), "-nostdin", "-trace_err", "-trace_msg", "-timeout", $"{(int)s.Deadline.TotalSeconds}s",
            // Without an @ in it a Call-ID can stand in the headers of a URI as it is.
            "-cid_str", $"%u-%p-{port}", "-timeout_error", "-mp", Text(FreePort.Next()), "-cp", Text(FreePort.Next()), "-max_socket", "200",
        ];
        if (s.Service.Length > 0)
            arguments.AddRange(["-s", s.Service]);
        if (s.Secret.Length > 0)
            // By itself sipp leaves the user out of the digest's URI, which must be the Request-URI (RFC 7616 §3.4.6).
            arguments.AddRange(["-au", s.User, "-ap", s.Secret, "-auth_uri", $"{s.Service}@{s.Server}"]);
        if (s.User.Length > 0)
            arguments.AddRange(["-key", "user", s.User]);
        foreach (var (name, value) in s.Keys)
            arguments.AddRange(["-key", name, value]);
        return arguments;
    }

    private static string Fill(SippSettings settings, TempFolder folder)
    {
        var text = settings.Fills.Aggregate(
            File.ReadAllText(settings.Scenario), static (t, fill) => t.Replace($"{{{fill.Key}}}", fill.Value, StringComparison.Ordinal));
        var file = folder.At(Path.GetFileName(settings.Scenario));
        File.WriteAllText(file, text);
        return file;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Tail(string text) => text.Length > 6000 ? text[^6000..] : text;
}
