using System.Text.Json;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>What is listed of things that went wrong while nobody asked for an answer.</summary>
[Collection(CatapultLabCollection.Name)]
public sealed class CatapultErrorTests(CatapultLab lab)
{
    private CatapultApi Catapult => lab.Catapult;

    [Fact]
    public async Task A_call_to_a_number_whose_application_has_no_address_is_listed_in_the_vendor_s_words()
    {
        await (await lab.Carrier.DialAsync(CatapultLab.Refusing)).ExpectRefusalAsync(480);

        var error = await ErrorAsync("no-callback-for-call");

        Assert.Equal($"Application a-refuses (\"Application a-refuses\") for number {CatapultLab.Refusing} does not specify a URL for call events", error.GetProperty("message").GetString());
        Assert.Equal("unavailable", error.GetProperty("category").GetString());
        Assert.Equal(("a-refuses", CatapultLab.Refusing), (Detail(error, "applicationId"), Detail(error, "number")));
        Assert.Equal("completed", (await Catapult.GetAsync($"calls/{Detail(error, "callId")}"))["state"]);
    }

    [Fact]
    public async Task A_call_to_a_number_without_an_application_is_listed_in_the_vendor_s_words()
    {
        await Catapult.DeleteAsync("applications/a-gone");
        await (await lab.Carrier.DialAsync(CatapultLab.Gone)).ExpectRefusalAsync(480);

        var error = await ErrorAsync("no-application-for-number");

        Assert.Equal($"No application is configured for number {CatapultLab.Gone}", error.GetProperty("message").GetString());
        Assert.Equal(CatapultLab.Gone, Detail(error, "number"));
        Assert.StartsWith("c-", Detail(error, "callId"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", "callback-http-failure-status")]
    [InlineData("silence", "callback-server-timeout")]
    [InlineData("nobody", "callback-io-error")]
    [InlineData("words", "callback-invalid-bxml")]
    [InlineData("verb", "callback-invalid-bxml")]
    [InlineData("audio", "media-unavailable")]
    public async Task A_document_that_does_not_come_or_cannot_be_used_is_listed_with_its_call(string failure, string code)
    {
        await using var far = new RtpProbe();
        await using var app = await WebhookInbox.StartAsync();
        var url = app.Url;
        app.Reply("/bxml", failure switch
        {
            "status" => new WebhookReply(404),
            "silence" => new WebhookReply(200) { Hangs = true },
            "words" => new WebhookReply(200, "We are sorry"),
            "verb" => WebhookReply.Script("<Hangup/><Whistle/>"),
            _ => WebhookReply.Script($"<PlayAudio>{url}/none.wav</PlayAudio><Hangup/>"),
        });
        app.Reply("/none.wav", new WebhookReply(404));
        if (failure == "nobody")
            await app.DisposeAsync();
        var number = lab.NextNumber();
        var call = await Catapult.PostAsync("calls", new
        {
            from = CatapultLab.Own,
            to = number,
            callbackUrl = $"{url}/bxml",
            callbackHttpMethod = "GET",
            callbackTimeout = failure == "silence" ? 200 : 10_000,
        });
        var offered = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal));
        await offered.AnswerAsync(Sdp.Audio(far.Local));
        await offered.ExpectByeAsync();

        var error = await ErrorAsync(code, call.Id);

        Assert.Equal(call.Id, Detail(error, "callId"));
        Assert.Equal(failure == "audio" ? "" : $"{url}/bxml", Detail(error, "callbackUrl"));
        Assert.Equal(failure == "status" ? "404" : "", Detail(error, "callbackStatusCode"));
        Assert.Equal(failure == "silence" ? "200" : "", Detail(error, "callbackTimeout"));
    }

    [Fact]
    public async Task Errors_of_every_kind_are_paged_in_one_order_and_each_is_read_by_its_id()
    {
        for (var i = 0; i < 3; i++)
            await (await lab.Carrier.DialAsync(CatapultLab.Refusing)).ExpectRefusalAsync(480);

        // Again while others still come in: callbacks of calls before these.
        var (_, paged, after) = await Eventually.GetAsync(
            async () => (Before: await Catapult.GetAsync("errors?size=1000"), await PagedAsync(), After: await Catapult.GetAsync("errors?size=1000")),
            static seen => seen.Before.Text == seen.After.Text && seen.After.Json.GetArrayLength() >= 3, "nothing more is listed meanwhile");
        var whole = after.Json.EnumerateArray().ToList();

        Assert.Equal(whole.Select(static e => e.ToString()), paged);
        Assert.Equal(whole.Count, whole.Select(static e => e.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(whole.OrderByDescending(static e => e.GetProperty("time").GetString(), StringComparer.Ordinal).Select(static e => e.GetProperty("time").GetString()), whole.Select(static e => e.GetProperty("time").GetString()));
        foreach (var error in whole)
        {
            var id = error.GetProperty("id").GetString();
            Assert.Equal(error.ToString(), (await Catapult.GetAsync($"errors/{id}")).Text);
            Assert.Equal((404, "user-error-not-found"), ((await lab.Other.GetAsync($"errors/{id}")) is var other ? other.Status : 0, other["code"]));
        }
    }

    private async Task<List<string>> PagedAsync()
    {
        var paged = new List<string>();
        for (var next = "errors?size=2"; next is not null;)
        {
            var page = await Catapult.GetAsync(next);
            paged.AddRange(page.Json.EnumerateArray().Select(static e => e.ToString()));
            next = page.Next;
        }
        return paged;
    }

    /// <summary>The newest error of that code, once it is there.</summary>
    private async Task<JsonElement> ErrorAsync(string code, string about = "")
    {
        var found = await Eventually.GetAsync(async () => (await Catapult.GetAsync("errors?size=1000")).Json.EnumerateArray().FirstOrDefault(Fits), static e => e.ValueKind == JsonValueKind.Object, $"{code} {about}");
        return found;

        bool Fits(JsonElement error) => error.GetProperty("code").GetString() == code && error.ToString().Contains(about, StringComparison.Ordinal);
    }

    private static string Detail(JsonElement error, string name) =>
        error.GetProperty("details").EnumerateArray().FirstOrDefault(d => d.GetProperty("name").GetString() == name) is { ValueKind: JsonValueKind.Object } found
            ? found.GetProperty("value").GetString()! : "";
}
