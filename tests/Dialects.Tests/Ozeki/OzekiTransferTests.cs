using Switchhook.Calls;
using Switchhook.Calls.Commands;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiTransferTests
{
    private static readonly Call Talking = OzekiWorld.Ordinary();

    [Theory]
    [InlineData("TransferorParty=callee", LegRole.Callee)]
    [InlineData("TranferorParty=Caller", LegRole.Caller)]
    public async Task A_blind_transfer_asks_for_the_party_that_leaves_and_the_target(string party, LegRole transferor)
    {
        var world = new OzekiWorld { Exchange = { Calls = { Talking } } };

        var answer = await world.AskAsync($"command=BlindTransfer&CallId={Talking.Id}&{party}&Target=204&FinishedUrl=http%3A%2F%2Fapp.test%2Fend");

        Assert.Equal((200, "Command successfully executed"), answer);
        Assert.Equal([new CallCommand.Transfer(Talking.Id, transferor, "204", "http://app.test/end")], world.Exchange.Asked);
    }

    [Theory]
    [InlineData("", LegRole.Callee, LegRole.Caller)]
    [InlineData("&TransferorParty=callee", LegRole.Callee, LegRole.Caller)]
    [InlineData("", LegRole.Caller, LegRole.Callee)]
    public async Task Of_a_call_with_an_application_it_is_the_application_that_leaves(string named, LegRole party, LegRole transferor)
    {
        var leg = new Leg { Id = new LegId(Talking.Id, 1), Direction = LegDirection.Outbound, Role = party, Party = new Party("1"), State = new LegState.Answered(), StartedAt = OzekiWorld.Start };
        var world = new OzekiWorld { Exchange = { Calls = { Talking with { Near = 1, Far = 0, Legs = [leg] } } } };

        var answer = await world.AskAsync($"command=BlindTransfer&CallId={Talking.Id}{named}&Target=204");

        Assert.Equal(200, answer.Code);
        Assert.Equal([new CallCommand.Transfer(Talking.Id, transferor, "204", null)], world.Exchange.Asked);
    }

    [Theory]
    [InlineData("command=BlindTransfer&TransferorParty=caller&Target=204", "CallId")]
    [InlineData("command=BlindTransfer&CallId=x&Target=204", "TransferorParty")]
    [InlineData("command=BlindTransfer&CallId=x&TransferorParty=all&Target=204", "TransferorParty")]
    [InlineData("command=BlindTransfer&CallId=x&TransferorParty=caller", "Target")]
    [InlineData("command=AttendedTransfer&TargetCallId=x", "TransferredCallId")]
    [InlineData("command=AttendedTransfer&TransferredCallId=x", "TargetCallId")]
    [InlineData("command=ForwardCall&Destination=500", "CallId")]
    [InlineData("command=ForwardCall&CallId=x", "Destination")]
    public async Task The_first_parameter_that_is_missing_or_wrong_is_named(string query, string parameter)
    {
        var answer = await new OzekiWorld().AskAsync(query);

        Assert.Equal(302, answer.Code);
        Assert.Contains($"'{parameter}'", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("command=BlindTransfer&CallId=zzz9Q&TransferorParty=caller&Target=204")]
    [InlineData("command=AttendedTransfer&TransferredCallId=zzz9Q&TargetCallId=y")]
    [InlineData("command=ForwardCall&CallId=zzz9Q&Destination=500")]
    public async Task An_unknown_call_is_601(string query) => Assert.Equal((601, "Call not found with ID 'zzz9Q'"), await new OzekiWorld().AskAsync(query));

    [Theory]
    [InlineData("TransferredCallId")]
    [InlineData("TranferredCallId")]
    public async Task An_attended_transfer_asks_to_join_the_held_call_and_the_consultation(string spelling)
    {
        var (held, target) = (Talking with { State = new CallState.Held() }, OzekiWorld.Ordinary(1));
        var world = new OzekiWorld { Exchange = { Calls = { held, target } } };

        var answer = await world.AskAsync($"command=AttendedTransfer&{spelling}={held.Id}&TargetCallId={target.Id}&TransferorParty=callee");

        Assert.Equal((200, "Command successfully executed"), answer);
        Assert.Equal([new CallCommand.AttendedTransfer(held.Id, target.Id)], world.Exchange.Asked);
    }

    [Fact]
    public async Task Of_an_attended_transfer_the_call_that_is_unknown_is_named()
    {
        var world = new OzekiWorld { Exchange = { Calls = { Talking } } };

        var answer = await world.AskAsync($"command=AttendedTransfer&TransferredCallId={Talking.Id}&TargetCallId=zzz9Q");

        Assert.Equal((601, "Call not found with ID 'zzz9Q'"), answer);
        Assert.Empty(world.Exchange.Asked);
    }

    [Fact]
    public async Task A_call_of_another_account_is_no_target()
    {
        var (held, foreign) = (Talking with { State = new CallState.Held() }, OzekiWorld.Ordinary(1) with { Accounts = ["somebody"] });
        var world = new OzekiWorld { Exchange = { Calls = { held, foreign } } };

        var answer = await world.AskAsync($"command=AttendedTransfer&TransferredCallId={held.Id}&TargetCallId={foreign.Id}");

        Assert.Equal((601, $"Call not found with ID '{foreign.Id}'"), answer);
    }

    [Fact]
    public async Task Without_hold_or_with_a_target_not_up_an_attended_transfer_is_303()
    {
        var (held, up) = (OzekiWorld.Ordinary(1) with { State = new CallState.Held() }, OzekiWorld.Ordinary(2));
        var ringing = OzekiWorld.Ordinary(3) with { State = new CallState.Ringing() };
        var world = new OzekiWorld { Exchange = { Calls = { Talking, held, up, ringing } } };

        var notHeld = await world.AskAsync($"command=AttendedTransfer&TransferredCallId={Talking.Id}&TargetCallId={up.Id}");
        var notUp = await world.AskAsync($"command=AttendedTransfer&TransferredCallId={held.Id}&TargetCallId={ringing.Id}");

        Assert.Equal((303, "Command 'AttendedTransfer' cannot be used here"), notHeld);
        Assert.Equal(notHeld, notUp);
        Assert.Empty(world.Exchange.Asked);
    }

    [Theory]
    [InlineData(CallRefusal.WrongState, 303)]
    [InlineData(CallRefusal.NoSuchCall, 601)]
    [InlineData(CallRefusal.CallEnded, 601)]
    public async Task A_refused_attended_transfer_has_its_code(CallRefusal refusal, int code)
    {
        var (held, target) = (Talking with { State = new CallState.Held() }, OzekiWorld.Ordinary(1));
        var world = new OzekiWorld { Exchange = { Calls = { held, target }, Reply = new CallReply(refusal, held) } };

        var answer = await world.AskAsync($"command=AttendedTransfer&TransferredCallId={held.Id}&TargetCallId={target.Id}");

        Assert.Equal(code, answer.Code);
    }

    [Fact]
    public async Task A_ringing_call_is_forwarded()
    {
        var ringing = Talking with { State = new CallState.Ringing() };
        var world = new OzekiWorld { Exchange = { Calls = { ringing } } };

        var answer = await world.AskAsync($"command=ForwardCall&CallId={ringing.Id}&Destination=500");

        Assert.Equal(200, answer.Code);
        Assert.Equal([new CallCommand.Forward(ringing.Id, "500")], world.Exchange.Asked);
    }

    [Theory]
    [InlineData(CallRefusal.WrongState, 303)]
    [InlineData(CallRefusal.NoRoute, 302)]
    [InlineData(CallRefusal.NotRegistered, 302)]
    [InlineData(CallRefusal.CallEnded, 601)]
    public async Task A_refusal_has_its_code(CallRefusal refusal, int code)
    {
        var world = new OzekiWorld { Exchange = { Calls = { Talking }, Reply = new CallReply(refusal, Talking) } };

        var answer = await world.AskAsync($"command=ForwardCall&CallId={Talking.Id}&Destination=500");

        Assert.Equal(code, answer.Code);
    }
}
