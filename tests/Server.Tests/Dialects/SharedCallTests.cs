using System.Text.Json.Nodes;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>What one dialect does to a live call is seen in the others: held, recorded.</summary>
public sealed class SharedCallTests(DialectsLab lab) : IClassFixture<DialectsLab>
{
    [Theory]
    [InlineData("native")]
    [InlineData("ozeki")]
    [InlineData("openvox")]
    [InlineData("hoiio")]
    [InlineData("catapult")]
    public async Task A_call_is_held_by_one_dialect_brought_back_by_another_and_hung_up_on_hold_by_any(string hanger)
    {
        await using var phone = await lab.PhoneAsync();
        var openVox = ((OpenVoxDriver)lab["openvox"]).Api;
        var number = lab.NextNumber();
        var dialled = await openVox.AskAsync("extension/dial_outbound", ("extid", DialectsLab.Phone), ("outto", number));
        var near = await phone.IncomingAsync(DialectsLab.Patience);
        await near.AnswerAsync(ScriptedPhone.SilentSdp());
        var far = await lab.OfferedAsync(number);
        await far.AnswerAsync(ScriptedPhone.SilentSdp());
        var id = (await lab.Server.Native.LiveBySipAsync(far.CallId)).Id;
        await Eventually.GetAsync(() => lab.Server.Native.CallAsync(id), c => c.State == "talking", "the call talks", DialectsLab.Patience);

        var hold = await lab.Server.Ozeki.AskAsync("Hold", ("CallId", id));
        var held = await StatesAsync(number);
        var unhold = await openVox.AskAsync("extension/unhold", ("extid", DialectsLab.Phone));
        var back = await StatesAsync(number);
        var again = await openVox.AskAsync("extension/hold", ("extid", DialectsLab.Phone));
        var heldAgain = await StatesAsync(number);
        var hangup = await lab[hanger].HangUpAsync(await lab[hanger].FindAsync(number));
        await near.ExpectByeAsync(DialectsLab.Patience);
        await far.ExpectByeAsync(DialectsLab.Patience);
        var ended = await lab.Server.Native.ConfirmedCallAsync(id, DialectsLab.Patience);

        Assert.Equal(("Success", 200, "Success", "Success"), (dialled.Outcome, hold.Code, unhold.Outcome, again.Outcome));
        Assert.Equal(["held", "Hold", "Wait", "ongoing", "active"], held);
        Assert.Equal(["talking", "InCall", "Talking", "ongoing", "active"], back);
        Assert.Equal(held, heldAgain);
        Assert.Equal(lab[hanger].Words.HangsUp, hangup);
        Assert.All(ended.Legs, l => Assert.Equal(("api", 16, "held"), (l.Hangup!.By, l.Hangup.Cause, l.Hangup.Phase)));
    }

    [Theory]
    [InlineData("ozeki", "native")]
    [InlineData("ozeki", "catapult")]
    [InlineData("native", "catapult")]
    [InlineData("catapult", "native")]
    [InlineData("hoiio", "native")]
    [InlineData("hoiio", "catapult")]
    public async Task A_recording_that_one_dialect_began_is_seen_in_another_and_closed_by_its_hangup(string recorder, string viewer)
    {
        var call = await lab.TalkAsync(lab["native"]);
        var theirs = await lab[viewer].FindAsync(call.Number);

        await RecordAsync(recorder, call);
        await Eventually.GetAsync(() => RecordingsAsync(viewer, theirs), r => r is ["recording"], "the recording is under way", DialectsLab.Patience);
        var hangup = await lab[viewer].HangUpAsync(theirs);
        await call.Legs[0].ExpectByeAsync(DialectsLab.Patience);
        await lab.Server.Native.ConfirmedCallAsync(call.Id, DialectsLab.Patience);

        Assert.Equal("200", hangup);
        await Eventually.GetAsync(() => RecordingsAsync(viewer, theirs), r => r is [{ } over] && over == (viewer == "native" ? "finished" : "complete"), "the recording is closed", DialectsLab.Patience);
    }

    /// <summary>The call's state in every dialect.</summary>
    private async Task<List<string>> StatesAsync(string number)
    {
        List<string> states = [];
        foreach (var driver in lab.Drivers)
            states.Add((await driver.FindAsync(number)).State);
        return states;
    }

    private async Task RecordAsync(string recorder, OneCall call)
    {
        switch (recorder)
        {
            case "native":
                Assert.Equal(200, (await lab.Server.Native.PostAsync($"calls/{call.Id}/record", new JsonObject { ["action"] = "start" })).Status);
                break;
            case "ozeki":
                Assert.Equal(200, (await lab.Server.Ozeki.AskAsync("Record", ("CallId", call.Id), ("Format", "wav"))).Code);
                break;
            case "hoiio":
                Assert.Equal("success_ok", (await ((HoiioDriver)lab["hoiio"]).Api.PostAsync("ivr/middle/monitor", ("session", $"S-{call.Id}"), ("notify_url", $"{lab.App.Url}/monitored"))).Status);
                break;
            default:
                var catapult = (CatapultDriver)lab["catapult"];
                Assert.Equal(200, (await catapult.Api.PostAsync($"calls/{(await catapult.FindAsync(call.Number)).Id}", new { recordingEnabled = true })).Status);
                break;
        }
    }

    /// <summary>The states of the call's recordings, as that dialect shows them.</summary>
    private async Task<List<string?>> RecordingsAsync(string viewer, ListedCall call)
    {
        var list = viewer == "native"
            ? (await lab.Server.Native.GetAsync($"recordings?call={call.Id}")).Json.GetProperty("recordings")
            : (await ((CatapultDriver)lab["catapult"]).Api.GetAsync($"calls/{call.Id}/recordings")).Json;
        return [.. list.EnumerateArray().Select(r => r.GetProperty("state").GetString())];
    }
}
