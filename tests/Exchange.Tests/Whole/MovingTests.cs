using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;

namespace Switchhook.Exchange.Tests.Whole;

public sealed class MovingTests : IAsyncLifetime
{
    private static readonly HangupBy Api = new HangupBy.Api("native", "demo");

    private readonly MemoryPorts _ports = new();
    private SwitchExchange _exchange = null!;

    public async ValueTask InitializeAsync()
    {
        _ports.Current = new CallDirectory(new Provisioning
        {
            Extensions = [Demo("811", ServiceBehaviour.Answer), Demo("812", ServiceBehaviour.Answer), Demo("813", ServiceBehaviour.Busy), Demo("817", ServiceBehaviour.Echo)],
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
    public async Task A_blind_transfer_joins_the_target_and_hangs_the_transferor_up()
    {
        var call = await Talking("811", "812");

        var reply = await _exchange.AskAsync(new CallCommand.Transfer(call, LegRole.Callee, "817"), default);
        var moved = (CallTransferred)await _ports.EventAsync(e => e is CallTransferred && e.Call.Id == call);
        await _exchange.AskAsync(new CallCommand.HangUp(call, Api), default);

        Assert.Equal(CallRefusal.None, reply.Refusal);
        Assert.Equal(3, moved.Leg.Number);
        var ended = Assert.Single(_ports.Ended);
        Assert.IsType<HangupBy.Transfer>(ended.Legs[1].Record!.By);
        Assert.Equal(LegPhase.Transferring, ended.Legs[1].Record!.Phase);
        Assert.Equal(Api, ended.Legs[0].Record!.By);
        Assert.Equal(Api, ended.Legs[2].Record!.By);
        await Quiet();
    }

    [Fact]
    public async Task A_transfer_to_a_busy_phone_leaves_the_parties_together()
    {
        var call = await Talking("811", "812");

        await _exchange.AskAsync(new CallCommand.Transfer(call, LegRole.Caller, "813"), default);
        var failed = (CallTransferFailed)await _ports.EventAsync(e => e is CallTransferFailed && e.Call.Id == call);
        await _exchange.AskAsync(new CallCommand.HangUp(call, Api), default);

        Assert.Equal(HangupCause.UserBusy, failed.Cause);
        Assert.IsType<CallState.Talking>(failed.Call.State);
        await Quiet();
    }

    [Fact]
    public async Task A_transfer_to_nowhere_is_refused_and_changes_nothing()
    {
        var call = await Talking("811", "812");

        var reply = await _exchange.AskAsync(new CallCommand.Transfer(call, LegRole.Caller, "999"), default);
        await _exchange.AskAsync(new CallCommand.HangUp(call, Api), default);

        Assert.Equal(CallRefusal.NoRoute, reply.Refusal);
        Assert.IsType<CallState.Talking>(reply.Call!.State);
        await Quiet();
    }

    private static Extension Demo(string number, ServiceBehaviour behaviour) =>
        new() { Number = number, Kind = ExtensionKind.DemoPhone, Behaviour = behaviour, Account = "demo" };

    private async Task<CallId> Talking(string first, string second)
    {
        var reply = await _exchange.AskAsync(
            new CallCommand.Originate { Dialect = "native", Account = "demo", Caller = new Party("900"), Dialed = first, Then = new OnAnswer.Connect(second) }, default);
        var call = reply.Call!.Id;
        await _ports.EventAsync(e => e is CallAnswered && e.Call.Id == call);
        return call;
    }

    private Task Quiet() => Until(() => _exchange.Figures().Live is var live && live["call"] + live["leg"] + live["rtp_port"] + live["dialog"] == 0);

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
            await ticks.WaitForNextTickAsync(limit.Token);
    }
}
