using Switchhook.TestKit.Servers;

namespace Switchhook.Server.Tests.Ozeki;

/// <summary>The classic profile on its own listener: its names and layouts on real calls, and phones that are added while the server runs.</summary>
public sealed class OzekiClassicServerTests
{
    private const string Config =
        "<Config><AuthorizationName>550</AuthorizationName><Password>pw550</Password><Username>Desk</Username><Enabled>true</Enabled><ID>550</ID></Config>";

    [Fact]
    public async Task A_phone_that_was_added_registers_calls_is_forwarded_and_is_there_after_a_kill()
    {
        var setup = new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().AddPhone("601").AddPhone("602"),
            Settings = ["Dialects:Ozeki:ClassicListen=http://127.0.0.1:0"],
        };
        await using var server = await TestServer.StartAsync(setup);
        using var classic = server.OzekiClassic();
        await using var desk = server.Phone("550");
        await using var first = await server.RegisteredPhoneAsync("601");
        await using var second = await server.RegisteredPhoneAsync("602");

        Assert.NotEqual(200, (await desk.RegisterAsync()).Status);
        Assert.Equal(200, (await classic.AskAsync("AddConfig", ("ExtensionType", "SIP"), ("ConfigXML", Config))).Code);
        Assert.Equal(703, (await classic.AskAsync("AddConfig", ("ExtensionType", "SIP"), ("ConfigXML", Config))).Code);
        Assert.Equal(200, (await desk.RegisterAsync()).Status);
        var shown = await classic.AskAsync("GetConfig", ("ExtensionId", "550"));
        var placed = await desk.DialAsync("601");
        var offered = await first.IncomingAsync();
        await offered.RingAsync();
        await placed.ExpectAsync(180);
        var live = Assert.Single((await classic.AskAsync("ListActiveCalls")).Rows("CallInfo"));
        var forwarded = await classic.AskAsync("Forward", ("CallId", live.Element("CallId")!.Value), ("Destination", "602"));
        await (await second.IncomingAsync()).RejectAsync(486);
        await placed.ExpectAsync(486);
        var id = live.Element("CallId")!.Value;
        await server.Native.EndedCallAsync(id);
        var history = await classic.AskAsync("GetCallHistory", ("General", "busy"));

        Assert.Equal("127.0.0.1", shown.Rows("LastIPAddress")[0].Value);
        Assert.Equal(("550", "601", "Ringing"), (live.Element("Source")!.Value, live.Element("Destination")!.Value, live.Element("CallState")!.Value));
        Assert.Equal(200, forwarded.Code);
        Assert.Equal(id, Assert.Single(history.Rows("Call")).Element("CallId")!.Value);

        await server.KillAsync();
        await using var again = await server.StartAgainAsync();
        await using var back = again.Phone("550");
        Assert.Equal(200, (await back.RegisterAsync()).Status);
        using var after = again.OzekiClassic();
        Assert.Equal(200, (await after.AskAsync("RemoveConfig", ("ExtensionId", "550"))).Code);
        Assert.NotEqual(200, (await back.RegisterAsync()).Status);
    }
}
