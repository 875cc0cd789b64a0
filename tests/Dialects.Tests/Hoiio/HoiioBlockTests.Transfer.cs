using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <content>Transfers to numbers and rooms.</content>
public sealed partial class HoiioBlockTests
{
    // E6
    [Fact]
    public async Task A_transfer_that_fails_may_leave_the_call_to_the_application()
    {
        var session = _world.Incoming();

        await _world.AskAsync("ivr/end/transfer", ("session", session), ("dest", "+6562220000"), ("caller_id", "+6598880000"), ("on_failure", "continue"), ("notify_url", HoiioWorld.Url + "/x"));
        var dial = _world.Asked.OfType<CallCommand.Dial>().Single();
        _world.TransferFailed(session, HangupCause.UserBusy);
        var next = await _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "Busy"), ("notify_url", Next));

        Assert.Equal(("+6562220000", TimeSpan.FromSeconds(60), new Party("+6598880000")), (dial.Number, dial.RingTime, dial.Shown));
        Assert.Equal(["answer ringing", "transfer ongoing"], _world.Heads);
        Assert.Equal(
            $"ivr_block=transfer&session={session}&txn_ref=AA-I-{session[2..]}&from=%2B6598880000&to=%2B6531580000&call_state=ongoing&transfer_status=busy", _world.Told[1].Body);
        Assert.Equal("success_ok", next);
    }

    [Fact]
    public async Task A_transfer_that_fails_ends_the_call_otherwise()
    {
        var session = await _world.ReadyAsync();

        await _world.AskAsync("ivr/end/transfer", ("session", session), ("dest", "+6562220000"), ("notify_url", Next));
        _world.TransferFailed(session, HangupCause.NoAnswer);
        await _world.CommandAsync<CallCommand.HangUp>("the hangup");

        Assert.Equal(["dial ongoing", "transfer ended"], _world.Heads);
        Assert.Equal("unanswered", _world.Told[1]["transfer_status"]);
    }

    [Fact]
    public async Task A_transfer_that_succeeds_is_told_when_the_talk_is_over_and_costs_both_ways()
    {
        var session = _world.Incoming();
        await _world.AskAsync("ivr/end/transfer", ("session", session), ("dest", "+6562220000"), ("notify_url", Next));

        _world.Transferred(session, "+6562220000");
        _world.Time.Advance(TimeSpan.FromSeconds(61));
        _world.End(session, new HangupBy.Callee());

        Assert.Equal(["answer ringing", "transfer ended"], _world.Heads);
        Assert.Equal(("answered", "2", "0.036", "0.072"), (_world.Told[1]["transfer_status"], _world.Told[1]["duration"], _world.Told[1]["rate"], _world.Told[1]["debit"]));
    }

    // E7
    [Fact]
    public async Task A_transfer_into_a_new_room_names_the_room()
    {
        var session = await _world.ReadyAsync();

        var reply = await _world.AskAsync("ivr/end/transfer", ("session", session), ("dest", "room:"), ("notify_url", Next));
        var room = reply.GetProperty("room").GetString()!;
        var join = await _world.OrderAsync<AudioOrder.JoinConference>(session);
        _world.Joined(session, room);
        _world.Left(session, room, ConferenceLeaving.HungUp);
        _world.End(session);

        Assert.Matches("^R[0-9]+$", room);
        Assert.Equal(new RoomName("crm", room), join.Room);
        Assert.Equal(("ended", "answered", room), (_world.Told[^1]["call_state"], _world.Told[^1]["transfer_status"], _world.Told[^1]["room"]));
    }

    [Fact]
    public async Task Who_is_sent_out_of_the_room_is_hung_up()
    {
        var session = await _world.ReadyAsync();
        await _world.AskAsync("ivr/end/transfer", ("session", session), ("dest", "room:stand.up"), ("msg", "Welcome"), ("notify_url", Next));
        await _world.PlayedAsync(session);
        await _world.OrderAsync<AudioOrder.JoinConference>(session);

        _world.Joined(session, "stand.up");
        _world.Left(session, "stand.up", ConferenceLeaving.Left);
        await _world.CommandAsync<CallCommand.HangUp>("the hangup");

        Assert.Equal("transfer ended", _world.Heads.Last());
    }

    [Theory]
    [InlineData("on_failure", "wait", "error_on_failure_invalid")]
    [InlineData("dest", "room:a b", "error_invalid_room")]
    [InlineData("dest", "room:abcdefghijklmnopqrstuvwxyz0123456", "error_invalid_room")]
    [InlineData("dest", "6562220000", "error_dest_invalid")]
    [InlineData("dest", "+6599999999", "error_dest_not_supported")]
    [InlineData("caller_id", "+6598880000", "error_caller_id_invalid")]
    public async Task What_is_wrong_with_a_transfer_has_its_status(string name, string value, string expected)
    {
        _world.Nowhere.Add("+6599999999");
        var session = await _world.ReadyAsync();

        var status = await _world.StatusAsync("ivr/end/transfer", name == "dest" ? [("session", session), (name, value)] : [("session", session), ("dest", "+6562220000"), (name, value)]);

        Assert.Equal(expected, status);
        Assert.DoesNotContain(_world.Asked, c => c is CallCommand.Dial or CallCommand.Sound);
    }

    [Fact]
    public async Task A_transfer_the_exchange_refuses_after_all_has_failed()
    {
        var session = await _world.ReadyAsync();
        _world.Refuse = static c => c is CallCommand.Dial ? CallRefusal.NotRegistered : CallRefusal.None;

        await _world.AskAsync("ivr/end/transfer", ("session", session), ("dest", "+6562220000"), ("on_failure", "continue"), ("notify_url", Next));
        await _world.PlayedAsync(session);

        Assert.Equal(("ongoing", "failed"), (_world.Told[^1]["call_state"], _world.Told[^1]["transfer_status"]));
    }
}
