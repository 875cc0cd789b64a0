using Switchhook.Calls;
using Switchhook.Calls.Commands;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiHoldTests
{
    private static readonly Call Talking = OzekiWorld.Ordinary();
    private static readonly Call Held = Talking with { State = new CallState.Held() };

    [Fact]
    public async Task Hold_asks_for_both_parties_to_be_held()
    {
        var world = new OzekiWorld { Exchange = { Calls = { Talking } } };

        var answer = await world.AskAsync($"command=Hold&CallId={Talking.Id}");

        Assert.Equal((200, "Command successfully executed"), answer);
        Assert.Equal([new CallCommand.Hold(Talking.Id)], world.Exchange.Asked);
    }

    [Fact]
    public async Task A_second_hold_is_accepted()
    {
        var world = new OzekiWorld { Exchange = { Calls = { Held }, Reply = new CallReply(CallRefusal.WrongState, Held) } };

        var answer = await world.AskAsync($"command=Hold&CallId={Held.Id}");

        Assert.Equal(200, answer.Code);
    }

    [Fact]
    public async Task Hold_of_a_call_that_cannot_be_held_is_303()
    {
        var ringing = Talking with { State = new CallState.Ringing() };
        var world = new OzekiWorld { Exchange = { Calls = { ringing }, Reply = new CallReply(CallRefusal.WrongState, ringing) } };

        var answer = await world.AskAsync($"command=Hold&CallId={ringing.Id}");

        Assert.Equal((303, "Command 'Hold' cannot be used here"), answer);
    }

    [Fact]
    public async Task Unhold_brings_a_held_call_back()
    {
        var world = new OzekiWorld { Exchange = { Calls = { Held } } };

        var answer = await world.AskAsync($"command=Unhold&CallId={Held.Id}");

        Assert.Equal(200, answer.Code);
        Assert.Equal([new CallCommand.Unhold(Held.Id)], world.Exchange.Asked);
    }

    [Fact]
    public async Task Unhold_of_a_call_that_is_not_held_is_303_and_asks_nothing()
    {
        var world = new OzekiWorld { Exchange = { Calls = { Talking } } };

        var answer = await world.AskAsync($"command=Unhold&CallId={Talking.Id}");

        Assert.Equal((303, "Command 'Unhold' cannot be used here"), answer);
        Assert.Empty(world.Exchange.Asked);
    }

    [Theory]
    [InlineData("Hold")]
    [InlineData("Unhold")]
    public async Task Hold_and_unhold_want_a_call_that_is_there(string command)
    {
        var world = new OzekiWorld();

        var missing = await world.AskAsync($"command={command}");
        var unknown = await world.AskAsync($"command={command}&CallId=zzz9Q");

        Assert.Equal((302, $"Missing or invalid parameter 'CallId' for command '{command}'"), missing);
        Assert.Equal((601, "Call not found with ID 'zzz9Q'"), unknown);
    }
}
