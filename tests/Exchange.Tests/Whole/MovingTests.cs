using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.TestKit.Timing;

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

    [Fact]
    public async Task A_phone_that_refers_its_call_is_told_and_then_hung_up()
    {
        await using var loopback = Loopback.Start(new Provisioning
        {
            Extensions = [new Extension { Number = "101", Secret = "pw101", Account = "demo" }, Demo("811", ServiceBehaviour.Answer), Demo("817", ServiceBehaviour.Echo)],
        });
        await Eventually.GetAsync(() => Task.FromResult(loopback.Exchange.Registrations.IsRegistered("811") && loopback.Exchange.Registrations.IsRegistered("817")), up => up, "the demo phones are registered");
        var phone = loopback.Phone("101", "pw101");
        var call = await phone.DialAsync("811");
        await call.ConnectAsync();

        await phone.SendAsync(call.InDialog("REFER").Add("Refer-To", "<sip:817@switchhook.local>").Add("Contact", $"<{phone.Contact}>"));
        await phone.ReceiveAsync(m => m.Status == 202, "202 to the REFER");
        var trying = await phone.ReceiveAsync("NOTIFY");
        await phone.RespondAsync(trying, 200);
        await call.ExpectByeAsync();
        var moved = (await loopback.Ports.EventAsync(e => e is CallTransferred)).Call;
        await loopback.AskAsync(new CallCommand.HangUp(moved.Id, Api));

        var ended = await loopback.EndedAsync();
        Assert.Equal("SIP/2.0 100 Trying", trying.Body.Trim());
        Assert.IsType<HangupBy.Transfer>(ended.Legs[0].Record!.By);
        Assert.Equal((3, 2), (moved.Near, moved.Far));
        await loopback.QuietAsync();
    }

    [Theory]
    [InlineData("<sip:999@switchhook.local>", 404)]
    [InlineData("<sip:102@switchhook.local>", 480)]
    [InlineData("<sip:811@switchhook.local?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>", 501)]
    public async Task A_refer_that_leads_nowhere_is_refused_and_the_call_goes_on(string target, int status)
    {
        await using var loopback = Loopback.Start(new Provisioning
        {
            Extensions =
            [
                new Extension { Number = "101", Secret = "pw101", Account = "demo" }, new Extension { Number = "102", Secret = "pw102", Account = "demo" },
                Demo("811", ServiceBehaviour.Answer),
            ],
        });
        await Eventually.GetAsync(() => Task.FromResult(loopback.Exchange.Registrations.IsRegistered("811")), up => up, "the demo phone is registered");
        var phone = loopback.Phone("101", "pw101");
        var call = await phone.DialAsync("811");
        await call.ConnectAsync();

        await phone.SendAsync(call.InDialog("REFER").Add("Refer-To", target).Add("Contact", $"<{phone.Contact}>"));
        await phone.ReceiveAsync(m => m.Status == status, $"{status} to the REFER");
        await call.HangUpAsync();

        Assert.IsType<HangupBy.Caller>((await loopback.EndedAsync()).By);
        await loopback.QuietAsync();
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
