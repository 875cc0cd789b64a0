using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>The whole server as an application of the Catapult dialect sees it: a carrier's phone at the far end, callbacks on a web server.</summary>
[Collection(CatapultLabCollection.Name)]
public sealed class CatapultServerTests(CatapultLab lab)
{
    private CatapultApi Catapult => lab.Catapult;

    [Fact]
    public async Task A_call_is_placed_answered_followed_and_hung_up()
    {
        var (id, offered) = await PlaceAsync(new { callTimeout = 30, tag = "order-118", sipHeaders = new Dictionary<string, string> { ["X-Order"] = "118" } });
        var started = await Catapult.GetAsync($"calls/{id}");
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        var answer = await lab.EventAsync("answer", id);
        var active = await Catapult.GetAsync($"calls/{id}");
        var hangup = await Catapult.PostAsync($"calls/{id}", new { state = "completed" });
        var bye = await offered.ExpectByeAsync();
        var over = await lab.EventAsync("hangup", id);
        var completed = await Catapult.GetAsync($"calls/{id}");
        var log = await Catapult.GetAsync($"calls/{id}/events");

        Assert.Equal("118", offered.Offered!.Header("X-Order"));
        Assert.Contains(CatapultLab.Own, offered.Offered!.Header("From"), StringComparison.Ordinal);
        Assert.Equal(("started", "out", CatapultLab.Own, "30"), (started["state"], started["direction"], started["from"], started["callTimeout"]));
        Assert.Equal("application/json", started.ContentType);
        Assert.Equal(("active", "order-118", id), (CatapultLab.Of(answer, "callState"), CatapultLab.Of(answer, "tag"), CatapultLab.Of(answer, "callId")));
        Assert.Equal("application/json; charset=utf-8", answer.Headers["Content-Type"]);
        Assert.StartsWith("BandwidthAPI/v1", answer.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.EndsWith($"/v1/users/{CatapultLab.User}/calls/{id}", CatapultLab.Of(answer, "callUri"), StringComparison.Ordinal);
        Assert.Equal("active", active["state"]);
        Assert.NotEqual("", active["activeTime"]);
        Assert.Equal((200, "", null), (hangup.Status, hangup.Text, hangup.ContentType));
        Assert.Contains("cause=16", bye.Header("Reason"), StringComparison.Ordinal);
        Assert.Equal(("completed", "NORMAL_CLEARING", "order-118"), (CatapultLab.Of(over, "callState"), CatapultLab.Of(over, "cause"), CatapultLab.Of(over, "tag")));
        Assert.Equal(("completed", "60"), (completed["state"], completed["chargeableDuration"]));
        Assert.Equal(["create", "answer", "hangup"], log.Json.EnumerateArray().Select(e => e.GetProperty("name").GetString()));
        var line = await Catapult.GetAsync($"calls/{id}/events/{log.Json[2].GetProperty("id").GetString()}");
        Assert.Equal("NORMAL_CLEARING", line["data"]);
        Assert.Equal(1, lab.App.All.Count(r => r.Body.Contains(id, StringComparison.Ordinal) && CatapultLab.Of(r, "eventType") == "hangup"));
    }

    [Theory]
    [InlineData(486, "USER_BUSY", "completed")]
    [InlineData(603, "CALL_REJECTED", "rejected")]
    [InlineData(404, "UNALLOCATED_NUMBER", "completed")]
    [InlineData(480, "NO_USER_RESPONSE", "completed")]
    [InlineData(503, "NORMAL_TEMPORARY_FAILURE", "completed")]
    public async Task A_refusal_ends_the_call_with_its_cause_and_nothing_but_a_hangup_is_told(int status, string cause, string state)
    {
        var (id, offered) = await PlaceAsync(new { });

        await offered.RejectAsync(status);
        var hangup = await lab.EventAsync("hangup", id);

        Assert.Equal(cause, CatapultLab.Of(hangup, "cause"));
        Assert.Equal(state, (await Catapult.GetAsync($"calls/{id}"))["state"]);
        Assert.Single(lab.App.All, r => r.Body.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_to_an_extension_without_a_phone_begins_and_ends_at_once()
    {
        var created = await Catapult.PostAsync("calls", new { from = CatapultLab.Own, to = $"sip:{lab.NextPhone()}@switchhook.local", callbackUrl = $"{lab.App.Url}/events" });

        var hangup = await lab.EventAsync("hangup", created.Id);

        Assert.Equal(201, created.Status);
        Assert.Equal("SUBSCRIBER_ABSENT", CatapultLab.Of(hangup, "cause"));
    }

    [Fact]
    public async Task A_phone_of_the_account_is_called_by_its_sip_address_or_its_number()
    {
        var extension = lab.NextPhone();
        await using var phone = await lab.Server.RegisteredPhoneAsync(extension);

        var byAddress = await Catapult.PostAsync("calls", new { from = CatapultLab.Own, to = $"sip:{extension}@switchhook.local" });
        var first = await phone.IncomingAsync();
        await first.RejectAsync(486);
        var byNumber = await Catapult.PostAsync("calls", new { from = CatapultLab.Own, to = extension });
        var second = await phone.IncomingAsync();
        await second.RejectAsync(486);

        Assert.Equal((201, 201), (byAddress.Status, byNumber.Status));
        Assert.Equal($"sip:{extension}@switchhook.local", (await Catapult.GetAsync($"calls/{byAddress.Id}"))["to"]);
    }

    [Fact]
    public async Task Nobody_answers_in_time_and_first_the_timeout_is_told_then_the_end()
    {
        var (id, offered) = await PlaceAsync(new { callTimeout = 1, tag = "late" });
        await offered.RingAsync();

        await offered.ExpectCancelAsync();
        var timeout = await lab.EventAsync("timeout", id);
        var hangup = await lab.EventAsync("hangup", id);

        Assert.Equal("late", CatapultLab.Of(timeout, "tag"));
        Assert.Equal("NO_ANSWER", CatapultLab.Of(hangup, "cause"));
        var both = lab.App.All.Where(r => r.Body.Contains(id, StringComparison.Ordinal)).Select(r => CatapultLab.Of(r, "eventType"));
        Assert.Equal(["timeout", "hangup"], both);
    }

    [Fact]
    public async Task A_hangup_while_it_rings_cancels_and_a_second_one_finds_the_call_over()
    {
        var (id, offered) = await PlaceAsync(new { });
        await offered.RingAsync();

        var both = await Task.WhenAll(Catapult.PostAsync($"calls/{id}", new { state = "completed" }), Catapult.PostAsync($"calls/{id}", new { state = "completed" }));
        await offered.ExpectCancelAsync();
        var hangup = await lab.EventAsync("hangup", id);
        var late = await Catapult.PostAsync($"calls/{id}", new { state = "completed" });

        Assert.Contains(both, a => a.Status == 200);
        Assert.All(both, a => Assert.True(a.Status is 200 or 403));
        Assert.Equal("ORIGINATOR_CANCEL", CatapultLab.Of(hangup, "cause"));
        Assert.Equal((403, "call-invalid-state"), (late.Status, late["code"]));
        Assert.Equal($"Unable to update call {id}. Invalid call state COMPLETED", late["message"]);
        Assert.Single(lab.App.All, r => r.Body.Contains(id, StringComparison.Ordinal) && CatapultLab.Of(r, "eventType") == "hangup");
    }

    [Fact]
    public async Task A_bye_that_crosses_a_hangup_makes_one_end()
    {
        var (id, offered) = await PlaceAsync(new { });
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        await lab.EventAsync("answer", id);

        var hangup = Catapult.PostAsync($"calls/{id}", new { state = "completed" });
        await offered.SendByeAsync();
        var answer = await hangup;
        await lab.EventAsync("hangup", id);

        Assert.True(answer.Status is 200 or 403, answer.Text);
        Assert.Equal("completed", (await Catapult.GetAsync($"calls/{id}"))["state"]);
        Assert.Single(lab.App.All, r => r.Body.Contains(id, StringComparison.Ordinal) && CatapultLab.Of(r, "eventType") == "hangup");
    }

    [Fact]
    public async Task What_is_spoken_is_heard_and_told_and_stops_when_asked()
    {
        await using var probe = new RtpProbe();
        var (id, offered) = await AnsweredAsync(probe);

        var spoken = await Catapult.PostAsync($"calls/{id}/audio", new { sentence = "Hello, this is a rather long sentence that is spoken to you", voice = "Kate", tag = "hi", loopEnabled = "true" });
        var started = await lab.EventAsync("speak", id);
        await probe.HearAsync(20);
        var stopped = await Catapult.PostAsync($"calls/{id}/audio", new { sentence = "" });
        var done = await lab.EventAsync("speak", id);
        var nothing = await Catapult.PostAsync($"calls/{id}/audio", new { fileUrl = "" });
        await Catapult.PostAsync($"calls/{id}", new { state = "completed" });
        await offered.ExpectByeAsync();
        var late = await Catapult.PostAsync($"calls/{id}/audio", new { sentence = "Still there?" });

        Assert.Equal((200, 200), (spoken.Status, stopped.Status));
        Assert.Equal(("started", "PLAYBACK_START", "hi"), (CatapultLab.Of(started, "status"), CatapultLab.Of(started, "state"), CatapultLab.Of(started, "tag")));
        Assert.Equal(("done", "PLAYBACK_STOP", "hi"), (CatapultLab.Of(done, "status"), CatapultLab.Of(done, "state"), CatapultLab.Of(done, "tag")));
        Assert.Equal((403, "call-audio-invalid-state"), (nothing.Status, nothing["code"]));
        Assert.Equal((403, "call-invalid-state"), (late.Status, late["code"]));
    }

    [Fact]
    public async Task A_file_is_played_from_its_address_and_one_that_is_not_there_is_refused()
    {
        await using var probe = new RtpProbe();
        var (id, offered) = await AnsweredAsync(probe);
        lab.App.Reply("/tone.wav", new WebhookReply(200, ContentType: "audio/wav") { Bytes = WavFiles.Sine(0.6) });
        lab.App.Reply("/gone.wav", new WebhookReply(404));
        lab.App.Reply("/text.wav", new WebhookReply(200, "no audio at all"));

        var played = await Catapult.PostAsync($"calls/{id}/audio", new { fileUrl = $"{lab.App.Url}/tone.wav", tag = "tune" });
        var started = await lab.EventAsync("playback", id);
        await probe.HearToneAsync(440);
        var done = await lab.EventAsync("playback", id);
        var gone = await Catapult.PostAsync($"calls/{id}/audio", new { fileUrl = $"{lab.App.Url}/gone.wav" });
        var text = await Catapult.PostAsync($"calls/{id}/audio", new { fileUrl = $"{lab.App.Url}/text.wav" });
        var noUrl = await Catapult.PostAsync($"calls/{id}/audio", new { fileUrl = "tone.wav" });
        await offered.HangUpAsync();

        Assert.Equal(200, played.Status);
        Assert.Equal(("started", "tune"), (CatapultLab.Of(started, "status"), CatapultLab.Of(started, "tag")));
        Assert.Equal("done", CatapultLab.Of(done, "status"));
        Assert.Equal((503, "media-unavailable"), (gone.Status, gone["code"]));
        Assert.Equal((403, "media-not-supported"), (text.Status, text["code"]));
        Assert.Equal((403, "media-invalid-url"), (noUrl.Status, noUrl["code"]));
    }

    [Fact]
    public async Task A_file_is_heard_as_loud_as_the_volume_says()
    {
        await using var probe = new RtpProbe();
        var (id, offered) = await AnsweredAsync(probe);
        lab.App.Reply("/loud.wav", new WebhookReply(200, ContentType: "audio/wav") { Bytes = WavFiles.Sine(0.4) });
        List<int> peaks = [];

        foreach (var volume in (string[])["-4", "0", "3"])
        {
            await Catapult.PostAsync($"calls/{id}/audio", new { fileUrl = $"{lab.App.Url}/loud.wav", volume });
            await lab.EventAsync("playback", id);
            await lab.EventAsync("playback", id);
            peaks.Add(probe.Samples().Max(static s => Math.Abs((int)s)));
        }
        await offered.HangUpAsync();

        Assert.InRange(peaks[1] / (double)peaks[0], 3.5, 4.5);
        Assert.InRange(peaks[2] / (double)peaks[1], 2.5, 3.1);
    }

    [Fact]
    public async Task Keys_are_gathered_once_at_a_time_and_pressed_toward_the_party()
    {
        await using var probe = new RtpProbe();
        var (id, offered) = await AnsweredAsync(probe);

        var gather = await Catapult.PostAsync($"calls/{id}/gather", new { maxDigits = "4", interDigitTimeout = "20", terminatingDigits = "#", tag = "pin" });
        var second = await Catapult.PostAsync($"calls/{id}/gather", new { maxDigits = 1 });
        var open = await Catapult.GetAsync($"calls/{id}/gather/{gather.Id}");
        foreach (var key in "417#")
            await probe.SendDigitAsync(key);
        var gathered = await lab.EventAsync("gather", id);
        var heard = await lab.EventAsync("dtmf", id);
        var closed = await Catapult.GetAsync($"calls/{id}/gather/{gather.Id}");
        var cancelled = await Catapult.PostAsync($"calls/{id}/gather", new { interDigitTimeout = 30 });
        var stop = await Catapult.PostAsync($"calls/{id}/gather/{cancelled.Id}", new { state = "completed" });
        var again = await Catapult.PostAsync($"calls/{id}/gather/{cancelled.Id}", new { state = "completed" });
        var keys = await Catapult.PostAsync($"calls/{id}/dtmf", new { dtmfOut = "1w2#" });
        await Switchhook.TestKit.Timing.Eventually.TrueAsync(() => probe.Digits() == "12#", "the keys are pressed");
        await offered.HangUpAsync();

        Assert.Equal((201, 409, "call-duplicate-gather-error"), (gather.Status, second.Status, second["code"]));
        Assert.Equal(("started", "", ""), (open["state"], open["reason"], open["completedTime"]));
        Assert.Equal(("completed", "terminating-digit", "417", "pin", gather.Id, ""), (
            CatapultLab.Of(gathered, "state"), CatapultLab.Of(gathered, "reason"), CatapultLab.Of(gathered, "digits"), CatapultLab.Of(gathered, "tag"),
            CatapultLab.Of(gathered, "gatherId"), CatapultLab.Of(gathered, "callUri")));
        Assert.Equal("4", CatapultLab.Of(heard, "dtmfDigit"));
        Assert.Equal(("completed", "terminating-digit", "417"), (closed["state"], closed["reason"], closed["digits"]));
        Assert.Equal((200, 403, 200), (stop.Status, again.Status, keys.Status));
    }

    [Fact]
    public async Task A_gather_ends_with_the_call_and_is_told_before_it()
    {
        await using var probe = new RtpProbe();
        var (id, offered) = await AnsweredAsync(probe);
        await Catapult.PostAsync($"calls/{id}/gather", new { maxDigits = 4 });

        await offered.HangUpAsync();
        await lab.EventAsync("hangup", id);

        var types = lab.App.All.Where(r => r.Body.Contains(id, StringComparison.Ordinal)).Select(r => CatapultLab.Of(r, "eventType"));
        Assert.Equal(["answer", "gather", "hangup"], types);
    }

    [Fact]
    public async Task A_transfer_whispers_joins_and_ends_with_either_party()
    {
        await using var near = new RtpProbe();
        await using var far = new RtpProbe();
        var (id, first) = await AnsweredAsync(near);
        var to = lab.NextNumber();

        var transfer = await Catapult.PostAsync($"calls/{id}", new
        {
            state = "transferring",
            transferTo = to,
            transferCallerId = "private",
            callbackUrl = $"{lab.App.Url}/leg2",
            tag = "second",
            whisperAudio = new { sentence = "Support call", voice = "paul", gender = "male" },
        });
        var second = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(to, StringComparison.Ordinal));
        var moving = await Catapult.GetAsync($"calls/{id}");
        var busyMeanwhile = await Catapult.PostAsync($"calls/{id}/audio", new { sentence = "no" });
        await second.AnswerAsync(Sdp.Audio(far.Local));
        far.Remote = Sdp.AudioEndpoint(second.RemoteSdp);
        var answered = await lab.EventAsync("answer", transfer.Id);
        await far.HearAsync(10);
        await Switchhook.TestKit.Timing.Eventually.GetAsync(() => Catapult.GetAsync($"calls/{id}"), c => c["state"] == "active", "the two are joined");
        await second.HangUpAsync();
        await first.ExpectByeAsync();
        var (one, two) = (await lab.EventAsync("hangup", id), await lab.EventAsync("hangup", transfer.Id));

        Assert.Equal(201, transfer.Status);
        Assert.NotEqual(id, transfer.Id);
        Assert.DoesNotContain(CatapultLab.Own, second.Offered!.Header("From"), StringComparison.Ordinal);
        Assert.Equal(("transferring", 403), (moving["state"], busyMeanwhile.Status));
        Assert.Equal(("/leg2", "private", to, "second"), (answered.Path, CatapultLab.Of(answered, "from"), CatapultLab.Of(answered, "to"), CatapultLab.Of(answered, "tag")));
        Assert.Equal("NORMAL_CLEARING", CatapultLab.Of(one, "cause"));
        Assert.Equal("/leg2", two.Path);
    }

    [Fact]
    public async Task A_transfer_to_a_busy_number_gives_the_call_back()
    {
        await using var near = new RtpProbe();
        var (id, first) = await AnsweredAsync(near);
        var to = lab.NextNumber();

        var transfer = await Catapult.PostAsync($"calls/{id}", new { state = "transferring", transferTo = to });
        var second = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(to, StringComparison.Ordinal));
        await second.RejectAsync(486);
        var hangup = await lab.EventAsync("hangup", transfer.Id);
        var back = await Switchhook.TestKit.Timing.Eventually.GetAsync(() => Catapult.GetAsync($"calls/{id}"), c => c["state"] == "active", "the call is back");
        var foreign = await Catapult.PostAsync($"calls/{id}", new { state = "transferring", transferTo = to, transferCallerId = "+19998887777" });
        var nobody = await Catapult.PostAsync($"calls/{id}", new { state = "transferring" });
        await first.HangUpAsync();

        Assert.Equal(("USER_BUSY", "/events"), (CatapultLab.Of(hangup, "cause"), hangup.Path));
        Assert.Equal(to, back["transferTo"]);
        Assert.Equal((400, "validation-error"), (foreign.Status, foreign["code"]));
        Assert.Equal((400, "missing-property"), (nobody.Status, nobody["code"]));
    }

    [Fact]
    public async Task Another_user_s_call_is_as_unknown_as_one_that_never_was()
    {
        var (id, offered) = await PlaceAsync(new { });

        var foreign = await lab.Other.GetAsync($"calls/{id}");
        var hangup = await lab.Other.PostAsync($"calls/{id}", new { state = "completed" });
        var unknown = await Catapult.GetAsync("calls/c-7hw2vq5kzn3xbt6mr4dpgyaa");
        using var wrong = new CatapultApi(lab.Server.Http, CatapultLab.User, CatapultLab.OtherToken, CatapultLab.OtherSecret);
        var denied = await wrong.GetAsync("calls");
        await offered.RejectAsync(486);

        Assert.All([foreign, hangup, unknown], a => Assert.Equal((404, "call-not-found"), (a.Status, a["code"])));
        Assert.Equal((401, "access-denied"), (denied.Status, denied["code"]));
    }

    /// <summary>A call to a new number behind the carrier, which has the INVITE.</summary>
    private async Task<(string Id, ScriptedCall Offered)> PlaceAsync(object more)
    {
        var number = lab.NextNumber();
        var body = more.GetType().GetProperties().ToDictionary(p => p.Name, p => p.GetValue(more));
        (body["from"], body["to"], body["callbackUrl"]) = (CatapultLab.Own, number, $"{lab.App.Url}/events");
        var created = await Catapult.PostAsync("calls", body);
        Assert.Equal((201, "", null), (created.Status, created.Text, created.ContentType));
        Assert.EndsWith($"/v1/users/{CatapultLab.User}/calls/{created.Id}", created.Location, StringComparison.Ordinal);
        return (created.Id, await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal)));
    }

    private async Task<(string Id, ScriptedCall Offered)> AnsweredAsync(RtpProbe probe)
    {
        var (id, offered) = await PlaceAsync(new { });
        await offered.AnswerAsync(Sdp.Audio(probe.Local));
        probe.Remote = Sdp.AudioEndpoint(offered.RemoteSdp);
        await lab.EventAsync("answer", id);
        return (id, offered);
    }
}
