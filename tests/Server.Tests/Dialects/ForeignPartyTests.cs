using Switchhook.Server.Tests.Real;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>Every dialect's calls to far sides that are not ours, a baresip and a sipp: who hangs up, what each dialect makes of it, and that nothing is left.</summary>
public sealed class ForeignPartyTests(ForeignLab foreign) : IClassFixture<ForeignLab>, IAsyncDisposable
{
    [Theory]
    [InlineData("native", false)]
    [InlineData("native", true)]
    [InlineData("ozeki", false)]
    [InlineData("ozeki", true)]
    [InlineData("openvox", false)]
    [InlineData("openvox", true)]
    [InlineData("hoiio", false)]
    [InlineData("hoiio", true)]
    [InlineData("catapult", false)]
    [InlineData("catapult", true)]
    public async Task A_baresip_takes_the_call_and_it_or_the_application_hangs_up(string name, bool phoneHangsUp)
    {
        var driver = foreign.Lab[name];

        // A phone's leg is no outbound call: OpenVox lists the one to the party it is joined with.
        var (call, listed) = await TalkAsync(driver, foreign.Lab.NextPhoneNumber(), listsSecond: true);
        await foreign.Phone.EventAsync("CALL_ESTABLISHED");
        if (phoneHangsUp)
            await foreign.Phone.HangUpAsync();
        else
            Assert.Equal(driver.Words.HangsUp, await driver.HangUpAsync(listed));
        await foreign.Phone.EventAsync("CALL_CLOSED");

        // The first of two parties that an application joins is the caller.
        await EndedAsync(driver, call, listed, phoneHangsUp ? (driver.JoinsTwo ? "caller" : "callee") : "api");
    }

    [Theory]
    [InlineData("native")]
    [InlineData("ozeki")]
    [InlineData("openvox")]
    [InlineData("hoiio")]
    [InlineData("catapult")]
    public async Task A_sipp_takes_the_call_and_is_hung_up(string name)
    {
        var driver = foreign.Lab[name];
        await using var sipp = await foreign.Lab.SippAsync("answers_and_is_hung_up");

        var (call, listed) = await TalkAsync(driver, foreign.Lab.NextSippNumber());
        var answer = await driver.HangUpAsync(listed);
        await SippLab.SucceedAsync(sipp);

        Assert.Equal(driver.Words.HangsUp, answer);
        await EndedAsync(driver, call, listed, "api");
    }

    /// <summary>A test that failed half-way must not leave its call to the next one.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var call in await foreign.Lab.Server.Native.LiveAsync())
            await foreign.Lab.Server.Native.HangUpAsync(call.Id);
    }

    private async Task<(OneCall, ListedCall)> TalkAsync(DialectDriver driver, string number, bool listsSecond = false)
    {
        var lab = foreign.Lab;
        var second = await driver.PlaceAsync(number);
        List<ScriptedCall> ours = second is null ? [] : [await lab.AnswerAsync(second)];
        await driver.AnsweredAsync(number);
        var id = (await lab["native"].FindAsync(number)).Id;
        await Eventually.GetAsync(() => lab.Server.Native.CallAsync(id), c => c.State == "talking", "the call talks", DialectsLab.Patience);
        var shown = listsSecond && second is not null ? second : number;
        return (new OneCall(shown, id, ours), await driver.FindAsync(shown));
    }

    private async Task EndedAsync(DialectDriver driver, OneCall call, ListedCall listed, string by)
    {
        var lab = foreign.Lab;
        foreach (var leg in call.Legs)
            await leg.ExpectByeAsync(DialectsLab.Patience);
        var ended = await lab.Server.Native.ConfirmedCallAsync(call.Id, DialectsLab.Patience);
        await Eventually.TrueAsync(() => driver.Told(call) > 0, $"the end is told by {driver.Words.Name}", DialectsLab.Patience);
        await lab.Server.QuietAsync("call", "leg", "dialog", "rtp_port", "script");

        Assert.All(ended.Legs, l => Assert.Equal((by, 16), (l.Hangup!.By, l.Hangup.Cause)));
        Assert.Equal(driver.Words.Name == "ozeki" && by == "callee" ? "CalleeHungUp" : driver.Words.Cleared, await driver.EndAsync(listed));
        Assert.Equal(1, driver.Told(call));
    }
}
