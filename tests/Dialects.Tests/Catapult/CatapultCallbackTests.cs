using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult;
using Switchhook.Dialects.Catapult.Events;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>What applications are told: the manual's examples, member by member.</summary>
public sealed class CatapultCallbackTests
{
    private static readonly string Id = CatapultId.Of(new LegId(CatapultWorld.First, 1));
    private static readonly string Uri = $"https://api.catapult.inetwork.com/v1/users/{CatapultWorld.User}/calls/{Id}";

    private readonly CatapultCallbacks _callbacks = new(new ChangingDirectory(CatapultWorld.Provisioned), CatapultWorld.Usual);

    /// <summary>Example 1 of the manual.</summary>
    [Fact]
    public void An_answer_is_posted_as_the_manual_shows_it()
    {
        var call = CatapultWorld.Outbound(new LegState.Answered(), answered: CatapultWorld.Start.AddSeconds(9));

        var told = Assert.Single(Collect(new LegAnswered { Call = call, Sequence = 3, At = CatapultWorld.Start.AddSeconds(9.7), Leg = call.Legs[0].Id }));

        Assert.Equal(
            $$"""{"eventType":"answer","callState":"active","from":"+19195550100","to":"+13365550177","callId":"{{Id}}","callUri":"{{Uri}}","tag":"order-118","time":"2026-03-02T09:14:07Z"}""",
            Body(told));
        Assert.Equal(("POST", "https://pbx.example.org/ev", "application/json; charset=utf-8", false), (told.Request.Method, told.Request.Url, told.Request.ContentType, told.Terminal));
        Assert.Equal("BandwidthAPI/v1", told.Request.Headers.Single(h => h.Key == "User-Agent").Value);
        Assert.Equal((TimeSpan.FromSeconds(10), false, "crm"), (told.Request.Timeout, told.Request.FollowRedirects, told.Account));
        Assert.IsType<DeliveryPolicy.Once>(told.Policy);
    }

    /// <summary>Example 6 of the manual.</summary>
    [Fact]
    public void Nobody_answered_is_a_timeout_and_then_a_hangup()
    {
        var call = CatapultWorld.Over(HangupCause.NoAnswer, new HangupBy.Timer(CallTimer.Ring), ended: CatapultWorld.Start.AddSeconds(30));

        var told = Collect(Ended(call));

        Assert.Equal(2, told.Count);
        Assert.Equal(
            $$"""{"eventType":"timeout","from":"+19195550100","to":"+13365550177","callId":"{{Id}}","callUri":"{{Uri}}","tag":"order-118","time":"2026-03-02T09:14:28Z"}""", Body(told[0]));
        Assert.Equal(
            $$"""{"eventType":"hangup","callState":"completed","from":"+19195550100","to":"+13365550177","cause":"NO_ANSWER","callId":"{{Id}}","callUri":"{{Uri}}","tag":"order-118","time":"2026-03-02T09:14:28Z"}""",
            Body(told[1]));
        Assert.Equal([false, true], told.Select(n => n.Terminal));
        Assert.Equal(2, told.Select(n => n.Id).Distinct().Count());
    }

    [Theory]
    [InlineData(HangupCause.NormalClearing, "NORMAL_CLEARING")]
    [InlineData(HangupCause.OriginatorCancel, "ORIGINATOR_CANCEL")]
    [InlineData(HangupCause.UserBusy, "USER_BUSY")]
    [InlineData(HangupCause.NoUserResponse, "NO_USER_RESPONSE")]
    [InlineData(HangupCause.CallRejected, "CALL_REJECTED")]
    [InlineData(HangupCause.UnallocatedNumber, "UNALLOCATED_NUMBER")]
    [InlineData(HangupCause.InvalidNumberFormat, "INVALID_NUMBER_FORMAT")]
    [InlineData(HangupCause.NormalTemporaryFailure, "NORMAL_TEMPORARY_FAILURE")]
    [InlineData(HangupCause.NormalCircuitCongestion, "NORMAL_CIRCUIT_CONGESTION")]
    [InlineData(HangupCause.SwitchCongestion, "SWITCH_CONGESTION")]
    [InlineData(HangupCause.RecoveryOnTimerExpire, "RECOVERY_ON_TIMER_EXPIRE")]
    [InlineData(HangupCause.Unspecified, "UNSPECIFIED")]
    [InlineData(HangupCause.Interworking, "INTERWORKING")]
    public void A_hangup_names_its_cause_and_nothing_else_is_told_of_a_refusal(HangupCause cause, string name)
    {
        var told = Assert.Single(Collect(Ended(CatapultWorld.Over(cause))));

        Assert.Contains($"\"cause\":\"{name}\"", Body(told), StringComparison.Ordinal);
        Assert.True(told.Terminal);
    }

