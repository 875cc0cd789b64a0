using System.Net;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;

namespace Switchhook.Server.Tests.Real;

/// <summary>A sipp that is a peer exchange: where it is, and the number that leads to it.</summary>
/// <param name="At">Which of the lab's addresses and ports.</param>
public sealed record Peer(int At, string Number, bool Tcp = false, string? Identity = null)
{
    public static readonly Peer Udp = new(0, "+1555");
    public static readonly Peer OverTcp = new(1, "+2555", Tcp: true);
    public static readonly Peer Second = new(2, "+3555");

    /// <summary>Two hosts of one peer, the first of which is asked first.</summary>
    public static readonly Peer FirstHost = new(3, "+4555");
    public static readonly Peer NextHost = new(4, "+4555");

    /// <summary>One that makes the offer itself.</summary>
    public static readonly Peer LateOffer = new(5, "+5555");

    /// <summary>Two that are trusted with who calls, each told in its own way.</summary>
    public static readonly Peer Asserted = new(6, "+6555", Identity: "pai");
    public static readonly Peer Named = new(7, "+7555", Identity: "rpid");
}

/// <summary>A server with sipps for peers, each at an address of its own, and for phones.</summary>
public sealed class SippLab : IAsyncLifetime
{
    public const string Phone = "501";
    public const string OtherPhone = "502";
    public const string ThirdPhone = "503";

    /// <summary>The trunks' addresses: 127.0.0.11 and up. They are the lab's own, and so are the ports: labs do not meet.</summary>
    private static readonly IPAddress[] Addresses = [.. Enumerable.Range(11, 8).Select(static last => new IPAddress([127, 0, 0, (byte)last]))];

    private readonly int[] _ports = [.. Addresses.Select(static _ => FreePort.Next())];

    public TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var provisioning = new ProvisioningBuilder()
            .AddPhone(Phone).AddPhone(OtherPhone).AddPhone(ThirdPhone)
            .AddService("800", "answer").AddService("801", "hangup").AddService("802", "ring").AddService("803", "busy");
        AddTrunk(provisioning, Peer.Udp);
        AddTrunk(provisioning, Peer.OverTcp);
        AddTrunk(provisioning, Peer.Second);
        AddTrunk(provisioning, Peer.FirstHost, Peer.NextHost);
        AddTrunk(provisioning, Peer.LateOffer);
        AddTrunk(provisioning, Peer.Asserted);
        AddTrunk(provisioning, Peer.Named);
        Server = await TestServer.StartAsync(new ServerSetup { Provisioning = provisioning });
    }

    /// <summary>A sipp that calls that number: as a phone, or as a peer exchange.</summary>
    public SippRun Caller(
        string scenario, string number, bool tcp, bool asTrunk, int calls = 20, Dictionary<string, string>? fills = null,
        Dictionary<string, string>? keys = null, string phone = Phone, int port = 0) => SippRun.Start(new SippSettings
        {
            Scenario = FileOf(scenario),
            Server = tcp ? Server.SipTcp : Server.SipUdp,
            Address = asTrunk ? Addresses[tcp ? Peer.OverTcp.At : Peer.Udp.At] : IPAddress.Loopback,
            Port = port,
            Transport = tcp ? "t1" : "u1",
            Service = number,
            User = asTrunk ? "peer" : phone,
            Secret = asTrunk ? "" : ProvisioningBuilder.SecretOf(phone),
            Calls = calls,
            CallsPerSecond = 20,
            Fills = fills ?? [],
            Keys = keys ?? [],
        });

    /// <summary>A sipp that is a peer exchange, once it can be called.</summary>
    public Task<SippRun> CalleeAsync(string scenario, Peer peer, int calls = 1, Dictionary<string, string>? fills = null) =>
        CalleeAsync(scenario, Addresses[peer.At], _ports[peer.At], peer.Tcp, calls, fills);

    /// <summary>A sipp that is a phone over UDP and registers first, once it can be called.</summary>
    public async Task<SippRun> PhoneAsync(string scenario, string phone, int calls = 1, Dictionary<string, string>? fills = null)
    {
        var port = FreePort.Next();
        // One after the other at one port: a sipp either calls or is called.
        await using (var registers = Caller("registers", phone, tcp: false, asTrunk: false, calls: 1, phone: phone, port: port))
            await SucceedAsync(registers);
        return await CalleeAsync(scenario, IPAddress.Loopback, port, tcp: false, calls, fills);
    }

    /// <summary>The address of a peer, to be written into a message.</summary>
    public string AddressOf(Peer peer) => $"{Addresses[peer.At]}:{_ports[peer.At]}";

    /// <summary>Waits until all are done and have met what their scenarios expect.</summary>
    public static async Task SucceedAsync(params SippRun[] runs)
    {
        var exits = await Task.WhenAll(runs.Select(static r => r.WaitAsync()));
        Assert.True(exits.All(static e => e == 0), string.Join("\n=== next\n", runs.Select((r, i) => $"exit code {exits[i]}\n{r.Account()}")));
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Starts it and waits until it can be called.</summary>
    public static async Task<SippRun> ListenAsync(SippSettings settings)
    {
        var run = SippRun.Start(settings);
        await run.ListeningAsync();
        return run;
    }

    public static string FileOf(string scenario) => Path.Combine(AppContext.BaseDirectory, "Scenarios", $"{scenario}.xml");

    private Task<SippRun> CalleeAsync(string scenario, IPAddress address, int port, bool tcp, int calls, Dictionary<string, string>? fills) =>
        ListenAsync(new SippSettings
        {
            Scenario = FileOf(scenario),
            Server = tcp ? Server.SipTcp : Server.SipUdp,
            Address = address,
            Port = port,
            Transport = tcp ? "t1" : "u1",
            User = "peer",
            Calls = calls,
            Fills = fills ?? [],
        });

    private void AddTrunk(ProvisioningBuilder provisioning, Peer peer, Peer? next = null)
    {
        var (name, address) = ($"peer-{peer.At}", Addresses[peer.At].ToString());
        provisioning
            .AddTrunk(
                name, address, _ports[peer.At], address, "all", transport: peer.Tcp ? "tcp" : "udp",
                next: next is null ? null : (Addresses[next.At].ToString(), _ports[next.At]), lateOffer: peer == Peer.LateOffer,
                more: peer.Identity is { } identity ? new() { ["identity"] = identity } : null)
            .AddRoute($"to {name}", $"{peer.Number[..2]}X.", name);
    }
}
