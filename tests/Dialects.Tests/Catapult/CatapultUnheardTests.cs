using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Applications;
using Switchhook.Dialects.Tests.Catapult.Bxml;
using Switchhook.Dialects.Tests.Ozeki;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>What becomes of a call when a callback about it reached nobody.</summary>
public sealed class CatapultUnheardTests
{
    private static readonly DateTimeOffset Now = CatapultWorld.Start;

    [Fact]
    public async Task Only_a_call_that_is_still_offered_is_refused_and_not_one_that_was_answered_meanwhile()
    {
        var offered = CallOf(1, new CallPlan.Offered("catapult", "a-w3bn6k2hqx5tzmv7rdyf4ga", TimeSpan.FromSeconds(90)));
        var answered = CallOf(2, offered.Plan) with { AnsweredAt = Now, State = new CallState.Talking() };
        var foreign = CallOf(3, new CallPlan.Offered("hoiio", "http://pbx.example.org/", TimeSpan.FromSeconds(60)));
        var placed = CallOf(4, CatapultWorld.Outbound().Plan);
        var asked = new TaskCompletionSource<CallCommand>(TaskCreationOptions.RunContinuationsAsynchronously);
        var exchange = new FakeExchange { Answers = command => { asked.TrySetResult(command); return new CallReply(CallRefusal.None, null); } };
        exchange.Calls.AddRange([answered, foreign, placed, offered]);
        await using var unheard = new CatapultUnheard(BxmlWorld.Directory);
        unheard.GivenUp(About(offered.Id));   // nobody is there yet to refuse it
        unheard.Start(exchange);

        foreach (var call in (Call[])[answered, foreign, placed, offered])
            unheard.GivenUp(About(call.Id));
        unheard.GivenUp(About(new CallId(99)));

        var command = await asked.Task.WaitAsync(Eventually.Deadline);
        Assert.Equal(
            new CallCommand.HangUp(offered.Id, new HangupBy.Policy("the application was not reached"), HangupCause.SubscriberAbsent) { UnlessAnswered = true }, command);
        Assert.Single(exchange.Asked);
    }

    private static Call CallOf(long id, CallPlan plan) => CatapultWorld.Outbound() with { Id = new CallId(id), Plan = plan, AnsweredAt = null };

    private static Notification About(CallId call) => new(
        $"{call}.1", call, "catapult", new HttpCall { Url = "http://pbx.example.org/", Call = call }, Terminal: false);
}
