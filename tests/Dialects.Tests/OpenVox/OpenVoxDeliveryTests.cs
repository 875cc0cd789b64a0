using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox.Reports;
using static Switchhook.Dialects.Tests.OpenVox.OpenVoxTold;

namespace Switchhook.Dialects.Tests.OpenVox;

/// <summary>What extensions do, and whom reports reach.</summary>
public class OpenVoxDeliveryTests
{
    [Fact]
    public async Task An_extension_is_idle_when_its_last_leg_has_ended()
    {
        var call = OpenVoxWorld.Internal();
        var half = call with { Legs = call.Legs.SetItem(1, call.Legs[1] with { State = new LegState.Ended(RecordOf(2)) }) };

        var told = await TellAsync(
            new CallAnswered { Call = call, Sequence = 4, At = OpenVoxWorld.Start },
            new LegEnded { Call = half, Sequence = 5, At = OpenVoxWorld.Start, Record = RecordOf(2) });

        Assert.Equal(Status("2002", "Idle"), told[^1]);
        Assert.DoesNotContain(Status("2001", "Idle"), told);
    }

    [Fact]
    public async Task After_a_crash_an_extension_is_told_to_be_idle_although_nobody_knows_that_it_was_not()
    {
        var record = RecordOf(2) with { By = new HangupBy.Recovery() };
        var call = OpenVoxWorld.Internal();
        call = call with { Legs = [.. call.Legs.Select(l => l with { State = new LegState.Ended(record) })] };

        var told = await TellAsync(new LegEnded { Call = call, Sequence = 5, At = OpenVoxWorld.Start, Record = record });

        Assert.Equal([Status("2002", "Idle")], told);
    }

    [Fact]
    public async Task Reports_go_to_the_accounts_of_the_call_and_to_each_target_once_until_answered_200()
    {
        var world = new OpenVoxWorld();
        await world.LoginAsync(""","url":"one" """);
        await world.LoginAsync(""","url":"one" """);
        await world.LoginAsync(""","url":"two" """);
        world.Sessions.Open("other", "203.0.113.1", "http://other.test/");
        List<Notification> notifications = [];

        new OpenVoxReports(world.Directory, world.Sessions, world.Options).Collect(
            End(OpenVoxWorld.Ended(OpenVoxWorld.Inbound(), new HangupBy.Caller())), notifications);

        Assert.Equal(8, notifications.Count);   // two targets: BYE twice, NewCdr, and what the extension does
        Assert.Equal(["http://203.0.113.77:8260/one", "http://203.0.113.77:8260/two"], notifications.Select(n => n.Request.Url).Distinct());
        Assert.Equal(8, notifications.Select(n => n.Id).Distinct().Count());
        Assert.All(notifications, n => Assert.True(n is { Dialect: "openvox", Account: "crm", Policy: DeliveryPolicy.UntilOk }));
        Assert.Equal(2, notifications.Count(n => n.Terminal));
        var request = notifications[0].Request;
        Assert.Equal(("POST", "application/json", TimeSpan.FromSeconds(5), false), (request.Method, request.ContentType, request.Timeout, request.FollowRedirects));
        Assert.Contains(KeyValuePair.Create("Accept", "application/json"), request.Headers);
        Assert.Contains(KeyValuePair.Create("Connection", "close"), request.Headers);
    }

    [Fact]
    public async Task A_report_keeps_its_token_and_a_dead_token_gets_no_report()
    {
        var world = new OpenVoxWorld();
        var token = await world.LoginAsync();
        var reports = new OpenVoxReports(world.Directory, world.Sessions, world.Options);
        List<Notification> kept = [], late = [];

        world.Time.Advance(TimeSpan.FromMinutes(20));
        reports.Collect(End(OpenVoxWorld.Ended(OpenVoxWorld.Inbound(), new HangupBy.Caller())), kept);
        world.Time.Advance(TimeSpan.FromMinutes(20));
        var alive = await world.PostAsync("heartbeat", "", $"token={token}");
        await world.PostAsync("logout", "", $"token={token}");
        reports.Collect(End(OpenVoxWorld.Ended(OpenVoxWorld.Inbound(), new HangupBy.Caller())), late);

        Assert.NotEmpty(kept);
        Assert.Equal("""{"status":"Success"}""", alive);
        Assert.Empty(late);
    }
}
