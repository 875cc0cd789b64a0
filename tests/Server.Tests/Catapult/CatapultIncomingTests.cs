using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>Calls that come in to numbers of applications.</summary>
[Collection(CatapultLabCollection.Name)]
public sealed class CatapultIncomingTests(CatapultLab lab)
{
    private CatapultApi Catapult => lab.Catapult;

    [Fact]
    public async Task A_call_to_an_application_is_answered_at_once_and_both_are_told()
    {
        var placed = await lab.Carrier.DialAsync(CatapultLab.Own);
        await placed.ConnectAsync();

        var incoming = await IncomingAsync("/in");
        var id = CatapultLab.Of(incoming, "callId");
        var answer = await lab.EventAsync("answer", id);
        var shown = await Catapult.GetAsync($"calls/{id}");
        await placed.HangUpAsync();
        var hangup = await lab.EventAsync("hangup", id);

        Assert.Equal(("active", CatapultLab.Own, "a-answers", "", "false"), (
            CatapultLab.Of(incoming, "callState"), CatapultLab.Of(incoming, "to"), CatapultLab.Of(incoming, "applicationId"), CatapultLab.Of(incoming, "tag"),
            CatapultLab.Of(incoming, "withholdCallerNumber")));
        Assert.Equal("carrier", CatapultLab.Of(incoming, "from"));
        Assert.Equal("active", CatapultLab.Of(answer, "callState"));
        Assert.Equal(("in", "active", "carrier"), (shown["direction"], shown["state"], shown["from"]));
        Assert.Equal("NORMAL_CLEARING", CatapultLab.Of(hangup, "cause"));
    }

    [Fact]
    public async Task An_offered_call_rings_until_the_application_answers_it()
    {
        var placed = await lab.Carrier.DialAsync(CatapultLab.Offered);
        await placed.ExpectAsync(180);
        var id = CatapultLab.Of(await IncomingAsync("/offer"), "callId");
        var started = await Catapult.GetAsync($"calls/{id}");
        var notYet = await Catapult.PostAsync($"calls/{id}", new { state = "transferring", transferTo = "+13365550000" });
        var mute = await Catapult.PostAsync($"calls/{id}/audio", new { sentence = "too early" });

        var connected = placed.ConnectAsync();
        var answered = await Catapult.PostAsync($"calls/{id}", new { state = "active" });
        await connected;
        await lab.EventAsync("answer", id);
        var again = await Catapult.PostAsync($"calls/{id}", new { state = "active" });
        var rejected = await Catapult.PostAsync($"calls/{id}", new { state = "rejected" });
        var tagged = await Catapult.PostAsync($"calls/{id}", new { tag = "late tag" });
        await Catapult.PostAsync($"calls/{id}", new { state = "completed" });
        await placed.ExpectByeAsync();
        var hangup = await lab.EventAsync("hangup", id);

        Assert.Equal("started", started["state"]);
        Assert.Equal((403, 403, "STARTED"), (notYet.Status, mute.Status, mute.Json.GetProperty("details")[1].GetProperty("value").GetString()));
        Assert.Equal((200, 200, 403, 200), (answered.Status, again.Status, rejected.Status, tagged.Status));
        Assert.Equal(("NORMAL_CLEARING", "late tag"), (CatapultLab.Of(hangup, "cause"), CatapultLab.Of(hangup, "tag")));
    }

    [Theory]
    [InlineData("rejected", 603, "CALL_REJECTED", "rejected")]
    [InlineData("completed", 480, "NORMAL_CLEARING", "completed")]
    public async Task An_offered_call_is_refused_as_asked(string state, int status, string cause, string final)
    {
        var placed = await lab.Carrier.DialAsync(CatapultLab.Offered);
        await placed.ExpectAsync(180);
        var id = CatapultLab.Of(await IncomingAsync("/offer"), "callId");

        var refused = await Catapult.PostAsync($"calls/{id}", new { state });
        await placed.ExpectRefusalAsync(status);
        var hangup = await lab.EventAsync("hangup", id);
        var late = await Catapult.PostAsync($"calls/{id}", new { state });

        Assert.Equal((200, 403), (refused.Status, late.Status));
        Assert.Equal(cause, CatapultLab.Of(hangup, "cause"));
        Assert.Equal(final, (await Catapult.GetAsync($"calls/{id}"))["state"]);
    }

    [Fact]
    public async Task A_caller_who_gives_up_has_cancelled()
    {
        var placed = await lab.Carrier.DialAsync(CatapultLab.Offered);
        await placed.ExpectAsync(180);
        var id = CatapultLab.Of(await IncomingAsync("/offer"), "callId");

        await placed.CancelAsync();
        var hangup = await lab.EventAsync("hangup", id);

        Assert.Equal("ORIGINATOR_CANCEL", CatapultLab.Of(hangup, "cause"));
        Assert.Equal("completed", (await Catapult.GetAsync($"calls/{id}"))["state"]);
    }

    [Fact]
    public async Task An_application_without_an_address_refuses_every_call()
    {
        var placed = await lab.Carrier.DialAsync(CatapultLab.Refusing);

        await placed.ExpectRefusalAsync(480);
    }

