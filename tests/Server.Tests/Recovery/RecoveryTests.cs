using Switchhook.TestKit.Http;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Recovery;

/// <summary>What becomes of calls that were up when the server was killed.</summary>
public sealed class RecoveryTests
{
    private static ServerSetup Setup => new()
    {
        Provisioning = new ProvisioningBuilder().AddPhone("701").AddPhone("702").AddPhone("703").AddService("800", "answer").AddService("802", "ring"),
    };

    [Theory]
    [InlineData(Wire.Udp)]
    public async Task Both_sides_of_a_call_are_hung_up_after_a_kill_and_the_call_is_recorded_once(Wire wire)
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var caller = server.Phone("701", wire);
        await using var callee = await server.RegisteredPhoneAsync("702", wire);
        var placed = await caller.DialAsync("702");
        var offered = await callee.IncomingAsync();
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        await placed.ConnectAsync();
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        var one = await placed.ExpectByeAsync();
        var other = await offered.ExpectByeAsync();
        var call = await again.Native.ConfirmedCallAsync(id);

        Assert.Equal((41, 41), (one.Q850, other.Q850));
        foreach (var leg in call.Legs)
        {
            Assert.Equal(("recovery", 41, "BYE", "yes"), (leg.Hangup!.By, leg.Hangup.Cause, leg.Hangup.Sent, leg.Hangup.Confirmed));
            Assert.Equal("bridged", leg.Hangup.Phase);
        }
        await again.QuietAsync();
    }

    [Fact]
    public async Task With_the_flight_files_elsewhere_a_call_is_hung_up_after_a_kill_and_nothing_of_them_is_in_the_data_directory()
    {
        using var data = new TempFolder();
        using var elsewhere = new TempFolder();
        var files = elsewhere.At("flight");
        await using var server = await TestServer.StartAsync(Setup with { Data = data.At("data"), Settings = [$"Storage:FlightDirectory={files}"] });
        await using var caller = server.Phone("701");
        var placed = await caller.DialAsync("800");
        await placed.ConnectAsync();
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        await server.KillAsync();
        var left = System.IO.Directory.GetFiles(files);

        await using var again = await server.StartAgainAsync();
        await placed.ExpectByeAsync();
        var call = await again.Native.ConfirmedCallAsync(id);

        Assert.Contains(left, f => f.EndsWith(".flight", StringComparison.Ordinal));
        Assert.False(System.IO.Directory.Exists(data.At("data/flight")));
        Assert.Equal("recovery", Assert.Single(call.Legs).Hangup!.By);
    }

    [Fact]
    public async Task A_bye_of_recovery_counts_on_from_requests_sent_before_the_kill()
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var caller = server.Phone("701");
        await using var callee = await server.RegisteredPhoneAsync("702");
        var placed = await caller.DialAsync("702");
        var offered = await callee.IncomingAsync();
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        await placed.ConnectAsync();
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        Assert.Equal(200, (await server.Ozeki.AskAsync("Hold", ("CallId", id))).Code);
        var reinvite = await offered.ExpectRequestAsync("INVITE");
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        var bye = await offered.ExpectByeAsync();

        Assert.True(Number(bye) > Number(reinvite), $"{bye.Header("CSeq")} after {reinvite.Header("CSeq")}");
        static int Number(WireMessage message) => int.Parse(message.Header("CSeq")!.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task An_application_is_told_after_a_kill_that_its_call_is_over()
    {
        await using var app = await WebhookInbox.StartAsync();
        app.Reply("/up", WebhookReply.Script("<Delay>600</Delay>"));
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().AddPhone("701").AddApiExtension("900", $"{app.Url}/incoming"),
        });
        await using var phone = await server.RegisteredPhoneAsync("701");
        await server.Ozeki.AskAsync(
            "Call", ("Dialed", "701"), ("ApiExtension", "900"), ("Url", $"{app.Url}/up"), ("FinishedUrl", $"{app.Url}/finished"),
            ("ErrorUrl", $"{app.Url}/error"));
        var offered = await phone.IncomingAsync();
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        var up = await app.NextAsync("CallConnected");
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        await offered.ExpectByeAsync();
        var told = await app.NextAsync(r => r["CallId"] == up["CallId"] && r.Path is "/finished" or "/error", "the end of the call");

        Assert.NotNull(told);
    }

    [Fact]
    public async Task A_kill_in_the_middle_of_recovery_changes_nothing()
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var caller = server.Phone("701");
        var placed = await caller.DialAsync("800");
        await placed.ConnectAsync();
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        await server.KillAsync();
        await using var second = await server.StartAgainAsync();
        await second.KillAsync();

        await using var third = await second.StartAgainAsync();
        var call = await third.Native.EndedBySipAsync(placed.CallId);

        Assert.Equal("recovery", Assert.Single(call.Legs).Hangup!.By);
        Assert.Single((await third.Native.EndedAsync()).Calls, c => c.Id == id);
    }
}
