using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Catapult;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>On what terms calls are placed, moved and recorded.</summary>
public sealed class CatapultCallTermsTests
{
    private readonly CatapultWorld _world = new();

    [Theory]
    [InlineData("0.05", "+13365550177", true)]
    [InlineData("0.05", "+442071838750", false)]
    [InlineData("0.40", "+442071838750", true)]
    [InlineData("0.05", "101", true)]
    [InlineData(null, "+442071838750", true)]
    public async Task A_call_is_refused_when_the_balance_does_not_cover_a_minute_of_it(string? balance, string to, bool placed)
    {
        _world.Exchange.Reply = new CallReply(CallRefusal.None, CatapultWorld.Outbound());
        _world.Directory.Change(p => p with
        {
            Accounts = [.. p.Accounts.Select(a => a.Name == "crm" ? a with { Balance = balance, Rates = [new Rate("+", "0.01"), new Rate("+44", "0.40")] } : a)],
        });

        var answer = await _world.PostAsync("calls", $$"""{"from":"{{CatapultWorld.Own}}","to":"{{to}}"}""");

        Assert.Equal(placed ? 201 : 403, answer.Status);
        if (!placed)
            Assert.Equal(("credit", "insufficient-available-balance", "balance 0.05 is insufficient for amount 0.40"), (answer.Json.GetProperty("category").GetString(), answer.Code, answer.Message));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(",\"diversionTreatment\":\"propagate\"", "<sip:+1@x>;reason=unknown")]
    [InlineData(",\"diversionTreatment\":\"stack\",\"diversionReason\":\"away\"", "<sip:+13365550177@api.catapult.inetwork.com>;reason=away;counter=1, <sip:+1@x>;reason=unknown")]
    public async Task A_transfer_sends_the_diversions_it_is_told_to_in_place_of_the_caller_s_own(string treatment, string expected)
    {
        var call = CatapultWorld.Outbound(new LegState.Answered(), 0, CatapultWorld.Start, ("catapult.diversionHeader", "<sip:+1@x>;reason=unknown"));
        _world.Exchange.Calls.Add(call);
        _world.Exchange.Answers = command => new CallReply(
            CallRefusal.None, command is CallCommand.Dial dial ? call with { Legs = call.Legs.Add(call.Legs[0] with { Id = new LegId(call.Id, 2), Details = dial.Details }) } : call);

        await _world.PostAsync($"calls/{CatapultId.Of(call.Legs[0])}", "{\"state\":\"transferring\",\"transferTo\":\"+13365550188\"" + treatment + "}");

        Assert.Equal(new KeyValuePair<string, string>("Diversion", expected), Assert.Single(_world.Exchange.Asked.OfType<CallCommand.Dial>().Single().Enclosed));
    }

    [Theory]
    [InlineData("{\"recordingEnabled\":false}", false, null)]
    [InlineData("{\"recordingEnabled\":\"true\",\"recordingFileFormat\":\"mp3\"}", true, RecordingFormat.Mp3)]
    [InlineData("{\"recordingFileFormat\":\"mp3\"}", true, RecordingFormat.Mp3)]
    public async Task What_is_recorded_from_the_answer_can_be_changed_until_then(string change, bool records, RecordingFormat? format)
    {
        var call = CatapultWorld.Outbound(new LegState.Ringing());
        _world.Exchange.Calls.Add(call);
        _world.Exchange.Reply = new CallReply(CallRefusal.None, call);

        var answer = await _world.PostAsync($"calls/{CatapultId.Of(call.Legs[0])}", change);

        var waits = Assert.Single(_world.Exchange.Asked.OfType<CallCommand.AwaitAnswer>()).Order;
        Assert.Equal((200, records, format), (answer.Status, waits is AudioOrder.Record, (waits as AudioOrder.Record)?.Terms.Format));
        Assert.Equal(!records, waits is AudioOrder.StopRecording { Recording: null });
    }
}
