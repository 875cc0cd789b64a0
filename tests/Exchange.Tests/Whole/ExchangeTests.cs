using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;

namespace Switchhook.Exchange.Tests.Whole;

public sealed class ExchangeTests : IAsyncLifetime
{
    private static readonly HangupBy Api = new HangupBy.Api("native", "demo");

    private readonly MemoryPorts _ports = new();
    private SwitchExchange _exchange = null!;

    public async ValueTask InitializeAsync()
    {
        _ports.Current = new CallDirectory(new Provisioning
        {
            Extensions =
            [
                Demo("811", ServiceBehaviour.Answer), Demo("812", ServiceBehaviour.Answer), Demo("813", ServiceBehaviour.Busy),
                Demo("814", ServiceBehaviour.Ring), Demo("815", ServiceBehaviour.Reject), Demo("816", ServiceBehaviour.Hangup),
            ],
        });
        var start = SwitchExchange.Start(
            new ExchangeOptions { SipListen = ["udp://127.0.0.1:0"], RtpFirstPort = 0, RtpLastPort = 0, PromptsDirectory = Path.GetTempPath() },
            _ports.ToPorts());
        _exchange = Assert.IsType<ExchangeStart.Started>(start).Exchange;
        await Until(() => _ports.Current.Provisioning.Extensions.All(e => _exchange.Registrations.IsRegistered(e.Number)));
    }

    public ValueTask DisposeAsync()
    {
        _exchange.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Two_phones_joined_by_an_application_are_hung_up_with_one_record_a_leg()
    {
        var call = await Place("811", new OnAnswer.Connect("812"));
        await _ports.EventAsync(e => e is CallAnswered && e.Call.Id == call);

        var reply = await _exchange.AskAsync(new CallCommand.HangUp(call, Api), default);

        Assert.Equal(CallRefusal.None, reply.Refusal);
        var ended = Assert.Single(_ports.Ended);
        Assert.Equal(new CallState.Ended(Api, HangupCause.NormalClearing), ended.State);
        Assert.All(ended.Legs, leg =>
        {
            Assert.Equal(LegPhase.Bridged, leg.Record!.Phase);
            Assert.Equal("BYE", leg.Record.Sent!.Message);
            Assert.Equal("Q.850;cause=16;text=\"NORMAL_CLEARING\"", leg.Record.Sent.Reason);
        });
        await Quiet();
        await Until(() => _ports.Events.OfType<HangupConfirmed>().Count(e => e.Confirmation == HangupConfirmation.Yes) == 2);
        Assert.Equal(2, _ports.Events.OfType<LegEnded>().Count());
        Assert.Single(_ports.Events.OfType<CallEnded>());
    }

    [Theory]
    [InlineData("813", HangupCause.UserBusy, "486 Busy Here")]
    [InlineData("815", HangupCause.CallRejected, "603 Decline")]
    public async Task A_refusal_keeps_its_cause(string number, HangupCause cause, string received)
    {
        var call = await Place(number, new OnAnswer.Wait());

        var ended = (await _ports.EventAsync(e => e is CallEnded && e.Call.Id == call)).Call;

        Assert.Equal(new CallState.Ended(new HangupBy.Callee(), cause), ended.State);
        Assert.Equal(received, ended.Legs[0].Record!.Received!.Message);
        await Quiet();
    }

    [Fact]
    public async Task The_busy_callee_of_a_joined_call_ends_the_caller_with_the_same_cause()
    {
        var call = await Place("811", new OnAnswer.Connect("813"));

        var ended = (await _ports.EventAsync(e => e is CallEnded && e.Call.Id == call)).Call;

        Assert.Equal(HangupCause.UserBusy, ended.Cause);
        Assert.All(ended.Legs, leg => Assert.Equal(HangupCause.UserBusy, leg.Record!.Cause));
        Assert.Equal("BYE", ended.Legs[0].Record!.Sent!.Message);
        await Quiet();
    }

    [Fact]
    public async Task A_ringing_phone_is_cancelled()
    {
        var call = await Place("814", new OnAnswer.Wait());
        await _ports.EventAsync(e => e is CallRinging && e.Call.Id == call);

        await _exchange.AskAsync(new CallCommand.HangUp(call, Api), default);

        var ended = (await _ports.EventAsync(e => e is CallEnded && e.Call.Id == call)).Call;
        Assert.Equal(HangupCause.OriginatorCancel, ended.Cause);
        Assert.Equal("CANCEL", ended.Legs[0].Record!.Sent!.Message);
        Assert.Equal(LegPhase.Ringing, ended.Legs[0].Record!.Phase);
        await Quiet();
    }

    [Fact]
    public async Task Nobody_answering_within_the_ring_time_is_no_answer_by_timer()
    {
        var call = await Place("814", new OnAnswer.Wait(), TimeSpan.FromMilliseconds(200));

        var ended = (await _ports.EventAsync(e => e is CallEnded && e.Call.Id == call)).Call;

        Assert.Equal(new CallState.Ended(new HangupBy.Timer(CallTimer.Ring), HangupCause.NoAnswer), ended.State);
        await Quiet();
    }

    [Fact]
    public async Task A_phone_that_hangs_up_is_the_one_who_ended_the_call()
    {
        var call = await Place("816", new OnAnswer.Wait());

        var ended = (await _ports.EventAsync(e => e is CallEnded && e.Call.Id == call)).Call;

        Assert.Equal(new CallState.Ended(new HangupBy.Callee(), HangupCause.NormalClearing), ended.State);
        Assert.Equal("BYE", ended.Legs[0].Record!.Received!.Message);
        await Quiet();
    }

    [Fact]
    public async Task Hold_and_unhold_renegotiate_both_phones_and_the_call_goes_on()
    {
        var call = await Place("811", new OnAnswer.Connect("812"));
        await _ports.EventAsync(e => e is CallAnswered && e.Call.Id == call);

        var held = await _exchange.AskAsync(new CallCommand.Hold(call), default);
        var again = await _exchange.AskAsync(new CallCommand.Hold(call), default);
        var back = await _exchange.AskAsync(new CallCommand.Unhold(call), default);
        var wrong = await _exchange.AskAsync(new CallCommand.Unhold(call), default);
        await _exchange.AskAsync(new CallCommand.HangUp(call, Api), default);

        Assert.IsType<CallState.Held>(held.Call!.State);
        Assert.True(again.Done);
        Assert.IsType<CallState.Talking>(back.Call!.State);
        Assert.Equal(CallRefusal.WrongState, wrong.Refusal);
        await Quiet();
    }

    [Fact]
    public async Task Two_hangups_in_the_same_instant_end_the_call_once()
    {
        var call = await Place("811", new OnAnswer.Connect("812"));
        await _ports.EventAsync(e => e is CallAnswered && e.Call.Id == call);

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _exchange.AskAsync(new CallCommand.HangUp(call, Api), default).AsTask()));

