using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>Prompts that a script plays from a web server.</summary>
public sealed class SipUrlPromptTests(Lab lab) : LabTests(lab)
{
    [Fact]
    public async Task A_prompt_behind_an_address_is_fetched_once_and_only_asked_about_for_the_next_call()
    {
        var path = $"/sounds/{Lab.NextNumber()[1..]}.wav";
        Lab.App.Reply(r => r.Path == path && !r.Headers.ContainsKey("If-None-Match"), new WebhookReply(200, ContentType: "audio/wav") { Bytes = WavFiles.Sine(0.5, 800), ETag = "\"v1\"" });
        Lab.App.Reply(r => r.Path == path && r.Headers.GetValueOrDefault("If-None-Match") == "\"v1\"", new WebhookReply(304) { ETag = "\"v1\"" });

        await HearAsync(path);
        await HearAsync(path);

        var asked = Lab.App.All.Where(r => r.Path == path).ToList();
        Assert.Equal(["GET", "GET"], asked.Select(r => r.Method));
        Assert.Equal("\"v1\"", asked[1].Headers["If-None-Match"]);
    }

    private async Task HearAsync(string path)
    {
        var caller = await PhoneAsync();
        var audio = Probe();
        Lab.App.Reply(r => r.Path == "/incoming" && r["CallerID"] == caller.User, WebhookReply.Script($"<Play Repeat='true' Timeout='20'>{Lab.App.Url}{path}</Play>"));
        var call = await caller.DialAsync(Lab.ApiExtension, audio.Local);
        await call.ConnectAsync();
        await audio.HearToneAsync(800);
        await call.HangUpAsync();
    }
}
