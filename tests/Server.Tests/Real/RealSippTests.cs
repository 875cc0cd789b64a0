using System.Net;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;

namespace Switchhook.Server.Tests.Real;

/// <summary>A server with sipps for peers: each transport has a peer exchange of its own, at an address of its own.</summary>
public sealed class SippLab : IAsyncLifetime
{
    public const string Phone = "501";

    private static readonly IPAddress UdpPeer = IPAddress.Parse("127.0.0.11");
    private static readonly IPAddress TcpPeer = IPAddress.Parse("127.0.0.12");

    private readonly int _udpPort = FreePort.Next();
    private readonly int _tcpPort = FreePort.Next();

    public TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var provisioning = new ProvisioningBuilder()
            .AddPhone(Phone).AddService("800", "answer").AddService("801", "hangup").AddService("802", "ring").AddService("803", "busy")
            .AddTrunk("udp-peer", UdpPeer.ToString(), _udpPort, UdpPeer.ToString(), "all")
            .AddTrunk("tcp-peer", TcpPeer.ToString(), _tcpPort, TcpPeer.ToString(), "all", transport: "tcp")
            .AddRoute("over udp", "+1X.", "udp-peer").AddRoute("over tcp", "+2X.", "tcp-peer");
        Server = await TestServer.StartAsync(new ServerSetup { Provisioning = provisioning });
    }

    /// <summary>A sipp that calls that number.</summary>
    public SippRun Caller(string scenario, string number, bool tcp, bool asTrunk, int calls = 20) => SippRun.Start(new SippSettings
    {
        Scenario = FileOf(scenario),
        Server = tcp ? Server.SipTcp : Server.SipUdp,
        Address = !asTrunk ? IPAddress.Loopback : tcp ? TcpPeer : UdpPeer,
        Transport = tcp ? "t1" : "u1",
        Service = number,
        User = asTrunk ? "peer" : Phone,
        Secret = asTrunk ? "" : ProvisioningBuilder.SecretOf(Phone),
        Calls = calls,
        CallsPerSecond = 20,
    });

    /// <summary>A sipp that is the peer exchange, and the number that leads to it.</summary>
    public (SippRun Run, string Number) Callee(string scenario, bool tcp, int calls = 20)
    {
        var run = SippRun.Start(new SippSettings
        {
            Scenario = FileOf(scenario),
            Server = tcp ? Server.SipTcp : Server.SipUdp,
            Address = tcp ? TcpPeer : UdpPeer,
            Port = tcp ? _tcpPort : _udpPort,
            Transport = tcp ? "t1" : "u1",
            Calls = calls,
        });
        return (run, tcp ? "+2555" : "+1555");
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static string FileOf(string scenario) => Path.Combine(AppContext.BaseDirectory, "Scenarios", $"{scenario}.xml");
}

/// <summary>sipp as caller, as callee and as both, over UDP and TCP.</summary>
public sealed class RealSippTests(SippLab lab) : IClassFixture<SippLab>
{
    private const int Calls = 20;

    [Theory]
    [InlineData("phone_calls_and_hangs_up", "800", false, "NORMAL_CLEARING", "caller")]
    [InlineData("phone_calls_and_hangs_up", "800", true, "NORMAL_CLEARING", "caller")]
    [InlineData("phone_calls_and_is_hung_up", "801", false, "NORMAL_CLEARING", "policy")]
    [InlineData("phone_calls_and_is_hung_up", "801", true, "NORMAL_CLEARING", "policy")]
    [InlineData("phone_calls_and_is_refused", "803", false, "USER_BUSY", "policy")]
    [InlineData("phone_calls_and_is_refused", "803", true, "USER_BUSY", "policy")]
    [InlineData("phone_calls_and_cancels", "802", false, "ORIGINATOR_CANCEL", "caller")]
    [InlineData("phone_calls_and_cancels", "802", true, "ORIGINATOR_CANCEL", "caller")]
    [InlineData("trunk_calls_and_hangs_up", "800", false, "NORMAL_CLEARING", "caller")]
    [InlineData("trunk_calls_and_is_hung_up", "801", true, "NORMAL_CLEARING", "policy")]
    [InlineData("trunk_calls_and_is_refused", "803", false, "USER_BUSY", "policy")]
    [InlineData("trunk_calls_and_cancels", "802", true, "ORIGINATOR_CANCEL", "caller")]
    public async Task Sipp_calls_the_exchange(string scenario, string number, bool tcp, string cause, string by)
    {
        var before = await EndedAsync(cause, by);
        await using var caller = lab.Caller(scenario, number, tcp, asTrunk: scenario.StartsWith("trunk", StringComparison.Ordinal));

        var exitCode = await caller.WaitAsync();

        Assert.True(exitCode == 0, caller.Account());
        await lab.Server.QuietAsync("call", "leg", "rtp_port");
        Assert.Equal(Calls, await EndedAsync(cause, by) - before);
    }

    [Theory]
    [InlineData("phone_calls_and_hangs_up", "answers_and_is_hung_up", false, "NORMAL_CLEARING", "caller")]
    [InlineData("phone_calls_and_hangs_up", "answers_and_is_hung_up", true, "NORMAL_CLEARING", "caller")]
    [InlineData("phone_calls_and_is_hung_up", "answers_and_hangs_up", false, "NORMAL_CLEARING", "callee")]
    [InlineData("phone_calls_and_is_hung_up", "answers_and_hangs_up", true, "NORMAL_CLEARING", "callee")]
    [InlineData("phone_calls_and_is_refused", "refuses_as_busy", false, "USER_BUSY", "callee")]
    [InlineData("phone_calls_and_is_refused", "refuses_as_busy", true, "USER_BUSY", "callee")]
    [InlineData("phone_calls_and_cancels", "rings_until_cancelled", false, "ORIGINATOR_CANCEL", "caller")]
    [InlineData("phone_calls_and_cancels", "rings_until_cancelled", true, "ORIGINATOR_CANCEL", "caller")]
    public async Task Sipp_calls_sipp_through_the_exchange(string callerScenario, string calleeScenario, bool tcp, string cause, string by)
    {
        var before = await EndedAsync(cause, by);
        var (callee, number) = lab.Callee(calleeScenario, tcp);
        await using var both = callee;
        await using var caller = lab.Caller(callerScenario, number, tcp, asTrunk: false);

        var callerExit = await caller.WaitAsync();
        var calleeExit = await callee.WaitAsync();

        Assert.True((callerExit, calleeExit) == (0, 0), $"{caller.Account()}\n=== callee\n{callee.Account()}");
        await lab.Server.QuietAsync("call", "leg", "rtp_port");
        Assert.Equal(Calls, await EndedAsync(cause, by) - before);
    }

    [Fact]
    public async Task A_caller_over_tcp_talks_to_a_callee_over_udp()
    {
        var (callee, number) = lab.Callee("answers_and_hangs_up", tcp: false);
        await using var both = callee;
        await using var caller = lab.Caller("phone_calls_and_is_hung_up", number, tcp: true, asTrunk: false);

        var callerExit = await caller.WaitAsync();
        var calleeExit = await callee.WaitAsync();

        Assert.True((callerExit, calleeExit) == (0, 0), $"{caller.Account()}\n=== callee\n{callee.Account()}");
    }

    private async Task<double> EndedAsync(string cause, string by) =>
        (await lab.Server.MetricsAsync()).Sum("switchhook_calls_ended_total", ("cause", cause), ("by", by));
}
