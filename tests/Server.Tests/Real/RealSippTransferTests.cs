using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Real;

/// <summary>Calls of sipps that move: blind and attended, taken over, and held while the other side holds too.</summary>
public sealed class RealSippTransferTests(SippLab lab) : IClassFixture<SippLab>
{
    private const string TargetNumber = "+3555";

    private static readonly Dictionary<string, string> Target = new() { ["target"] = TargetNumber };

    [Theory]
    [InlineData("phone_refers", false)]
    [InlineData("phone_refers", true)]
    [InlineData("phone_refers_by_target_dialog", false)]
    [InlineData("phone_refers_by_target_dialog", true)]
    public async Task A_phone_passes_its_call_on_and_hears_of_it_before_it_is_hung_up(string scenario, bool tcp)
    {
        await using var party = await PartyAsync("answers_and_is_hung_up", tcp);
        await using var target = await lab.CalleeAsync("answers_and_is_hung_up", Peer.Second);
        await using var phone = Phone(scenario, tcp);

        await SippLab.SucceedAsync(phone);
        await HangUpAsync();
        await SippLab.SucceedAsync(target, party);

        await lab.Server.QuietAsync("call", "leg", "rtp_port");
    }

    [Theory]
    [InlineData(486)]
    [InlineData(603)]
    public async Task A_phone_whose_target_refuses_is_told_why_and_keeps_its_call(int status)
    {
        await using var party = await PartyAsync("answers_and_is_hung_up", tcp: false);
        await using var target = await lab.CalleeAsync(
            "refuses", Peer.Second, fills: new() { ["status"] = $"{status}", ["phrase"] = "No", ["row"] = "X-Nothing: here" });
        await using var phone = Phone("phone_refers_in_vain", tcp: false, new() { ["status"] = $"{status}" });

        await SippLab.SucceedAsync(phone, target, party);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_phone_joins_its_two_calls_and_leaves_both(bool tcp)
    {
        await using var party = await PartyAsync("answers_and_is_hung_up", tcp);
        await using var target = await lab.CalleeAsync("answers_and_is_hung_up", Peer.Second);
        await using var phone = Phone("phone_consults_and_refers", tcp);

        await SippLab.SucceedAsync(phone);
        await HangUpAsync();
        await SippLab.SucceedAsync(target, party);

        await lab.Server.QuietAsync("call", "leg", "rtp_port");
    }

    [Fact]
    public async Task A_phone_takes_its_call_over_from_another_dialog()
    {
        await using var party = await PartyAsync("answers_and_is_hung_up", tcp: false);
        await using var phone = Phone("phone_takes_over", tcp: false);

        await SippLab.SucceedAsync(phone, party);

        await lab.Server.QuietAsync("call", "leg", "rtp_port");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Re_INVITEs_that_cross_are_refused_both_and_ours_comes_again(bool tcp)
    {
        await using var party = await PartyAsync("is_held", tcp);
        await using var phone = Phone("glare_with_hold", tcp);
        var call = await lab.Server.Native.OnlyLiveAsync();
        await Eventually.GetAsync(() => lab.Server.Native.CallAsync(call.Id), c => c.State == "talking", "the call is up");

        Assert.Equal(200, (await lab.Server.Ozeki.AskAsync("Hold", ("CallId", call.Id))).Code);
        await SippLab.SucceedAsync(phone, party);

        await lab.Server.QuietAsync("call", "leg", "rtp_port");
    }

    /// <summary>Ends what the phone has left behind: the one call of the two others.</summary>
    private async Task HangUpAsync()
    {
        var left = await lab.Server.Native.OnlyLiveAsync();
        Assert.Equal(200, (await lab.Server.Native.HangUpAsync(left.Id)).Status);
    }

    private Task<SippRun> PartyAsync(string scenario, bool tcp) => lab.CalleeAsync(scenario, tcp ? Peer.OverTcp : Peer.Udp);

    private SippRun Phone(string scenario, bool tcp, Dictionary<string, string>? fills = null) =>
        lab.Caller(scenario, (tcp ? Peer.OverTcp : Peer.Udp).Number, tcp, asTrunk: false, calls: 1, fills, Target);
}
