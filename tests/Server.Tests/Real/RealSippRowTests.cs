namespace Switchhook.Server.Tests.Real;

/// <summary>One sipp scenario for each extension of SIP that a caller may use by himself.</summary>
public sealed class RealSippRowTests(SippLab lab) : IClassFixture<SippLab>
{
    [Theory]
    [InlineData("row_hops_used_up", "800", false)]
    [InlineData("row_unknown_require", "800", false)]
    [InlineData("row_unknown_require", "800", true)]
    [InlineData("row_late_offer", "800", false)]
    [InlineData("row_late_offer", "800", true)]
    [InlineData("row_update", "800", false)]
    [InlineData("row_update", "800", true)]
    [InlineData("row_reinvite", "800", false)]
    [InlineData("row_reinvite", "800", true)]
    [InlineData("row_reinvite_without_offer", "800", false)]
    [InlineData("row_reinvite_without_offer", "800", true)]
    [InlineData("row_session_timer", "800", false)]
    [InlineData("row_session_timer", "800", true)]
    [InlineData("row_session_too_brief", "800", false)]
    [InlineData("row_prack", "802", false)]
    [InlineData("row_prack", "802", true)]
    [InlineData("row_options", "800", false)]
    [InlineData("row_options", "800", true)]
    public async Task Sipp_meets_what_the_RFC_says(string scenario, string number, bool tcp)
    {
        await using var caller = lab.Caller(scenario, number, tcp, asTrunk: true, calls: 5);

        await SippLab.SucceedAsync(caller);

        await lab.Server.QuietAsync("call", "leg", "rtp_port");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_phone_registers_asks_and_leaves(bool tcp)
    {
        await using var phone = lab.Caller("row_register", SippLab.Phone, tcp, asTrunk: false, calls: 1);

        await SippLab.SucceedAsync(phone);
    }

    [Theory]
    [InlineData("dialog", "dialog-info", false)]
    [InlineData("dialog", "dialog-info", true)]
    [InlineData("presence", "pidf", false)]
    [InlineData("message-summary", "simple-message-summary", false)]
    public async Task A_phone_watches_and_stops_watching(string package, string type, bool tcp)
    {
        await using var phone = lab.Caller(
            "row_subscribe", SippLab.OtherPhone, tcp, asTrunk: false, calls: 2, new() { ["event"] = package, ["type"] = type },
            new() { ["event"] = package, ["accept"] = $"application/{type}{(package == "message-summary" ? "" : "+xml")}" });

        await SippLab.SucceedAsync(phone);

        await lab.Server.QuietAsync("dialog");
    }

    [Fact]
    public async Task An_event_nobody_serves_is_refused_with_those_that_are()
    {
        await using var phone = lab.Caller("row_subscribe_unknown_event", SippLab.OtherPhone, tcp: false, asTrunk: false, calls: 2);

        await SippLab.SucceedAsync(phone);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_text_message_reaches_a_phone_as_it_was_sent(bool tcp)
    {
        await using var taker = await lab.PhoneAsync("takes_a_message", SippLab.OtherPhone, calls: 2);
        await using var sender = lab.Caller("row_message", SippLab.OtherPhone, tcp, asTrunk: false, calls: 2);

        await SippLab.SucceedAsync(sender, taker);
    }

    [Fact]
    public async Task A_phone_behind_a_proxy_is_called_along_its_path()
    {
        await using (var phone = lab.Caller(
            "row_registers_behind_proxy", SippLab.ThirdPhone, tcp: false, asTrunk: false, calls: 1, keys: new() { ["proxy"] = lab.AddressOf(Peer.Second) },
            phone: SippLab.ThirdPhone))
            await SippLab.SucceedAsync(phone);
        await using var proxy = await lab.CalleeAsync("is_called_through_its_proxy", Peer.Second);
        await using var caller = lab.Caller("phone_calls_and_hangs_up", SippLab.ThirdPhone, tcp: false, asTrunk: false, calls: 1);

        await SippLab.SucceedAsync(caller, proxy);
    }
}
