using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>Requests about calls and what is asked of the exchange for them.</summary>
public sealed class CatapultCallTests
{
    private readonly CatapultWorld _world = new();

    /// <summary>Example 1 of the manual.</summary>
    [Fact]
    public async Task A_call_is_placed_as_the_manual_shows_it()
    {
        _world.Exchange.Reply = new CallReply(CallRefusal.None, CatapultWorld.Outbound());

        var answer = await _world.PostAsync("calls", """
            {"from":"+19195550100","to":"+13365550177","callTimeout":30,"recordingEnabled":"true",
             "callbackUrl":"https://pbx.example.org/ev","tag":"order-118"}
            """);

        var id = CatapultId.Of(new LegId(CatapultWorld.First, 1));
        Assert.Equal((201, "", null), (answer.Status, answer.Body, answer.ContentType));
        Assert.Equal($"https://api.catapult.inetwork.com/v1/users/{CatapultWorld.User}/calls/{id}", answer.Headers.Location);
        Assert.Equal(("no-cache", "0"), (answer.Headers.CacheControl.ToString(), answer.Headers.ContentLength.ToString()));
        var asked = Assert.IsType<CallCommand.Originate>(Assert.Single(_world.Exchange.Asked));
        Assert.Equal(("crm", "catapult", "+19195550100", "+13365550177", TimeSpan.FromSeconds(30)), (asked.Account, asked.Dialect, asked.Caller.Number, asked.Dialed, asked.RingTime));
        Assert.IsType<OnAnswer.Wait>(asked.Then);
        Assert.Equal(TimeSpan.FromHours(1), Assert.IsType<AudioOrder.Record>(Assert.Single(asked.OnceAnswered)).Terms.MostLength);
        Assert.Equal(("https://pbx.example.org/ev", "order-118"), (asked.Details!["catapult.callbackUrl"], asked.Details["catapult.tag"]));
    }

    [Fact]
    public async Task What_is_not_said_is_the_manual_s_default_and_a_call_with_callbacks_by_GET_is_the_document_s()
    {
        _world.Exchange.Reply = new CallReply(CallRefusal.None, CatapultWorld.Outbound());

        await _world.PostAsync("calls", """{"from":"+19195550100","to":"+13365550177","callbackUrl":"none"}""");
        await _world.PostAsync("calls", """{"from":"+19195550100","to":"sip:101@acme.bwapp.bwsip.io","callbackUrl":"https://pbx.example.org/bxml","callbackHttpMethod":"get","callbackTimeout":"2000","recordingFileFormat":"mp3","recordingMaxDuration":60,"recordingEnabled":true,"sipHeaders":{"X-A":"1","X-B":"two"}}""");

        var (first, second) = ((CallCommand.Originate)_world.Exchange.Asked[0], (CallCommand.Originate)_world.Exchange.Asked[1]);
        Assert.Equal(TimeSpan.FromSeconds(60), first.RingTime);
        Assert.False(first.Details!.ContainsKey("catapult.callbackUrl"));
        Assert.Equal("101", second.Dialed);
        Assert.Equal("https://pbx.example.org/bxml", Assert.IsType<OnAnswer.RunScript>(second.Then).Script!.Url);
        Assert.Equal([new("X-A", "1"), new KeyValuePair<string, string>("X-B", "two")], second.Enclosed);
        var terms = Assert.IsType<AudioOrder.Record>(Assert.Single(second.OnceAnswered)).Terms;
        Assert.Equal((RecordingFormat.Mp3, TimeSpan.FromMinutes(1)), (terms.Format, terms.MostLength));
    }

