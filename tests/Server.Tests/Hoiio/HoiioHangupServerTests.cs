using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Hoiio;

/// <summary>Hangups at a bad moment.</summary>
[Collection(HoiioLabCollection.Name)]
public sealed class HoiioHangupServerTests(HoiioLab lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("play")]
    [InlineData("gather")]
    [InlineData("record")]
    public async Task In_the_middle_of_a_prompt_a_gather_and_a_recording_only_a_forced_hangup_is_taken_and_it_alone_is_told(string block)
    {
        var own = $"/{block}-cut";
        var to = lab.NextNumber();
        var dialled = await lab.Hoiio.PostAsync("ivr/start/dial", ("dest", to), ("notify_url", $"{lab.App.Url}{own}"));
        var session = ("session", dialled["session"]);
        var phone = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(to, StringComparison.Ordinal), Patience);
        await phone.AnswerAsync(ScriptedPhone.SilentSdp());
        await lab.App.NextAsync(r => r.Path == own && r["ivr_block"] == "dial", "the answer", Patience);
        var begun = await lab.Hoiio.PostAsync(
            $"ivr/middle/{block}", session, ("notify_url", $"{lab.App.Url}{own}"),
            ("msg", "This is a sentence that takes quite some time until it has been spoken to its very end, and there is more of it."));

        var early = await lab.Hoiio.PostAsync("ivr/end/hangup", session);
        var forced = await lab.Hoiio.PostAsync("ivr/end/hangup", session, ("force", "enabled"), ("notify_url", $"{lab.App.Url}{own}-over"), ("tag", "cut"));
        await phone.ExpectByeAsync(Patience);
        var told = await lab.App.NextAsync(r => r.Path == $"{own}-over", "the end", Patience);
        var late = await lab.Hoiio.PostAsync("ivr/end/hangup", session, ("force", "enabled"));

        Assert.Equal(("success_ok", "error_session_not_ready", "success_ok", "error_session_ended"), (begun.Status, early.Status, forced.Status, late.Status));
        Assert.Equal(("hangup", "ended", "cut", dialled["session"]), (told["ivr_block"], told["call_state"], told["tag"], told["session"]));
        Assert.DoesNotContain(lab.App.All, r => r["session"] == dialled["session"] && r["ivr_block"] == block);
    }
}
