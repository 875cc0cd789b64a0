using Switchhook.Calls;
using Switchhook.Calls.Directory;
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
}
