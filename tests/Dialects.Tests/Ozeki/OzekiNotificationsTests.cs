using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki;
using Switchhook.Dialects.Ozeki.Notifications;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiNotificationsTests
{
    private static readonly string Id = OzekiWorld.First.ToString();
    private static readonly CallCallbacks Urls = new("http://app.test/up", "http://app.test/fail?job=17", "http://app.test/done?job=17");

    private readonly List<Notification> _told = [];
    private readonly OzekiNotifications _notifications;

    public OzekiNotificationsTests() => _notifications = new OzekiNotifications(new FakeDirectory(OzekiWorld.Provisioned), new OzekiOptions());

    [Fact]
    public void A_placed_call_that_was_answered_and_ended_is_finished_with_its_seconds()
    {
        var call = OzekiWorld.Ended(OzekiWorld.Placed(Urls), HangupCause.NormalClearing, new HangupBy.Callee());

        Tell(Ended(call));

        var sent = Assert.Single(_told);
        Assert.Equal($"NotificationName=CallFinished&CallId={Id}&Caller=900&Callee=204&Duration=41", Assert.Single(Forms));
        Assert.Equal(
            ("http://app.test/done?job=17", "POST", "application/x-www-form-urlencoded", "ozeki", true),
            (sent.Request.Url, sent.Request.Method, sent.Request.ContentType, sent.Dialect, sent.Terminal));
        Assert.Equal(OzekiWorld.First, sent.Call);
    }

    [Theory]
    [InlineData(LegRole.Callee, "Caller=201&Callee=203", "201", "203")]
    [InlineData(LegRole.Caller, "Caller=203&Callee=204", "203", "204")]
    public void A_transferred_call_is_finished_with_the_parties_it_had_in_the_end(LegRole left, string told, string source, string destination)
    {
        var talking = OzekiWorld.Ordinary() with { Callbacks = Urls };
        var call = OzekiWorld.Ended(
            talking with { Legs = [Leg(1, LegRole.Caller, "201"), Leg(2, LegRole.Callee, "204"), Leg(3, left, "299") with { AnsweredAt = null }, Leg(4, left, "203")] },
            HangupCause.NormalClearing, new HangupBy.Callee());

        Tell(Ended(call));

        Assert.Contains(Forms, f => f.StartsWith($"NotificationName=CallFinished&CallId={Id}&{told}&", StringComparison.Ordinal));
        Assert.Equal((source, destination), (OzekiWords.Source(call), OzekiWords.Destination(call)));
    }

    [Fact]
    public void A_call_an_application_sent_on_is_finished_with_the_party_it_was_sent_to()
    {
        var incoming = OzekiWorld.Incoming() with { Callbacks = Urls, AnsweredAt = OzekiWorld.Start };
        var call = OzekiWorld.Ended(
            incoming with { Legs = [Leg(1, LegRole.Caller, "201"), Leg(2, LegRole.Callee, "203")] }, HangupCause.NormalClearing, new HangupBy.Callee());

        Tell(Ended(call));

        Assert.Contains(Forms, f => f.Contains("&Callee=203&", StringComparison.Ordinal));
        Assert.Equal("203", OzekiWords.Destination(call));
    }

    private static Leg Leg(int number, LegRole role, string extension) => new()
    {
        Id = new LegId(OzekiWorld.First, number),
        Direction = number == 1 ? LegDirection.Inbound : LegDirection.Outbound,
        Role = role,
        Party = new Party(extension),
        Extension = extension,
        State = new LegState.Bridged(),
        StartedAt = OzekiWorld.Start,
        AnsweredAt = OzekiWorld.Start,
    };

    [Theory]
    [InlineData(HangupCause.NoAnswer, "NoAnswer")]
    [InlineData(HangupCause.UserBusy, "Busy")]
    [InlineData(HangupCause.UnallocatedNumber, "NotFound")]
    [InlineData(HangupCause.OriginatorCancel, "Cancelled")]
    [InlineData(HangupCause.NormalTemporaryFailure, "Error")]
    public void A_placed_call_that_was_never_answered_is_an_error_402_with_its_state(HangupCause cause, string state)
    {
        var call = OzekiWorld.Ended(OzekiWorld.Placed(Urls) with { AnsweredAt = null }, cause, new HangupBy.Callee());

        Tell(Ended(call));

        var sent = Assert.Single(_told);
        Assert.Equal(("http://app.test/fail?job=17", true), (sent.Request.Url, sent.Terminal));
        Assert.Equal(
            $"NotificationName=Error&Code=402&Message=Call+connect+to+%27204%27+failed+with+result+state+%27{state}%27&CallId={Id}&Dialed=204&ApiExtension=900",
            Assert.Single(Forms));
    }

    [Fact]
    public void An_answered_call_that_ended_by_a_fault_is_an_error()
    {
        var call = OzekiWorld.Ended(OzekiWorld.Placed(Urls), HangupCause.NormalTemporaryFailure, new HangupBy.Fault("transport"));

        Tell(Ended(call));

        Assert.Equal("http://app.test/fail?job=17", Assert.Single(_told).Request.Url);
    }

    [Fact]
    public void A_call_without_an_error_address_uses_the_one_of_its_account()
    {
        var call = OzekiWorld.Ended(OzekiWorld.Placed() with { AnsweredAt = null }, HangupCause.NoAnswer, new HangupBy.Callee());

        Tell(Ended(call));

        Assert.Equal("http://app.test/failed", Assert.Single(_told).Request.Url);
    }

    [Fact]
    public void Nobody_is_told_of_a_finished_call_when_nobody_asked()
    {
        Tell(Ended(OzekiWorld.Ended(OzekiWorld.Placed(), HangupCause.NormalClearing, new HangupBy.Callee())));

        Assert.Empty(_told);
    }

    [Fact]
    public void A_whole_placed_call_has_exactly_one_terminal_notification()
    {
        var ringing = OzekiWorld.Placed(Urls) with { State = new CallState.Ringing(), AnsweredAt = null };
        var answered = OzekiWorld.Placed(Urls);
        var ended = OzekiWorld.Ended(answered, HangupCause.NormalClearing, new HangupBy.Script("Hangup", 4));

        Tell(new CallStarted { Call = ringing, Sequence = 1, At = OzekiWorld.Start });
        Tell(new CallRinging { Call = ringing, Sequence = 2, At = OzekiWorld.Start });
        Tell(new CallAnswered { Call = answered, Sequence = 3, At = OzekiWorld.Start });
        Tell(LegEnded(ended, 4));
        Tell(Ended(ended, 5));
        Tell(new HangupConfirmed { Call = ended, Sequence = 6, At = OzekiWorld.Start, Leg = new LegId(ended.Id, 1), Confirmation = HangupConfirmation.Yes });

        Assert.Single(_told, n => n.Terminal);
        Assert.Single(_told);
    }

    [Fact]
    public void A_failed_step_of_a_script_is_an_error_with_its_own_code()
    {
        Tell(new ScriptFailed
        {
            Call = OzekiWorld.Incoming(),
            Sequence = 4,
            At = OzekiWorld.Start,
            Code = 301,
            Message = "Not implemented command: 'Fax'",
        });

        var sent = Assert.Single(_told);
        Assert.Equal(("http://app.test/failed", false), (sent.Request.Url, sent.Terminal));
        Assert.Equal(
            $"NotificationName=Error&Code=301&Message=Not+implemented+command%3A+%27Fax%27&CallId={Id}&Dialed=%2B3615550199&ApiExtension=900",
            Assert.Single(Forms));
    }

    [Fact]
    public void The_end_of_a_call_that_came_in_to_an_application_is_told_to_nobody()
    {
        Tell(Ended(OzekiWorld.Ended(OzekiWorld.Incoming(), HangupCause.NormalClearing, new HangupBy.Caller())));

        Assert.Empty(_told);
    }

    [Fact]
    public void A_call_that_came_in_and_was_transferred_is_finished_where_the_transfer_said()
    {
        var call = OzekiWorld.Incoming() with { AnsweredAt = OzekiWorld.Start, Callbacks = new CallCallbacks(FinishedUrl: "http://app.test/moved") };

        Tell(Ended(OzekiWorld.Ended(call, HangupCause.NormalClearing, new HangupBy.Caller())));

        Assert.Equal("http://app.test/moved", Assert.Single(_told).Request.Url);
    }

    [Fact]
    public void Calls_of_other_dialects_are_none_of_its_business()
    {
        var call = OzekiWorld.Placed(Urls) with { Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = "native", Account = "ops" } };

        Tell(Ended(OzekiWorld.Ended(call, HangupCause.NormalClearing, new HangupBy.Callee())));

        Assert.Empty(_told);
    }

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
        Tell(LegEnded(ended, 7));
        Tell(Ended(ended, 8));

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

        Tell(Ended(call));

        Assert.Equal([state], States());
    }

    [Fact]
    public void A_call_that_a_rule_refused_still_has_its_last_state()
    {
        var refused = OzekiWorld.Ordinary() with { Plan = new CallPlan.Refused(HangupCause.UnallocatedNumber, "no route"), AnsweredAt = null };

        Tell(Ended(OzekiWorld.Ended(refused, HangupCause.UnallocatedNumber, new HangupBy.Policy("no route"))));

        Assert.Equal(["Error"], States());
    }

    [Fact]
    public void Calls_with_the_exchange_itself_or_an_application_are_not_ordinary()
    {
        var ordinary = OzekiWorld.Ordinary();
        var service = ordinary with { Plan = new CallPlan.Service(ServiceBehaviour.Echo) };
        var application = ordinary with { Plan = new CallPlan.Refused(HangupCause.NoUserResponse, "no url"), Origin = ordinary.Origin with { ApiExtension = "900" } };

        Tell(Ended(OzekiWorld.Ended(service, HangupCause.NormalClearing, new HangupBy.Caller())));
        Tell(Ended(OzekiWorld.Ended(application, HangupCause.NoUserResponse, new HangupBy.Policy("no url"))));

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

    [Fact]
    public void The_id_of_a_notification_stays_the_same_when_its_event_is_seen_again()
    {
        var ended = Ended(OzekiWorld.Ended(OzekiWorld.Placed(Urls), HangupCause.NormalClearing, new HangupBy.Callee()));

        Tell(ended);
        Tell(ended);

        Assert.Equal(_told[0].Id, _told[1].Id);
    }

    private IEnumerable<string> Forms => _told.Select(n => Encoding.ASCII.GetString(n.Request.Body.Span));

    [Fact]
    public void A_recording_that_was_asked_for_is_told_where_the_command_said()
    {
        var call = OzekiWorld.Ended(OzekiWorld.Ordinary(), HangupCause.NormalClearing, new HangupBy.Caller());

        Tell(Recorded(call, new RecordingOutcome(RecordingEnding.HungUp, TimeSpan.FromSeconds(41.9), "a-1.mp3"), "http://app.test/rec?a=1"));

        var sent = Assert.Single(_told);
        Assert.Equal(("http://app.test/rec?a=1", "ops", false), (sent.Request.Url, sent.Account, sent.Terminal));
        Assert.Equal($"NotificationName=RecordCompleted&CallId={Id}&RecordURL=a-1.mp3&Format=mp3&Duration=41", Assert.Single(Forms));
    }

    [Fact]
    public void A_recording_that_could_not_be_made_is_an_error()
    {
        Tell(Recorded(OzekiWorld.Ordinary(), new RecordingOutcome(RecordingEnding.Failed, TimeSpan.Zero, null, "no space"), "http://app.test/rec"));

        Assert.Equal("http://app.test/failed", Assert.Single(_told).Request.Url);
        Assert.Contains("Code=303&Message=Command+%27Record%27", Assert.Single(Forms), StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_nobody_asked_to_hear_of_is_told_to_nobody()
    {
        Tell(Recorded(OzekiWorld.Ordinary(), new RecordingOutcome(RecordingEnding.HungUp, TimeSpan.Zero, "a-1.mp3"), null));

        Assert.Empty(_told);
    }

    private static RecordingEnded Recorded(Call call, RecordingOutcome outcome, string? url) => new()
    {
        Call = call,
        Sequence = 6,
        At = OzekiWorld.Start,
        Leg = new LegId(call.Id, 1),
        Recording = 1,
        Outcome = outcome,
        Callback = url is null ? null : new RecordingCallback("ozeki", url),
    };

    private void Tell(CallEvent happened) => _notifications.Collect(happened, _told);

    private IEnumerable<string> States() => Forms.Select(f => f.Split('&')[2].Split('=')[1]);

    private static CallEnded Ended(Call call, int sequence = 5) => new() { Call = call, Sequence = sequence, At = OzekiWorld.Start.AddSeconds(44.5) };

    private static LegEnded LegEnded(Call call, int sequence) => new()
    {
        Call = call,
        Sequence = sequence,
        At = OzekiWorld.Start,
        Record = new HangupRecord
        {
            Leg = new LegId(call.Id, 1),
            By = new HangupBy.Caller(),
            Cause = HangupCause.NormalClearing,
            Phase = LegPhase.Bridged,
            StartedAt = OzekiWorld.Start,
            EndedAt = OzekiWorld.Start,
        },
    };
}
