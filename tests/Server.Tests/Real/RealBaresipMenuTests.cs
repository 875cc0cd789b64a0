using Switchhook.TestKit.Http;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Real;

/// <summary>A baresip whose keys (RFC 4733) lead through the menus of an application's web server.</summary>
public sealed class RealBaresipMenuTests
{
    [Fact]
    public async Task Its_keys_lead_through_three_menus()
    {
        await using var app = await WebhookInbox.StartAsync();
        // A blank line first, names in mixed case and the old name of the address, as the vendor's samples have them.
        app.Reply("/in", new WebhookReply(200, "\r\n<?xml version=\"1.0\"?>\r\n<Response><Userinput timeout=\"30\" enteredUrl=\"/second?level=2\"><InitialCommands><Beep/></InitialCommands></Userinput></Response>"));
        app.Reply("/second", WebhookReply.Script("<UserInput timeout='30'><InitialCommands><Beep/></InitialCommands><Inputs><Input key='#'><GoTo>third?level=3</GoTo></Input></Inputs></UserInput>"));
        app.Reply("/third", WebhookReply.Script("<UserInput timeout='30' digits='4' ForwardToUrl='pin'><InitialCommands><Beep/></InitialCommands></UserInput>"));
        app.Reply("/pin", WebhookReply.Script("<Beep/><Hangup/>"));
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().AddPhone("601").AddApiExtension("900", $"{app.Url}/in"),
        });
        await using var phone = await BaresipRun.StartAsync(new BaresipSettings { User = "601", Secret = ProvisioningBuilder.SecretOf("601"), Server = server.SipUdp });
        await phone.RegisteredAsync();

        await phone.DialAsync("900");
        await phone.EventAsync("CALL_ESTABLISHED");
        var id = (await server.Native.OnlyLiveAsync()).Id;
        await ListensAsync(server, id, menus: 1);
        await phone.CommandAsync("sndcode", "2");
        var second = await app.NextAsync("DtmfEntered");
        await ListensAsync(server, id, menus: 2);
        await phone.CommandAsync("sndcode", "#");
        var third = await app.NextAsync("GoTo");
        await ListensAsync(server, id, menus: 3);
        await phone.CommandAsync("sndcode", "7339");
        var pin = await app.NextAsync("DtmfEntered");
        await phone.EventAsync("CALL_CLOSED");

        Assert.Equal(("/second", "?level=2", "2"), (second.Path, second.Query, second["DtmfDigits"]));
        Assert.Equal(("/third", "?level=3"), (third.Path, third.Query));
        Assert.Equal(("/pin", "7339"), (pin.Path, pin["DtmfDigits"]));
        var call = await server.Native.ConfirmedCallAsync(id);
        Assert.Equal(("script", 16), (call.Legs[0].Hangup!.By, call.Legs[0].Hangup!.Cause));
        await server.QuietAsync("call", "leg", "rtp_port", "script");
    }

    /// <summary>Waits until the trace tells that so many menus have begun: a key before that is not for them.</summary>
    private static Task<int> ListensAsync(TestServer server, string id, int menus) => Eventually.GetAsync(
        async () => (await server.Native.GetAsync($"calls/{id}/trace")).Text.Split("UserInput, line").Length - 1, n => n >= menus, $"menu {menus} listens");
}
