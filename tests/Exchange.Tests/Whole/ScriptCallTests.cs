using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Ivr;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>A peer exchange calls an API extension, whose script decides.</summary>
public sealed class ScriptCallTests : IAsyncLifetime
{
    private const string Url = "http://127.0.0.1/in";

    private static readonly HangupBy Api = new HangupBy.Api("native", "demo");

    private readonly FakeScripts _scripts = new();
    private Loopback _loopback = null!;
    private ScriptedPhone _peer = null!;

    public ValueTask InitializeAsync()
    {
        _loopback = Loopback.Start(
            new Provisioning
            {
                Extensions =
                [
                    new Extension { Number = "900", Kind = ExtensionKind.Api, Url = Url, Account = "demo" },
                    new Extension { Number = "901", Kind = ExtensionKind.Api, Account = "demo" },
                    new Extension { Number = "800", Kind = ExtensionKind.Service, Account = "demo" },
                    new Extension { Number = "809", Kind = ExtensionKind.Service, Account = "other" },
                ],
                Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", MayDial = TrunkDial.Extensions }],
            },
            null,
            _scripts);
        _peer = _loopback.Peer();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task A_script_that_rejects_declines_the_call_before_its_answer()
    {
        _scripts.With(Url, new Verb.Reject(Line: 3));

        var call = await _peer.DialAsync("900");

        Assert.Equal(21, (await call.ExpectRefusalAsync(603)).Q850);
        var ended = await _loopback.EndedAsync();
        Assert.Equal("script (Reject, line 3) CALL_REJECTED", Loopback.Why(ended));
        Assert.Equal(("900", ScriptOccasion.IncomingCall), (ended.Origin.ApiExtension, Assert.Single(_scripts.Asked).Occasion));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_script_plays_a_file_and_hangs_up_with_its_verb_and_line()
    {
        await File.WriteAllBytesAsync(_loopback.Prompts.At("hello.wav"), WavFiles.Sine(0.3, 800));
        _scripts.With(Url, new Verb.Play("hello.wav", Repeat: false, Timeout: null, Line: 2), new Verb.HangUp(null, Line: 3), new Verb.Reject(Line: 4));
        var audio = _loopback.Audio();

        var call = await _peer.DialAsync("900", audio.Local);
        await call.ConnectAsync();
        await audio.HearToneAsync(800);

        Assert.Equal(16, (await call.ExpectByeAsync()).Q850);
        Assert.Equal("script (Hangup, line 3) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
        Assert.Contains(_loopback.Ports.Find(_loopback.Ports.Ended.Single().Id)!, e => e.Kind == "script" && e.Summary == "Play, line 2");
    }

    [Fact]
    public async Task A_repeated_file_ends_at_its_timeout()
    {
        await File.WriteAllBytesAsync(_loopback.Prompts.At("hello.wav"), WavFiles.Sine(0.1));
        _scripts.With(Url, new Verb.Play("hello.wav", Repeat: true, TimeSpan.FromMilliseconds(250), Line: 1));

        var call = await _peer.DialAsync("900");
        await call.ConnectAsync();

        await call.ExpectByeAsync();
        Assert.Equal("script (end of script) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_delay_passes_and_then_the_end_of_the_script_hangs_up()
    {
        _scripts.With(Url, new Verb.Delay(TimeSpan.FromMilliseconds(50), Line: 1));

        var call = await _peer.DialAsync("900");
        await call.ConnectAsync();

        await call.ExpectByeAsync();
        Assert.Equal("script (end of script) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task An_empty_script_refuses_the_call()
    {
        _scripts.With(Url);

        var call = await _peer.DialAsync("900");

        await call.ExpectRefusalAsync(480);
        Assert.Equal("script (end of script) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_file_that_is_missing_is_reported_and_the_next_verb_runs()
    {
        _scripts.With(Url, new Verb.Play("gone.wav", Repeat: false, Timeout: null, Line: 1), new Verb.Speak("hello", null, null, Line: 2), new Verb.HangUp(null, Line: 3));

        var call = await _peer.DialAsync("900");
        await call.ConnectAsync();

        await call.ExpectByeAsync();
        Assert.Equal("script (Hangup, line 3) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        Assert.Equal(2, _loopback.Ports.Events.OfType<ScriptFailed>().Count());
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_goto_that_fails_is_reported_and_ends_the_call_by_its_verb()
    {
        _scripts.With(Url, new Verb.Delay(TimeSpan.FromMilliseconds(1), Line: 1), new Verb.GoTo("elsewhere", Line: 2));

        var call = await _peer.DialAsync("900");
        await call.ConnectAsync();

        await call.ExpectByeAsync();
        Assert.Equal("script (GoTo, line 2) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        Assert.Equal((404, "no such script"), (Failed().Code, Failed().Message));
        Assert.Equal((ScriptOccasion.GoTo, Url), (_scripts.Asked.Last().Occasion, _scripts.Asked.Last().Base));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_goto_goes_on_elsewhere()
    {
        _scripts.With(Url, new Verb.GoTo("elsewhere", Line: 2)).With("elsewhere", new Verb.HangUp(null, Line: 9));

        var call = await _peer.DialAsync("900");
        await call.ConnectAsync();

        await call.ExpectByeAsync();
        Assert.Equal("script (Hangup, line 9) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_script_that_cannot_be_fetched_refuses_the_call_and_is_reported()
    {
        var call = await _peer.DialAsync("900");

        await call.ExpectRefusalAsync(480);

        Assert.Equal("script (no script) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        Assert.Equal(404, Failed().Code);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_dialect_with_a_bug_does_not_leave_the_caller_ringing()
    {
        _scripts.With(Url, _ => throw new InvalidOperationException("a bug of the dialect"));

        var call = await _peer.DialAsync("900");

        await call.ExpectRefusalAsync(480);
        await _loopback.QuietAsync();
        Assert.Equal("the script could not be fetched", Failed().Message);
    }

    [Fact]
    public async Task A_caller_that_leaves_while_the_script_is_fetched_stops_the_fetch()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _scripts.With(Url, async stop =>
        {
            await using var registration = stop.Register(() => stopped.TrySetResult());
            await stopped.Task;
            throw new OperationCanceledException(stop);
        });
        var call = await _peer.DialAsync("900");
        await call.ExpectAsync(180);

        await call.CancelAsync();

        await call.ExpectRefusalAsync(487);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("caller ORIGINATOR_CANCEL", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
        Assert.Empty(_loopback.Ports.Events.OfType<ScriptFailed>());
    }

    [Fact]
    public async Task A_caller_that_hangs_up_during_a_prompt_ends_the_script()
    {
        await File.WriteAllBytesAsync(_loopback.Prompts.At("long.wav"), WavFiles.Sine(30));
        _scripts.With(Url, new Verb.Play("long.wav", Repeat: true, TimeSpan.FromMinutes(10), Line: 1), new Verb.HangUp(null, Line: 2));
        var audio = _loopback.Audio();
        var call = await _peer.DialAsync("900", audio.Local);
        await call.ConnectAsync();
        await audio.HearAsync(5);

        await call.HangUpAsync();

        var ended = await _loopback.EndedAsync();
        Assert.Equal("caller NORMAL_CLEARING", Loopback.Why(ended));
        Assert.Equal("long.wav", Loopback.Record(ended).Media!.Prompt);
        await _loopback.QuietAsync();
        Assert.Equal("call.ended", _loopback.Ports.Events[^1].Name);
    }

    [Fact]
    public async Task An_application_hangs_up_in_the_middle_of_a_delay()
    {
        _scripts.With(Url, new Verb.Delay(TimeSpan.FromHours(1), Line: 1));
        var call = await _peer.DialAsync("900");
        await call.ConnectAsync();
        var id = (await _loopback.Ports.EventAsync(e => e is CallAnswered)).Call.Id;

        await _loopback.AskAsync(new CallCommand.HangUp(id, Api));

        await call.ExpectByeAsync();
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData("800", 0)]
    [InlineData("809", 1)]
    public async Task A_script_hangs_another_call_up_when_both_are_visible_to_one_account(string other, int failures)
    {
        var first = await _peer.DialAsync(other);
        await first.ConnectAsync();
        var id = (await _loopback.Ports.EventAsync(e => e is CallAnswered)).Call.Id;
        _scripts.With(Url, new Verb.HangUp(id.ToString(), Line: 1), new Verb.Delay(TimeSpan.FromMilliseconds(1), Line: 2));

        var second = await _peer.DialAsync("900");
        await second.ConnectAsync();
        await second.ExpectByeAsync();

        if (failures == 0)
        {
            await first.ExpectByeAsync();
            Assert.Equal("script (Hangup, line 1) NORMAL_CLEARING", Loopback.Why((await _loopback.Ports.EventAsync(e => e is CallEnded && e.Call.Id == id)).Call));
        }
        else
            Assert.Equal(200, (await first.HangUpAsync()).Status);
        await _loopback.QuietAsync();
        Assert.Equal(failures, _loopback.Ports.Events.OfType<ScriptFailed>().Count());
    }

    [Fact]
    public async Task An_api_extension_without_a_url_refuses()
    {
        var call = await _peer.DialAsync("901");

        Assert.Equal(18, (await call.ExpectRefusalAsync(408)).Q850);
        Assert.Equal("policy (API extension has no url) NO_USER_RESPONSE", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    private ScriptFailed Failed() => Assert.Single(_loopback.Ports.Events.OfType<ScriptFailed>());
}
