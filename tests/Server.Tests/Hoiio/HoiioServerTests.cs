using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Hoiio;

/// <summary>The whole server as an application of the Hoiio dialect sees it: forms in, signed forms out, a real carrier on the other side.</summary>
[Collection(HoiioLabCollection.Name)]
public sealed class HoiioServerTests(HoiioLab lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private HoiioApi Hoiio => lab.Hoiio;

    [Fact]
    public async Task An_application_dials_says_something_and_hangs_up()
    {
        var dialled = await DialAsync(("msg", "Hello"), ("tag", "order-77"));
        await dialled.Phone.AnswerAsync(ScriptedPhone.SilentSdp());
        var answered = await NextAsync(dialled, "dial");

        var hangup = await Hoiio.PostAsync("ivr/end/hangup", ("session", dialled.Session), ("notify_url", dialled.Url), ("msg", ""), ("tag", ""));
        await dialled.Phone.ExpectByeAsync(Patience);
        var ended = await NextAsync(dialled, "hangup");
        var late = await Hoiio.GetAsync("ivr/end/hangup", ("session", dialled.Session));

        Assert.Equal(("answered", "ongoing", "order-77", dialled.Number), (answered["dial_status"], answered["call_state"], answered["tag"], answered["dest"]));
        Assert.Equal("success_ok", hangup.Status);
        Assert.Equal(("ended", "1", "SGD", "0.024", "0.024"), (ended["call_state"], ended["duration"], ended["currency"], ended["rate"], ended["debit"]));
        Assert.Equal(HoiioLab.Sign(ended.Body), ended.Headers["X-Hoiio-Signature"]);
        Assert.Equal("error_session_ended", late.Status);
        AssertToldOnce(dialled);
    }

    [Fact]
    public async Task A_phone_that_is_busy_ends_the_attempt_with_one_notification()
    {
        var dialled = await DialAsync();

        await dialled.Phone.RejectAsync(486);
        var ended = await NextAsync(dialled, "dial");

        Assert.Equal(("busy", "ended", "0", "0.000"), (ended["dial_status"], ended["call_state"], ended["duration"], ended["debit"]));
        AssertToldOnce(dialled);
    }

    private async Task<Dialled> DialAsync(params (string Name, string Value)[] parameters)
    {
        var number = lab.NextNumber();
        var url = $"{lab.App.Url}/{number[1..]}";
        var reply = await Hoiio.PostAsync("ivr/start/dial", [("dest", number), ("notify_url", url), ("caller_id", ""), .. parameters]);
        Assert.Equal("success_ok", reply.Status);
        var phone = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number[1..], StringComparison.Ordinal));
        return new Dialled(number, url, reply["session"], reply["txn_ref"], phone);
    }

    private Task<WebhookRequest> NextAsync(Dialled dialled, string block) =>
        lab.App.NextAsync(r => r.Path == new Uri(dialled.Url).AbsolutePath && r["ivr_block"] == block, $"{block} of {dialled.Session}", Patience);

    private void AssertToldOnce(Dialled dialled) =>
        Assert.Single(lab.App.All, r => r["session"] == dialled.Session && r["call_state"] == "ended");

    private sealed record Dialled(string Number, string Url, string Session, string Reference, ScriptedCall Phone);
}
