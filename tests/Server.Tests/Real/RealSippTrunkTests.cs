using System.Net;
using System.Text.Json.Nodes;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Real;

/// <summary>sipp as the other side of a trunk: a registrar, a host that is probed, one that challenges.</summary>
public sealed class RealSippTrunkTests
{
    private const string Number = "+4915";

    private static readonly IPAddress Address = IPAddress.Parse("127.0.0.24");

    private readonly int _port = FreePort.Next();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trunk_is_registered_with_its_password_and_registered_again_in_time(bool tcp)
    {
        await using var registrar = await CarrierAsync("registrar", tcp);
        await using var server = await ServeAsync(tcp, new() { ["register"] = true });

        await SippLab.SucceedAsync(registrar);
    }

    [Fact]
    public async Task A_registrar_without_room_is_asked_again_later()
    {
        await using var registrar = await CarrierAsync("registrar_is_busy");
        await using var server = await ServeAsync(tcp: false, new() { ["register"] = true });

        await SippLab.SucceedAsync(registrar);

        await UpAsync(server, 1);
    }

    [Fact]
    public async Task A_server_that_stops_takes_its_registration_back()
    {
        await using var registrar = await CarrierAsync("registrar_is_left");
        await using var server = await ServeAsync(tcp: false, new() { ["register"] = true });
        await UpAsync(server, 1);

        var exitCode = await server.StopAsync();
        await SippLab.SucceedAsync(registrar);

        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task A_probed_host_is_down_while_it_says_so_and_up_again_after()
    {
        await using var server = await ServeAsync(tcp: false, new() { ["probeSeconds"] = 1 });

        await using (var ill = await CarrierAsync("is_probed", fills: new() { ["status"] = "503", ["phrase"] = "Service Unavailable" }))
            await SippLab.SucceedAsync(ill);
        await UpAsync(server, 0);
        await using (var well = await CarrierAsync("is_probed", fills: new() { ["status"] = "200", ["phrase"] = "OK" }))
            await SippLab.SucceedAsync(well);

        await UpAsync(server, 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Credentials_are_given_for_a_call_and_for_its_end(bool tcp)
    {
        await using var server = await ServeAsync(tcp, []);
        await using var carrier = await CarrierAsync("challenges", tcp);

        var placed = (await server.Native.PlaceAsync(new() { ["to"] = Number + "1" })).Json.GetProperty("id").GetString()!;
        _ = await Eventually.GetAsync(() => server.Native.CallAsync(placed), c => c.Callee.State == "answered", "the call is answered");
        _ = await server.Native.HangUpAsync(placed);
        await SippLab.SucceedAsync(carrier);

        var call = await server.Native.ConfirmedCallAsync(placed);
        Assert.Equal(("api", 16, "yes"), (call.Callee.Hangup!.By, call.Callee.Hangup.Cause, call.Callee.Hangup.Confirmed));
    }

    private Task<SippRun> CarrierAsync(string scenario, bool tcp = false, Dictionary<string, string>? fills = null) =>
        SippLab.ListenAsync(new SippSettings
        {
            Scenario = SippLab.FileOf(scenario),
            // It calls nobody.
            Server = new IPEndPoint(Address, _port),
            Address = Address,
            Port = _port,
            Transport = tcp ? "t1" : "u1",
            User = "carrier",
            Calls = 1,
            Fills = fills ?? [],
        });

    private Task<TestServer> ServeAsync(bool tcp, JsonObject trunk) => TestServer.StartAsync(new ServerSetup
    {
        Provisioning = new ProvisioningBuilder()
            .AddTrunk("carrier", Address.ToString(), _port, Address.ToString(), transport: tcp ? "tcp" : "udp", user: "line", secret: "line-secret", more: trunk)
            .AddRoute("to carrier", Number[..3] + "X.", "carrier"),
    });

    private static Task<Metrics> UpAsync(TestServer server, int up) => Eventually.GetAsync(
        server.MetricsAsync, m => (int)m.Sum("switchhook_trunk_up", ("trunk", "carrier")) == up, $"switchhook_trunk_up is {up}", TimeSpan.FromSeconds(60));
}
