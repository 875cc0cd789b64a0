using Switchhook.Calls;
using Switchhook.Exchange.Subscriptions;

namespace Switchhook.Exchange.Tests.Subscriptions;

public sealed class ExtensionCallsTests
{
    [Fact]
    public void A_leg_that_moved_to_another_call_is_live_there_and_no_longer_here()
    {
        var calls = new ExtensionCalls();
        var (second, first) = (CallWith(2, 8, new LegState.Bridged()), CallWith(3, 7, new LegState.Bridged()));
        List<string> changed = [];

        calls.Update(second, changed.Add);
        calls.Update(first, changed.Add);
        calls.Update(CallWith(2, 8, new LegState.Moved(new LegId(new CallId(7), 3))), changed.Add);

        Assert.Equal(["103", "103", "103"], changed);
        Assert.Equal(new LegId(new CallId(7), 3), Assert.Single(calls.Of("103")).Leg);
    }

    private static Call CallWith(int leg, long call, LegState state) => new()
    {
        Id = new CallId(call),
        Origin = new CallOrigin { Kind = CallOriginKind.Extension },
        Plan = new CallPlan.Service(ServiceBehaviour.Answer),
        Caller = new Party("101"),
        Dialed = "103",
        CalleeDialed = "103",
        State = new CallState.Talking(),
        StartedAt = DateTimeOffset.UnixEpoch,
        Legs =
        [
            new Leg
            {
                Id = new LegId(new CallId(call), leg),
                Direction = LegDirection.Outbound,
                Role = LegRole.Callee,
                Party = new Party("103"),
                Extension = "103",
                State = state,
                StartedAt = DateTimeOffset.UnixEpoch,
            },
        ],
    };
}
