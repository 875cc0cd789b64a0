using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <content>Recordings, the whole call's, and hold.</content>
public sealed partial class HoiioBlockTests
{
    [Fact]
    public async Task A_recording_begins_after_message_and_beep_and_its_address_is_told_when_it_is_there()
    {
        var session = await _world.ReadyAsync();

        await _world.AskAsync("ivr/middle/record", ("session", session), ("msg", "Speak"), ("notify_url", Next));
        var prompt = (await _world.OrderAsync<AudioOrder.Play>(session)).Source;
        await _world.PlayedAsync(session);
        var terms = (await _world.OrderAsync<AudioOrder.Record>(session)).Terms;
        _world.RecordingBegan(session);
        _world.Recorded(session, $"{session[2..]}-1.mp3");

        Assert.Equal(new AudioSource.Builtin(BuiltinSound.Beep), Assert.IsType<AudioSource.Sequence>(prompt).Parts[^1]);
        Assert.Equal((TimeSpan.FromSeconds(120), "#", RecordingFormat.Mp3), (terms.MostLength!.Value, terms.EndKeys, terms.Format));
        Assert.Equal("record ongoing", _world.Heads.Last());
        Assert.Matches($"^http://pbx.example/open/recordings/[0-9a-f]{{32}}/{session[2..]}-1.mp3$", _world.Told[^1]["record_url"]);
    }

    [Fact]
    public async Task What_was_recorded_is_delivered_when_the_caller_hangs_up()
    {
        var session = await _world.ReadyAsync();
        await _world.AskAsync("ivr/middle/record", ("session", session), ("notify_url", Next), ("max_duration", "30"));
        await _world.PlayedAsync(session);
        await _world.OrderAsync<AudioOrder.Record>(session);
        _world.RecordingBegan(session);

        _world.End(session);
        var before = _world.Heads.ToList();
        _world.Recorded(session, $"{session[2..]}-1.mp3", RecordingEnding.HungUp);

        Assert.Equal(["dial ongoing"], before);
        Assert.Equal(["dial ongoing", "record ended"], _world.Heads);
        Assert.EndsWith("-1.mp3", _world.Told[1]["record_url"], StringComparison.Ordinal);
        Assert.Null(_world.Dialect.Desk.Find(HoiioWorld.IdOf(session)));
    }

