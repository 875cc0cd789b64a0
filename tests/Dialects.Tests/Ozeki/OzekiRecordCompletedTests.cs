using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki;
using Switchhook.Dialects.Ozeki.Notifications;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiRecordCompletedTests
{
    private static readonly string Id = OzekiWorld.First.ToString();

    private readonly List<Notification> _told = [];
    private readonly OzekiNotifications _notifications = new(new FakeDirectory(OzekiWorld.Provisioned), new OzekiOptions());

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

    private IEnumerable<string> Forms => _told.Select(n => Encoding.ASCII.GetString(n.Request.Body.Span));

    private void Tell(CallEvent happened) => _notifications.Collect(happened, _told);
}
