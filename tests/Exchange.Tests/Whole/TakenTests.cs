using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Ivr;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>A party that is transferred to a service or an API extension of ours: 101 calls 102 and sends it there.</summary>
public sealed class TakenTests : IAsyncLifetime
{
    private const string Url = "http://127.0.0.1/in";

    private static readonly Provisioning Provisioning = new()
    {
        Extensions =
        [
            new Extension { Number = "101", Secret = "pw101", Account = "demo" }, new Extension { Number = "102", Secret = "pw102", Account = "demo" },
            new Extension { Number = "900", Kind = ExtensionKind.Api, Url = Url, Account = "demo" },
            new Extension { Number = "901", Kind = ExtensionKind.Api, Account = "demo" },
            Service("801", ServiceBehaviour.Hangup), Service("802", ServiceBehaviour.Echo), Service("803", ServiceBehaviour.Ring),
            Service("804", ServiceBehaviour.Busy), Service("805", ServiceBehaviour.Reject),
        ],
        Numbers = [new NumberEntry { Number = "5550900", To = new NumberTarget { Extension = "900" }, Account = "demo" }],
    };

    private readonly FakeScripts _scripts = new();
    private Loopback _loopback = null!;
    private ScriptedPhone _first = null!;
    private ScriptedPhone _second = null!;
    private RtpProbe _near = null!;
    private RtpProbe _far = null!;
    private ScriptedCall _referrer = null!;
    private ScriptedCall _party = null!;

