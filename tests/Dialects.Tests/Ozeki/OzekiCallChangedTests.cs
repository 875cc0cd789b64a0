using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki;
using Switchhook.Dialects.Ozeki.Notifications;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiCallChangedTests
{
    private static readonly string Id = OzekiWorld.First.ToString();

    private readonly List<Notification> _told = [];
    private readonly OzekiNotifications _notifications = new(new FakeDirectory(OzekiWorld.Provisioned), new OzekiOptions());

    [Fact]
    public void Every_state_of_an_ordinary_call_is_told_in_order()
    {
        var talking = OzekiWorld.Ordinary();
        var ringing = talking with { State = new CallState.Ringing(), AnsweredAt = null };
        var held = talking with { State = new CallState.Held() };
        var ended = OzekiWorld.Ended(talking, HangupCause.NormalClearing, new HangupBy.Caller());

        Tell(new CallStarted { Call = ringing, Sequence = 1, At = OzekiWorld.Start });
        Tell(new CallRinging { Call = ringing, Sequence = 2, At = OzekiWorld.Start });
        Tell(new LegAnswered { Call = talking, Sequence = 3, At = OzekiWorld.Start, Leg = new LegId(talking.Id, 2) });
        Tell(new CallAnswered { Call = talking, Sequence = 4, At = OzekiWorld.Start.AddSeconds(3.18) });
        Tell(new CallHeld { Call = held, Sequence = 5, At = OzekiWorld.Start.AddSeconds(10) });
        Tell(new CallUnheld { Call = talking, Sequence = 6, At = OzekiWorld.Start.AddSeconds(20) });
        Tell(OzekiWorld.LegEndedOf(ended, 7));
        Tell(OzekiWorld.CallEndedOf(ended, 8));

        Assert.Equal(["Ringing", "Answered", "InCall", "Hold", "InCall", "Completed"], States());
        Assert.All(_told, n => Assert.Equal("http://app.test/changed", n.Request.Url));
        Assert.Equal([false, false, false, false, false, true], _told.Select(n => n.Terminal));
        Assert.Equal(_told.Count, _told.Select(n => n.Id).Distinct().Count());
        Assert.Equal(
            $"NotificationName=CallChanged&CallId={Id}&CallState=Hold&Source=201&CallerId=201&Destination=204" +
            "&StartTime=2026-05-06+14%3A02%3A11&RingDuration=3.180&TalkDuration=6.820",
            Forms.ElementAt(3));
    }

    [Theory]
    [InlineData(HangupCause.OriginatorCancel, "Cancelled")]
    [InlineData(HangupCause.UserBusy, "Busy")]
    [InlineData(HangupCause.NoAnswer, "Busy")]
    [InlineData(HangupCause.NormalTemporaryFailure, "Error")]
    public void An_ordinary_call_that_was_not_answered_ends_in_the_vendors_word(HangupCause cause, string state)
    {
        var call = OzekiWorld.Ended(OzekiWorld.Ordinary() with { AnsweredAt = null }, cause, new HangupBy.Callee());

        Tell(OzekiWorld.CallEndedOf(call));

        Assert.Equal([state], States());
    }

    [Fact]
    public void A_call_that_a_rule_refused_still_has_its_last_state()
    {
        var refused = OzekiWorld.Ordinary() with { Plan = new CallPlan.Refused(HangupCause.UnallocatedNumber, "no route"), AnsweredAt = null };

        Tell(OzekiWorld.CallEndedOf(OzekiWorld.Ended(refused, HangupCause.UnallocatedNumber, new HangupBy.Policy("no route"))));

        Assert.Equal(["Error"], States());
    }

    [Fact]
    public void Calls_with_the_exchange_itself_or_an_application_are_not_ordinary()
    {
        var ordinary = OzekiWorld.Ordinary();
        var service = ordinary with { Plan = new CallPlan.Service(ServiceBehaviour.Echo) };
        var application = ordinary with { Plan = new CallPlan.Refused(HangupCause.NoUserResponse, "no url"), Origin = ordinary.Origin with { ApiExtension = "900" } };

        Tell(OzekiWorld.CallEndedOf(OzekiWorld.Ended(service, HangupCause.NormalClearing, new HangupBy.Caller())));
        Tell(OzekiWorld.CallEndedOf(OzekiWorld.Ended(application, HangupCause.NoUserResponse, new HangupBy.Policy("no url"))));

        Assert.Empty(_told);
    }

    [Fact]
    public void Two_phones_an_application_joined_are_an_ordinary_call()
    {
        var plan = new CallPlan.Originated(new LegTarget.Extension("201"), new OnAnswer.Connect("204"), new LegTarget.Extension("204"), TimeSpan.FromSeconds(90));
        var call = OzekiWorld.Ordinary() with { Plan = plan, Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = "native", Account = "ops" } };

        Tell(new CallAnswered { Call = call, Sequence = 4, At = OzekiWorld.Start });

        Assert.Equal(["Answered", "InCall"], States());
    }

    [Fact]
    public void Two_phones_a_CallSetup_joined_are_watched_like_any_other_two()
    {
        var plan = new CallPlan.Originated(new LegTarget.Extension("201"), new OnAnswer.Connect("204"), new LegTarget.Extension("204"), TimeSpan.FromSeconds(90));
        var call = OzekiWorld.Ordinary() with { Plan = plan, Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = "ozeki", Account = "ops" } };

        Tell(new CallAnswered { Call = call, Sequence = 4, At = OzekiWorld.Start });
        Tell(new CallEnded { Call = OzekiWorld.Ended(call with { AnsweredAt = OzekiWorld.Start }, HangupCause.NormalClearing, new HangupBy.Callee()), Sequence = 5, At = OzekiWorld.Start });

        Assert.Equal(["Answered", "InCall", "Completed"], States());
    }

    [Fact]
    public void A_CallSetup_that_failed_is_an_error_to_its_placer_and_a_state_to_who_watches()
    {
        var plan = new CallPlan.Originated(new LegTarget.Extension("201"), new OnAnswer.Connect("204"), new LegTarget.Extension("204"), TimeSpan.FromSeconds(90));
        var call = OzekiWorld.Ordinary() with { Plan = plan, Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = "ozeki", Account = "ops" }, Callbacks = new CallCallbacks(ErrorUrl: "http://app.test/e") };

        Tell(new CallEnded { Call = OzekiWorld.Ended(call, HangupCause.UserBusy, new HangupBy.Callee()), Sequence = 5, At = OzekiWorld.Start });

        Assert.Equal(["http://app.test/e", "http://app.test/changed"], _told.Select(n => n.Request.Url));
        Assert.Equal([true, false], _told.Select(n => n.Terminal));
        Assert.Equal(2, _told.Select(n => n.Id).Distinct().Count());
    }

    [Fact]
    public void An_ordinary_call_of_several_accounts_is_told_to_each_that_asked()
    {
        var provisioned = OzekiWorld.Provisioned;
        var both = provisioned with
        {
            Accounts = [.. provisioned.Accounts.Select(a => a.Name == "other" ? a with { Ozeki = new OzekiSettings("http://other.test/changed") } : a)],
        };
        var notifications = new OzekiNotifications(new FakeDirectory(both), new OzekiOptions());
        var call = OzekiWorld.Ordinary() with { Accounts = ["ops", "other", "plain", "gone"], State = new CallState.Ringing() };

        notifications.Collect(new CallRinging { Call = call, Sequence = 2, At = OzekiWorld.Start }, _told);

        Assert.Equal(["http://app.test/changed", "http://other.test/changed"], _told.Select(n => n.Request.Url));
        Assert.Equal(2, _told.Select(n => n.Id).Distinct().Count());
    }

    private IEnumerable<string> Forms => _told.Select(n => Encoding.ASCII.GetString(n.Request.Body.Span));

    private IEnumerable<string> States() => Forms.Select(f => f.Split('&')[2].Split('=')[1]);

    private void Tell(CallEvent happened) => _notifications.Collect(happened, _told);
}
