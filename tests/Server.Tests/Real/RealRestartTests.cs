using System.Net;
using System.Net.Sockets;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Real;

/// <summary>Starting, stopping, killing and starting again.</summary>
public sealed class RealRestartTests
{
    private static ServerSetup Setup => new()
    {
        Provisioning = new ProvisioningBuilder().AddPhone("701").AddPhone("702").AddService("800", "answer").AddService("802", "ring"),
        Settings = ["Shutdown:GraceSeconds=1"],
    };

    [Theory]
    [InlineData(Wire.Udp)]
    public async Task Registrations_survive_a_kill(Wire wire)
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var callee = await server.RegisteredPhoneAsync("701", wire);
        await StoredAsync(server);
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        await using var caller = again.Phone("702");
        var placed = await caller.DialAsync("701");
        var offered = await callee.IncomingAsync();
        await offered.RejectAsync(486);

        await placed.ExpectRefusalAsync(486);
        var query = await callee.RegisterAsync(contact: null, expires: null);
        Assert.Equal(callee.Contact, WireMessage.UriOf(Assert.Single(query.All("Contact"))));
    }

    [Fact]
    public async Task The_way_to_a_phone_behind_a_proxy_survives_a_kill()
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var edge = server.Phone("701");
        var path = $"<sip:edge@{edge.Local};lr>";
        var register = edge.Request("REGISTER", $"sip:{edge.Settings.Domain}", edge.Address).Set("Contact", "<sip:701@10.9.8.7:5099>")
            .Add("Path", path).Add("Supported", "path").Add("Require", "path").Add("Expires", "300");
        var second = register.Copy().Set("Via", edge.NewVia()).Set("CSeq", $"{edge.NewCSeq()} REGISTER");
        edge.Authorize(second, await edge.AskAsync(register));
        var registered = await edge.AskAsync(second);
        await StoredAsync(server);
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        await using var caller = again.Phone("702");
        var placed = await caller.DialAsync("701");
        var offered = await edge.IncomingAsync();
        await offered.RejectAsync(486);
        await placed.ExpectRefusalAsync(486);

        Assert.Equal((200, path), (registered.Status, registered.Header("Path")));
        Assert.Equal(("sip:701@10.9.8.7:5099", path), (offered.Offered!.RequestUri, offered.Offered.Header("Route")));
    }

    [Fact]
    public async Task History_is_intact_after_a_kill_in_the_middle_of_calls_and_ids_go_on()
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var caller = server.Phone("701");
        var first = await TalkAndHangUpAsync(server, caller);
        var before = await server.Native.ConfirmedCallAsync(first);
        var live = await caller.DialAsync("800");
        await live.ConnectAsync();
        var ringing = await caller.DialAsync("802");
        await ringing.ExpectAsync(180);
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        var after = await again.Native.CallAsync(first);
        var second = await TalkAndHangUpAsync(again, caller);

        Assert.Equal(before.Json.ToString(), after.Json.ToString());
        Assert.True(string.CompareOrdinal(second, first) > 0, $"{second} after {first}");
        var (_, ended) = await again.Native.EndedAsync();
        Assert.Contains(ended, c => c.Id == first);
        Assert.Contains(ended, c => c.Id == second);
    }

    [Fact]
    public async Task A_gentle_stop_refuses_new_calls_hangs_the_others_up_and_exits_with_0()
    {
        // Time enough for a call to be refused, on the slowest machine.
        await using var server = await TestServer.StartAsync(Setup with { Settings = ["Shutdown:GraceSeconds=5"] });
        await using var caller = server.Phone("701");
        var placed = await caller.DialAsync("800");
        await placed.ConnectAsync();
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;

        await server.TerminateAsync();
        var refusal = await RefusedAsync(caller);
        await placed.ExpectByeAsync();
        var exitCode = await server.WaitAsync();

        Assert.Equal(503, refusal.Status);
        Assert.Equal(0, exitCode);
        await using var again = await server.StartAgainAsync();
        var record = (await again.Native.CallAsync(id)).Caller.Hangup!;
        Assert.Equal(("shutdown", "BYE", "answered"), (record.By, record.Sent, record.Phase));
    }

    [Fact]
    public async Task A_server_starts_though_the_demo_account_lacks_what_some_dialects_want()
    {
        await using var server = await TestServer.StartAsync(Setup with
        {
            Provisioning = new ProvisioningBuilder().AddAccount("demo", "demo-secret", "shk_demo").AddService("811", "answer"),
        });

        var exitCode = await server.StopAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains("shk_demo", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stops_is_not_ready_any_more_while_its_calls_have_their_grace_time()
    {
        // So much grace time that it does not end by itself; the second signal ends it.
        await using var server = await TestServer.StartAsync(Setup with { Settings = ["Shutdown:GraceSeconds=600"] });
        using var balancer = new HttpClient { BaseAddress = server.Http };
        await using var caller = server.Phone("701");
        var placed = await caller.DialAsync("800");
        await placed.ConnectAsync();
        using var before = await balancer.GetAsync(new Uri("/health/ready", UriKind.Relative));

        await server.TerminateAsync();
        await RefusedAsync(caller);
        using var ready = await balancer.GetAsync(new Uri("/health/ready", UriKind.Relative));
        using var live = await balancer.GetAsync(new Uri("/health/live", UriKind.Relative));
        var why = await ready.Content.ReadAsStringAsync();
        await server.TerminateAsync();
        await placed.ExpectByeAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (before.StatusCode, ready.StatusCode, live.StatusCode));
        Assert.Contains("\"server\":\"is stopping\"", why, StringComparison.Ordinal);
        Assert.Equal(0, await server.WaitAsync());
    }

    [Fact]
    public async Task A_gentle_stop_tells_the_application_that_its_call_is_over()
    {
        await using var app = await WebhookInbox.StartAsync();
        app.Reply("/up", WebhookReply.Script("<Delay>600</Delay>"));
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().AddPhone("701").AddApiExtension("900", $"{app.Url}/incoming"),
            Settings = ["Shutdown:GraceSeconds=0"],
        });
        await using var phone = await server.RegisteredPhoneAsync("701");
        await server.Ozeki.AskAsync(
            "Call", ("Dialed", "701"), ("ApiExtension", "900"), ("Url", $"{app.Url}/up"), ("FinishedUrl", $"{app.Url}/finished"));
        var offered = await phone.IncomingAsync();
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        var up = await app.NextAsync("CallConnected");

        await server.TerminateAsync();
        await offered.ExpectByeAsync();
        var exitCode = await server.WaitAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal(up["CallId"], Assert.Single(app.All, r => r["NotificationName"] == "CallFinished")["CallId"]);
    }

    [Fact]
    public async Task The_demo_places_reports_and_ends_its_calls()
    {
        var (exitCode, output) = await TestServer.RunAsync("demo");

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task An_idle_server_stops_at_once_with_0()
    {
        await using var server = await TestServer.StartAsync(Setup);

        Assert.Equal(0, await server.StopAsync());
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task A_sip_address_in_use_is_named_and_the_exit_code_is_3(string transport)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, transport == "udp" ? SocketType.Dgram : SocketType.Stream,
            transport == "udp" ? ProtocolType.Udp : ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (transport == "tcp")
            taken.Listen();
        var address = $"{transport}://{taken.LocalEndPoint}";
        using var folder = new TempFolder();

        var (exitCode, output) = await TestServer.RunAsync(
            "serve", "--data", folder.At("data"), "--set", $"Sip:Listen={address}", "--set", "Http:Listen=http://127.0.0.1:0",
            "--set", "Dialects:Ozeki:Listen=http://127.0.0.1:0", "--set", "Dialects:OpenVox:Enabled=false");

        Assert.Equal(3, exitCode);
        Assert.Contains(taken.LocalEndPoint!.ToString()!, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Http:Listen")]
    [InlineData("Dialects:Ozeki:Listen")]
    public async Task An_http_address_in_use_is_named_and_the_exit_code_is_3(string key)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var folder = new TempFolder();

        var (exitCode, output) = await TestServer.RunAsync(
            "serve", "--data", folder.At("data"), "--set", "Sip:Listen=udp://127.0.0.1:0", "--set", "Http:Listen=http://127.0.0.1:0",
            "--set", "Dialects:Ozeki:Listen=http://127.0.0.1:0", "--set", "Dialects:OpenVox:Enabled=false", "--set", $"{key}=http://{taken.LocalEndpoint}");

        Assert.Equal(3, exitCode);
        Assert.Contains(taken.LocalEndpoint.ToString()!, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sip:Lisen=udp://127.0.0.1:0", "Sip:Listen")]
    [InlineData("Calls:MaxLive=many", "Calls:MaxLive")]
    public async Task A_mistake_in_a_setting_is_named_and_the_exit_code_is_2(string setting, string named)
    {
        using var folder = new TempFolder();

        var (exitCode, output) = await TestServer.RunAsync("serve", "--data", folder.At("data"), "--set", setting);

        Assert.Equal(2, exitCode);
        Assert.Contains(named, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("data")), "nothing was to be started");
    }

    /// <summary>A binding is stored just behind the answer to its REGISTER, one after the other: those of before are when later ones have been answered.</summary>
    private static async Task StoredAsync(TestServer server)
    {
        for (var i = 0; i < 3; i++)
            await (await server.RegisteredPhoneAsync("702")).DisposeAsync();
    }

    private static async Task<string> TalkAndHangUpAsync(TestServer server, ScriptedPhone caller)
    {
        var placed = await caller.DialAsync("800");
        await placed.ConnectAsync();
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        Assert.Equal(200, (await placed.HangUpAsync()).Status);
        await server.Native.EndedBySipAsync(placed.CallId);
        return id;
    }

    /// <summary>Calls until the server, which has just been told to stop, refuses.</summary>
    private static async Task<WireMessage> RefusedAsync(ScriptedPhone caller)
    {
        while (true)
        {
            var placed = await caller.DialAsync("802");
            var response = await placed.ExpectAsync(s => s > 100, "an answer to INVITE");
            if (response.Status < 200)
                continue;
            await placed.AcknowledgeAsync(response);
            return response;
        }
    }
}
