using System.Net;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Real;

/// <summary>Session timers (RFC 4028) and limits against sipp, in their own time: 90 s is the shortest interval there may be.</summary>
public sealed class RealSippTimerTests
{
    private const string PeerAddress = "127.0.0.11";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Over a minute of nothing but waiting, so played by <c>./test --soak</c> alone; <c>SessionTimerTests</c> prove the same under a clock of their own.</summary>
    [Fact(Explicit = true)]
    public async Task A_session_of_90_s_is_refreshed_at_half_of_it_and_ends_where_nobody_refreshes_it()
    {
        // Nobody sends audio here, and that must not be what ends the call.
        await using var server = await StartAsync("Rtp:SilenceHangupSeconds=0");
        await using var refreshed = Call(server, "row_is_refreshed");
        await using var forgotten = Call(server, "row_is_not_refreshed");

        await SippLab.SucceedAsync(refreshed, forgotten);

        await server.QuietAsync("call", "leg", "rtp_port");
        var ended = (await server.MetricsAsync()).Sum("switchhook_calls_ended_total", ("by", "timer"));
        Assert.Equal(1, ended);
    }

    [Fact]
    public async Task Beyond_the_limit_a_call_is_refused_and_told_when_to_come_again()
    {
        await using var server = await StartAsync("Calls:MaxLive=1");
        await using var first = Call(server, "row_is_not_refreshed");
        await Eventually.GetAsync(server.MetricsAsync, m => m.Live("call") == 1, "the first call is up", Patience);
        await using var second = Call(server, "row_no_room", calls: 5);

        await SippLab.SucceedAsync(second);
        Assert.True((await server.MetricsAsync()).Sum("switchhook_sip_rejected_total") >= 5);
    }

    private static Task<TestServer> StartAsync(string setting) => TestServer.StartAsync(new ServerSetup
    {
        Provisioning = new ProvisioningBuilder().AddService("800", "answer").AddTrunk("peer", PeerAddress, 9, PeerAddress, "all"),
        Settings = [setting],
    });

    private static SippRun Call(TestServer server, string scenario, int calls = 1) => SippRun.Start(new SippSettings
    {
        Scenario = Path.Combine(AppContext.BaseDirectory, "Scenarios", $"{scenario}.xml"),
        Server = server.SipUdp,
        Address = IPAddress.Parse(PeerAddress),
        Service = "800",
        User = "peer",
        Calls = calls,
        Deadline = Patience,
    });
}