    [Fact]
    public async Task A_caller_who_hangs_up_before_the_beep_has_recorded_nothing()
    {
        var session = await _world.ReadyAsync();
        await _world.AskAsync("ivr/middle/record", ("session", session), ("notify_url", Next));

        _world.End(session);

        Assert.Equal(["dial ongoing", "record ended"], _world.Heads);
        Assert.DoesNotContain("record_url", _world.Told[1].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("99999")]
    [InlineData("x")]
    public async Task A_recording_of_no_length_is_refused(string length)
    {
        var session = await _world.ReadyAsync();

        Assert.Equal("error_invalid_max_duration", await _world.StatusAsync("ivr/middle/record", ("session", session), ("notify_url", Next), ("max_duration", length)));
    }

    // E12
    [Fact]
    public async Task A_monitored_call_goes_on_and_its_recording_is_announced_after_its_end()
    {
        var session = await _world.ReadyAsync();
        await _world.AskAsync("ivr/middle/monitor", ("session", session), ("msg", "This call is recorded"), ("notify_url", Next), ("monitor_notify_url", HoiioWorld.Url + "/mon"));
        await _world.PlayedAsync(session);
        await _world.OrderAsync<AudioOrder.Record>(session);
        _world.RecordingBegan(session);
        var again = await _world.StatusAsync("ivr/middle/monitor", ("session", session), ("notify_url", Next));

        await _world.StatusAsync("ivr/end/hangup", ("session", session), ("notify_url", Next + "2"));
        _world.Recorded(session, $"{session[2..]}-1.mp3", RecordingEnding.HungUp);

        Assert.Equal("error_monitor_in_progress", again);
        Assert.True(_world.Orders<AudioOrder.Record>(session).Single().Terms.Beside);
        Assert.Equal(["dial ongoing", "monitor ongoing", "hangup ended", "monitor ended"], _world.Heads);
        Assert.Equal((HoiioWorld.Url + "/mon", "0.024"), (_world.Told[3].Notification.Request.Url, _world.Told[3]["debit"]));
        Assert.Matches("^http://pbx.example/open/recordings/.*-1.mp3$", _world.Told[3]["monitor_url"]);
        Assert.Equal([true, false], _world.Told.Skip(2).Select(t => t.Notification.Terminal));
    }

    [Fact]
    public async Task A_message_is_recorded_in_a_call_that_is_monitored()
    {
        var session = await _world.ReadyAsync();
        await _world.AskAsync("ivr/middle/monitor", ("session", session), ("notify_url", Next));
        await _world.OrderAsync<AudioOrder.Record>(session);
        _world.RecordingBegan(session);

        var reply = await _world.StatusAsync("ivr/middle/record", ("session", session), ("notify_url", Next));
        await _world.PlayedAsync(session);
        await Switchhook.TestKit.Timing.Eventually.TrueAsync(() => _world.Orders<AudioOrder.Record>(session).Count() == 2, "the second recording", TimeSpan.FromSeconds(30));
        _world.RecordingBegan(session);
        _world.Recorded(session, $"{session[2..]}-2.mp3");
        _world.End(session);
        _world.Recorded(session, $"{session[2..]}-1.mp3", RecordingEnding.HungUp, tag: "hoiio.monitor");

        Assert.Equal("success_ok", reply);
        Assert.Equal(["dial ongoing", "monitor ongoing", "record ongoing", "record ended", "monitor ended"], _world.Heads);
        Assert.EndsWith("-2.mp3", _world.Told[2]["record_url"], StringComparison.Ordinal);
        Assert.EndsWith("-1.mp3", _world.Told[4]["monitor_url"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_monitored_call_without_an_address_for_it_is_announced_where_the_last_block_was()
    {
        var session = await _world.ReadyAsync();
        await _world.AskAsync("ivr/middle/monitor", ("session", session), ("notify_url", Next));
        await _world.OrderAsync<AudioOrder.Record>(session);
        _world.RecordingBegan(session);

        _world.Recorded(session, $"{session[2..]}-1.mp3", RecordingEnding.HungUp);
        _world.End(session);

        Assert.Equal(["dial ongoing", "monitor ongoing", "monitor ended", "monitor ended"], _world.Heads);
        Assert.Equal((Next, ""), (_world.Told[3].Notification.Request.Url, _world.Told[2]["monitor_url"]));
    }

    [Fact]
    public async Task Hold_loops_music_or_a_message_and_unhold_ends_it()
    {
        var session = await _world.ReadyAsync();

        var held = await _world.StatusAsync("ivr/middle/hold", ("session", session));
        var music = await _world.OrderAsync<AudioOrder.Play>(session);
        var meanwhile = await _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "x"));
        var unheld = await _world.StatusAsync("ivr/middle/unhold", ("session", session), ("notify_url", Next), ("tag", "t"));
        await _world.OrderAsync<AudioOrder.StopPlaying>(session);
        await _world.PlayedAsync(session, PlaybackEnding.Stopped);

        Assert.Equal((true, new AudioSource.Builtin(BuiltinSound.WaitingMusic)), (music.Loop, music.Source));
        Assert.Equal(("success_ok", "error_session_not_ready", "success_ok"), (held, meanwhile, unheld));
        Assert.Equal(["dial ongoing", "unhold ongoing"], _world.Heads);
    }

    [Fact]
    public async Task Unhold_without_a_hold_is_refused_and_without_an_address_hangs_up()
    {
        var session = await _world.ReadyAsync();

        var early = await _world.StatusAsync("ivr/middle/unhold", ("session", session));
        await _world.StatusAsync("ivr/middle/hold", ("session", session), ("msg", "Please wait"));
        await _world.StatusAsync("ivr/middle/unhold", ("session", session));
        await _world.PlayedAsync(session, PlaybackEnding.Stopped);
        await _world.CommandAsync<CallCommand.HangUp>("the hangup");

        Assert.Equal("error_session_not_on_hold", early);
        Assert.Equal(["dial ongoing"], _world.Heads);
    }
}
