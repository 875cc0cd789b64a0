using System.Net;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>Calls steered by documents: a carrier's phone calls a number whose application answers in BXML.</summary>
[Collection(CatapultLabCollection.Name)]
public sealed class CatapultDocumentTests(CatapultLab lab) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly RtpProbe _caller = new();

    private CatapultApi Catapult => lab.Catapult;

    public async ValueTask InitializeAsync()
    {
        // A tone each, uploaded by the account and played by the address of its own media.
        foreach (var tone in (int[])[500, 700, 900])
        {
            using var wav = new ByteArrayContent(WavFiles.Sine(1.5, tone));
            Assert.Equal(200, (await Catapult.SendAsync(HttpMethod.Put, $"media/{tone}.wav", wav)).Status);
        }
    }

    public ValueTask DisposeAsync() => _caller.DisposeAsync();

    [Fact]
    public async Task A_menu_is_walked_by_keys_from_document_to_document()
    {
        AnswerWith($"<Gather requestUrl='{lab.App.Url}/menu?step=1' maxDigits='1' tag='top'>{Play(500)}</Gather>");
        Reply("/menu", "<Redirect requestUrl='/next'/>");
        Reply("/next", $"{Play(700)}<Gather requestUrl='/pin' maxDigits='4' interDigitTimeout='30'>{Play(900)}</Gather>");
        Reply("/pin", "<Hangup/>");

        var (call, id) = await CallAsync();
        await _caller.HearToneAsync(500, Deadline);
        await _caller.SendDigitAsync('1');
        var menu = await GatherAsync(id, "/menu");
        await _caller.HearToneAsync(900, Deadline);
        foreach (var key in "417#")
            await _caller.SendDigitAsync(key);
        var pin = await GatherAsync(id, "/pin");
        await call.ExpectByeAsync(Deadline);
        var hangup = await lab.EventAsync("hangup", id);

        Assert.True(_caller.ShareOf(700) > 0.8, "the audio between the menus was heard");
        Assert.Equal(("GET", "1", "max-digits", "top"), (menu.Method, CatapultLab.Of(menu, "digits"), CatapultLab.Of(menu, "reason"), CatapultLab.Of(menu, "tag")));
        Assert.StartsWith("?step=1&eventType=gather&", menu.Query, StringComparison.Ordinal);
        Assert.Equal(("417", "terminating-digit", "#"), (CatapultLab.Of(pin, "digits"), CatapultLab.Of(pin, "reason"), CatapultLab.Of(pin, "terminatingDigit")));
        Assert.Equal(("GET", "NORMAL_CLEARING"), (hangup.Method, CatapultLab.Of(hangup, "cause")));
        Assert.Equal(
            ["incomingcall", "answer", "gather", "redirect", "gather", "hangup"],
            lab.App.All.Where(r => CatapultLab.Of(r, "callId") == id).Select(r => CatapultLab.Of(r, "eventType")).Where(static e => e != "dtmf"));
    }

    [Fact]
    public async Task A_transfer_whispers_joins_records_and_ends_the_call_with_the_called_party()
    {
        await using var called = new RtpProbe();
        await using var phone = await lab.Server.RegisteredPhoneAsync(lab.NextPhone());
        AnswerWith($"""
            <Transfer transferTo="sip:{phone.User}@pbx.example.org" transferCallerId="{CatapultLab.Documents}" callTimeout="60" requestUrl="/done" tag="sales">
              {Play(500)}<Record requestUrl="/recorded" fileFormat="wav" multiChannel="true"/>
            </Transfer><SpeakSentence>Never.</SpeakSentence>
            """);

        var (call, id) = await CallAsync();
        var second = await phone.IncomingAsync(Deadline);
        await second.RingAsync();
        await _caller.HearToneAsync(425, Deadline);
        await second.AnswerAsync(Sdp.Audio(called.Local));
        called.Remote = Sdp.AudioEndpoint(second.RemoteSdp);
        await called.SendToneAsync(0, TimeSpan.FromMilliseconds(40));
        await called.HearToneAsync(500, Deadline);
        await TalkAsync(_caller, called, 1100);
        await TalkAsync(called, _caller, 1300);
        // Its file is opened beside the call, which may take a while on a busy machine.
        await Eventually.GetAsync(() => Catapult.GetAsync($"calls/{id}/recordings"), static r => r.Text.Contains("\"recording\"", StringComparison.Ordinal), "the recording under way", Deadline);
        await second.HangUpAsync();
        await call.ExpectByeAsync(Deadline);
        var done = await lab.App.NextAsync(r => r.Path == "/done", "the end of the transfer", Deadline);
        var recorded = await lab.App.NextAsync(r => r.Path == "/recorded", "the recording", Deadline);
        await lab.EventAsync("hangup", id);

        Assert.Contains(CatapultLab.Documents, second.Offered!.Header("From"), StringComparison.Ordinal);
        Assert.Equal(("transferComplete", id, CatapultLab.Documents, "sales"), (CatapultLab.Of(done, "eventType"), CatapultLab.Of(done, "callId"), CatapultLab.Of(done, "from"), CatapultLab.Of(done, "tag")));
        Assert.Equal(phone.User, CatapultLab.Of(done, "to"));
        Assert.Equal(("recording", "complete"), (CatapultLab.Of(recorded, "eventType"), CatapultLab.Of(recorded, "status")));
        var types = lab.App.All.Where(r => CatapultLab.Of(r, "callId") == id).Select(r => CatapultLab.Of(r, "eventType")).ToList();
        Assert.True(types.IndexOf("transferComplete") < types.IndexOf("hangup"), string.Join(", ", types));
        Assert.Single(types, "hangup");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("diversionTreatment='propagate'", "<sip:+12125550111@pbx.test>;reason=user-busy")]
    [InlineData("diversionTreatment='stack' diversionReason='no-answer'", "<sip:+14155550102@127.0.0.1>;reason=no-answer;counter=1, <sip:+12125550111@pbx.test>;reason=user-busy")]
    public async Task A_transfer_says_how_the_call_was_diverted_as_it_is_told_to(string attributes, string expected)
    {
        await using var phone = await lab.Server.RegisteredPhoneAsync(lab.NextPhone());
        AnswerWith($"<Transfer transferTo='{phone.User}' {attributes}/><Hangup/>");

        var (call, id) = await CallAsync("<sip:+12125550111@pbx.test>;reason=user-busy");
        var offered = await phone.IncomingAsync(Deadline);
        await offered.RejectAsync(486);
        await call.ExpectByeAsync(Deadline);
        await lab.EventAsync("hangup", id);

        Assert.Equal(expected, offered.Offered!.Header("Diversion") ?? "");
    }

    [Fact]
    public async Task A_transfer_nobody_takes_goes_on_with_the_next_verb()
    {
        await using var phone = await lab.Server.RegisteredPhoneAsync(lab.NextPhone());
        AnswerWith($"<Transfer transferTo='{phone.User}' requestUrl='/busy-done'/>{Play(700)}<Hangup/>");

        var (call, id) = await CallAsync();
        await (await phone.IncomingAsync(Deadline)).RejectAsync(486);
        await _caller.HearToneAsync(700, Deadline);
        await call.ExpectByeAsync(Deadline);
        await lab.EventAsync("hangup", id);

        Assert.DoesNotContain(lab.App.All, static r => r.Path == "/busy-done");
    }

    [Fact]
    public async Task A_recording_is_told_listed_fetched_and_deleted()
    {
        AnswerWith($"<Record requestUrl='/voicemail' terminatingDigits='#' maxDuration='60' silenceTimeout='60' tag='vm'/>{Play(700)}<Hangup/>");

        var (call, id) = await CallAsync();
        await _caller.SendToneAsync(1000, TimeSpan.FromSeconds(1.5));
        await _caller.SendDigitAsync('#');
        var told = await lab.App.NextAsync(r => r.Path == "/voicemail", "the recording", Deadline);
        await _caller.HearToneAsync(700, Deadline);
        await call.ExpectByeAsync(Deadline);

        Assert.Equal(("GET", "recording", "complete", id, "vm"), (told.Method, CatapultLab.Of(told, "eventType"), CatapultLab.Of(told, "status"), CatapultLab.Of(told, "callId"), CatapultLab.Of(told, "tag")));
        var recording = await Catapult.GetAsync(CatapultLab.Of(told, "recordingUri"));
        Assert.Equal(("complete", CatapultLab.Of(told, "recordingId"), CatapultLab.Of(told, "startTime")), (recording["state"], recording["id"], recording["startTime"]));
        Assert.EndsWith($"/calls/{id}", recording["call"], StringComparison.Ordinal);
        Assert.EndsWith($"/media/{id}-1.wav", recording["media"], StringComparison.Ordinal);
        Assert.Contains(CatapultLab.Of(told, "recordingId"), (await Catapult.GetAsync($"calls/{id}/recordings")).Text, StringComparison.Ordinal);
        Assert.Contains(CatapultLab.Of(told, "recordingId"), (await Catapult.GetAsync("recordings")).Text, StringComparison.Ordinal);
        Assert.Contains($"{id}-1.wav", (await Catapult.GetAsync("media")).Text, StringComparison.Ordinal);
        Assert.True(Goertzel.BestShare(WavFiles.Read(await FetchAsync($"media/{id}-1.wav")), 1000) > 0.8);
        Assert.Equal(404, (await lab.Other.GetAsync($"recordings/{recording["id"]}")).Status);
        Assert.Equal(404, (await lab.Other.GetAsync($"media/{id}-1.wav")).Status);
        Assert.Equal(404, (await lab.Other.DeleteAsync($"media/{id}-1.wav")).Status);
        Assert.Equal(200, (await Catapult.DeleteAsync($"media/{id}-1.wav")).Status);
        Assert.Equal(404, (await Catapult.GetAsync($"recordings/{recording["id"]}")).Status);
    }

    [Fact]
    public async Task A_caller_who_hangs_up_in_the_middle_of_an_entry_is_told_before_the_end_of_the_call()
    {
        AnswerWith("<Gather requestUrl='/cut' maxDigits='9' interDigitTimeout='60'/>");

        var (call, id) = await CallAsync();
        await _caller.SendDigitAsync('4');
        await lab.EventAsync("dtmf", id);
        await call.HangUpAsync();
        var cut = await GatherAsync(id, "/cut");
        await lab.EventAsync("hangup", id);

        Assert.Equal(("hung-up", "4"), (CatapultLab.Of(cut, "reason"), CatapultLab.Of(cut, "digits")));
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_has_the_fallback_asked()
    {
        Reply(static r => r.Path == "/broken", "<Response><Dance/></Response>");
        Reply("/rescue", $"{Play(900)}<Hangup/>");
        await using var far = new RtpProbe();
        var number = lab.NextNumber();

        var created = await Catapult.PostAsync("calls", new
        {
            from = CatapultLab.Own,
            to = number,
            callbackUrl = $"{lab.App.Url}/broken",
            fallbackUrl = $"{lab.App.Url}/rescue",
            callbackHttpMethod = "get",
            tag = "b",
        });
        var offered = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal), Deadline);
        await offered.AnswerAsync(Sdp.Audio(far.Local));
        await far.HearToneAsync(900, Deadline);
        await offered.ExpectByeAsync(Deadline);
        var rescued = await lab.App.NextAsync(r => r.Path == "/rescue", "the fallback", Deadline);

        Assert.Equal(("answer", created.Id, number, "b"), (CatapultLab.Of(rescued, "eventType"), CatapultLab.Of(rescued, "callId"), CatapultLab.Of(rescued, "to"), CatapultLab.Of(rescued, "tag")));
    }

    [Fact]
    public async Task A_call_without_a_document_is_left_to_requests()
    {
        await using var far = new RtpProbe();
        var number = lab.NextNumber();
        Reply(static r => r.Path == "/plain", "");

        var created = await Catapult.PostAsync("calls", new { from = CatapultLab.Own, to = number, callbackUrl = $"{lab.App.Url}/plain", callbackHttpMethod = "GET" });
        var offered = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal), Deadline);
        await offered.AnswerAsync(Sdp.Audio(far.Local));
        await lab.EventAsync("answer", created.Id);
        var played = await Eventually.GetAsync(
            () => Catapult.PostAsync($"calls/{created.Id}/audio", new { fileUrl = $"{Catapult500}" }), static a => a.Status == 200, "audio by a request", Deadline);
        await far.HearToneAsync(500, Deadline);
        var hangup = await Catapult.PostAsync($"calls/{created.Id}", new { state = "completed" });
        await offered.ExpectByeAsync(Deadline);

        Assert.Equal((200, 200), (played.Status, hangup.Status));
    }

    private string Catapult500 => $"{lab.Server.Http}v1/users/{CatapultLab.User}/media/500.wav";

    /// <summary>The tone of that frequency, by the address the vendor's own host would have.</summary>
    private static string Play(int tone) => $"<PlayAudio>https://api.catapult.inetwork.com/v1/users/{CatapultLab.User}/media/{tone}.wav</PlayAudio>";

    private void AnswerWith(string verbs) => Reply(static r => r.Path == "/bxml" && CatapultLab.Of(r, "eventType") == "answer", $"<Response>{verbs}</Response>");

    private void Reply(string path, string verbs) => Reply(r => r.Path == path, $"<?xml version=\"1.0\"?>\n<Response>{verbs}</Response>");

    private void Reply(Func<WebhookRequest, bool> when, string body) => lab.App.Reply(when, new WebhookReply(200, body, "text/html"));

    private async Task<(ScriptedCall Call, string Id)> CallAsync(string? diversion = null)
    {
        var from = lab.NextNumber();
        var invite = lab.Carrier.Invite(CatapultLab.Documents, _caller.Local);
        invite.Set("From", $"<sip:{from}@{CatapultLab.CarrierAddress}>;tag={ScriptedPhone.NewToken()}");
        if (diversion is not null)
            invite.Add("Diversion", diversion);
        var call = await ScriptedCall.PlaceAsync(lab.Carrier, invite);
        await call.ConnectAsync(Deadline);
        _caller.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        // The first to send is the one whose audio is taken; nobody else's left-over packets are to be.
        await _caller.SendToneAsync(0, TimeSpan.FromMilliseconds(40));
        var answer = await lab.App.NextAsync(r => r.Path == "/bxml" && CatapultLab.Of(r, "eventType") == "answer" && CatapultLab.Of(r, "from") == from, "the question for a document", Deadline);
        return (call, CatapultLab.Of(answer, "callId"));
    }

    private Task<WebhookRequest> GatherAsync(string id, string path) =>
        lab.App.NextAsync(r => r.Path == path && CatapultLab.Of(r, "eventType") == "gather" && CatapultLab.Of(r, "callId") == id, $"an entry at {path}", Deadline);

    private async Task<byte[]> FetchAsync(string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, Credentials = null });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(lab.Server.Http, $"/v1/users/{CatapultLab.User}/{path}"));
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{CatapultLab.Token}:{CatapultLab.Secret}")));
        using var reply = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return await reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a tone from one to the other until it is heard.</summary>
    private static async Task TalkAsync(RtpProbe from, RtpProbe to, double tone)
    {
        using var heard = new CancellationTokenSource();
        var sending = from.SendToneAsync(tone, Deadline, stop: heard.Token);
        await to.HearToneAsync(tone, Deadline);
        await heard.CancelAsync();
        await sending;
    }
}
