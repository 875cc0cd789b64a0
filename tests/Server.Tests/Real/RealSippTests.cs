namespace Switchhook.Server.Tests.Real;

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
        await using var callee = await lab.CalleeAsync(calleeScenario, tcp ? Peer.OverTcp : Peer.Udp, Calls);
        await using var caller = lab.Caller(callerScenario, tcp ? Peer.OverTcp.Number : Peer.Udp.Number, tcp, asTrunk: false);

        await SippLab.SucceedAsync(caller, callee);

        await lab.Server.QuietAsync("call", "leg", "rtp_port");
        Assert.Equal(Calls, await EndedAsync(cause, by) - before);
    }

    [Fact]
    public async Task A_caller_over_tcp_talks_to_a_callee_over_udp()
    {
        await using var callee = await lab.CalleeAsync("answers_and_hangs_up", Peer.Udp, Calls);
        await using var caller = lab.Caller("phone_calls_and_is_hung_up", Peer.Udp.Number, tcp: true, asTrunk: false);

        await SippLab.SucceedAsync(caller, callee);

        await lab.Server.QuietAsync("call", "leg", "rtp_port");
    }

    private async Task<double> EndedAsync(string cause, string by) =>
        (await lab.Server.MetricsAsync()).Sum("switchhook_calls_ended_total", ("cause", cause), ("by", by));
}