        Assert.Single(replies, r => r.Done);
        Assert.All(replies.Where(r => !r.Done), r => Assert.Equal(CallRefusal.CallEnded, r.Refusal));
        await Quiet();
        Assert.Single(_ports.Events.OfType<CallEnded>());
    }

    [Fact]
    public async Task A_gentle_stop_hangs_up_what_is_left_and_refuses_what_comes()
    {
        var call = await Place("811", new OnAnswer.Connect("812"));
        await _ports.EventAsync(e => e is CallAnswered && e.Call.Id == call);

        await _exchange.StopAsync(TimeSpan.Zero, default);

        Assert.IsType<HangupBy.Shutdown>(Assert.Single(_ports.Ended).By);
        var refused = await _exchange.AskAsync(Request("811", new OnAnswer.Wait(), TimeSpan.FromSeconds(5)), default);
        Assert.Equal(CallRefusal.ShuttingDown, refused.Refusal);
    }

    private static Extension Demo(string number, ServiceBehaviour behaviour) =>
        new() { Number = number, Kind = ExtensionKind.DemoPhone, Behaviour = behaviour, Account = "demo" };

    private async Task<CallId> Place(string number, OnAnswer then, TimeSpan? ringTime = null)
    {
        var reply = await _exchange.AskAsync(Request(number, then, ringTime ?? TimeSpan.FromSeconds(20)), default);
        Assert.Equal(CallRefusal.None, reply.Refusal);
        return reply.Call!.Id;
    }

    private static CallCommand.Originate Request(string number, OnAnswer then, TimeSpan ringTime) => new()
    {
        Dialect = "native",
        Account = "demo",
        Caller = new Party("900"),
        Dialed = number,
        Then = then,
        RingTime = ringTime,
    };

    /// <summary>Nothing of any call is left; transactions may still absorb repeats.</summary>
    private Task Quiet() => Until(() => _exchange.Figures().Live is var live && live["call"] + live["leg"] + live["rtp_port"] + live["dialog"] == 0);

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
            await ticks.WaitForNextTickAsync(limit.Token);
    }
}