    [Theory]
    [InlineData("""{"to":"+13365550177"}""", 400, "missing-property", "The 'call' resource property 'from' is required but was not specified")]
    [InlineData("""{"from":"+19195550100"}""", 400, "missing-property", "The 'call' resource property 'to' is required but was not specified")]
    [InlineData("""{"from":"+19195550100","to":null}""", 400, "missing-property", "The 'call' resource property 'to' is required but was not specified")]
    [InlineData("""{"from":"+19195550100","to":" "}""", 400, "blank-property", "The 'call' resource property 'to' must contain at least one non-whitespace character")]
    [InlineData("""{"from":"+19195550100","to":"12"}""", 400, "validation-error", "Invalid phone number")]
    [InlineData("""{"from":"+19195550100","to":"sips:x@y"}""", 400, "validation-error", "Invalid phone number")]
    [InlineData("""{"from":"+19195550100","to":"+13365550177","callTimeout":301}""", 400, "validation-error", "The 'call' resource property 'callTimeout' exceeds the limit of '300'")]
    [InlineData("""{"from":"+19195550100","to":"+13365550177","callTimeout":"0"}""", 400, "validation-error", "The 'call' resource property 'callTimeout' must be greater than '0'")]
    [InlineData("""{"from":"+19195550100","to":"+13365550177","callbackTimeout":10001}""", 400, "validation-error", "The 'call' resource property 'callbackTimeout' exceeds the limit of '10000'")]
    [InlineData("""{"from":"+19195550100","to":"+13365550177","callbackUrl":"pbx"}""", 400, "callback-invalid-url", "The URL 'pbx' is not a valid callbackUrl")]
    [InlineData("""{"from":"+19195550100","to":"+13365550177","fallbackUrl":"ftp://pbx/x"}""", 400, "callback-invalid-url", "The URL 'ftp://pbx/x' is not a valid fallbackUrl")]
    [InlineData("""{"from":"+19195550100","to":"+13365550177","callbackHttpMethod":"PUT"}""", 400, "validation-error", "The 'call' resource property 'callbackHttpMethod' must be one of the following values: 'POST, GET'")]
    [InlineData("""{"from":"+19195550100","to":"+13365550177","recordingMaxDuration":14401}""", 403, "maximum-recording-value-request", "Recording call maximum duration cannot exceed '14400' seconds.")]
    [InlineData("""{"from":"+19195550100","to":"+13365550177","recordingEnabled":"maybe"}""", 400, "validation-error", "The 'call' resource property 'recordingEnabled' must be one of the following values: 'true, false'")]
    [InlineData("""{"from":"+19195550100","to":"+13365550177","sipHeaders":{"Subject":"x"}}""", 400, "validation-error", "Bad parameters")]
    [InlineData("""{"from":"+19195550100","to":"+13365550177","sipHeaders":{"X-A":"1\r\nVia: evil"}}""", 400, "validation-error", "Bad parameters")]
    [InlineData("""{"from":"+19195550100","to":"+13365550177","sipHeaders":{"X-1":"","X-2":"","X-3":"","X-4":"","X-5":"","X-6":""}}""", 400, "validation-error", "The 'call' resource property 'sipHeaders' exceeds the limit of '5'")]
    [InlineData("""{"from":"+19195550999","to":"+13365550177"}""", 401, "number-access-denied", "User u-4gkq2zr7mnb5xw3yd6tcela does not have permission to use number +19195550999")]
    [InlineData("""{"from":"nonsense","to":"+13365550177"}""", 401, "number-access-denied", "User u-4gkq2zr7mnb5xw3yd6tcela does not have permission to use number nonsense")]
    [InlineData("""{"from":"+19195550100","to":"+13365550177","conferenceId":"conf-1"}""", 404, "conference-not-found", "The conference 'conf-1' could not be found")]
    public async Task What_is_wrong_with_a_call_is_said_in_the_vendor_s_words(string body, int status, string code, string message)
    {
        var answer = await _world.PostAsync("calls", body);

        Assert.Equal((status, code, message), (answer.Status, answer.Code, answer.Message));
        Assert.Empty(_world.Exchange.Asked);
    }

