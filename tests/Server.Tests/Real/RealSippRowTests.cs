namespace Switchhook.Server.Tests.Real;

/// <summary>One sipp scenario for each extension of SIP that a caller may use by himself.</summary>
public sealed class RealSippRowTests(SippLab lab) : IClassFixture<SippLab>
{
    [Theory]
    [InlineData("row_hops_used_up", "800")]
    [InlineData("row_unknown_require", "800")]
    [InlineData("row_late_offer", "800")]
    [InlineData("row_update", "800")]
    [InlineData("row_reinvite", "800")]
    [InlineData("row_session_timer", "800")]
    [InlineData("row_session_too_brief", "800")]
    [InlineData("row_prack", "802")]
    public async Task Sipp_meets_what_the_RFC_says(string scenario, string number)
    {
        await using var caller = lab.Caller(scenario, number, tcp: false, asTrunk: true, calls: 5);

        var exitCode = await caller.WaitAsync();

        Assert.True(exitCode == 0, caller.Account());
        await lab.Server.QuietAsync("call", "leg", "rtp_port");
    }
}
