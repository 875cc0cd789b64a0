using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
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

        Tell(OzekiWorld.CallEndedOf(call));

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

        Tell(OzekiWorld.CallEndedOf(call));

        Assert.Contains(Forms, f => f.StartsWith($"NotificationName=CallFinished&CallId={Id}&{told}&", StringComparison.Ordinal));
        Assert.Equal((source, destination), (OzekiWords.Source(call), OzekiWords.Destination(call)));
    }

    [Fact]
    public void A_call_an_application_sent_on_is_finished_with_the_party_it_was_sent_to()
    {
        var incoming = OzekiWorld.Incoming() with { Callbacks = Urls, AnsweredAt = OzekiWorld.Start };
        var call = OzekiWorld.Ended(
            incoming with { Legs = [Leg(1, LegRole.Caller, "201"), Leg(2, LegRole.Callee, "203")] }, HangupCause.NormalClearing, new HangupBy.Callee());

        Tell(OzekiWorld.CallEndedOf(call));

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

        Tell(OzekiWorld.CallEndedOf(call));

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

        Tell(OzekiWorld.CallEndedOf(call));

        Assert.Equal("http://app.test/fail?job=17", Assert.Single(_told).Request.Url);
    }

    [Fact]
    public void A_call_without_an_error_address_uses_the_one_of_its_account()
    {
        var call = OzekiWorld.Ended(OzekiWorld.Placed() with { AnsweredAt = null }, HangupCause.NoAnswer, new HangupBy.Callee());

        Tell(OzekiWorld.CallEndedOf(call));

        Assert.Equal("http://app.test/failed", Assert.Single(_told).Request.Url);
    }

    [Fact]
    public void Nobody_is_told_of_a_finished_call_when_nobody_asked()
    {
        Tell(OzekiWorld.CallEndedOf(OzekiWorld.Ended(OzekiWorld.Placed(), HangupCause.NormalClearing, new HangupBy.Callee())));

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
        Tell(OzekiWorld.LegEndedOf(ended, 4));
        Tell(OzekiWorld.CallEndedOf(ended, 5));
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
        Tell(OzekiWorld.CallEndedOf(OzekiWorld.Ended(OzekiWorld.Incoming(), HangupCause.NormalClearing, new HangupBy.Caller())));

        Assert.Empty(_told);
    }

    [Fact]
    public void A_call_that_came_in_and_was_transferred_is_finished_where_the_transfer_said()
    {
        var call = OzekiWorld.Incoming() with { AnsweredAt = OzekiWorld.Start, Callbacks = new CallCallbacks(FinishedUrl: "http://app.test/moved") };

        Tell(OzekiWorld.CallEndedOf(OzekiWorld.Ended(call, HangupCause.NormalClearing, new HangupBy.Caller())));

        Assert.Equal("http://app.test/moved", Assert.Single(_told).Request.Url);
    }

    [Fact]
    public void Calls_of_other_dialects_are_none_of_its_business()
    {
        var call = OzekiWorld.Placed(Urls) with { Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = "native", Account = "ops" } };

        Tell(OzekiWorld.CallEndedOf(OzekiWorld.Ended(call, HangupCause.NormalClearing, new HangupBy.Callee())));

        Assert.Empty(_told);
    }

    [Fact]
    public void The_id_of_a_notification_stays_the_same_when_its_event_is_seen_again()
    {
        var ended = OzekiWorld.CallEndedOf(OzekiWorld.Ended(OzekiWorld.Placed(Urls), HangupCause.NormalClearing, new HangupBy.Callee()));

        Tell(ended);
        Tell(ended);

        Assert.Equal(_told[0].Id, _told[1].Id);
    }

    private IEnumerable<string> Forms => _told.Select(n => Encoding.ASCII.GetString(n.Request.Body.Span));

    private void Tell(CallEvent happened) => _notifications.Collect(happened, _told);
}