    [Theory]
    [InlineData(CallRefusal.NoRoute, 403, "invalid-call-to-number")]
    [InlineData(CallRefusal.TooManyCalls, 503, "call-creation-failure")]
    [InlineData(CallRefusal.Congestion, 503, "call-creation-failure")]
    [InlineData(CallRefusal.ShuttingDown, 503, "call-creation-failure")]
    public async Task What_the_exchange_refuses_has_its_code(CallRefusal refusal, int status, string code)
    {
        _world.Exchange.Reply = new CallReply(refusal, null);

        var answer = await _world.PostAsync("calls", """{"from":"+19195550100","to":"+13365550177"}""");

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    /// <summary>Example 2 of the manual, but for what it leaves out and what this server always says.</summary>
    [Fact]
    public async Task An_ended_call_is_shown_as_the_manual_shows_it()
    {
        var call = CatapultWorld.Over(answered: CatapultWorld.Start.AddSeconds(9), ended: CatapultWorld.Start.AddSeconds(83));
        _world.History.Calls.Add(call);
        var id = CatapultId.Of(call.Legs[0]);

        var answer = await _world.GetAsync($"calls/{id}");

        var own = $"https://api.catapult.inetwork.com/v1/users/{CatapultWorld.User}/calls/{id}";
        Assert.Equal(
            $$"""
            {"id":"{{id}}","direction":"out","from":"+19195550100","to":"+13365550177","state":"completed","startTime":"2026-03-02T09:13:58Z",
            "activeTime":"2026-03-02T09:14:07Z","endTime":"2026-03-02T09:15:21Z","chargeableDuration":120,"callTimeout":30,"callbackUrl":"https://pbx.example.org/ev",
            "recordingEnabled":true,"recordingFileFormat":"wav","recordingMaxDuration":3600,"transcriptionEnabled":false,"events":"{{own}}/events",
            "recordings":"{{own}}/recordings","transcriptions":"{{own}}/transcriptions","tag":"order-118"}
            """.ReplaceLineEndings(""),
            answer.Body);
    }

    [Theory]
    [InlineData(HangupCause.CallRejected, "rejected")]
    [InlineData(HangupCause.UserBusy, "completed")]
    [InlineData(HangupCause.OriginatorCancel, "completed")]
    public async Task Only_a_call_that_was_declined_is_rejected(HangupCause cause, string state)
    {
        var call = CatapultWorld.Over(cause);
        _world.History.Calls.Add(call);

        var answer = await _world.GetAsync($"calls/{CatapultId.Of(call.Legs[0])}");

        Assert.Equal(state, answer.Json.GetProperty("state").GetString());
        Assert.False(answer.Json.TryGetProperty("activeTime", out _));
        Assert.False(answer.Json.TryGetProperty("chargeableDuration", out _));
    }

    [Theory]
    [InlineData("started", "active", 403)]
    [InlineData("started", "rejected", 403)]
    [InlineData("started", "completed", 200)]
    [InlineData("started", "transferring", 403)]
    [InlineData("active", "active", 200)]
    [InlineData("active", "rejected", 403)]
    [InlineData("active", "completed", 200)]
    [InlineData("active", "transferring", 201)]
    [InlineData("transferring", "active", 403)]
    [InlineData("transferring", "rejected", 403)]
    [InlineData("transferring", "completed", 200)]
    [InlineData("transferring", "transferring", 403)]
    [InlineData("completed", "active", 403)]
    [InlineData("completed", "rejected", 403)]
    [InlineData("completed", "completed", 403)]
    [InlineData("completed", "transferring", 403)]
    public async Task The_table_of_transitions_holds_for_an_outbound_call(string from, string to, int status)
    {
        var call = from switch
        {
            "started" => CatapultWorld.Outbound(),
            "active" => CatapultWorld.Outbound(new LegState.Answered(), answered: CatapultWorld.Start),
            "transferring" => CatapultWorld.Outbound(new LegState.Transferring(), answered: CatapultWorld.Start),
            _ => CatapultWorld.Over(),
        };
        _world.Exchange.Calls.Add(call);
        _world.Exchange.Answers = command => command is CallCommand.Dial dial
            ? new CallReply(CallRefusal.None, call with { Legs = call.Legs.Add(call.Legs[0] with { Id = new LegId(call.Id, 2), Details = dial.Details }) })
            : new CallReply(CallRefusal.None, call);

        var answer = await _world.PostAsync($"calls/{CatapultId.Of(call.Legs[0])}", $$"""{"state":"{{to}}","transferTo":"+13365550188"}""");

        Assert.Equal(status, answer.Status);
        if (status != 403)
            return;
        Assert.Equal("call-invalid-state", answer.Code);
        Assert.Equal(from.ToUpperInvariant(), answer.Json.GetProperty("details")[1].GetProperty("value").GetString());
    }

    [Theory]
    [InlineData(CallRefusal.HangupInProgress, 200)]
    [InlineData(CallRefusal.CallEnded, 403)]
    [InlineData(CallRefusal.None, 200)]
    public async Task A_hangup_that_another_came_before_is_done_until_the_call_is_over(CallRefusal refusal, int status)
    {
        var call = CatapultWorld.Outbound(new LegState.Answered(), answered: CatapultWorld.Start);
        _world.Exchange.Calls.Add(call);
        _world.Exchange.Reply = new CallReply(refusal, call);

        var answer = await _world.PostAsync($"calls/{CatapultId.Of(call.Legs[0])}", """{"state":"completed"}""");

        Assert.Equal(status, answer.Status);
        var hangup = Assert.IsType<CallCommand.HangUp>(Assert.Single(_world.Exchange.Asked));
        Assert.Equal((new HangupBy.Api("catapult", "crm"), (HangupCause?)null), (hangup.By, hangup.Cause));
    }

    /// <summary>Example 5 of the manual.</summary>
    [Fact]
    public async Task Audio_on_a_call_that_is_over_is_refused_to_the_letter()
    {
        var call = CatapultWorld.Over();
        _world.History.Calls.Add(call);
        var id = CatapultId.Of(call.Legs[0]);

        var answer = await _world.PostAsync($"calls/{id}/audio", """{"sentence":"Still there?","voice":"julie"}""");

        Assert.Equal(403, answer.Status);
        Assert.StartsWith(
            $$"""
            {"category":"forbidden","code":"call-invalid-state","message":"Unable to update call {{id}}. Invalid call state COMPLETED",
            "details":[{"name":"callId","value":"{{id}}"},{"name":"callState","value":"COMPLETED"},{"name":"requestMethod",
            """.ReplaceLineEndings(""),
            answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", 400, "validation-error")]
    [InlineData("""{"sentence":"x","volume":5}""", 400, "validation-error")]
    [InlineData("""{"sentence":"x","gender":"robot"}""", 400, "validation-error")]
    [InlineData("""{"sentence":"x","locale":"xx_XX"}""", 400, "validation-error")]
    [InlineData("""{"fileUrl":"hello.wav"}""", 403, "media-invalid-url")]
    public async Task Audio_that_cannot_be_is_refused(string body, int status, string code)
    {
        var call = Active();

        var answer = await _world.PostAsync($"calls/{CatapultId.Of(call.Legs[0])}/audio", body);

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Empty(_world.Exchange.Asked);
    }

    [Theory]
    [InlineData(PromptFault.NotSpoken, 503, "speak-error")]
    [InlineData(PromptFault.NotFound, 503, "media-unavailable")]
    [InlineData(PromptFault.BadFormat, 403, "media-not-supported")]
    [InlineData(PromptFault.TooLarge, 403, "media-not-supported")]
    public async Task Audio_that_cannot_be_made_has_its_code(PromptFault fault, int status, string code)
    {
        var call = Active();
        _world.Prompts.Fault = fault;

        var answer = await _world.PostAsync($"calls/{CatapultId.Of(call.Legs[0])}/audio", """{"sentence":"hello"}""");

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_sentence_of_more_than_1000_characters_is_refused()
    {
        var call = Active();

        var answer = await _world.PostAsync($"calls/{CatapultId.Of(call.Legs[0])}/audio", $$"""{"sentence":"{{new string('x', 1001)}}"}""");

        Assert.Equal("The 'audio' resource property 'sentence' exceeds the limit of '1000'", answer.Message);
    }

    [Theory]
    [InlineData("1WWW,59#", true)]
    [InlineData("ABCD*w", true)]
    [InlineData("", false)]
    [InlineData("12E", false)]
    [InlineData("1 2", false)]
    public async Task Keys_are_those_of_the_manual(string keys, bool good)
    {
        var call = Active();

        var answer = await _world.PostAsync($"calls/{CatapultId.Of(call.Legs[0])}/dtmf", $$"""{"dtmfOut":"{{keys}}"}""");
        var long92 = await _world.PostAsync($"calls/{CatapultId.Of(call.Legs[0])}/dtmf", $$"""{"dtmfOut":"{{new string('1', 93)}}"}""");

        Assert.Equal(good ? 200 : 400, answer.Status);
        Assert.Equal((400, "validation-error"), (long92.Status, long92.Code));
        Assert.Equal(good ? 1 : 0, _world.Exchange.Asked.Count);
    }

    [Fact]
    public async Task A_gather_asks_for_what_the_manual_says_and_nothing_said_is_its_default()
    {
        var call = Active();
        _world.Exchange.Reply = new CallReply(CallRefusal.None, call with { Audio = new CallAudio { LastGather = 3 } });

        var first = await _world.PostAsync($"calls/{CatapultId.Of(call.Legs[0])}/gather", """{"maxDigits":"4","interDigitTimeout":"6.5","terminatingDigits":"","tag":"pin","prompt":{"sentence":"Your pin, please","bargeable":"false","loopEnabled":true}}""");
        await _world.PostAsync($"calls/{CatapultId.Of(call.Legs[0])}/gather", "{}");

        var asked = _world.Exchange.Asked.Cast<CallCommand.Sound>().Select(s => ((AudioOrder.Gather)s.Order).Terms).ToList();
        Assert.Equal((4, 6.5, "", "pin", true), (asked[0].MaxDigits, asked[0].FirstTimeout.TotalSeconds, asked[0].EndKeys, asked[0].Tag, asked[0].LoopPrompt));
        Assert.Equal("Your pin, please", Assert.IsType<AudioSource.Speech>(asked[0].Prompt).Text);
        Assert.Equal((30, 5.0, "#"), (asked[1].MaxDigits, asked[1].DigitTimeout!.Value.TotalSeconds, asked[1].EndKeys));
        Assert.EndsWith($"/gather/{CatapultId.Of(CatapultId.Gather, new LegId(call.Id, 3))}", first.Headers.Location.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transfer_asks_for_the_party_with_its_whisper_its_caller_and_where_its_events_go()
    {
        var call = Active();
        _world.Exchange.Answers = command => new CallReply(
            CallRefusal.None, command is CallCommand.Dial dial ? call with { Legs = call.Legs.Add(call.Legs[0] with { Id = new LegId(call.Id, 2), Details = dial.Details }) } : call);

        var answer = await _world.PostAsync($"calls/{CatapultId.Of(call.Legs[0])}", """
            {"state":"transferring","transferTo":"+13365550188","transferCallerId":"private","diversionTreatment":"stack","diversionReason":"no-answer",
             "whisperAudio":{"sentence":"Support call","voice":"paul","gender":"male"}}
            """);

        Assert.Equal(201, answer.Status);
        Assert.EndsWith($"/calls/{CatapultId.Of(new LegId(call.Id, 2))}", answer.Headers.Location.ToString(), StringComparison.Ordinal);
        var dial = _world.Exchange.Asked.OfType<CallCommand.Dial>().Single();
        Assert.Equal(("+13365550188", TimeSpan.FromSeconds(60), true), (dial.Number, dial.RingTime, dial.Shown!.IsWithheld));
        Assert.Equal("en-us+m1", Assert.IsType<AudioSource.Speech>(Assert.Single(dial.Whisper)).Voice);
        Assert.Equal("https://pbx.example.org/ev", dial.Details!["catapult.callbackUrl"]);
        Assert.False(dial.Details.ContainsKey("catapult.tag"));
        Assert.Equal("<sip:+13365550177@api.catapult.inetwork.com>;reason=no-answer;counter=1", Assert.Single(dial.Enclosed).Value);
    }

    [Fact]
    public async Task The_account_is_shown_with_its_balance()
    {
        var answer = await _world.GetAsync("account");

        Assert.Equal("""{"balance":"538.37250","accountType":"pre-pay"}""", answer.Body);
    }

    private Call Active()
    {
        var call = CatapultWorld.Outbound(new LegState.Answered(), answered: CatapultWorld.Start);
        _world.Exchange.Calls.Add(call);
        _world.Exchange.Reply = new CallReply(CallRefusal.None, call);
        return call;
    }
}
