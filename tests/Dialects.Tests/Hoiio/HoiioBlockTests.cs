using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>What each block does on its call, and what it tells.</summary>
public sealed partial class HoiioBlockTests : IAsyncDisposable
{
    private const string Next = HoiioWorld.Url + "/next";

    private readonly HoiioWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    // E1, E2
    [Fact]
    public async Task A_dial_is_accepted_at_once_and_told_when_nobody_answers()
    {
        var reply = await _world.AskAsync("ivr/start/dial", ("dest", HoiioWorld.Dest), ("caller_id", "private"), ("msg", "Your parcel is ready."), ("tag", "order-77"), ("notify_url", HoiioWorld.Url + "/dial"));
        var session = reply.GetProperty("session").GetString()!;
        var placed = Assert.IsType<CallCommand.Originate>(Assert.Single(_world.Asked));

        _world.End(session, new HangupBy.Timer(CallTimer.Ring), HangupCause.NoAnswer);

        Assert.Equal((HoiioWorld.Dest, true, TimeSpan.FromSeconds(60)), (placed.Dialed, placed.Caller.IsWithheld, placed.RingTime));
        Assert.Equal(
            $"ivr_block=dial&session={session}&txn_ref={reply.GetProperty("txn_ref").GetString()}&dest=%2B6591230001&call_state=ended&dial_status=unanswered"
            + "&date=2013-05-02+18%3A17%3A00&duration=0&currency=SGD&rate=0.024&debit=0.000&tag=order-77",
            Assert.Single(_world.Told).Body);
    }

    [Theory]
    [InlineData(HangupCause.UserBusy, "busy")]
    [InlineData(HangupCause.NoAnswer, "unanswered")]
    [InlineData(HangupCause.NoUserResponse, "unanswered")]
    [InlineData(HangupCause.OriginatorCancel, "unanswered")]
    [InlineData(HangupCause.CallRejected, "failed")]
    [InlineData(HangupCause.UnallocatedNumber, "failed")]
    [InlineData(HangupCause.InvalidNumberFormat, "failed")]
    [InlineData(HangupCause.NormalTemporaryFailure, "failed")]
    [InlineData(HangupCause.SwitchCongestion, "failed")]
    [InlineData(HangupCause.RecoveryOnTimerExpire, "failed")]
    [InlineData(HangupCause.SubscriberAbsent, "failed")]
    public async Task An_attempt_that_failed_has_the_word_of_its_cause(HangupCause cause, string expected)
    {
        var session = await _world.DialAsync(("notify_url", Next));

        _world.End(session, cause: cause);

        Assert.Equal(expected, Assert.Single(_world.Told)["dial_status"]);
    }

