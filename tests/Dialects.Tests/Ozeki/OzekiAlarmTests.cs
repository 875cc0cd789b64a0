using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Ozeki;
using Switchhook.Dialects.Ozeki.Notifications;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>SendAlarmNotification, ReceiveAlarmNotification and AlarmNotificationResult.</summary>
public class OzekiAlarmTests
{
    private const string Good = "PhoneNumber=204&AccountNumber=1234&EventCode=13&PartitionNumber=1&ZoneNumber=15";

    private readonly OzekiWorld _world = new();

    [Fact]
    public async Task An_alarm_places_a_call_whose_script_gives_the_message()
    {
        var answer = await _world.AskAsync($"command=SendAlarmNotification&{Good}&EventQualifier=newrestore&ApiExtension=901&ResultUrl=http%3A%2F%2Fapp.test%2Fresult");

        Assert.Equal(200, answer.Code);
        var call = Assert.IsType<CallCommand.Originate>(Assert.Single(_world.Exchange.Asked));
        Assert.Equal(("204", "901", "http://app.test/result"), (call.Dialed, call.ApiExtension, call.Callbacks.FinishedUrl));
        var script = ((OnAnswer.RunScript)call.Then).Script!;
        var loaded = await new OzekiScripts(new FakeHttp()).FetchAsync(new ScriptRequest(OzekiWorld.Placed(), script, ScriptOccasion.CallConnected), CancellationToken.None);
        Assert.Equal(
            [new Verb.SendAlarm(new AlarmMessage("1234", AlarmQualifier.NewRestore, "013", "01", "015"), 1)], Assert.IsType<ScriptFetch.Loaded>(loaded).Script.Verbs);
    }

    [Theory]
    [InlineData("", "PhoneNumber")]
    [InlineData("PhoneNumber=x", "PhoneNumber")]
    [InlineData("PhoneNumber=204&AccountNumber=123", "AccountNumber")]
    [InlineData("PhoneNumber=204&AccountNumber=12a4", "AccountNumber")]
    [InlineData("PhoneNumber=204&AccountNumber=1234", "EventCode")]
    [InlineData("PhoneNumber=204&AccountNumber=1234&EventCode=1300", "EventCode")]
    [InlineData("PhoneNumber=204&AccountNumber=1234&EventCode=130&PartitionNumber=123", "PartitionNumber")]
    [InlineData("PhoneNumber=204&AccountNumber=1234&EventCode=130&PartitionNumber=1&ZoneNumber=-1", "ZoneNumber")]
    [InlineData(Good + "&EventQualifier=Old", "EventQualifier")]
    [InlineData(Good + "&ResultUrl=result", "ResultUrl")]
    public async Task The_first_wrong_parameter_is_302(string parameters, string name)
    {
        Assert.Equal((302, $"Missing or invalid parameter '{name}' for command 'SendAlarmNotification'"), await _world.AskAsync("command=SendAlarmNotification&" + parameters));

        Assert.Empty(_world.Exchange.Asked);
    }

    [Fact]
    public async Task Extensions_and_calls_that_cannot_be_have_their_codes()
    {
        Assert.Equal(401, (await _world.AskAsync($"command=SendAlarmNotification&{Good}&ApiExtension=977")).Code);
        _world.Exchange.Reply = new CallReply(CallRefusal.NoRoute, null);

        Assert.Equal((402, "Call connect to '204' failed with result state 'NotFound'"), await _world.AskAsync($"command=SendAlarmNotification&{Good}"));
    }

    [Fact]
    public async Task A_script_sends_and_receives_alarms()
    {
        var http = new FakeHttp
        {
            Reply = FakeHttp.Ok("""
                <OzML>
                  <ReceiveAlarmNotification><Received><Speak>$eventname in zone $zone</Speak></Received></ReceiveAlarmNotification>
                  <SendAlarmNotification PhoneNumber="204" AccountNumber="1234" EventCode="130" PartitionNumber="1" ZoneNumber="15"/>
                  <SendAlarmNotification PhoneNumber="204"/>
                </OzML>
                """),
        };

        var fetch = await new OzekiScripts(http, new FakeDirectory(OzekiWorld.Provisioned)).FetchAsync(
            new ScriptRequest(OzekiWorld.Incoming(), new ScriptRef("ozeki", "http://app.test/in"), ScriptOccasion.IncomingCall), CancellationToken.None);

        var verbs = Assert.IsType<ScriptFetch.Loaded>(fetch).Script.Verbs;
        Assert.IsType<Verb.Template>(Assert.Single(Assert.IsType<Verb.ReceiveAlarm>(verbs[0]).Received));
        Assert.Equal("204", Assert.IsType<CallCommand.Originate>(Assert.IsType<Verb.Order>(verbs[1]).Command).Dialed);
        Assert.Equal((302, 4), (Assert.IsType<Verb.Invalid>(verbs[2]).Code, verbs[2].Line));
    }

    [Theory]
    [InlineData("SendAlarmNotification", HangupCause.NormalClearing, "Success")]
    [InlineData("end of script", HangupCause.NormalClearing, "Failed")]
    [InlineData(null, HangupCause.UserBusy, "Failed")]
    public async Task What_became_of_the_message_is_told_once_at_the_end(string? verb, HangupCause cause, string result)
    {
        await _world.AskAsync($"command=SendAlarmNotification&{Good}&ResultUrl=http%3A%2F%2Fapp.test%2Fresult");
        var asked = Assert.IsType<CallCommand.Originate>(Assert.Single(_world.Exchange.Asked));
        var placed = OzekiWorld.Placed(asked.Callbacks);
        placed = placed with { Plan = ((CallPlan.Originated)placed.Plan) with { Then = asked.Then } };
        var ended = OzekiWorld.Ended(placed, cause, verb is null ? new HangupBy.Callee() : new HangupBy.Script(verb, 1));
        var told = new List<Notification>();

        new OzekiNotifications(new FakeDirectory(OzekiWorld.Provisioned), new OzekiOptions()).Collect(new CallEnded { Call = ended, Sequence = 5, At = OzekiWorld.Start }, told);

        var sent = Assert.Single(told);
        Assert.Equal(("http://app.test/result", true), (sent.Request.Url, sent.Terminal));
        Assert.Equal(
            $"NotificationName=AlarmNotificationResult&Result={result}&PhoneNumber=204&AccountNumber=1234&EventCode=013", Encoding.ASCII.GetString(sent.Request.Body.Span));
    }
}
