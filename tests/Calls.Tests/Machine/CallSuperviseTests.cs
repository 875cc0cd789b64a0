using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Machine;

namespace Switchhook.Calls.Tests.Machine;

/// <summary>A call that was placed to listen in on another.</summary>
public sealed class CallSuperviseTests
{
    private static readonly CallId Target = new(77);

    [Fact]
    public void Once_it_is_answered_it_has_its_seat_and_it_is_hung_up_with_the_call_it_listens_to()
    {
        var answered = Placed().On(new CallInput.LegAnswers(1), Samples.Now);
        var over = answered.Next.On(new CallInput.SeatLost(ConferenceLeaving.Closed), Samples.Now);

        Assert.Equal(
            [new CallEffect.TakeSeat(1, new RoomName("", Target.ToString(), Target), new SeatTerms(MemberRole.Coach, new LegId(Target, 2)))],
            answered.Effects.OfType<CallEffect.TakeSeat>());
        Assert.Contains(over.Effects, static e => e is CallEffect.EndLeg { Leg: 1 });
        Assert.Contains(over.Effects, static e => e is CallEffect.LeaveSeat);
        Assert.Single(over.Effects.OfType<CallEffect.Tell>(), static t => t.Event is ConferenceLeft { Why: ConferenceLeaving.Closed });
    }

    private static Call Placed()
    {
        var call = new Call
        {
            Id = new CallId(78),
            Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = "openvox", Account = "a" },
            Plan = new CallPlan.Originated(new LegTarget.Extension("3"), new OnAnswer.Supervise(Target, MemberRole.Coach, 2), null, TimeSpan.FromSeconds(30)),
            Caller = new Party("1"),
            Dialed = "3",
            CalleeDialed = "3",
            State = new CallState.Trying(),
            StartedAt = Samples.Now,
            Legs =
            [
                new Leg
                {
                    Id = new LegId(new CallId(78), 1),
                    Direction = LegDirection.Outbound,
                    Role = LegRole.Callee,
                    Party = new Party("3"),
                    State = new LegState.Trying(),
                    StartedAt = Samples.Now,
                },
            ],
        };
        return call.On(new CallInput.Begin(), Samples.Now).Next;
    }
}
