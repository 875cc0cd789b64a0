using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>Hangups at a bad moment.</summary>
[Collection(CatapultLabCollection.Name)]
public sealed class CatapultHangupTests(CatapultLab lab)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private CatapultApi Catapult => lab.Catapult;

    [Theory]
    [InlineData("speak", "speak hangup")]
    [InlineData("gather", "gather hangup")]
    [InlineData("recording", "hangup recording")]
    public async Task In_the_middle_of_a_prompt_a_gather_and_a_recording_a_hangup_is_at_once_and_what_it_cut_off_is_told(string what, string told)
    {
        var to = lab.NextNumber();
        var call = await Catapult.PostAsync("calls", new { from = CatapultLab.Own, to, callbackUrl = $"{lab.App.Url}/events", recordingEnabled = what == "recording" });
        var offered = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(to, StringComparison.Ordinal));
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        await lab.EventAsync("answer", call.Id);
        await BeginAsync(what, call.Id);

        var hungUp = await Catapult.PostAsync($"calls/{call.Id}", new { state = "completed" });
        await offered.ExpectByeAsync(Deadline);
        var late = await Catapult.PostAsync($"calls/{call.Id}", new { state = "completed" });
        foreach (var type in told.Split(' '))
            await lab.EventAsync(type, call.Id);

        var all = lab.App.All.Where(r => r.Body.Contains(call.Id, StringComparison.Ordinal)).ToList();
        Assert.Equal((200, 403, "call-invalid-state"), (hungUp.Status, late.Status, late["code"]));
        Assert.Equal(told.Split(' '), all.TakeLast(2).Select(static r => CatapultLab.Of(r, "eventType")));
        Assert.Equal("NORMAL_CLEARING", CatapultLab.Of(all.Single(static r => CatapultLab.Of(r, "eventType") == "hangup"), "cause"));
        Assert.Equal(what == "gather" ? "hung-up" : "", CatapultLab.Of(all[^2], "reason"));
    }

    private async Task BeginAsync(string what, string id)
    {
        switch (what)
        {
            case "speak":
                await Catapult.PostAsync($"calls/{id}/audio", new { sentence = "One moment, please.", loopEnabled = true });
                await lab.EventAsync("speak", id);
                break;
            case "gather":
                Assert.Equal(201, (await Catapult.PostAsync($"calls/{id}/gather", new { maxDigits = 4, interDigitTimeout = 30 })).Status);
                break;
            default:
                await Eventually.GetAsync(() => Catapult.GetAsync($"calls/{id}/recordings"), r => r.Json.GetArrayLength() == 1, "it is recorded", Deadline);
                break;
        }
    }
}