    /// <summary>Example 7 of the manual.</summary>
    [Fact]
    public void An_incoming_call_is_told_active_while_it_rings()
    {
        var call = Inbound();

        var told = Assert.Single(Collect(new CallStarted { Call = call, Sequence = 1, At = CatapultWorld.Start }));

        Assert.Equal(
            $$"""
            {"eventType":"incomingcall","callState":"active","from":"+12525550143","to":"+19195550100","applicationId":"a-w3bn6k2hqx5tzmv7rdyf4ga",
            "displayName":"+12525550143","withholdCallerName":"false","withholdCallerNumber":"false","diversion":{"reason":"unknown","origTo":"+1"},
            "callId":"{{Id}}","callUri":"{{Uri}}","time":"2026-03-02T09:13:58Z"}
            """.ReplaceLineEndings(""),
            Body(told));
    }

    [Fact]
    public void By_GET_the_members_follow_what_the_address_asks_for_and_the_fallback_gets_the_same()
    {
        var call = CatapultWorld.Outbound(
            new LegState.Answered(), 0, CatapultWorld.Start, ("catapult.callbackHttpMethod", "GET"), ("catapult.callbackUrl", "https://pbx.example.org/ev?lang=en"),
            ("catapult.fallbackUrl", "https://second.example.org/ev"), ("catapult.callbackTimeout", "2500"));

        var told = Assert.Single(Collect(Ended(CatapultWorld.Over() with { Legs = [call.Legs[0] with { State = CatapultWorld.Over().Legs[0].State }] })));

        Assert.Equal(("GET", true), (told.Request.Method, told.Request.Body.IsEmpty));
        Assert.StartsWith("https://pbx.example.org/ev?lang=en&eventType=hangup&callState=completed&from=%2B19195550100&to=%2B13365550177&cause=NORMAL_CLEARING&callId=c-", told.Request.Url, StringComparison.Ordinal);
        var fallback = Assert.IsType<DeliveryPolicy.Fallback>(told.Policy);
        Assert.Equal(told.Request.Url.Split("?lang=en&")[1], fallback.FallbackUrl.Split('?')[1]);
        Assert.Equal((TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(2.5)), (told.Request.Timeout, fallback.FallbackTimeout));
    }

    [Fact]
    public void Credentials_in_an_address_become_a_header_over_https_alone()
    {
        var secure = Collect(Ended(At("https://user:p%40ss@pbx.example.org/ev"))).Single().Request;
        var open = Collect(Ended(At("http://user:p@pbx.example.org/ev"))).Single().Request;

        Assert.Equal("https://pbx.example.org/ev", secure.Url);
        Assert.Equal($"Basic {Convert.ToBase64String("user:p@ss"u8)}", secure.Headers.Single(h => h.Key == "Authorization").Value);
        Assert.Equal("http://pbx.example.org/ev", open.Url);
        Assert.DoesNotContain(open.Headers, h => h.Key == "Authorization");
    }

