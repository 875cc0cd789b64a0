using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>Calls that are offered to an application which cannot be told of them.</summary>
[Collection(CatapultLabCollection.Name)]
public sealed class CatapultUnheardTests(CatapultLab lab)
{
    private CatapultApi Catapult => lab.Catapult;

    [Theory]
    [InlineData("status", "callback-http-failure-status")]
    [InlineData("silence", "callback-server-timeout")]
    [InlineData("nobody", "callback-io-error")]
    public async Task A_call_neither_address_could_be_told_of_is_refused_at_once_and_says_why(string failure, string code)
    {
        await using var app = await WebhookInbox.StartAsync();
        app.Reply(_ => true, failure == "silence" ? new WebhookReply(200) { Hangs = true } : new WebhookReply(404));
        var url = app.Url;
        if (failure == "nobody")
            await app.DisposeAsync();
        await Catapult.PostAsync("applications/a-deaf", new { incomingCallUrl = $"{url}/one", incomingCallFallbackUrl = $"{url}/two", incomingCallUrlCallbackTimeout = failure == "silence" ? 200 : 10_000 });

        var before = (await CallsAsync()).Json.GetArrayLength();

        var placed = await lab.Carrier.DialAsync(CatapultLab.Deaf);
        var refusal = await placed.ExpectRefusalAsync(480);
        var calls = await Eventually.GetAsync(CallsAsync, c => c.Json.GetArrayLength() > before, "the call is listed");
        var id = calls.Json[0].GetProperty("id").GetString()!;
        var events = await Eventually.GetAsync(() => Catapult.GetAsync($"calls/{id}/events"), e => e.Text.Contains("hangup", StringComparison.Ordinal), "the end is in the log");
        var ended = await Catapult.GetAsync($"calls/{id}");
        var errors = await Eventually.GetAsync(() => Catapult.GetAsync("errors"), e => e.Text.Contains(id, StringComparison.Ordinal), "the failure is listed");

        Assert.Equal(20, refusal.Q850);
        Assert.Equal("completed", ended["state"]);
        Assert.Contains("SUBSCRIBER_ABSENT", events.Text, StringComparison.Ordinal);
        var error = errors.Json.EnumerateArray().Last(e => e.ToString().Contains(id, StringComparison.Ordinal)).ToString();
        Assert.Contains(code, error, StringComparison.Ordinal);
        Assert.Contains("incomingcall", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_the_fallback_was_told_of_rings_on()
    {
        await using var app = await WebhookInbox.StartAsync();
        app.Reply("/one", new WebhookReply(404));
        await Catapult.PostAsync("applications/a-deaf", new { incomingCallUrl = $"{app.Url}/one", incomingCallFallbackUrl = $"{app.Url}/two" });

        var placed = await lab.Carrier.DialAsync(CatapultLab.Deaf);
        await placed.ExpectAsync(180);
        var told = await app.NextAsync(r => r.Path == "/two", "the fallback");
        var id = CatapultLab.Of(told, "callId");
        var shown = await Catapult.GetAsync($"calls/{id}");
        var rejected = await Catapult.PostAsync($"calls/{id}", new { state = "rejected" });
        await placed.ExpectRefusalAsync(603);

        Assert.Equal(("started", 200), (shown["state"], rejected.Status));
    }

    [Theory]
    [InlineData("a-unheard", CatapultLab.UnheardOffered, CatapultLab.OfferedInstead)]
    [InlineData("a-unheard-get", CatapultLab.UnheardDocuments, CatapultLab.DocumentsInstead)]
    public async Task A_call_nobody_could_be_told_of_goes_to_the_fallback_number(string application, string called, string instead)
    {
        await using var app = await DeafAsync(application);

        var placed = await lab.Carrier.DialAsync(called);
        var there = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(instead[1..], StringComparison.Ordinal));
        await there.AnswerAsync(ScriptedPhone.SilentSdp());
        await placed.ConnectAsync();
        var call = await Eventually.GetAsync(() => lab.Server.Native.LiveBySipAsync(placed.CallId), c => c.State == "talking", "both talk");
        await there.HangUpAsync();
        await placed.ExpectByeAsync();
        var ended = await lab.Server.Native.ConfirmedCallAsync(call.Id);

        Assert.Equal("NORMAL_CLEARING", ended.CauseName);
        Assert.Equal(2, ended.Legs.Count);
        await Eventually.GetAsync(() => Catapult.GetAsync("errors"), e => e.Text.Contains(app.Url, StringComparison.Ordinal), "the failure is listed");
    }

    [Fact]
    public async Task A_fallback_number_may_be_a_service()
    {
        await using var app = await DeafAsync("a-unheard-service");

        var placed = await lab.Carrier.DialAsync(CatapultLab.UnheardService);
        await placed.ConnectAsync();
        var call = await lab.Server.Native.LiveBySipAsync(placed.CallId);
        await placed.HangUpAsync();
        var ended = await lab.Server.Native.ConfirmedCallAsync(call.Id);

        Assert.Equal(("NORMAL_CLEARING", 1), (ended.CauseName, ended.Legs.Count));
    }

    [Fact]
    public async Task A_call_whose_fallback_number_leads_nowhere_is_refused()
    {
        await using var app = await DeafAsync("a-unheard-nowhere");

        var placed = await lab.Carrier.DialAsync(CatapultLab.UnheardNowhere);
        var refusal = await placed.ExpectRefusalAsync(480);

        Assert.Equal(20, refusal.Q850);
    }

    /// <summary>A web server of its own: what it fails at must not slow down what others are told.</summary>
    private async Task<WebhookInbox> DeafAsync(string application)
    {
        var app = await WebhookInbox.StartAsync();
        app.Reply(_ => true, new WebhookReply(500));
        Assert.Equal(200, (await Catapult.PostAsync($"applications/{application}", new { incomingCallUrl = $"{app.Url}/unheard" })).Status);
        return app;
    }

    private Task<CatapultAnswer> CallsAsync() => Catapult.GetAsync($"calls?to={Uri.EscapeDataString(CatapultLab.Deaf)}&size=1000");
}
