using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>Hanging up: at once, in the middle, after a message, twice, too late, across each other, by others.</summary>
public sealed class HoiioHangupTests : IAsyncDisposable
{
    private const string Next = HoiioWorld.Url + "/next";

    private readonly HoiioWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_hangup_ends_the_call_as_the_account_and_tells_once()
    {
        var session = await _world.ReadyAsync();

        var reply = await _world.StatusAsync("ivr/end/hangup", ("session", session), ("tag", "order-77"), ("notify_url", HoiioWorld.Url + "/bye"));

        var hang = Assert.Single(_world.Asked.OfType<CallCommand.HangUp>());
        Assert.Equal(("success_ok", new HangupBy.Api("hoiio", "crm")), (reply, hang.By));
        Assert.Equal(
            $"ivr_block=hangup&session={session}&txn_ref=AA-I-{session[2..]}&dest=%2B6591230001&call_state=ended&date=2013-05-02+18%3A17%3A00&duration=1&currency=SGD&rate=0.024&debit=0.024&tag=order-77",
            _world.Told[^1].Body);
        Assert.True(_world.Told[^1].Notification.Terminal);
    }

    [Fact]
    public async Task Without_an_address_nothing_is_told()
    {
        var session = await _world.ReadyAsync();

        await _world.StatusAsync("ivr/end/hangup", ("session", session));

        Assert.Equal(["dial ongoing"], _world.Heads);
    }

    // E8
    [Fact]
    public async Task Every_way_a_hangup_can_fail_has_its_status()
    {
        var session = await _world.ReadyAsync();
        var foreign = _world.Foreign("other");

        var both = await _world.StatusAsync("ivr/end/hangup", ("session", session), ("force", "enabled"), ("msg", "Bye"));
        var said = await _world.StatusAsync("ivr/end/hangup", ("session", session), ("msg", "Bye"), ("notify_url", Next));
        var during = await _world.StatusAsync("ivr/end/hangup", ("session", session), ("force", "enabled"));
        await _world.PlayedAsync(session);
        await _world.CommandAsync<CallCommand.HangUp>("the hangup");
        var down = await _world.StatusAsync("ivr/end/hangup", ("session", session));
        var none = await _world.StatusAsync("ivr/end/hangup");
        var unknown = await _world.StatusAsync("ivr/end/hangup", ("session", "S-1"));
        var others = await _world.StatusAsync("ivr/end/hangup", ("session", foreign));

        Assert.Equal(("error_cannot_play_msg_with_force", "success_ok", "error_hangup_already_in_progress"), (both, said, during));
        Assert.Equal(("error_session_ended", "error_session_param_missing"), (down, none));
        Assert.Equal(("error_invalid_session", "error_session_access_denied"), (unknown, others));
        Assert.Equal(["dial ongoing", "hangup ended"], _world.Heads);
    }

    [Fact]
    public async Task In_the_middle_of_a_block_only_force_hangs_up_and_the_block_is_told_no_more()
    {
        var session = await _world.ReadyAsync();
        await _world.AskAsync("ivr/middle/gather", ("session", session), ("notify_url", Next));

        var plain = await _world.StatusAsync("ivr/end/hangup", ("session", session));
        var off = await _world.StatusAsync("ivr/end/hangup", ("session", session), ("force", "yes"));
        var forced = await _world.StatusAsync("ivr/end/hangup", ("session", session), ("force", "enabled"), ("notify_url", Next + "2"));

        Assert.Equal(("error_session_not_ready", "error_session_not_ready", "success_ok"), (plain, off, forced));
        Assert.Equal(["dial ongoing", "hangup ended"], _world.Heads);
    }

    [Fact]
    public async Task While_it_rings_out_only_force_cancels()
    {
        var session = await _world.DialAsync(("notify_url", Next));

        var plain = await _world.StatusAsync("ivr/end/hangup", ("session", session));
        var forced = await _world.StatusAsync("ivr/end/hangup", ("session", session), ("force", "enabled"));

        Assert.Equal(("error_session_not_ready", "success_ok"), (plain, forced));
        Assert.Empty(_world.Told);
    }

    [Fact]
    public async Task On_hold_and_in_a_transfer_only_force_hangs_up()
    {
        var (held, moving) = (await _world.ReadyAsync(), await _world.ReadyAsync());
        await _world.StatusAsync("ivr/middle/hold", ("session", held));
        await _world.StatusAsync("ivr/end/transfer", ("session", moving), ("dest", "+6562220000"));

        foreach (var session in new[] { held, moving })
        {
            Assert.Equal("error_session_not_ready", await _world.StatusAsync("ivr/end/hangup", ("session", session)));
            Assert.Equal("success_ok", await _world.StatusAsync("ivr/end/hangup", ("session", session), ("force", "enabled")));
        }
    }

