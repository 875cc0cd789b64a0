using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>Calls from a peer exchange.</summary>
public sealed class SipTrunkTests(Lab lab) : LabTests(lab)
{
    [Fact]
    public async Task A_public_number_rings_its_extension_without_a_password()
    {
        await using var desk = Server.Phone(Lab.Desk);
        Assert.Equal(200, (await desk.RegisterAsync()).Status);

        var placed = await ScriptedCall.PlaceAsync(Lab.Carrier, Lab.Carrier.Invite(Lab.DeskNumber));
        var offered = await desk.IncomingAsync();
        await offered.RingAsync();
        await placed.ExpectAsync(180);
        var id = await IdOfAsync(placed);
        var connected = placed.ConnectAsync();
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        await connected;
        var bye = placed.HangUpAsync();
        await offered.ExpectByeAsync();

        Assert.Equal(200, (await bye).Status);
        var call = await EndedAsync(id);
        AssertRecord(call.Caller, "caller", 16, "bridged", received: "BYE");
        AssertRecord(call.Callee, "caller", 16, "bridged", sent: "BYE", confirmed: "yes");
        var history = await Ozeki.AskAsync("ListCallHistory", ("CallId", id));
        var row = Assert.Single(history.Rows("Call"));
        Assert.Equal(("Inbound", "CallerHungUp"), (row.Element("Direction")!.Value, row.Element("State")!.Value));
    }

    [Fact]
    public async Task A_stranger_without_credentials_is_challenged_and_goes_nowhere()
    {
        var stranger = Unregistered();
        stranger.Settings = stranger.Settings with { User = "stranger", Secret = null };

        var placed = await ScriptedCall.PlaceAsync(stranger, stranger.Invite(Lab.AnswerService));
        await placed.ExpectRefusalAsync(401);

        Assert.Empty(await Native.LiveAsync());
    }

    [Fact]
    public async Task A_call_between_two_trunks_is_refused_by_the_same_cause()
    {
        var number = Lab.NextNumber();
        var placed = await ScriptedCall.PlaceAsync(Lab.Guarded, Lab.Guarded.Invite(number));
        var offered = await Lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal));

        await offered.RejectAsync(404);
        var refusal = await placed.ExpectRefusalAsync(404);

        Assert.Equal(1, refusal.Q850);
    }
}
