using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>Hold by each dialect that has a word for it, seen in all and ended by each.</summary>
public sealed class HeldCallTests(DialectsLab lab) : IClassFixture<DialectsLab>
{
    [Theory]
    [InlineData("ozeki", "hoiio")]
    [InlineData("openvox", "hoiio")]
    [InlineData("hoiio", "ozeki")]
    [InlineData("hoiio", "openvox")]
    [InlineData("hoiio", "hoiio")]
    [InlineData("ozeki", "openvox")]
    [InlineData("openvox", "ozeki")]
    public async Task A_call_that_any_dialect_holds_is_held_in_all_and_brought_back_by_any(string holder, string bringer)
    {
        await using var phone = await lab.PhoneAsync();
        var number = lab.NextNumber();
        await ((OpenVoxDriver)lab["openvox"]).Api.AskAsync("extension/dial_outbound", ("extid", DialectsLab.Phone), ("outto", number));
        var near = await phone.IncomingAsync(DialectsLab.Patience);
        await near.AnswerAsync(ScriptedPhone.SilentSdp());
        var far = await lab.OfferedAsync(number);
        await far.AnswerAsync(ScriptedPhone.SilentSdp());
        var id = (await lab.Server.Native.LiveBySipAsync(far.CallId)).Id;
        await Eventually.GetAsync(() => lab.Server.Native.CallAsync(id), c => c.State == "talking", "the call talks", DialectsLab.Patience);

        var hold = await HoldAsync(holder, id, on: true);
        await Eventually.GetAsync(() => lab.Server.Native.CallAsync(id), c => c.State == "held", "the call is held", DialectsLab.Patience);
        var held = await StatesAsync(number);
        var unhold = await HoldAsync(bringer, id, on: false);
        await Eventually.GetAsync(() => lab.Server.Native.CallAsync(id), c => c.State == "talking", "the call talks again", DialectsLab.Patience);
        var back = await StatesAsync(number);
        await lab.Server.Native.HangUpAsync(id);
        await near.ExpectByeAsync(DialectsLab.Patience);
        await far.ExpectByeAsync(DialectsLab.Patience);

        Assert.Equal((WordOf(holder), WordOf(bringer)), (hold, unhold));
        Assert.Equal(["held", "Hold", "Wait", "ongoing", "active"], held);
        Assert.Equal(["talking", "InCall", "Talking", "ongoing", "active"], back);

        static string WordOf(string dialect) => dialect switch { "ozeki" => "200", "openvox" => "Success", _ => "success_ok" };
    }

    private async Task<string> HoldAsync(string dialect, string id, bool on) => dialect switch
    {
        "ozeki" => $"{(await lab.Server.Ozeki.AskAsync(on ? "Hold" : "Unhold", ("CallId", id))).Code}",
        "openvox" => (await ((OpenVoxDriver)lab["openvox"]).Api.AskAsync(on ? "extension/hold" : "extension/unhold", ("extid", DialectsLab.Phone))).Outcome,
        _ => (await ((HoiioDriver)lab["hoiio"]).Api.PostAsync(
            on ? "ivr/middle/hold" : "ivr/middle/unhold", ("session", $"S-{id}"), ("notify_url", $"{lab.App.Url}/unheld"))).Status,
    };

    /// <summary>The call's state in every dialect.</summary>
    private async Task<List<string>> StatesAsync(string number)
    {
        List<string> states = [];
        foreach (var driver in lab.Drivers)
            states.Add((await driver.FindAsync(number)).State);
        return states;
    }
}