    public ValueTask InitializeAsync()
    {
        Open(Loopback.Start(Provisioning, null, _scripts));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task A_party_referred_to_a_service_is_taken_by_it()
    {
        await TalkAsync();

        await ReferAsync("802");
        var told = await OutcomeAsync();
        await _referrer.ExpectByeAsync();
        await HearEchoAsync(_far);
        await _party.HangUpAsync();

        Assert.Equal("SIP/2.0 200 OK", told);
        var ended = await _loopback.EndedAsync();
        Assert.Equal(["transfer", "callee"], ended.Legs.Select(l => l.Record!.By.Word));
        Assert.IsType<CallPlan.Service>(ended.Plan);
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData("900")]
    [InlineData("5550900")]
    public async Task A_party_referred_to_an_api_extension_is_its_scripts(string target)
    {
        await File.WriteAllBytesAsync(_loopback.Prompts.At("hello.wav"), WavFiles.Sine(0.5, 800));
        _scripts.With(Url, new Verb.Play("hello.wav", Repeat: false, Timeout: null, Line: 2), new Verb.HangUp(null, Line: 3));
        await TalkAsync();

        await ReferAsync(target);
        var told = await OutcomeAsync();
        await _referrer.ExpectByeAsync();
        await _far.HearToneAsync(800);
        await _party.ExpectByeAsync();

        Assert.Equal("SIP/2.0 200 OK", told);
        var asked = Assert.Single(_scripts.Asked);
        Assert.Equal((ScriptOccasion.IncomingCall, "900"), (asked.Occasion, asked.Call.Origin.ApiExtension));
        var ended = await _loopback.EndedAsync();
        Assert.Equal("script (Hangup, line 3) NORMAL_CLEARING", Loopback.Why(ended));
        Assert.Equal(["transfer", "script"], ended.Legs.Select(l => l.Record!.By.Word));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_script_that_rejects_leaves_the_parties_together()
    {
        _scripts.With(Url, new Verb.Reject(Line: 3));
        await TalkAsync();

        await ReferAsync("900");
        var told = await OutcomeAsync();
        await HearEachOtherAsync();
        await _referrer.HangUpAsync();

        Assert.Equal("SIP/2.0 603 Decline", told);
        await EndedOrdinarilyAsync(HangupCause.CallRejected);
    }

    [Fact]
    public async Task A_script_that_cannot_be_had_leaves_the_parties_together()
    {
        await TalkAsync();

        await ReferAsync("900");
        var told = await OutcomeAsync();
        await HearEachOtherAsync();
        await _referrer.HangUpAsync();

        Assert.Equal("SIP/2.0 480 Temporarily Unavailable", told);
        await EndedOrdinarilyAsync(HangupCause.NormalClearing);
    }

    [Theory]
    [InlineData("804", "SIP/2.0 486 Busy Here", HangupCause.UserBusy)]
    [InlineData("805", "SIP/2.0 603 Decline", HangupCause.CallRejected)]
    [InlineData("901", "SIP/2.0 408 Request Timeout", HangupCause.NoUserResponse)]
    public async Task What_refuses_a_call_refuses_a_party_and_says_why(string target, string expected, HangupCause cause)
    {
        await TalkAsync();

        await ReferAsync(target);
        var told = await OutcomeAsync();
        await HearEachOtherAsync();
        await _referrer.HangUpAsync();

        Assert.Equal(expected, told);
        await EndedOrdinarilyAsync(cause);
    }

    [Fact]
    public async Task A_service_that_hangs_up_ends_the_call_and_the_referrer_is_told_of_its_transfer()
    {
        await TalkAsync();

        await ReferAsync("801");
        var told = await OutcomeAsync();
        await _referrer.ExpectByeAsync();
        var bye = await _party.ExpectByeAsync();

        Assert.Equal(("SIP/2.0 200 OK", 16), (told, bye.Q850));
        Assert.Equal("policy (service hangup) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_service_that_never_answers_gives_the_party_back_after_the_ring_time()
    {
        await _loopback.DisposeAsync();
        Open(Loopback.StartAt(new ManualTime(), Provisioning, static o => o with { RtpSilenceHangup = TimeSpan.Zero }));   // nobody speaks while it rings
        await TalkAsync();

        await ReferAsync("803");
        var trying = await _referrer.ExpectRequestAsync("NOTIFY");
        await _first.RespondAsync(trying, 200);
        await Eventually.TrueAsync(() => _loopback.Exchange.Live() is [{ State: CallState.Transferring }], "the party hears ringing");
        await _loopback.AdvanceAsync(TimeSpan.FromSeconds(60));
        var told = await OutcomeAsync();
        await HearEachOtherAsync();
        await _referrer.HangUpAsync();

        Assert.Equal("SIP/2.0 480 Temporarily Unavailable", told);
        await EndedOrdinarilyAsync(HangupCause.NoAnswer);
    }

    [Fact]
    public async Task A_referrer_that_hangs_up_while_the_script_is_asked_has_left_and_the_script_takes_the_party()
    {
        var asked = new TaskCompletionSource();
        var reply = new TaskCompletionSource<ScriptFetch>();
        _scripts.With(Url, _ =>
        {
            asked.TrySetResult();
            return reply.Task;
        });
        await TalkAsync();

        await ReferAsync("900");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await _referrer.HangUpAsync();
        reply.SetResult(new ScriptFetch.Loaded(new Script([new Verb.HangUp(null, Line: 7)], Url)));
        await _party.ExpectByeAsync();

        var ended = await _loopback.EndedAsync();
        Assert.Equal("script (Hangup, line 7) NORMAL_CLEARING", Loopback.Why(ended));
        Assert.Equal(["caller", "script"], ended.Legs.Select(l => l.Record!.By.Word));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task An_application_sends_a_party_to_a_service_too()
    {
        await TalkAsync();

        var reply = await _loopback.AskAsync(new CallCommand.Transfer(_loopback.Exchange.Live()[0].Id, LegRole.Callee, "802"));
        await _party.ExpectByeAsync();
        await HearEchoAsync(_near);
        await _referrer.HangUpAsync();

        Assert.Equal(CallRefusal.None, reply.Refusal);
        Assert.Equal(["caller", "transfer"], (await _loopback.EndedAsync()).Legs.Select(l => l.Record!.By.Word));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_phone_whose_other_party_is_a_service_has_nobody_to_refer()
    {
        var call = await _first.DialAsync("802", _near.Local);
        await call.ConnectAsync();

        await _first.SendAsync(call.InDialog("REFER").Add("Refer-To", "<sip:804@switchhook.local>").Add("Contact", $"<{_first.Contact}>"));
        await _first.ReceiveAsync(m => m.Status == 603 && m.SequenceMethod == "REFER", "603 to the REFER");
        _near.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        await HearEchoAsync(_near);
        await call.HangUpAsync();

        Assert.Equal("caller NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_party_is_sent_to_an_api_extension_that_its_phone_has_consulted()
    {
        _scripts.With(Url, new Verb.Delay(TimeSpan.FromMinutes(5), Line: 1));
        await TalkAsync();
        var consultation = await _first.DialAsync("900");
        await consultation.ConnectAsync();

        await _first.SendAsync(_referrer.InDialog("REFER").Add("Contact", $"<{_first.Contact}>")
            .Add("Refer-To", $"<sip:900@switchhook.local?Replaces={Uri.EscapeDataString(Trio.Replaces(consultation))}>"));
        await _first.ReceiveAsync(m => m.Status == 202 && m.SequenceMethod == "REFER", "202 to the REFER");
        var told = await OutcomeAsync();
        await consultation.ExpectByeAsync();
        await _referrer.ExpectByeAsync();
        await _party.HangUpAsync();

        Assert.Equal("SIP/2.0 200 OK", told);
        await Eventually.TrueAsync(() => _loopback.Ports.Ended.Count == 2, "both calls have ended");
        Assert.Equal(2, _scripts.Asked.Count);
        Assert.Equal([["transfer"], ["transfer", "callee"]], _loopback.Ports.Ended.OrderBy(c => c.Legs.Length).Select(c => c.Legs.Select(l => l.Record!.By.Word).ToArray()));
        await _loopback.QuietAsync();
    }

    private static Extension Service(string number, ServiceBehaviour behaviour) => new() { Number = number, Kind = ExtensionKind.Service, Behaviour = behaviour, Account = "demo" };

    private void Open(Loopback loopback)
    {
        _loopback = loopback;
        (_first, _second) = (loopback.Phone("101", "pw101"), loopback.Phone("102", "pw102"));
        (_near, _far) = (loopback.Audio(), loopback.Audio());
    }

    private async Task TalkAsync()
    {
        await _second.RegisterAsync();
        _referrer = await _first.DialAsync("102", _near.Local);
        _party = await _second.IncomingAsync();
        await _party.AnswerAsync(Sdp.Audio(_far.Local, "0 101"));
        await _referrer.ConnectAsync();
        await _loopback.Ports.EventAsync(e => e is CallAnswered);
        (_near.Remote, _far.Remote) = (Sdp.AudioEndpoint(_referrer.RemoteSdp), Sdp.AudioEndpoint(_party.RemoteSdp));
    }

    private async Task ReferAsync(string target)
    {
        await _first.SendAsync(_referrer.InDialog("REFER").Add("Refer-To", $"<sip:{target}@switchhook.local>").Add("Contact", $"<{_first.Contact}>"));
        await _first.ReceiveAsync(m => m.Status == 202 && m.SequenceMethod == "REFER", "202 to the REFER");
    }

    /// <summary>What the referrer is told at last; every NOTIFY is answered.</summary>
    private async Task<string> OutcomeAsync()
    {
        while (true)
        {
            var notify = await _referrer.ExpectRequestAsync("NOTIFY");
            await _first.RespondAsync(notify, 200);
            if (notify.Header("Subscription-State").StartsWith("terminated", StringComparison.Ordinal))
                return notify.Body.Trim();
        }
    }

    private Task HearEachOtherAsync() => HearAsync((_near, 440), (_far, 1000));

    private static async Task HearEchoAsync(RtpProbe probe)
    {
        using var heard = new CancellationTokenSource();
        var speaking = probe.SendToneAsync(700, TimeSpan.FromSeconds(60), stop: heard.Token);
        await probe.HearToneAsync(700, TimeSpan.FromSeconds(30));
        await heard.CancelAsync();
        await speaking;
    }

    private static async Task HearAsync((RtpProbe Probe, double Says) one, (RtpProbe Probe, double Says) other)
    {
        one.Probe.Forget();
        other.Probe.Forget();
        using var heard = new CancellationTokenSource();
        var speaking = Task.WhenAll(
            one.Probe.SendToneAsync(one.Says, TimeSpan.FromSeconds(60), stop: heard.Token),
            other.Probe.SendToneAsync(other.Says, TimeSpan.FromSeconds(60), stop: heard.Token));
        await other.Probe.HearToneAsync(one.Says, TimeSpan.FromSeconds(30));
        await one.Probe.HearToneAsync(other.Says, TimeSpan.FromSeconds(30));
        await heard.CancelAsync();
        await speaking;
    }

    private async Task EndedOrdinarilyAsync(HangupCause cause)
    {
        await _party.ExpectByeAsync();
        var failed = (CallTransferFailed)await _loopback.Ports.EventAsync(e => e is CallTransferFailed);
        Assert.Equal(cause, failed.Cause);
        var ended = await _loopback.EndedAsync();
        Assert.Equal(["caller", "caller"], ended.Legs.Select(l => l.Record!.By.Word));
        Assert.IsType<CallPlan.Connect>(ended.Plan);
        Assert.Null(ended.Origin.ApiExtension);
        await _loopback.QuietAsync();
    }
}
