using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Sip;

/// <summary>Scripts of an application's web server, and keys pressed by RFC 4733.</summary>
public sealed class SipScriptTests(Lab lab) : LabTests(lab)
{
    /// <summary>As the vendor's samples write them: a blank line first, names in mixed case, the old name of the address, a GoTo with a query.</summary>
    [Fact]
    public async Task Keys_lead_through_three_menus_of_a_web_server()
    {
        var caller = await PhoneAsync();
        var audio = Probe();
        Answer("/incoming", """
            <UserInput timeout="30" repeat="true">
              <InitialCommands><Beep/><Delay>30</Delay></InitialCommands>
              <Inputs><Input KEY="2"><GoTo>/menu/second?from=first&amp;key=2</GoTo></Input></Inputs>
            </UserInput>
            """);
        Answer("/menu/second", """
            <Userinput Timeout="30" Repeat="true" Digits="1" enteredUrl="third?x=1"><initialcommands><beep></beep><delay time="30"/></initialcommands></Userinput>
            """);
        Answer("/menu/third", """
            <var id="left">0</var>
            <UserInput Timeout="30" MinDigits="2" MaxDigits="4" ForwardToUrl="pin"><InitialCommands><Beep/></InitialCommands></UserInput>
            """);
        Answer("/menu/pin", "<Delay>$left</Delay><Hangup/>");

        var call = await caller.DialAsync(Lab.ApiExtension, audio.Local);
        await call.ConnectAsync();
        audio.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        var id = await IdOfAsync(call);
        await audio.HearToneAsync(1000);
        await audio.SendDigitAsync('2');
        var second = await AskedAsync("GoTo", caller);
        await HearBeepAsync(audio);
        await audio.SendDigitAsync('*');
        var third = await AskedAsync("DtmfEntered", caller);
        await HearBeepAsync(audio);
        foreach (var key in "11#7")
            await audio.SendDigitAsync(key);
        var pin = await AskedAsync("DtmfEntered", caller);

        await call.ExpectByeAsync();
        Assert.Equal(("/menu/second", "?from=first&key=2"), (second.Path, second.Query));
        Assert.Equal(("/menu/third", "?x=1", "*"), (third.Path, third.Query, third["DtmfDigits"]));
        Assert.Equal(("/menu/pin", "11#7"), (pin.Path, pin["DtmfDigits"]));
        var ended = await EndedAsync(id);
        Assert.Equal(("script", 16), (ended.Legs[0].Hangup!.By, ended.Legs[0].Hangup!.Cause));
    }

    [Fact]
    public async Task A_choice_sends_the_caller_to_a_phone_or_goes_on_when_it_is_busy()
    {
        var (caller, busy, free) = (await PhoneAsync(), await PhoneAsync(), await PhoneAsync());
        var (audio, other) = (Probe(), Probe());
        Answer("/incoming", $"""
            <UserInput timeout="30">
              <Inputs><Input key="1"><BlindTransfer Target="{busy.User}"/><BlindTransfer>{free.User}@localhost</BlindTransfer><Hangup/></Input></Inputs>
            </UserInput>
            """);

        var call = await caller.DialAsync(Lab.ApiExtension, audio.Local);
        await call.ConnectAsync();
        audio.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        var id = await IdOfAsync(call);
        await audio.SendDigitAsync('1');
        var first = await busy.IncomingAsync();
        await first.RejectAsync(486);
        var second = await free.IncomingAsync();
        await second.RingAsync();
        await audio.HearToneAsync(425);
        await second.AnswerAsync(Sdp.Audio(other.Local));
        other.Remote = Sdp.AudioEndpoint(second.RemoteSdp);
        await audio.SendToneAsync(800, TimeSpan.FromSeconds(0.5));
        await other.HearToneAsync(800);

        await second.HangUpAsync();
        await call.ExpectByeAsync();
        Assert.Equal(16, (await EndedAsync(id)).Legs[0].Hangup!.Cause);
    }

    /// <summary>Waits for a beep of the next menu; what was on its way from the one before is too short to be one.</summary>
    private static async Task HearBeepAsync(RtpProbe audio)
    {
        audio.Forget();
        await Eventually.GetAsync(() => Task.FromResult(audio.Heard.Count), n => n >= 15, "the packets of a beep");
    }

    private Task<WebhookRequest> AskedAsync(string notification, ScriptedPhone caller) =>
        Lab.App.NextAsync(r => r["NotificationName"] == notification && r["CallerID"] == caller.User, notification);

    private void Answer(string path, string elements) => Lab.App.Reply(path, new WebhookReply(200, $"\r\n<?xml version=\"1.0\"?>\r\n<Response>{elements}</Response>\r\n"));
}