    [Fact]
    public async Task What_the_invite_says_of_its_way_and_its_caller_reaches_the_application()
    {
        var invite = lab.Carrier.Invite(CatapultLab.Offered)
            .Add("X-Campaign", "spring")
            .Add("Diversion", "<sip:+12125550111@pbx.test>;reason=user-busy;counter=2;screen=yes;privacy=off")
            .Add("Privacy", "id");
        var placed = await ScriptedCall.PlaceAsync(lab.Carrier, invite);
        await placed.ExpectAsync(180);

        var incoming = await IncomingAsync("/offer");
        var id = CatapultLab.Of(incoming, "callId");
        var shown = await Catapult.GetAsync($"calls/{id}");
        await Catapult.PostAsync($"calls/{id}", new { state = "rejected" });

        Assert.Equal("true", CatapultLab.Of(incoming, "withholdCallerNumber"));
        Assert.Contains("\"origTo\":\"+12125550111\"", incoming.Body, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"user-busy\"", incoming.Body, StringComparison.Ordinal);
        Assert.Equal("spring", shown.Json.GetProperty("sipHeaders").GetProperty("X-Campaign").GetString());
    }

    [Theory]
    [InlineData("none", "")]
    [InlineData("propagate", "<sip:+12125550111@pbx.test>;reason=user-busy, <sip:+12125550112@pbx.test>;reason=away")]
    [InlineData("stack", "<sip:+14155550101@127.0.0.1>;reason=unknown;counter=1, <sip:+12125550111@pbx.test>;reason=user-busy, <sip:+12125550112@pbx.test>;reason=away")]
    public async Task A_transfer_behind_a_trunk_says_how_the_call_was_diverted_as_it_is_told_to_and_once(string treatment, string expected)
    {
        var to = lab.NextNumber();
        var invite = lab.Carrier.Invite(CatapultLab.Offered)
            .Add("Diversion", "<sip:+12125550111@pbx.test>;reason=user-busy")
            .Add("Diversion", "<sip:+12125550112@pbx.test>;reason=away");
        var placed = await ScriptedCall.PlaceAsync(lab.Carrier, invite.WithSdp(ScriptedPhone.SilentSdp()));
        await placed.ExpectAsync(180);
        var id = CatapultLab.Of(await IncomingAsync("/offer"), "callId");
        var connected = placed.ConnectAsync();
        await Catapult.PostAsync($"calls/{id}", new { state = "active" });
        await connected;

        await Catapult.PostAsync($"calls/{id}", new { state = "transferring", transferTo = to, diversionTreatment = treatment });
        var offered = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(to, StringComparison.Ordinal));
        await offered.RejectAsync(486);
        await Catapult.PostAsync($"calls/{id}", new { state = "completed" });
        await placed.ExpectByeAsync();

        Assert.Equal(expected, string.Join(", ", offered.Offered!.Headers.Where(static h => h.Name == "Diversion").Select(static h => h.Value)));
    }

    [Fact]
    public async Task A_callback_that_fails_goes_to_the_fallback_once_and_stands_among_the_errors_when_that_fails_too()
    {
        lab.App.Reply(r => r.Path is "/broken" or "/broken2", new WebhookReply(500));
        var number = lab.NextNumber();
        var call = await Catapult.PostAsync("calls", new { from = CatapultLab.Own, to = number, callbackUrl = $"{lab.App.Url}/broken", fallbackUrl = $"{lab.App.Url}/mended" });
        var other = await Catapult.PostAsync("calls", new { from = CatapultLab.Own, to = number, callbackUrl = $"{lab.App.Url}/broken", fallbackUrl = $"{lab.App.Url}/broken2" });
        for (var i = 0; i < 2; i++)
        {
            var offered = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal));
            await offered.RejectAsync(486);
        }

        var first = await lab.App.NextAsync(r => r.Path == "/broken" && r.Body.Contains(call.Id, StringComparison.Ordinal), "the first try");
        var second = await lab.App.NextAsync(r => r.Path == "/mended", "the fallback");
        var errors = await Eventually.GetAsync(() => Catapult.GetAsync("errors"), e => e.Text.Contains(other.Id, StringComparison.Ordinal), "the failure is listed");

        Assert.Equal(first.Body, second.Body);
        Assert.DoesNotContain(call.Id, errors.Text, StringComparison.Ordinal);
        var error = errors.Json.EnumerateArray().First(e => e.ToString().Contains(other.Id, StringComparison.Ordinal));
        Assert.Equal(("unavailable", "callback-http-failure-status"), (error.GetProperty("category").GetString(), error.GetProperty("code").GetString()));
        var shown = await Catapult.GetAsync($"errors/{error.GetProperty("id").GetString()}");
        Assert.Equal(error.ToString(), shown.Text);
        Assert.Equal(404, (await lab.Other.GetAsync($"errors/{error.GetProperty("id").GetString()}")).Status);
        Assert.Equal("[]", (await lab.Other.GetAsync("errors")).Text);
    }

    private Task<WebhookRequest> IncomingAsync(string path) =>
        lab.App.NextAsync(r => r.Path == path && CatapultLab.Of(r, "eventType") == "incomingcall", "incomingcall");
}
