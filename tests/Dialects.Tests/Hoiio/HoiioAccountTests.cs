using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Hoiio;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>Money, limits, the account and its numbers.</summary>
public sealed class HoiioAccountTests
{
    [Fact]
    public async Task A_balance_goes_down_by_what_calls_cost()
    {
        await using var world = new HoiioWorld(new HoiioOptions { IdleTime = TimeSpan.FromHours(1) }, a => a with { Balance = "10.000" });
        var first = await world.ReadyAsync();
        world.Time.Advance(TimeSpan.FromMinutes(2.5));
        world.End(first);

        var before = await world.AskAsync("user/get_balance");
        var second = await world.ReadyAsync();
        world.End(second);
        var after = await world.AskAsync("user/get_balance");

        Assert.Equal("""{"status":"success_ok","currency":"SGD","balance":"9.928","points":"9.928","bonus":"0.000"}""", before.GetRawText());
        Assert.Equal("9.904", after.GetProperty("balance").GetString());
    }

    [Theory]
    [InlineData("0.024", "success_ok")]
    [InlineData("0.023", "error_insufficient_credit")]
    [InlineData("-1", "error_insufficient_credit")]
    public async Task A_call_needs_the_price_of_a_minute(string balance, string expected)
    {
        await using var world = new HoiioWorld(change: a => a with { Balance = balance });

        Assert.Equal(expected, await world.StatusAsync("ivr/start/dial", ("dest", HoiioWorld.Dest)));
    }

    [Fact]
    public async Task A_call_lasts_as_long_as_the_balance_pays_for()
    {
        await using var world = new HoiioWorld(change: a => a with { Balance = "0.100" });

        var rate = await world.AskAsync("voice/get_rate", ("dest1", HoiioWorld.Dest), ("dest2", "+6598880000"));
        await world.DialAsync();
        await world.DialAsync(("max_duration", "60"));

        Assert.Equal(("0.048", "2"), (rate.GetProperty("rate").GetString(), rate.GetProperty("talktime").GetString()));
        Assert.Equal([TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(60)], world.Asked.OfType<CallCommand.Originate>().Select(o => o.MaxDuration!.Value));
    }

    [Fact]
    public async Task An_application_has_eight_calls_at_a_time()
    {
        await using var world = new HoiioWorld();
        List<string> sessions = [];
        for (var i = 0; i < 8; i++)
            sessions.Add(await world.DialAsync());

        var dial = await world.StatusAsync("ivr/start/dial", ("dest", HoiioWorld.Dest));
        var call = await world.StatusAsync("voice/call", ("dest1", HoiioWorld.Dest), ("dest2", "+6598880000"));
        world.End(sessions[0]);
        var two = await world.StatusAsync("conference/call", ("dest", "+6591230001,+6591230002"));
        var one = await world.StatusAsync("ivr/start/dial", ("dest", HoiioWorld.Dest));

        Assert.All(new[] { dial, call, two }, s => Assert.Equal("error_concurrent_call_limit_reached", s));
        Assert.Equal("success_ok", one);
    }

    [Fact]
    public async Task A_refused_call_gives_its_place_back()
    {
        await using var world = new HoiioWorld(new HoiioOptions { MaxCalls = 1 });
        world.Refuse = static c => c is CallCommand.Originate ? CallRefusal.TooManyCalls : CallRefusal.None;

        var refused = await world.StatusAsync("ivr/start/dial", ("dest", HoiioWorld.Dest));
        world.Refuse = static _ => CallRefusal.None;

        Assert.Equal("error_call_service_not_available", refused);
        Assert.Equal("success_ok", await world.StatusAsync("ivr/start/dial", ("dest", HoiioWorld.Dest)));
    }

    [Theory]
    [InlineData(CallRefusal.NoRoute, "error_dest_not_supported")]
    [InlineData(CallRefusal.NotRegistered, "error_dest_not_supported")]
    [InlineData(CallRefusal.ShuttingDown, "error_call_service_not_available")]
    [InlineData(CallRefusal.Congestion, "error_call_service_not_available")]
    public async Task A_call_the_exchange_does_not_take_has_its_status(CallRefusal refusal, string expected)
    {
        await using var world = new HoiioWorld();
        world.Refuse = c => c is CallCommand.Originate ? refusal : CallRefusal.None;

        Assert.Equal(expected, await world.StatusAsync("ivr/start/dial", ("dest", HoiioWorld.Dest)));
    }

    [Fact]
    public async Task An_account_shows_all_that_clients_read()
    {
        await using var world = new HoiioWorld();

        var info = await world.AskAsync("user/get_info");

        Assert.Equal(
            """{"status":"success_ok","uid":"demoApp000000001","name":"crm","mobile_number":"+6531580000","caller_ids":["p","+6531580000"],"email":"crm@switchhook.invalid","country":"SG","prefix":"+65","currency":"SGD","time_zone":"GMT+0800","user_status":"active","sms_rebrand_status":"disabled","call_rebrand_status":"enabled"}""",
            info.GetRawText());
    }

    [Fact]
    public async Task Numbers_are_listed_with_all_that_clients_read()
    {
        await using var world = new HoiioWorld();

        var active = await world.AskAsync("number/get_active");

        Assert.Equal(
            """{"status":"success_ok","entries_count":"1","entries":[{"number":"+6531580000","forward_to":"https://crm.example.net/h/in","forward_sms_to":"","mode":"voice","expiry":"2099-12-31","auto_extend_status":"enabled","country":"SG","state":"","capabilities":["VOICE"]}]}""",
            active.GetRawText());
    }

