using System.Net;
using System.Net.Sockets;
using Switchhook.TestKit.Networks;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Servers;

/// <summary>How a server under test is started.</summary>
public sealed record ServerSetup
{
    public ProvisioningBuilder Provisioning { get; init; } = new();

    /// <summary>More <c>--set</c> pairs, as <c>Rtp:SilenceHangupSeconds=0</c>; a later one wins.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>The data directory; one of its own when null.</summary>
    public string? Data { get; init; }

    /// <summary>Variables of its environment besides those of the tests.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The network it runs in; the machine's own when null. The HTTP addresses are its loopback's.</summary>
    public NetworkNamespace? Network { get; init; }

    /// <summary>Where SIP and RTP are bound.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Ports to listen on again after a restart; null picks free ones.</summary>
    public TestServer? SamePortsAs { get; init; }
}

/// <summary>The built server as a process of its own, on free ports of the loopback address.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(120);
    private const int MostTries = 5;
    private static readonly string[] OverWithTheirCalls = ["call", "leg", "rtp_port", "script", "recording", "mixer_seat", "queue_seat"];

    private readonly ChildProgram _program;
    private readonly TempFolder _folder;
    private readonly ServerSetup _setup;

    private TestServer(ServerSetup setup, TempFolder folder, ChildProgram program)
    {
        _setup = setup;
        _folder = folder;
        _program = program;
    }

    public required IPEndPoint SipUdp { get; init; }
    public required IPEndPoint SipTcp { get; init; }

    /// <summary>Where it listens for TLS, which only a setting of its own makes it do.</summary>
    public IPEndPoint SipTls => IPEndPoint.Parse(Listening(_program, "sip", "tls://"));

    /// <summary>Address of the native API, health and metrics.</summary>
    public required Uri Http { get; init; }

    /// <summary>Address of the Ozeki listener.</summary>
    public required Uri OzekiAddress { get; init; }

    /// <summary>Address of the OpenVox listener.</summary>
    public required Uri OpenVoxAddress { get; init; }

    /// <summary>The native API with the key of the builder's account.</summary>
    public required NativeApi Native { get; init; }

    /// <summary>The Ozeki API with the credentials of the builder's account.</summary>
    public required OzekiApi Ozeki { get; init; }

    /// <summary>The classic profile of Ozeki; it must have been given an address.</summary>
    public OzekiApi OzekiClassic() =>
        new(new Uri(Listening(_program, "ozeki-classic", "")), ProvisioningBuilder.Account, ProvisioningBuilder.Password, path: "/");

    /// <summary>The OpenVox API with the credentials of the builder's account.</summary>
    public OpenVoxApi OpenVox() => new(OpenVoxAddress, ProvisioningBuilder.Account, ProvisioningBuilder.Password);

    /// <summary>Process id.</summary>
    public int ProcessId => _program.Id;

    /// <summary>Memory it has in use, in bytes (VmRSS).</summary>
    public long ResidentBytes()
    {
        var line = File.ReadLines($"/proc/{ProcessId}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What it printed so far.</summary>
    public string Output => _program.Output;

    /// <summary>The lines it printed so far.</summary>
    public IReadOnlyList<string> Lines => _program.Lines;
    public bool HasExited => _program.HasExited;

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<TestServer> StartAsync(ServerSetup? setup = null)
    {
        setup ??= new ServerSetup();
        var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("provision.json"), setup.Provisioning.ToJson());
        var program = await StartProgramAsync(setup, folder);
        var http = new Uri(Listening(program, "http", ""));
        var ozeki = new Uri(Listening(program, "ozeki", ""));
        return new TestServer(setup, folder, program)
        {
            SipUdp = IPEndPoint.Parse(Listening(program, "sip", "udp://")),
            SipTcp = IPEndPoint.Parse(Listening(program, "sip", "tcp://")),
            Http = http,
            OzekiAddress = ozeki,
            OpenVoxAddress = new Uri(Listening(program, "openvox", "")),
            Native = new NativeApi(http, ProvisioningBuilder.NativeKey, setup.Network?.HttpHandler()),
            Ozeki = new OzekiApi(ozeki, ProvisioningBuilder.Account, ProvisioningBuilder.Password),
        };
    }

    /// <summary>Runs the server's program with other arguments, to its end.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        ChildProgram.RunAsync("dotnet", [ServerProgram.Assembly, .. arguments], RunLimit);

    /// <summary>The figures as they are now.</summary>
    public Task<Metrics> MetricsAsync() => Native.MetricsAsync();

    /// <summary>Waits until nothing of those kinds is live; without kinds, nothing that is over when the calls are.</summary>
    public Task QuietAsync(params IReadOnlyCollection<string> kinds)
    {
        var over = kinds is { Count: 0 } ? OverWithTheirCalls : kinds;
        return Eventually.GetAsync(MetricsAsync, m => over.All(k => m.Live(k) == 0), $"no live {string.Join(", ", over)}");
    }

    /// <summary>Waits until nothing at all is live; the transactions of RFC 3261 stay up to 32 s after their end.</summary>
    public Task SilentAsync() =>
        Eventually.GetAsync(MetricsAsync, m => m.AllLive().All(g => g.Value == 0), "no live thing of any kind", TimeSpan.FromSeconds(45));

    /// <summary>A phone of that extension, not registered yet.</summary>
    public ScriptedPhone Phone(string number, Wire wire = Wire.Udp, string? algorithm = null) => ScriptedPhone.Open(new PhoneSettings
    {
        User = number,
        Secret = ProvisioningBuilder.SecretOf(number),
        Server = wire switch
        {
            Wire.Udp => SipUdp,
            Wire.Tcp => SipTcp,
            Wire.Tls => SipTls,
            Wire.Ws => IPEndPoint.Parse(Listening(_program, "sip", "ws://")),
            Wire.Wss => IPEndPoint.Parse(Listening(_program, "sip", "wss://")),
        },
        Wire = wire,
        Algorithm = algorithm,
        Local = new IPEndPoint(SipUdp.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0),
    });

    /// <summary>A phone of that extension that is registered.</summary>
    public async Task<ScriptedPhone> RegisteredPhoneAsync(string number, Wire wire = Wire.Udp)
    {
        var phone = Phone(number, wire);
        var response = await phone.RegisterAsync();
        return response.Status == 200 ? phone : throw new InvalidOperationException($"{number} was not registered:\n{phone}");
    }

    /// <summary>Sends SIGTERM.</summary>
    public Task TerminateAsync() => _program.TerminateAsync();

    /// <summary>Sends SIGTERM and waits for the end; gives the exit code.</summary>
    public async Task<int> StopAsync(TimeSpan? deadline = null)
    {
        await TerminateAsync();
        return await _program.WaitAsync(deadline);
    }

    /// <summary>Waits for the end; gives the exit code.</summary>
    public Task<int> WaitAsync(TimeSpan? deadline = null) => _program.WaitAsync(deadline);

    /// <summary>Sends SIGKILL: no warning, no farewell.</summary>
    public Task KillAsync() => _program.KillAsync();

    /// <summary>The same set-up on the same data and the same ports; the former process must be gone.</summary>
    public Task<TestServer> StartAgainAsync() =>
        StartAsync(_setup with { Data = _setup.Data ?? _folder.At("data"), SamePortsAs = this });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        Native.Dispose();
        Ozeki.Dispose();
        _folder.Dispose();
    }

    /// <summary>The program, ready. Ports that somebody else took while they were being picked are given up for others.</summary>
    private static async Task<ChildProgram> StartProgramAsync(ServerSetup setup, TempFolder folder)
    {
        for (var tries = 1; ; tries++)
        {
            var program = ChildProgram.Start("dotnet", Arguments(setup, folder), folder.Path, setup.Environment, setup.Network);
            try
            {
                await program.LineAsync(l => l.Trim() == "ready", "the server's 'ready'", StartLimit);
                return program;
            }
            catch (InvalidOperationException) when (tries < MostTries && program.Output.Contains(" is in use", StringComparison.Ordinal))
            {
                await program.DisposeAsync();
            }
        }
    }

    private static List<string> Arguments(ServerSetup setup, TempFolder folder)
    {
        // None of the system's own choice: a server that is started again needs the ports it had, and those may be anybody's by then.
        var same = setup.SamePortsAs;
        var (sip, http) = same is null ? (FreePort.Next(), FreePort.Next()) : (0, 0);
        List<string> settings =
        [
            $"Http:Listen={same?.Http.ToString().TrimEnd('/') ?? $"http://127.0.0.1:{http}"}",
            $"Dialects:Ozeki:Listen={same?.OzekiAddress.ToString().TrimEnd('/') ?? $"http://127.0.0.1:{http + 1}"}",
            $"Sip:Listen=udp://{same?.SipUdp ?? new IPEndPoint(setup.Address, sip)},tcp://{same?.SipTcp ?? new IPEndPoint(setup.Address, sip)}",
            $"Rtp:Address={setup.Address}",
            $"Dialects:OpenVox:Listen={same?.OpenVoxAddress.ToString().TrimEnd('/') ?? $"http://127.0.0.1:{http + 2}"}",
            "Webhooks:AllowPrivateAddresses=true",
            .. setup.Settings,
        ];
        List<string> arguments =
            [ServerProgram.Assembly, "serve", "--data", setup.Data ?? folder.At("data"), "--provision", folder.At("provision.json")];
        foreach (var setting in settings)
            arguments.AddRange(["--set", setting]);
        return arguments;
    }

    private static string Listening(ChildProgram program, string what, string scheme)
    {
        var prefix = $"listening {what} {scheme}";
        var line = program.Lines.FirstOrDefault(l => l.StartsWith(prefix, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"No line '{prefix}…' from the server:\n{program.Output}");
        return line[prefix.Length..].Trim();
    }
}