    [Fact]
    public void Audio_keys_gathers_and_recordings_are_told_with_the_members_of_the_manual()
    {
        var call = CatapultWorld.Outbound(new LegState.Answered(), answered: CatapultWorld.Start);
        var (leg, at) = (call.Legs[0].Id, CatapultWorld.Start);

        var speak = Body(Collect(new PlaybackStarted { Call = call, Sequence = 4, At = at, Leg = leg, Playback = 1, IsSpeech = true, Tag = "hi" }).Single());
        var done = Body(Collect(new PlaybackEnded { Call = call, Sequence = 5, At = at, Leg = leg, Playback = 1, Ending = PlaybackEnding.Finished, HasStarted = true }).Single());
        var never = Collect(new PlaybackEnded { Call = call, Sequence = 5, At = at, Leg = leg, Playback = 1, Ending = PlaybackEnding.Failed });
        var dtmf = Body(Collect(new DigitHeard { Call = call, Sequence = 6, At = at, Leg = leg, Key = '5' }).Single());
        var gather = Body(Collect(new GatherEnded { Call = call, Sequence = 7, At = at, Leg = leg, Gather = 2, Digits = "417", Ending = GatherEnding.EndKey, Tag = "pin" }).Single());
        var recording = Body(Collect(new RecordingEnded
        {
            Call = call,
            Sequence = 8,
            At = at.AddSeconds(25),
            Leg = leg,
            Recording = 1,
            Outcome = new RecordingOutcome(RecordingEnding.HungUp, TimeSpan.FromSeconds(10), "x-1.wav") { StartedAt = at },
        }).Single());

        const string time = "2026-03-02T09:13:58Z";
        Assert.Equal($$"""{"eventType":"speak","callId":"{{Id}}","callUri":"{{Uri}}","status":"started","state":"PLAYBACK_START","tag":"hi","time":"{{time}}"}""", speak);
        Assert.Equal($$"""{"eventType":"playback","callId":"{{Id}}","callUri":"{{Uri}}","status":"done","time":"{{time}}"}""", done);
        Assert.Empty(never);
        Assert.Equal($$"""{"eventType":"dtmf","callId":"{{Id}}","callUri":"{{Uri}}","dtmfDigit":"5","tag":"order-118","time":"{{time}}"}""", dtmf);
        Assert.Equal(
            $$"""{"eventType":"gather","state":"completed","reason":"terminating-digit","digits":"417","tag":"pin","callId":"{{Id}}","gatherId":"{{CatapultId.Of(CatapultId.Gather, new LegId(call.Id, 2))}}","time":"{{time}}"}""",
            gather);
        Assert.Contains("\"state\":\"complete\",\"status\":\"complete\",\"startTime\":\"2026-03-02T09:13:58Z\",\"endTime\":\"2026-03-02T09:14:08Z\"", recording, StringComparison.Ordinal);
        Assert.DoesNotContain("callUri", recording, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-1.wav", 2)]
    [InlineData("x-1.mp3", 1)]
    [InlineData(null, 1)]
    public void A_transcription_that_was_wanted_is_told_to_have_failed_after_its_recording_and_by_POST(string? file, int told)
    {
        var call = CatapultWorld.Outbound(new LegState.Answered(), 0, CatapultWorld.Start, ("catapult.transcriptionEnabled", "true"), ("catapult.callbackHttpMethod", "GET"));
        var recording = CatapultId.Of(CatapultId.Recording, new LegId(call.Id, 1));

        var all = Collect(new RecordingEnded
        {
            Call = call,
            Sequence = 8,
            At = CatapultWorld.Start,
            Leg = call.Legs[0].Id,
            Recording = 1,
            Outcome = new RecordingOutcome(RecordingEnding.HungUp, TimeSpan.FromSeconds(10), file),
        });

        Assert.Equal(told, all.Count);
        Assert.Equal(told, all.Select(static n => n.Id).Distinct().Count());
        Assert.Contains("eventType=recording&", all[0].Request.Url, StringComparison.Ordinal);
        if (told == 2)
        {
            var id = CatapultId.Of(CatapultId.Transcription, new LegId(call.Id, 1));
            Assert.Equal("POST", all[1].Request.Method);
            Assert.Equal(
                $$"""{"eventType":"transcription","transcriptionId":"{{id}}","transcriptionUri":"https://api.catapult.inetwork.com/v1/users/{{CatapultWorld.User}}/recordings/{{recording}}/transcriptions/{{id}}","recordingId":"{{recording}}","state":"error","status":"error"}""",
                Body(all[1]));
        }
    }

    [Fact]
    public void A_document_s_recording_that_a_crash_left_is_told_to_the_address_its_verb_named_and_nowhere_else()
    {
        var call = CatapultWorld.Outbound(new LegState.Answered(), answered: CatapultWorld.Start);
        var recorded = new RecordingEnded
        {
            Call = call,
            Sequence = 8,
            At = CatapultWorld.Start.AddSeconds(60),
            Leg = call.Legs[0].Id,
            Recording = 1,
            Tag = "vm",
            Callback = new RecordingCallback("catapult", "http://app.test/voicemail?box=7"),
            Outcome = new RecordingOutcome(RecordingEnding.HungUp, TimeSpan.FromSeconds(10), "x-1.wav") { StartedAt = CatapultWorld.Start },
        };

        var told = Assert.Single(Collect(recorded));
        var foreign = Collect(recorded with { Callback = new RecordingCallback("ozeki", "http://app.test/") });

        Assert.Equal("GET", told.Request.Method);
        Assert.Matches(
            $"^http://app\\.test/voicemail\\?box=7&eventType=recording&callId={Id}&recordingId=rec-[a-z2-7]{{24}}&recordingUri=[^&]*&status=complete&startTime=2026-03-02T09%3A13%3A58Z&endTime=2026-03-02T09%3A14%3A08Z&tag=vm$",
            told.Request.Url);
        Assert.Empty(foreign);
    }

    [Fact]
    public void A_call_without_an_address_and_one_of_nobody_of_this_dialect_is_not_told()
    {
        var silent = CatapultWorld.Over();
        silent = silent with { Legs = [silent.Legs[0] with { Details = silent.Legs[0].Details!.Remove("catapult.callbackUrl") }] };
        var foreign = CatapultWorld.Over();
        foreign = foreign with { Legs = [foreign.Legs[0] with { Details = foreign.Legs[0].Details!.SetItem("catapult.user", "u-without") }] };

        Assert.Empty(Collect(Ended(silent)));
        Assert.Empty(Collect(Ended(foreign)));
        Assert.Empty(Collect(Ended(CatapultWorld.Over() with { Legs = [CatapultWorld.Over().Legs[0] with { Details = null }] })));
    }

    private static Call At(string url)
    {
        var call = CatapultWorld.Over();
        return call with { Legs = [call.Legs[0] with { Details = call.Legs[0].Details!.SetItem("catapult.callbackUrl", url) }] };
    }

    private static Call Inbound()
    {
        var call = CatapultWorld.Outbound(null, 0, null, ("catapult.applicationId", "a-w3bn6k2hqx5tzmv7rdyf4ga"), ("catapult.to", CatapultWorld.Own), ("catapult.diversion", """{"reason":"unknown","origTo":"+1"}"""));
        return call with
        {
            Plan = new CallPlan.Offered("catapult", "a-w3bn6k2hqx5tzmv7rdyf4ga", TimeSpan.FromSeconds(90)),
            Caller = new Party("+12525550143"),
            Legs = [call.Legs[0] with { Direction = LegDirection.Inbound, Party = new Party("+12525550143"), Target = null }],
        };
    }

    private static LegEnded Ended(Call call) => new() { Call = call, Sequence = 9, At = call.Legs[0].Record!.EndedAt, Record = call.Legs[0].Record! };

    private List<Notification> Collect(CallEvent happened)
    {
        List<Notification> told = [];
        _callbacks.Collect(happened, told);
        return told;
    }

    private static string Body(Notification told) => Encoding.UTF8.GetString(told.Request.Body.Span);
}