    // E12
    [Theory]
    [InlineData("forward_to", "ftp://x", "error_forward_to_invalid")]
    [InlineData("forward_to", "https://crm.example.net/h/in", "success_ok")]
    [InlineData("forward_to", "https://crm.example.net/elsewhere", "error_add_notification_failed")]
    [InlineData("mode", "telex", "error_mode_invalid")]
    [InlineData("mode", "fax", "error_add_notification_failed")]
    [InlineData("forward_sms_to", "https://crm.example.net/h", "error_incoming_sms_not_supported")]
    [InlineData("forward_to_sms", "https://crm.example.net/h", "error_incoming_sms_not_supported")]
    [InlineData("number", "123", "error_number_invalid")]
    [InlineData("number", "+6531580001", "error_number_not_assigned")]
    public async Task Where_calls_are_forwarded_is_checked_and_not_changed(string name, string value, string expected)
    {
        await using var world = new HoiioWorld();
        Dictionary<string, string> parameters = new() { ["number"] = HoiioWorld.Own, [name] = value };

        Assert.Equal(expected, await world.StatusAsync("number/update_forwarding", [.. parameters.Select(p => (p.Key, p.Value))]));
    }

    [Fact]
    public async Task A_forwarding_address_whose_host_is_nowhere_is_refused()
    {
        await using var world = new HoiioWorld();
        world.Outside.Probe = Switchhook.Calls.Ports.HttpFailure.NameNotFound;

        Assert.Equal("error_unable_to_resolve_forward_to", await world.StatusAsync("number/update_forwarding", ("number", HoiioWorld.Own), ("forward_to", "https://nowhere.example/")));
    }

    [Fact]
    public async Task No_numbers_are_for_sale_here()
    {
        await using var world = new HoiioWorld();

        Assert.Equal("""{"status":"success_ok","entries_count":"0","entries":[]}""", (await world.AskAsync("number/get_countries")).GetRawText());
        Assert.Equal("""{"status":"success_ok","total_entries_count":"0","entries_count":"0","entries":[]}""", (await world.AskAsync("number/get_choices", ("country", "SG"))).GetRawText());
        Assert.Equal("error_state_param_missing", await world.StatusAsync("number/get_choices", ("country", "US")));
        Assert.Equal("error_page_invalid", await world.StatusAsync("number/get_choices", ("country", "SG"), ("page", "0")));
        Assert.Equal("SGD", (await world.AskAsync("number/get_rates", ("country", "SG"))).GetProperty("currency").GetString());
        Assert.Equal("error_invalid_duration", await world.StatusAsync("number/subscribe", ("number", "+6531580009"), ("duration", "2")));
        Assert.Equal("error_number_invalid", await world.StatusAsync("number/subscribe", ("number", "31580009"), ("duration", "1")));
        Assert.Equal("error_number_not_available", await world.StatusAsync("number/subscribe", ("number", "+6531580009"), ("duration", "auto_extend")));
    }

    [Fact]
    public async Task The_longest_prefix_has_the_price_and_a_number_without_one_is_free()
    {
        await using var world = new HoiioWorld(change: a => a with { Rates = [new Rate("+65", "0.02"), new Rate("+6591", "0.0125"), new Rate("+", "1.5")] });

        var rate = async (string first, string second) => (await world.AskAsync("voice/get_rate", ("dest1", first), ("dest2", second))).GetProperty("rate").GetString();

        Assert.Equal("0.0325", await rate("+6591230001", "+6581230001"));
        Assert.Equal("3.000", await rate("+85291230001", "+85291230002"));
        await using var free = new HoiioWorld(change: a => a with { Rates = [] });
        Assert.Equal("0.000", (await free.AskAsync("voice/get_rate", ("dest1", "+6591230001"), ("dest2", "+6581230001"))).GetProperty("rate").GetString());
    }

    [Fact]
    public async Task A_recording_is_fetched_by_the_address_that_was_told_and_by_no_other()
    {
        await using var world = new HoiioWorld(new HoiioOptions { OpenRecording = static _ => new MemoryStream([1, 2, 3]) });
        var session = await world.ReadyAsync();
        await world.AskAsync("ivr/middle/record", ("session", session), ("notify_url", HoiioWorld.Url));
        await world.PlayedAsync(session);
        await world.OrderAsync<AudioOrder.Record>(session);
        world.RecordingBegan(session);
        world.Recorded(session, $"{session[2..]}-1.mp3");
        var path = new Uri(world.Told[^1]["record_url"]).AbsolutePath["/open/".Length..];

        var right = await world.SendRawAsync("GET", path, [], null);
        var other = await world.SendRawAsync("GET", path.Replace("-1.mp3", "-2.mp3", StringComparison.Ordinal), [], null);
        var outside = await world.SendRawAsync("GET", path[..path.LastIndexOf('/')] + "/..%2Fsecret.mp3", [], null);
        var posted = await world.SendRawAsync("POST", path, [], null);

        Assert.Equal((200, "audio/mpeg"), (right.Status, right.ContentType));
        Assert.Equal((404, 404, 404), (other.Status, outside.Status, posted.Status));
    }
}
