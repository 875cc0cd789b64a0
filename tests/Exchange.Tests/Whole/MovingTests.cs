using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Calls that go on elsewhere: at an application's word and at a phone's.</summary>
public sealed class MovingTests : IAsyncLifetime
{
    private static readonly HangupBy Api = new HangupBy.Api("native", "demo");

    private readonly Loopback _loopback = Loopback.Start(new Provisioning
    {
        Extensions =
        [
            new Extension { Number = "101", Secret = "pw101", Account = "demo" }, new Extension { Number = "102", Secret = "pw102", Account = "demo" },
            Loopback.Demo("811", ServiceBehaviour.Answer), Loopback.Demo("812", ServiceBehaviour.Answer),
            Loopback.Demo("813", ServiceBehaviour.Busy), Loopback.Demo("817", ServiceBehaviour.Echo),
        ],
    });

    public async ValueTask InitializeAsync() => await _loopback.DemoPhonesAsync();

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task A_blind_transfer_joins_the_target_and_hangs_the_transferor_up()
    {
        var call = await Talking("811", "812");

        var reply = await _loopback.AskAsync(new CallCommand.Transfer(call, LegRole.Callee, "817"));
        var moved = (CallTransferred)await _loopback.Ports.EventAsync(e => e is CallTransferred && e.Call.Id == call);
        await _loopback.AskAsync(new CallCommand.HangUp(call, Api));

        Assert.Equal(CallRefusal.None, reply.Refusal);
        Assert.Equal(3, moved.Leg.Number);
        var ended = Assert.Single(_loopback.Ports.Ended);
        Assert.IsType<HangupBy.Transfer>(ended.Legs[1].Record!.By);
        Assert.Equal(LegPhase.Transferring, ended.Legs[1].Record!.Phase);
        Assert.Equal(Api, ended.Legs[0].Record!.By);
        Assert.Equal(Api, ended.Legs[2].Record!.By);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_transfer_to_a_busy_phone_leaves_the_parties_together()
    {
        var call = await Talking("811", "812");

        await _loopback.AskAsync(new CallCommand.Transfer(call, LegRole.Caller, "813"));
        var failed = (CallTransferFailed)await _loopback.Ports.EventAsync(e => e is CallTransferFailed && e.Call.Id == call);
        await _loopback.AskAsync(new CallCommand.HangUp(call, Api));

        Assert.Equal(HangupCause.UserBusy, failed.Cause);
        Assert.IsType<CallState.Talking>(failed.Call.State);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_transfer_to_nowhere_is_refused_and_changes_nothing()
    {
        var call = await Talking("811", "812");

        var reply = await _loopback.AskAsync(new CallCommand.Transfer(call, LegRole.Caller, "999"));
        await _loopback.AskAsync(new CallCommand.HangUp(call, Api));

        Assert.Equal(CallRefusal.NoRoute, reply.Refusal);
        Assert.IsType<CallState.Talking>(reply.Call!.State);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_phone_that_refers_its_call_is_told_and_then_hung_up()
    {
        var phone = _loopback.Phone("101", "pw101");
        var call = await phone.DialAsync("811");
        await call.ConnectAsync();

        await phone.SendAsync(call.InDialog("REFER").Add("Refer-To", "<sip:817@switchhook.local>").Add("Contact", $"<{phone.Contact}>"));
        await phone.ReceiveAsync(m => m.Status == 202, "202 to the REFER");
        var trying = await phone.ReceiveAsync("NOTIFY");
        await phone.RespondAsync(trying, 200);
        await call.ExpectByeAsync();
        var moved = (await _loopback.Ports.EventAsync(e => e is CallTransferred)).Call;
        await _loopback.AskAsync(new CallCommand.HangUp(moved.Id, Api));

        var ended = await _loopback.EndedAsync();
        Assert.Equal("SIP/2.0 100 Trying", trying.Body.Trim());
        Assert.IsType<HangupBy.Transfer>(ended.Legs[0].Record!.By);
        Assert.Equal((3, 2), (moved.Near, moved.Far));
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData("<sip:999@switchhook.local>", 404)]
    [InlineData("<sip:102@switchhook.local>", 480)]
    [InlineData("<sip:812@switchhook.local;method=MESSAGE>", 603)]
    [InlineData("<sip:811@switchhook.local?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>", 603)]
    public async Task A_refer_that_leads_nowhere_is_refused_and_the_call_goes_on(string target, int status)
    {
        var phone = _loopback.Phone("101", "pw101");
        var call = await phone.DialAsync("811");
        await call.ConnectAsync();

        await phone.SendAsync(call.InDialog("REFER").Add("Refer-To", target).Add("Contact", $"<{phone.Contact}>"));
        await phone.ReceiveAsync(m => m.Status == status, $"{status} to the REFER");
        await call.HangUpAsync();

        Assert.IsType<HangupBy.Caller>((await _loopback.EndedAsync()).By);
        await _loopback.QuietAsync();
    }

    private async Task<CallId> Talking(string first, string second)
    {
        var reply = await _loopback.AskAsync(
            new CallCommand.Originate { Dialect = "native", Account = "demo", Caller = new Party("900"), Dialed = first, Then = new OnAnswer.Connect(second) });
        var call = reply.Call!.Id;
        await _loopback.Ports.EventAsync(e => e is CallAnswered && e.Call.Id == call);
        return call;
    }
}
