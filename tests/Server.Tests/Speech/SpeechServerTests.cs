using System.Text.Json;
using Switchhook.Server.Configuration;
using Switchhook.Server.Speech;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.Webhooks;

namespace Switchhook.Server.Tests.Speech;

/// <summary>Speech by a server, which is asked through the guarded client.</summary>
public sealed class SpeechServerTests : IAsyncLifetime
{
    private WebhookInbox _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebhookInbox.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_text_is_posted_with_its_voice_once_and_comes_back_as_audio()
    {
        var wav = WavFiles.Sine(0.5, 800);
        _server.Reply("/say", new WebhookReply(200, ContentType: "audio/wav") { Bytes = wav });
        using var http = Guarded();
        using var speech = Speaker.Of(Settings() with { Authorization = "Bearer abc" }, http, TimeProvider.System);

        var first = await speech.SpeakAsync("Your \"taxi\" is here: né", "en-gb", null, CancellationToken.None);
        var second = await speech.SpeakAsync("Your \"taxi\" is here: né", "en-gb", null, CancellationToken.None);

        Assert.Equal((null, null), (first.Error, second.Error));
        Assert.Equal(wav, first.Wav.ToArray());
        var asked = Assert.Single(_server.All);
        Assert.Equal(("POST", "application/json", "Bearer abc"), (asked.Method, asked.Headers["Content-Type"], asked.Headers["Authorization"]));
        using var body = JsonDocument.Parse(asked.Body);
        Assert.Equal(("Your \"taxi\" is here: né", "en-gb"), (body.RootElement.GetProperty("text").GetString(), body.RootElement.GetProperty("voice").GetString()));
    }

    [Fact]
    public async Task A_voice_the_server_does_not_know_gives_way_to_the_language_and_then_to_the_configured_one()
    {
        _server.Reply(r => !r.Body.Contains("en-us", StringComparison.Ordinal), new WebhookReply(404));
        _server.Reply(r => r.Body.Contains("en-us", StringComparison.Ordinal), new WebhookReply(200, ContentType: "audio/wav") { Bytes = WavFiles.Sine(0.5, 800) });
        using var http = Guarded();
        using var speech = Speaker.Of(Settings(), http, TimeProvider.System);

        var reply = await speech.SpeakAsync("hello", "pt-BR", "Ines", CancellationToken.None);

        Assert.Null(reply.Error);
        Assert.Equal(["Ines", "pt-BR", "en-us"], _server.All.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("voice").GetString()));
    }

    [Theory]
    [InlineData(500, "speech-failed: HTTP 500")]
    [InlineData(401, "speech-failed: HTTP 401")]
    [InlineData(404, "speech-voice: en-us")]
    [InlineData(200, "speech-not-audio")]
    public async Task What_a_server_answers_wrongly_has_its_name(int status, string error)
    {
        _server.Reply("/say", new WebhookReply(status, "<html>no speech today, but a page that is long enough to be no mistake</html>", "audio/wav"));
        using var http = Guarded();
        using var speech = Speaker.Of(Settings(), http, TimeProvider.System);

        var reply = await speech.SpeakAsync("hello", null, null, CancellationToken.None);

        Assert.StartsWith(error, reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audio_without_end_is_refused()
    {
        _server.Reply("/say", new WebhookReply(200, ContentType: "audio/wav") { Bytes = new byte[33 * 1024 * 1024] });
        using var http = Guarded();
        using var speech = Speaker.Of(Settings(), http, TimeProvider.System);

        var reply = await speech.SpeakAsync("hello", null, null, CancellationToken.None);

        Assert.StartsWith("speech-too-large", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        _server.Reply("/say", new WebhookReply(200) { Hangs = true });
        using var http = Guarded();
        using var speech = Speaker.Of(Settings() with { Longest = TimeSpan.FromSeconds(1) }, http, TimeProvider.System);

        var reply = await speech.SpeakAsync("hello", null, null, CancellationToken.None);

        Assert.StartsWith("speech-timed-out", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_or_may_not_be_asked_is_unreachable()
    {
        using var open = Guarded();
        using var guarded = new GuardedHttpCaller(new WebhookOptions(), TimeProvider.System);
        using var gone = Speaker.Of(Settings() with { Url = "http://127.0.0.1:1/say" }, open, TimeProvider.System);
        using var forbidden = Speaker.Of(Settings(), guarded, TimeProvider.System);

        var absent = await gone.SpeakAsync("hello", null, null, CancellationToken.None);
        var refused = await forbidden.SpeakAsync("hello", null, null, CancellationToken.None);

        Assert.StartsWith("speech-unreachable", absent.Error, StringComparison.Ordinal);
        Assert.StartsWith("speech-unreachable: AddressNotAllowed", refused.Error, StringComparison.Ordinal);
        Assert.Empty(_server.All);
    }

    private SpeechSettings Settings() => new(SpeechSettings.Http, "en-us", TimeSpan.FromSeconds(60)) { Url = _server.Url + "/say" };

    private static GuardedHttpCaller Guarded() => new(new WebhookOptions { AllowPrivateAddresses = true, AllowedPorts = [1] }, TimeProvider.System);
}