    [Fact]
    public async Task A_dialled_phone_hears_the_message_and_then_it_is_the_applications_turn()
    {
        var session = await _world.DialAsync(("msg", "Hello"), ("notify_url", Next));
        _world.Answer(HoiioWorld.IdOf(session));
        var play = await _world.OrderAsync<AudioOrder.Play>(session);
        var early = await _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "more"));

        await _world.PlayedAsync(session);

        Assert.Equal(new AudioSource.Speech("Hello", "en-us", "en-us+f2"), play.Source);
        Assert.Equal("error_session_not_ready", early);
        Assert.Equal(["dial ongoing"], _world.Heads);
        Assert.Equal(("answered", ""), (_world.Told[0]["dial_status"], _world.Told[0]["duration"]));
    }

    [Fact]
    public async Task A_dial_without_an_address_hangs_up_after_its_message_and_tells_nobody()
    {
        var session = await _world.DialAsync(("msg", "Hello"));
        _world.Answer(HoiioWorld.IdOf(session));

        await _world.PlayedAsync(session);
        await _world.CommandAsync<CallCommand.HangUp>("the hangup");

        Assert.Equal("error_session_ended", await _world.StatusAsync("ivr/middle/play", ("session", session)));
        Assert.Empty(_world.Told);
    }

    [Fact]
    public async Task Limits_and_the_time_to_ring_are_as_asked()
    {
        await _world.DialAsync(("max_duration", "600"), ("ring_time", "25"));
        await _world.DialAsync(("ringtime", "30"));

        var asked = _world.Asked.OfType<CallCommand.Originate>().ToList();

        Assert.Equal((TimeSpan.FromSeconds(600), TimeSpan.FromSeconds(25)), (asked[0].MaxDuration!.Value, asked[0].RingTime));
        Assert.Equal((null, TimeSpan.FromSeconds(30)), (asked[1].MaxDuration, asked[1].RingTime));
    }

    [Theory]
    [InlineData("dest", "6591230001", "error_dest_invalid")]
    [InlineData("dest", "+0591230001", "error_dest_invalid")]
    [InlineData("dest", "+65 9123 0001", "error_dest_invalid")]
    [InlineData("dest", "+6599999999", "error_dest_not_supported")]
    [InlineData("max_duration", "0", "error_max_duration_invalid")]
    [InlineData("max_duration", "1.5", "error_max_duration_invalid")]
    [InlineData("caller_id", "+6531580001", "error_caller_id_invalid")]
    [InlineData("notify_url", "ftp://crm.example.net/", "error_invalid_notify_url")]
    [InlineData("notify_url", "/h", "error_invalid_notify_url")]
    public async Task What_is_wrong_with_a_dial_has_its_status(string name, string value, string expected)
    {
        _world.Nowhere.Add("+6599999999");

        var status = await _world.StatusAsync("ivr/start/dial", name == "dest" ? [(name, value)] : [("dest", HoiioWorld.Dest), (name, value)]);

        Assert.Equal(expected, status);
        Assert.Empty(_world.Asked);
    }

    [Theory]
    [InlineData("private", HoiioWorld.Own, true)]
    [InlineData("p", HoiioWorld.Own, true)]
    [InlineData(HoiioWorld.Own, HoiioWorld.Own, false)]
    [InlineData("", HoiioWorld.Own, false)]
    public async Task Callers_are_shown_the_accounts_own_number_or_none(string callerId, string number, bool withheld)
    {
        await _world.DialAsync(("caller_id", callerId));

        Assert.Equal(new Party(number, IsWithheld: withheld), _world.Asked.OfType<CallCommand.Originate>().Single().Caller);
    }

    [Fact]
    public async Task A_number_with_a_plus_that_was_not_encoded_is_read_as_meant()
    {
        var reply = await _world.SendAsync("GET", $"ivr/start/dial?app_id={HoiioWorld.AppId}&access_token={HoiioWorld.Token}&dest=+6591230001");

        Assert.Equal("success_ok", reply.GetProperty("status").GetString());
        Assert.Equal("+6591230001", _world.Live()[0].Dialed);
    }

    [Fact]
    public async Task A_play_is_told_when_it_is_over()
    {
        var session = await _world.ReadyAsync();

        var reply = await _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "One"), ("notify_url", Next), ("tag", "t"));
        await _world.PlayedAsync(session);

        Assert.Equal("success_ok", reply);
        Assert.Equal(["dial ongoing", "play ongoing"], _world.Heads);
        Assert.Equal((Next, "t"), (_world.Told[1].Notification.Request.Url, _world.Told[1]["tag"]));
    }

    [Fact]
    public async Task A_play_without_a_message_goes_straight_on()
    {
        var session = await _world.ReadyAsync();

        await _world.StatusAsync("ivr/middle/play", ("session", session), ("notify_url", Next));
        await _world.PlayedAsync(session);

        Assert.Equal(new AudioSource.Builtin(BuiltinSound.Silence), _world.Orders<AudioOrder.Play>(session).Single().Source);
        Assert.Equal("play ongoing", _world.Heads.Last());
    }

    [Fact]
    public async Task A_play_without_an_address_hangs_up_after_it()
    {
        var session = await _world.ReadyAsync();

        await _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "Bye"));
        await _world.PlayedAsync(session);
        await _world.CommandAsync<CallCommand.HangUp>("the hangup");

        Assert.Equal(["dial ongoing"], _world.Heads);
    }

    // E3
    [Fact]
    public async Task Digits_are_gathered_on_the_vendors_terms_and_told()
    {
        var session = await _world.ReadyAsync();

        await _world.AskAsync("ivr/middle/gather", ("session", session), ("msg", "Type your code"), ("max_digits", "2"), ("timeout", "8"), ("attempts", "2"), ("tag", "order-77"), ("notify_url", HoiioWorld.Url + "/code"));
        var terms = (await _world.OrderAsync<AudioOrder.Gather>(session)).Terms;
        _world.Gathered(session, "42");

        Assert.Equal((2, TimeSpan.FromSeconds(8), null, "#", 2), (terms.MaxDigits, terms.FirstTimeout, terms.DigitTimeout, terms.EndKeys, terms.Attempts));
        Assert.Equal(
            $"ivr_block=gather&session={session}&txn_ref=AA-I-{session[2..]}&dest=%2B6591230001&call_state=ongoing&digits=42&tag=order-77", _world.Told[^1].Body);
    }

    [Fact]
    public async Task Silence_gathers_nothing_and_keeps_the_call()
    {
        var session = await _world.ReadyAsync();

        await _world.AskAsync("ivr/middle/gather", ("session", session), ("notify_url", Next));
        var terms = (await _world.OrderAsync<AudioOrder.Gather>(session)).Terms;
        _world.Gathered(session, "", GatherEnding.Timeout);

        Assert.Equal((255, TimeSpan.FromSeconds(15), 1), (terms.MaxDigits, terms.FirstTimeout, terms.Attempts));
        Assert.Contains("&call_state=ongoing&digits=", _world.Told[^1].Body, StringComparison.Ordinal);
        Assert.Equal("success_ok", await _world.StatusAsync("ivr/middle/play", ("session", session), ("notify_url", Next)));
    }

    [Theory]
    [InlineData("max_digits", "256", "error_invalid_max_digits")]
    [InlineData("max_digits", "-1", "error_invalid_max_digits")]
    [InlineData("timeout", "0", "error_invalid_timeout")]
    [InlineData("timeout", "301", "error_invalid_timeout")]
    [InlineData("attempts", "11", "error_invalid_attempts")]
    [InlineData("attempts", "many", "error_invalid_attempts")]
    public async Task What_is_wrong_with_a_gather_has_its_status_and_leaves_the_session(string name, string value, string expected)
    {
        var session = await _world.ReadyAsync();

        var wrong = await _world.StatusAsync("ivr/middle/gather", ("session", session), ("notify_url", Next), (name, value));
        var right = await _world.StatusAsync("ivr/middle/gather", ("session", session), ("notify_url", Next));

        Assert.Equal((expected, "success_ok"), (wrong, right));
    }

    [Fact]
    public async Task A_caller_who_hangs_up_has_typed_what_was_typed()
    {
        var session = await _world.ReadyAsync();
        await _world.AskAsync("ivr/middle/gather", ("session", session), ("notify_url", Next));

        _world.Gathered(session, "12", GatherEnding.HungUp);
        _world.End(session);

        Assert.Equal(["dial ongoing", "gather ended"], _world.Heads);
        Assert.Equal(("12", "0.024"), (_world.Told[1]["digits"], _world.Told[1]["debit"]));
    }

    [Fact]
    public async Task An_incoming_call_is_announced_and_answered_by_the_first_block()
    {
        var session = _world.Incoming();

        var reply = await _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "Welcome"), ("notify_url", Next));
        await _world.PlayedAsync(session);

        Assert.Equal($"ivr_block=answer&session={session}&txn_ref=AA-I-{session[2..]}&from=%2B6598880000&to=%2B6531580000&call_state=ringing", _world.Told[0].Body);
        Assert.Equal((HoiioWorld.Url + "/in", "success_ok"), (_world.Told[0].Notification.Request.Url, reply));
        Assert.Single(_world.Asked.OfType<CallCommand.Answer>());
        Assert.Equal(["answer ringing", "play ongoing"], _world.Heads);
    }

    [Fact]
    public async Task A_withheld_caller_is_private()
    {
        _world.Incoming(new Party("+6598880000", IsWithheld: true));

        Assert.Equal("private", _world.Told[0]["from"]);
        Assert.Equal("private", (await _world.AskAsync("voice/query_status", ("txn_ref", _world.Told[0]["txn_ref"]))).GetProperty("dest1").GetString());
    }

    [Fact]
    public void A_caller_who_gives_up_before_any_block_is_told_as_answer_ended()
    {
        var session = _world.Incoming();

        _world.End(session, new HangupBy.Caller(), HangupCause.OriginatorCancel);

        Assert.Equal(["answer ringing", "answer ended"], _world.Heads);
        Assert.Equal(("0", "0.012", "0.000"), (_world.Told[1]["duration"], _world.Told[1]["rate"], _world.Told[1]["debit"]));
    }

    [Fact]
    public async Task A_hangup_as_the_first_request_refuses_the_call_unheard()
    {
        var session = _world.Incoming();

        var reply = await _world.StatusAsync("ivr/end/hangup", ("session", session), ("msg", "Go away"), ("notify_url", Next));

        Assert.Equal("success_ok", reply);
        Assert.Empty(_world.Asked.OfType<CallCommand.Answer>());
        Assert.Empty(_world.Orders<AudioOrder.Play>(session));
        Assert.Equal(["answer ringing", "hangup ended"], _world.Heads);
    }

    [Fact]
    public void A_number_of_an_account_that_may_not_use_the_dialect_is_nobodys()
    {
        var number = new Switchhook.Calls.Directory.NumberEntry { Number = "+651", Account = "gone", To = new() { Hoiio = HoiioWorld.Url } };

        var offer = _world.Dialect.Numbers.Offer(number, _world.Directory.Current, new Switchhook.Calls.Ports.ArrivingCall(new Party("1"), []));

        Assert.Null(offer);
    }
}
