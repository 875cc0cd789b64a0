using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiHangupTests
{
    private static readonly string Id = OzekiWorld.First.ToString();

    [Fact]
    public async Task Hangup_ends_the_call_in_the_name_of_the_dialect_and_the_account()
    {
        var world = new OzekiWorld { Exchange = { Calls = { OzekiWorld.Ordinary() } } };

        var answer = await world.AskAsync($"command=Hangup&CallId={Id}");

        Assert.Equal((200, "Command successfully executed"), answer);
        Assert.Equal([new CallCommand.HangUp(OzekiWorld.First, new HangupBy.Api("ozeki", "ops"))], world.Exchange.Asked);
    }

    [Fact]
    public async Task Hangup_without_a_call_id_is_302()
    {
        var answer = await new OzekiWorld().AskAsync("command=hangup");

        Assert.Equal((302, "Missing or invalid parameter 'CallId' for command 'Hangup'"), answer);
    }

    [Theory]
    [InlineData("zzz9Q")]
    [InlineData("345fad34")]
    [InlineData("zzzzzzzz")]
    [InlineData("0Nt3uhQ7")]
    public async Task An_unknown_call_is_601(string id)
    {
        var world = new OzekiWorld();

        var answer = await world.AskAsync($"command=Hangup&CallId={id}");

        Assert.Equal((601, $"Call not found with ID '{id}'"), answer);
        Assert.Empty(world.Exchange.Asked);
    }

    [Fact]
    public async Task The_case_of_a_call_id_matters()
    {
        var world = new OzekiWorld { Exchange = { Calls = { OzekiWorld.Ordinary() } } };
        var other = string.Concat(Id.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));

        var answer = await world.AskAsync($"command=Hangup&CallId={other}");

        Assert.NotEqual(Id, other);
        Assert.Equal(601, answer.Code);
    }

    [Fact]
    public async Task Another_accounts_call_is_601_and_left_alone()
    {
        var world = new OzekiWorld { Exchange = { Calls = { OzekiWorld.Ordinary() with { Accounts = ["other"] } } } };

        var answer = await world.AskAsync($"command=Hangup&CallId={Id}");

        Assert.Equal((601, $"Call not found with ID '{Id}'"), answer);
        Assert.Empty(world.Exchange.Asked);
    }

    [Fact]
    public async Task A_call_that_is_over_is_601()
    {
        var ended = OzekiWorld.Ended(OzekiWorld.Ordinary(), HangupCause.NormalClearing, new HangupBy.Caller());
        var world = new OzekiWorld { Exchange = { Calls = { ended } } };

        var answer = await world.AskAsync($"command=Hangup&CallId={Id}");

        Assert.Equal(601, answer.Code);
    }

    [Theory]
    [InlineData(CallRefusal.HangupInProgress, 200)]
    [InlineData(CallRefusal.CallEnded, 601)]
    [InlineData(CallRefusal.NoSuchCall, 601)]
    [InlineData(CallRefusal.WrongState, 303)]
    [InlineData(CallRefusal.Congestion, 303)]
    public async Task A_refused_hangup_has_its_code(CallRefusal refusal, int code)
    {
        var world = new OzekiWorld { Exchange = { Calls = { OzekiWorld.Ordinary() }, Reply = new CallReply(refusal, null) } };

        var answer = await world.AskAsync($"command=Hangup&CallId={Id}");

        Assert.Equal(code, answer.Code);
    }
}
