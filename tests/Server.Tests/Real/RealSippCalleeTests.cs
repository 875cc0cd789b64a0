namespace Switchhook.Server.Tests.Real;

/// <summary>sipp as the far side of calls of ours: what it does there, and how the caller hears of it.</summary>
public sealed class RealSippCalleeTests(SippLab lab) : IClassFixture<SippLab>
{
    [Theory]
    [InlineData("phone_calls_and_hangs_up", "forks_and_answers", false)]
    [InlineData("phone_calls_and_hangs_up", "forks_and_answers", true)]
    [InlineData("phone_calls_and_hangs_up", "rings_reliably", false)]
    [InlineData("phone_calls_and_hangs_up", "rings_reliably", true)]
    [InlineData("phone_calls_and_is_hung_up", "answers_and_changes", false)]
    [InlineData("phone_calls_and_is_hung_up", "answers_and_changes", true)]
    public async Task A_callee_may_do_what_the_RFC_lets_it(string callerDoes, string calleeDoes, bool tcp)
    {
        var peer = tcp ? Peer.OverTcp : Peer.Udp;
        await using var callee = await lab.CalleeAsync(calleeDoes, peer, calls: 3);
        await using var caller = lab.Caller(callerDoes, peer.Number, tcp, asTrunk: false, calls: 3);

        await SippLab.SucceedAsync(caller, callee);

        await lab.Server.QuietAsync("call", "leg", "rtp_port");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_without_an_offer_is_joined_with_a_callee(bool tcp)
    {
        await using var callee = await lab.CalleeAsync("answers_and_is_hung_up", Peer.Second, calls: 2);
        await using var caller = lab.Caller("row_late_offer", Peer.Second.Number, tcp, asTrunk: true, calls: 2);

        await SippLab.SucceedAsync(caller, callee);
    }

    [Theory]
    [InlineData("answers_with_its_offer")]
    [InlineData("offers_reliably")]
    public async Task A_callee_makes_the_offer_where_its_trunk_is_to(string calleeDoes)
    {
        await using var callee = await lab.CalleeAsync(calleeDoes, Peer.LateOffer, calls: 3);
        await using var caller = lab.Caller("phone_calls_and_hangs_up", Peer.LateOffer.Number, tcp: false, asTrunk: false, calls: 3);

        await SippLab.SucceedAsync(caller, callee);

        await lab.Server.QuietAsync("call", "leg", "rtp_port");
    }

    [Theory]
    [InlineData("answers_without_an_offer")]
    [InlineData("answers_with_another_offer")]
    public async Task A_callee_that_makes_no_offer_of_use_is_acknowledged_and_hung_up(string calleeDoes)
    {
        await using var callee = await lab.CalleeAsync(calleeDoes, Peer.LateOffer, calls: 2);
        await using var caller = lab.Caller(
            "phone_calls_and_is_told", Peer.LateOffer.Number, tcp: false, asTrunk: false, calls: 2, new() { ["status"] = "488", ["cause"] = "88" });

        await SippLab.SucceedAsync(caller, callee);
    }

    [Theory]
    [InlineData(486, "Busy Here", 17, 486)]
    [InlineData(603, "Decline", 21, 603)]
    [InlineData(480, "Temporarily Unavailable", 18, 408)]
    public async Task A_callee_declines(int status, string phrase, int cause, int told)
    {
        await using var callee = await lab.CalleeAsync(
            "refuses", Peer.Udp, calls: 2, new() { ["status"] = $"{status}", ["phrase"] = phrase, ["row"] = "X-Nothing: here" });
        await using var caller = lab.Caller(
            "phone_calls_and_is_told", Peer.Udp.Number, tcp: false, asTrunk: false, calls: 2, new() { ["status"] = $"{told}", ["cause"] = $"{cause}" });

        await SippLab.SucceedAsync(caller, callee);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(27)]
    public async Task The_cause_of_a_refusal_goes_through_unchanged(int cause)
    {
        await using var callee = await lab.CalleeAsync(
            "refuses", Peer.OverTcp, calls: 2, new() { ["status"] = "500", ["phrase"] = "No", ["row"] = $"Reason: Q.850;cause={cause}" });
        await using var caller = lab.Caller(
            "phone_calls_and_is_told", Peer.OverTcp.Number, tcp: true, asTrunk: false, calls: 2,
            new() { ["status"] = cause == 31 ? "480" : "502", ["cause"] = $"{cause}" });

        await SippLab.SucceedAsync(caller, callee);
    }

    [Theory]
    [InlineData(31, false)]
    [InlineData(127, true)]
    public async Task The_cause_of_a_hangup_goes_through_unchanged(int cause, bool tcp)
    {
        var fills = new Dictionary<string, string> { ["cause"] = $"{cause}" };
        var peer = tcp ? Peer.OverTcp : Peer.Udp;
        await using var callee = await lab.CalleeAsync("is_hung_up_for_a_reason", peer, calls: 2, fills);
        await using var caller = lab.Caller("phone_hangs_up_for_a_reason", peer.Number, tcp, asTrunk: false, calls: 2, fills);

        await SippLab.SucceedAsync(caller, callee);
    }

    [Fact]
    public async Task An_INVITE_that_comes_back_is_a_loop()
    {
        await using var peer = await lab.CalleeAsync("sends_back", Peer.Udp, fills: new() { ["number"] = Peer.Udp.Number });
        await using var caller = lab.Caller(
            "phone_calls_and_is_told", Peer.Udp.Number, tcp: false, asTrunk: false, calls: 1, new() { ["status"] = "483", ["cause"] = "25" });

        await SippLab.SucceedAsync(caller, peer);
    }

    [Fact]
    public async Task A_host_without_room_is_followed_by_the_next()
    {
        await using var full = await lab.CalleeAsync(
            "refuses", Peer.FirstHost, fills: new() { ["status"] = "503", ["phrase"] = "Service Unavailable", ["row"] = "Retry-After: 9" });
        await using var next = await lab.CalleeAsync("answers_and_is_hung_up", Peer.NextHost);
        await using var caller = lab.Caller("phone_calls_and_hangs_up", Peer.FirstHost.Number, tcp: false, asTrunk: false, calls: 1);

        await SippLab.SucceedAsync(caller, full, next);
    }

    [Fact]
    public async Task A_ring_time_that_is_over_cancels_with_its_cause()
    {
        await using var callee = await lab.CalleeAsync("rings_out", Peer.Second, fills: new() { ["reason"] = "Q.850;cause=19" });

        var placed = await lab.Server.Native.PlaceAsync(new() { ["to"] = Peer.Second.Number, ["ringTimeSeconds"] = 1 });
        await SippLab.SucceedAsync(callee);

        var call = await lab.Server.Native.ConfirmedCallAsync(placed.Json.GetProperty("id").GetString()!);
        Assert.Equal(("timer", 19), (call.Callee.Hangup!.By, call.Callee.Hangup.Cause));
    }

    [Fact]
    public async Task Of_three_phones_the_losers_are_told_that_another_answered()
    {
        var told = new Dictionary<string, string> { ["reason"] = "Call completed elsewhere" };
        await using var first = await lab.PhoneAsync("rings_out", SippLab.OtherPhone, fills: told);
        await using var second = await lab.PhoneAsync("rings_out", SippLab.OtherPhone, fills: told);
        await using var winner = await lab.PhoneAsync("answers_later", SippLab.OtherPhone);
        await using var caller = lab.Caller("phone_calls_and_hangs_up", SippLab.OtherPhone, tcp: false, asTrunk: false, calls: 1);

        await SippLab.SucceedAsync(caller, winner, first, second);

        await lab.Server.QuietAsync("call", "leg", "rtp_port");
    }

    [Fact]
    public async Task A_caller_that_gives_up_stops_every_phone_that_rings()
    {
        await using var first = await lab.PhoneAsync("rings_until_cancelled", SippLab.ThirdPhone);
        await using var second = await lab.PhoneAsync("rings_until_cancelled", SippLab.ThirdPhone);
        await using var caller = lab.Caller("phone_calls_and_cancels", SippLab.ThirdPhone, tcp: false, asTrunk: false, calls: 1);

        await SippLab.SucceedAsync(caller, first, second);

        await lab.Server.QuietAsync("call", "leg", "rtp_port");
    }
}
