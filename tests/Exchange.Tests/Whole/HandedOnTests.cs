using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Ivr;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>A script's party, or a caller that hears ringing, goes on to a service or an API extension of ours.</summary>
public sealed class HandedOnTests : IAsyncLifetime
{
    private const string First = "http://127.0.0.1/first";
    private const string Second = "http://127.0.0.1/second";

    private readonly FakeScripts _scripts = new();
    private Loopback _loopback = null!;
    private ScriptedPhone _phone = null!;
    private RtpProbe _ear = null!;

    public async ValueTask InitializeAsync()
    {
        _loopback = Loopback.Start(
            new Provisioning
            {
                Extensions =
                [
                    new Extension { Number = "101", Secret = "pw101", Account = "demo" }, new Extension { Number = "102", Secret = "pw102", Account = "demo" },
                    new Extension { Number = "900", Kind = ExtensionKind.Api, Url = First, Account = "demo" },
                    new Extension { Number = "901", Kind = ExtensionKind.Api, Url = Second, Account = "demo" },
                    Service("802", ServiceBehaviour.Echo), Service("803", ServiceBehaviour.Ring), Service("804", ServiceBehaviour.Busy),
                ],
            },
            null, _scripts);
        _phone = _loopback.Phone("101", "pw101");
        _ear = _loopback.Audio();
        await File.WriteAllBytesAsync(_loopback.Prompts.At("first.wav"), WavFiles.Sine(0.5, 700));
        await File.WriteAllBytesAsync(_loopback.Prompts.At("then.wav"), WavFiles.Sine(0.5, 1300));
        await File.WriteAllBytesAsync(_loopback.Prompts.At("second.wav"), WavFiles.Sine(0.5, 900));
        _scripts.With(First, Loop("first.wav"), Loop("then.wav"));
        _scripts.With(Second, Loop("second.wav"));
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task Another_script_takes_the_party_of_an_application()
    {
        var call = await ListenAsync();

        var reply = await SendAsync("901");
        await _ear.HearToneAsync(900);
        await call.HangUpAsync();

        Assert.Equal(CallRefusal.None, reply.Refusal);
        Assert.Equal(["900", "901"], _scripts.Asked.Select(a => a.Call.Origin.ApiExtension));
        Assert.Equal(ScriptOccasion.IncomingCall, _scripts.Asked.Last().Occasion);
        var ended = await _loopback.EndedAsync();
        Assert.Equal(("901", "901", 1), (ended.Origin.ApiExtension, ended.CalleeDialed, ended.Legs.Length));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_service_takes_the_party_of_an_application()
    {
        var call = await ListenAsync();

        await SendAsync("802");
        await _loopback.Ports.EventAsync(e => e is CallTransferred);
        await HearEchoAsync();
        await call.HangUpAsync();

        Assert.IsType<CallPlan.Service>((await _loopback.EndedAsync()).Plan);
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData("901", HangupCause.CallRejected)]
    [InlineData("804", HangupCause.UserBusy)]
    public async Task A_party_that_is_refused_stays_with_its_script_which_goes_on_and_whoever_asked_is_told(string target, HangupCause cause)
    {
        _scripts.With(Second, new Verb.Reject(Line: 3));
        var call = await ListenAsync();

        await SendAsync(target);
        var failed = (CallTransferFailed)await _loopback.Ports.EventAsync(e => e is CallTransferFailed);
        await _ear.HearToneAsync(1300);
        await call.HangUpAsync();

        var ended = await _loopback.EndedAsync();
        Assert.Equal(cause, failed.Cause);
        Assert.Equal(("900", "caller NORMAL_CLEARING"), (ended.Origin.ApiExtension, Loopback.Why(ended)));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_script_that_cannot_be_had_leaves_the_party_with_the_first_which_can_send_it_on_again()
    {
        _scripts.With(Second, _ => Task.FromResult<ScriptFetch>(new ScriptFetch.Failed(500, "out of order")));
        var call = await ListenAsync();

        await SendAsync("901");
        await _ear.HearToneAsync(1300);
        await SendAsync("802");
        await _loopback.Ports.EventAsync(e => e is CallTransferred);
        await HearEchoAsync();
        await call.HangUpAsync();

        await _loopback.EndedAsync();
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_party_that_hangs_up_while_the_second_script_is_asked_ends_both()
    {
        var asked = new TaskCompletionSource();
        _scripts.With(Second, async stop =>
        {
            asked.TrySetResult();
            return await new TaskCompletionSource<ScriptFetch>().Task.WaitAsync(stop);
        });
        var call = await ListenAsync();

        await SendAsync("901");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await call.HangUpAsync();

        Assert.Equal("caller NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData("901", 900)]
    [InlineData("804", 1300)]
    public async Task A_script_hands_its_party_on_by_its_own_verb(string target, double heard)
    {
        _scripts.With(First, new Verb.Transfer([target], TimeSpan.FromSeconds(30), null, Line: 1), Loop("then.wav"));
        var call = await _phone.DialAsync("900", _ear.Local);
        await call.ConnectAsync();
        _ear.Remote = Sdp.AudioEndpoint(call.RemoteSdp);

        await _ear.HearToneAsync(heard);
        await call.HangUpAsync();

        Assert.Equal("caller NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_call_that_rings_is_forwarded_to_a_script()
    {
        var (call, rung) = await RingAsync();

        var reply = await ForwardAsync("901");
        await rung.ExpectCancelAsync();
        await call.ConnectAsync();
        _ear.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        await _ear.HearToneAsync(900);
        await call.HangUpAsync();

        Assert.Equal(CallRefusal.None, reply.Refusal);
        var ended = await _loopback.EndedAsync();
        Assert.Equal(("901", "901"), (ended.Origin.ApiExtension, ended.CalleeDialed));
        Assert.Equal(["caller", "transfer"], ended.Legs.Select(l => l.Record!.By.Word));
        Assert.Contains(_loopback.Ports.Events, e => e is CallForwarded);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_call_that_rings_is_forwarded_to_a_service()
    {
        var (call, rung) = await RingAsync();

        await ForwardAsync("802");
        await rung.ExpectCancelAsync();
        await call.ConnectAsync();
        _ear.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        await HearEchoAsync();
        await call.HangUpAsync();

        await _loopback.EndedAsync();
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_call_forwarded_to_what_is_busy_is_refused_with_that()
    {
        var (call, rung) = await RingAsync();

        await ForwardAsync("804");
        await rung.ExpectCancelAsync();
        await call.ExpectRefusalAsync(486);

        Assert.Equal("policy (service busy) USER_BUSY", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    private static Verb.Play Loop(string file) => new(file, Repeat: true, Timeout: null, Line: 2);

    private static Extension Service(string number, ServiceBehaviour behaviour) => new() { Number = number, Kind = ExtensionKind.Service, Behaviour = behaviour, Account = "demo" };

    /// <summary>101 hears the first script.</summary>
    private async Task<ScriptedCall> ListenAsync()
    {
        var call = await _phone.DialAsync("900", _ear.Local);
        await call.ConnectAsync();
        _ear.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        await _ear.HearToneAsync(700);
        return call;
    }

    /// <summary>101 calls 102, which rings.</summary>
    private async Task<(ScriptedCall Call, ScriptedCall Rung)> RingAsync()
    {
        var other = _loopback.Phone("102", "pw102");
        await other.RegisterAsync();
        var call = await _phone.DialAsync("102", _ear.Local);
        var rung = await other.IncomingAsync();
        await rung.RingAsync();
        await call.ExpectAsync(180);
        return (call, rung);
    }

    private ValueTask<CallReply> SendAsync(string target) => _loopback.AskAsync(new CallCommand.Transfer(_loopback.Exchange.Live()[0].Id, LegRole.Callee, target));

    private ValueTask<CallReply> ForwardAsync(string target) => _loopback.AskAsync(new CallCommand.Forward(_loopback.Exchange.Live()[0].Id, target));

    private async Task HearEchoAsync()
    {
        using var heard = new CancellationTokenSource();
        var speaking = _ear.SendToneAsync(1600, TimeSpan.FromSeconds(60), stop: heard.Token);
        await _ear.HearToneAsync(1600, TimeSpan.FromSeconds(30));
        await heard.CancelAsync();
        await speaking;
    }
}
