using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>Hangups asked twice, too late, by the wrong account or at a bad moment: what Ozeki and the native API answer.</summary>
public sealed class SipAskingTwiceTests(Lab lab) : LabTests(lab)
{
    private const string NobodysCall = "0zzzzzzz";

    [Fact]
    public async Task A_hangup_of_an_unknown_call_is_601_and_404()
    {
        var ozeki = await Ozeki.HangUpAsync(NobodysCall);
        var native = await Native.HangUpAsync(NobodysCall);

        Assert.Equal((601, $"Call not found with ID '{NobodysCall}'"), (ozeki.Code, ozeki.Message));
        Assert.Equal(404, native.Status);
        Assert.Equal(404, native.Json.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_hangup_of_another_accounts_call_is_601_and_404_and_does_nothing()
    {
        var talk = await TalkAsync();
        using var otherOzeki = Ozeki.As(Lab.OtherAccount, Lab.OtherPassword);
        using var otherNative = Native.As(Lab.OtherKey);

        var ozeki = await otherOzeki.HangUpAsync(talk.Id);
        var native = await otherNative.HangUpAsync(talk.Id);
        var look = await otherNative.GetAsync($"calls/{talk.Id}");

        Assert.Equal((601, 404, 404), (ozeki.Code, native.Status, look.Status));
        Assert.Equal("talking", (await Native.CallAsync(talk.Id)).State);
        await HangUpByCallerAsync(talk);
    }

    [Fact]
    public async Task A_second_hangup_while_one_is_in_progress_is_accepted()
    {
        var caller = await PhoneAsync();
        var placed = await caller.DialAsync(Lab.AnswerService);
        var answer = await placed.ExpectAsync(200);
        var id = await IdOfAsync(placed);

        var first = await Native.HangUpAsync(id, 17);
        var ozeki = await Ozeki.HangUpAsync(id);
        var native = await Native.HangUpAsync(id, 21);
        await placed.AcknowledgeAsync(answer);
        await placed.ExpectByeAsync();

        Assert.Equal((200, 200, 200), (first.Status, ozeki.Code, native.Status));
        var call = await EndedAsync(id);
        AssertRecord(call.Caller, "api", 17, "answered", sent: "BYE", confirmed: "yes");
        Assert.Equal(1, caller.CountReceived(m => m.Is("BYE")));
    }

    [Fact]
    public async Task A_hangup_of_an_ended_call_is_601_and_the_native_answer_of_before()
    {
        var talk = await TalkAsync();
        await HangUpByCallerAsync(talk);
        await EndedAsync(talk.Id);

        var ozeki = await Ozeki.HangUpAsync(talk.Id);
        var native = await Native.HangUpAsync(talk.Id);

        Assert.Equal(601, ozeki.Code);
        Assert.Equal(200, native.Status);
        Assert.Equal((talk.Id, "ended"), (new CallView(native.Json).Id, new CallView(native.Json).State));
        await EndedAsync(talk.Id);
    }

    [Fact]
    public async Task A_hangup_by_ozeki_in_the_middle_of_a_prompt_is_carried_out_at_once()
    {
        Lab.App.Reply("/long", WebhookReply.Script("<Delay>600</Delay><Hangup/>"));
        var phone = await PhoneAsync();
        await CallByOzekiAsync(phone.User, "/long");
        var offered = await phone.IncomingAsync();
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        var notification = await Lab.App.NextAsync(r => r.Path == "/long" && r["NotificationName"] == "CallConnected", "CallConnected");

        var answer = await Ozeki.HangUpAsync(notification["CallId"]);
        await offered.ExpectByeAsync();

        Assert.Equal((200, "Command successfully executed"), (answer.Code, answer.Message));
        var call = await EndedAsync(notification["CallId"]);
        AssertRecord(call.Legs[0], "api", 16, "answered", sent: "BYE", confirmed: "yes");
        Assert.Contains("ozeki", call.Legs[0].Hangup!.ByDetail, StringComparison.Ordinal);
        var finished = await Lab.App.NextAsync(r => r.Path == "/finished" && r["CallId"] == call.Id, "CallFinished");
        Assert.Equal("CallFinished", finished["NotificationName"]);
    }

    [Fact]
    public async Task A_script_speaks_and_then_hangs_up()
    {
        Lab.App.Reply("/graceful", WebhookReply.Script("<Speak>Bye.</Speak><Hangup/>"));
        var probe = Probe();
        var phone = await PhoneAsync();
        await CallByOzekiAsync(phone.User, "/graceful");
        var offered = await phone.IncomingAsync();
        await offered.AnswerAsync(Sdp.Audio(probe.Local, "0 101"));
        var notification = await Lab.App.NextAsync(r => r.Path == "/graceful", "CallConnected");

        var bye = await offered.ExpectByeAsync();

        Assert.Equal(16, bye.Q850);
        Assert.True(probe.Count > 10, $"only {probe.Count} packets of speech");
        var call = await EndedAsync(notification["CallId"]);
        AssertRecord(call.Legs[0], "script", 16, "answered", sent: "BYE", confirmed: "yes");
        Assert.Contains("Hangup", call.Legs[0].Hangup!.ByDetail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hangup_by_ozeki_while_ringing_out_cancels_and_tells_no_error()
    {
        var phone = await PhoneAsync();
        await CallByOzekiAsync(phone.User, "/unused");
        var offered = await phone.IncomingAsync();
        await offered.RingAsync();
        var live = await Native.LiveBySipAsync(offered.CallId);

        var answer = await Ozeki.HangUpAsync(live.Id);
        var cancel = await offered.ExpectCancelAsync();

        Assert.Equal(200, answer.Code);
        Assert.Equal(16, cancel.Q850);
        var call = await EndedAsync(live.Id);
        AssertRecord(call.Legs[0], "api", 487, "ringing", sent: "CANCEL", confirmed: "yes");
        var history = await Ozeki.AskAsync("ListCallHistory", ("CallId", live.Id));
        Assert.Equal("Cancelled", Assert.Single(history.Rows("Call")).Element("State")!.Value);
    }

    [Fact]
    public async Task A_hangup_by_ozeki_while_ringing_in_refuses_with_480()
    {
        var caller = await PhoneAsync();
        var placed = await caller.DialAsync(Lab.RingService);
        await placed.ExpectAsync(180);
        var id = await IdOfAsync(placed);

        var answer = await Ozeki.HangUpAsync(id);
        await placed.ExpectRefusalAsync(480);

        Assert.Equal(200, answer.Code);
        var call = await EndedAsync(id);
        AssertRecord(call.Caller, "api", 16, "ringing", sent: "480", confirmed: "yes");
    }

    [Fact]
    public async Task Many_hangups_in_the_same_instant_make_one_end()
    {
        var talk = await TalkAsync();

        var asked = Enumerable.Range(0, 16).Select(async i =>
            i % 2 == 0 ? (await Native.HangUpAsync(talk.Id)).Status : (await Ozeki.HangUpAsync(talk.Id)).Code).ToArray();
        await talk.Caller.ExpectByeAsync();
        await talk.Callee.ExpectByeAsync();
        var answers = await Task.WhenAll(asked);

        Assert.All(answers, code => Assert.True(code is 200 or 601, $"{code}"));
        Assert.All(answers.Where((_, i) => i % 2 == 0), status => Assert.Equal(200, status));
        await EndedAsync(talk.Id);
        Assert.Equal((1, 1), (Byes(talk.Caller), Byes(talk.Callee)));

        static int Byes(ScriptedCall side) => side.Phone.CountReceived(m => m.Is("BYE"));
    }

    [Fact]
    public async Task A_hangup_and_the_callers_bye_in_the_same_instant_make_one_end()
    {
        var talk = await TalkAsync();
        talk.Caller.Phone.AlwaysAnswer("BYE", 200);

        var asked = Native.HangUpAsync(talk.Id);
        await talk.Caller.SendByeAsync();
        var answer = await talk.Caller.ExpectByeAnswerAsync();
        await talk.Callee.ExpectByeAsync();

        Assert.Equal(200, (await asked).Status);
        Assert.True(answer.Status is 200 or 481, answer.Text);
        var call = await EndedAsync(talk.Id);
        Assert.Equal(call.Caller.Hangup!.By, call.Callee.Hangup!.By);
        Assert.True(call.Caller.Hangup.By is "api" or "caller", call.Caller.Hangup.ToString());
    }

    private async Task CallByOzekiAsync(string number, string path)
    {
        var answer = await Ozeki.AskAsync(
            "Call", ("Dialed", number), ("ApiExtension", Lab.ApiExtension), ("Url", Lab.App.Url + path), ("FinishedUrl", $"{Lab.App.Url}/finished"),
            ("ErrorUrl", $"{Lab.App.Url}/error"));
        Assert.Equal((200, "Command successfully executed"), (answer.Code, answer.Message));
    }

    private static async Task HangUpByCallerAsync(Talk talk)
    {
        var answer = talk.Caller.HangUpAsync();
        await talk.Callee.ExpectByeAsync();
        Assert.Equal(200, (await answer).Status);
    }
}
