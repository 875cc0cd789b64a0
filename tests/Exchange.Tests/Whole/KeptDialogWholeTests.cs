using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Journal;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>What the log keeps of an answered leg, for the BYE after a crash.</summary>
public sealed class KeptDialogWholeTests : IAsyncLifetime
{
    private readonly Loopback _loopback = Loopback.Start(new Provisioning
    {
        Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", From = ["127.0.0.9"], MayDial = TrunkDial.All }],
        Extensions = [new Extension { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Answer, Account = "demo" }],
    });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task The_dialog_of_an_answered_leg_is_kept_and_can_be_read_back()
    {
        var carrier = _loopback.Peer();

        var call = await ScriptedCall.PlaceAsync(carrier, carrier.Invite("800"));
        await call.ConnectAsync();
        await Eventually.GetAsync(() => Task.FromResult(_loopback.Ports.Dialogs.Count), n => n > 0, "a dialog is kept");

        var (leg, text) = Assert.Single(_loopback.Ports.Dialogs);
        Assert.True(KeptDialog.TryRead(text, out var dialog));
        Assert.Equal((Assert.Single(_loopback.Exchange.Live()).Id, 1), (leg.Call, leg.Number));
        Assert.Equal((call.CallId, carrier.Contact), (dialog.CallId, dialog.RemoteTarget));
        Assert.Equal(carrier.Local, dialog.Flow.Remote.ToIPEndPoint());
    }

    [Theory]
    [InlineData("udp://127.0.0.1:0", "")]
    [InlineData("tcp://127.0.0.1:0", "udp://127.0.0.1:0")]
    public async Task After_a_crash_the_bye_goes_to_the_target_named_last_whatever_is_listened_on_now(string first, string second)
    {
        var (carrier, elsewhere) = (_loopback.Peer(), _loopback.Peer(user: "5552"));
        var call = await ScriptedCall.PlaceAsync(carrier, carrier.Invite("800"));
        await call.ConnectAsync();
        var reinvite = call.InDialog("INVITE").Add("Contact", $"<{elsewhere.Contact}>").WithSdp(ScriptedPhone.SilentSdp());
        await carrier.SendAsync(reinvite);
        await Eventually.GetAsync(
            () => Task.FromResult(Targets(_loopback)), targets => targets.Contains(elsewhere.Contact), "the new target is kept");
        var left = Assert.Single(_loopback.Exchange.Live());

        await using var next = Loopback.StartAfter(
            [new UnfinishedCall(left, left.Sequence, _loopback.Ports.Dialogs.ToDictionary())],
            _loopback.Ports.Current.Provisioning,
            options => options with { SipListen = [.. new[] { first, second }.Where(address => address.Length > 0)] });
        var bye = await elsewhere.ReceiveAsync("BYE");
        await elsewhere.RespondAsync(bye, 200);
        var ended = await next.EndedAsync();

        Assert.Equal((call.CallId, 41), (bye.CallId, bye.Q850));
        Assert.Equal((left.Id, "recovery"), (ended.Id, Assert.Single(ended.Legs).Record!.By.Word));
    }

    [Fact]
    public async Task A_leg_whose_answer_the_log_does_not_have_is_hung_up_in_the_dialog_that_was_kept_and_recorded_with_its_call_id()
    {
        var carrier = _loopback.Peer();
        var call = await ScriptedCall.PlaceAsync(carrier, carrier.Invite("800"));
        await call.ConnectAsync();
        await Eventually.GetAsync(() => Task.FromResult(_loopback.Ports.Dialogs.Count), n => n > 0, "a dialog is kept");
        var live = Assert.Single(_loopback.Exchange.Live());
        var left = live with { State = new CallState.Trying(), Legs = [live.Legs[0] with { State = new LegState.Trying(), AnsweredAt = null, SipCallId = null }] };

        await using var next = Loopback.StartAfter(
            [new UnfinishedCall(left, left.Sequence, _loopback.Ports.Dialogs.ToDictionary())], _loopback.Ports.Current.Provisioning);
        await call.ExpectByeAsync();
        var ended = await next.EndedAsync();

        Assert.Equal((call.CallId, "recovery"), (Assert.Single(ended.Legs).SipCallId, ended.Legs[0].Record!.By.Word));
    }

    [Fact]
    public async Task A_leg_that_went_on_in_another_call_is_kept_as_a_leg_of_that_one()
    {
        await using var trio = await Trio.TalkingAsync();

        await trio.ReferAsync();
        await trio.OutcomeAsync();

        var moved = new LegId(trio.First, 3);
        await Eventually.GetAsync(() => Task.FromResult(trio.Loopback.Ports.Dialogs.ContainsKey(moved)), kept => kept, "the moved leg is kept");
        Assert.True(KeptDialog.TryRead(trio.Loopback.Ports.Dialogs[moved], out var dialog));
        Assert.Equal(trio.SecondC.CallId, dialog.CallId);
    }

    private static IEnumerable<string> Targets(Loopback loopback) =>
        [.. loopback.Ports.Dialogs.Values.Select(text => KeptDialog.TryRead(text, out var dialog) ? dialog.RemoteTarget : "")];
}