    [Fact]
    public async Task Of_many_hangups_in_the_same_instant_one_is_the_hangup()
    {
        var session = await _world.ReadyAsync();
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var asked = Enumerable.Range(0, 16).Select(async i =>
        {
            await start.Task;
            return await _world.StatusAsync("ivr/end/hangup", ("session", session), ("force", i % 2 == 0 ? "enabled" : ""), ("notify_url", Next));
        }).ToList();
        start.SetResult();
        var answers = await Task.WhenAll(asked);

        Assert.Single(answers, a => a == "success_ok");
        Assert.All(answers, a => Assert.Contains(a, (string[])["success_ok", "error_hangup_already_in_progress", "error_session_ended"]));
        Assert.Single(_world.Told, t => t["call_state"] == "ended");
        // One that saw the call before its end may ask the exchange again, which refuses it.
        Assert.NotEmpty(_world.Asked.OfType<CallCommand.HangUp>());
    }

    [Fact]
    public async Task Of_two_blocks_in_the_same_instant_the_first_wins()
    {
        var session = await _world.ReadyAsync();
        _world.Outside.Hold = new TaskCompletionSource();

        var first = _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "One"), ("notify_url", Next));
        var second = await _world.StatusAsync("ivr/middle/play", ("session", session), ("notify_url", Next));
        _world.Outside.Hold.SetResult();

        Assert.Equal(("success_ok", "error_session_not_ready"), (await first, second));
    }

    [Fact]
    public async Task A_forced_hangup_does_not_wait_for_a_message_that_is_being_fetched()
    {
        var session = await _world.ReadyAsync();
        _world.Outside.Hold = new TaskCompletionSource();
        var play = _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "<url>http://slow.example/a.mp3</url>"), ("notify_url", Next));

        var hangup = await _world.StatusAsync("ivr/end/hangup", ("session", session), ("force", "enabled"), ("notify_url", Next + "2"));
        _world.Outside.Hold.SetResult();

        Assert.Equal(("success_ok", "error_session_ended"), (hangup, await play));
        Assert.Equal(["dial ongoing", "hangup ended"], _world.Heads);
    }

    [Fact]
    public async Task A_hangup_that_the_other_side_is_ahead_of_is_the_end_it_finds()
    {
        var session = await _world.ReadyAsync();
        _world.Refuse = c =>
        {
            if (c is CallCommand.KeepNote)
                _world.End(session);
            return CallRefusal.None;
        };

        var hangup = await _world.StatusAsync("ivr/end/hangup", ("session", session), ("notify_url", Next));

        Assert.Equal("error_session_ended", hangup);
        Assert.Equal(["dial ongoing", "dial ended"], _world.Heads);
    }

    [Theory]
    [InlineData(CallRefusal.HangupInProgress, "error_hangup_already_in_progress")]
    [InlineData(CallRefusal.CallEnded, "error_session_ended")]
    [InlineData(CallRefusal.NoSuchCall, "error_session_ended")]
    public async Task A_hangup_that_anothers_overtakes_after_it_was_noted_is_not_the_hangup(CallRefusal refusal, string expected)
    {
        var session = await _world.ReadyAsync();
        _world.Refuse = c => c is CallCommand.HangUp ? refusal : CallRefusal.None;

        var hangup = await _world.StatusAsync("ivr/end/hangup", ("session", session), ("notify_url", Next));

        Assert.Equal(expected, hangup);
    }

    [Fact]
    public async Task A_hangup_without_an_address_that_anothers_overtakes_leaves_the_end_to_the_block_before()
    {
        var ready = await _world.ReadyAsync();
        var busy = await _world.ReadyAsync();
        await _world.AskAsync("ivr/middle/gather", ("session", busy), ("notify_url", Next), ("tag", "t"));
        _world.Refuse = static c => c is CallCommand.HangUp ? CallRefusal.CallEnded : CallRefusal.None;

        await _world.StatusAsync("ivr/end/hangup", ("session", ready));
        await _world.StatusAsync("ivr/end/hangup", ("session", busy), ("force", "enabled"));
        _world.End(ready);
        _world.End(busy);

        Assert.Equal(["dial ongoing", "dial ongoing", "dial ended", "gather ended"], _world.Heads);
        Assert.Equal((HoiioWorld.Url + "/dial", Next, "t"), (_world.Told[2].Notification.Request.Url, _world.Told[3].Notification.Request.Url, _world.Told[3]["tag"]));
    }

    [Fact]
    public async Task A_hangup_while_the_call_is_ending_already_is_in_progress()
    {
        var session = await _world.ReadyAsync();
        _world.Refuse = static c => c is CallCommand.KeepNote ? CallRefusal.WrongState : c is CallCommand.HangUp ? CallRefusal.HangupInProgress : CallRefusal.None;

        var hangup = await _world.StatusAsync("ivr/end/hangup", ("session", session));
        var play = await _world.StatusAsync("ivr/middle/play", ("session", session));

        Assert.Equal(("error_hangup_already_in_progress", "error_session_not_ready"), (hangup, play));
    }

    [Fact]
    public async Task The_other_sides_hangup_in_the_applications_turn_is_told_where_the_last_block_was()
    {
        var session = await _world.ReadyAsync();
        await _world.AskAsync("ivr/middle/gather", ("session", session), ("notify_url", Next), ("tag", "t"));
        _world.Gathered(session, "42");

        _world.End(session);

        Assert.Equal(["dial ongoing", "gather ongoing", "gather ended"], _world.Heads);
        Assert.Equal((Next, "t", ""), (_world.Told[2].Notification.Request.Url, _world.Told[2]["tag"], _world.Told[2]["digits"]));
    }

    [Fact]
    public async Task The_other_sides_hangup_on_hold_is_told_as_hold_where_the_block_before_was()
    {
        var session = await _world.ReadyAsync();
        await _world.StatusAsync("ivr/middle/hold", ("session", session));

        _world.End(session);

        Assert.Equal(["dial ongoing", "hold ended"], _world.Heads);
        Assert.Equal(HoiioWorld.Url + "/dial", _world.Told[1].Notification.Request.Url);
    }

    [Fact]
    public async Task The_other_sides_hangup_in_the_first_message_was_an_answer()
    {
        var session = await _world.DialAsync(("msg", "Hello"), ("notify_url", Next));
        _world.Answer(HoiioWorld.IdOf(session));

        _world.End(session);

        Assert.Equal(["dial ended"], _world.Heads);
        Assert.Equal("answered", _world.Told[0]["dial_status"]);
    }

    [Fact]
    public async Task An_application_that_does_nothing_is_hung_up_after_a_minute()
    {
        var session = await _world.ReadyAsync();

        for (var i = 0; i < 62; i++)
            _world.Time.Advance(TimeSpan.FromSeconds(1));
        await _world.CommandAsync<CallCommand.HangUp>("the hangup");
        await Eventually.TrueAsync(() => _world.Told.Count > 1, "the end is told", TimeSpan.FromSeconds(30));

        Assert.Equal(new HangupBy.Timer(CallTimer.Idle), _world.Asked.OfType<CallCommand.HangUp>().Single().By);
        Assert.Equal(["dial ongoing", "dial ended"], _world.Heads);
        Assert.Equal("error_session_ended", await _world.StatusAsync("ivr/end/hangup", ("session", session)));
    }

    [Fact]
    public async Task A_hangup_by_reference_ends_the_session_in_any_state()
    {
        var session = await _world.ReadyAsync();
        await _world.AskAsync("ivr/middle/gather", ("session", session), ("notify_url", Next));

        var reply = await _world.StatusAsync("voice/hangup", ("txn_ref", $"AA-I-{session[2..]}"));
        var again = await _world.StatusAsync("voice/hangup", ("txn_ref", $"AA-I-{session[2..]}"));

        Assert.Equal(("success_ok", "success_ok"), (reply, again));
        Assert.Single(_world.Asked.OfType<CallCommand.HangUp>());
        Assert.Equal(["dial ongoing", "gather ended"], _world.Heads);
    }

    [Fact]
    public async Task A_call_of_another_dialect_is_a_session_once_it_talks()
    {
        var session = _world.Foreign("crm");

        var played = await _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "Hello"), ("notify_url", Next));
        await _world.PlayedAsync(session);
        var hungUp = await _world.StatusAsync("ivr/end/hangup", ("session", session), ("notify_url", Next));

        Assert.Equal(("success_ok", "success_ok"), (played, hungUp));
        Assert.Equal(["play ongoing", "hangup ended"], _world.Heads);
    }

    [Fact]
    public async Task After_a_restart_the_end_is_told_by_the_note()
    {
        var session = await _world.ReadyAsync();
        await _world.AskAsync("ivr/middle/gather", ("session", session), ("notify_url", Next), ("tag", "t"));
        var left = _world.Live()[0];
        await using var restarted = new HoiioWorld();

        var ended = left with { State = new Calls.CallState.Ended(new HangupBy.Recovery(), HangupCause.NormalTemporaryFailure), EndedAt = _world.Time.GetUtcNow() };
        restarted.Tell(new Calls.Events.CallEnded { Call = ended, Sequence = 9, At = ended.EndedAt.Value });
        restarted.Tell(new Calls.Events.HangupConfirmed { Call = ended, Sequence = 10, At = ended.EndedAt.Value, Leg = ended.Legs[0].Id, Confirmation = HangupConfirmation.Yes });

        var told = Assert.Single(restarted.Told);
        Assert.Equal(("gather ended", Next, "t"), (told.Head, told.Notification.Request.Url, told["tag"]));
        Assert.Null(restarted.Dialect.Desk.Find(ended.Id));
    }
}
