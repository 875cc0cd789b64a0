using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Tests.Whole;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Trunks;

/// <summary>A whole exchange and a carrier that does as it is told.</summary>
public sealed class TrunkUpkeepTests : IAsyncLifetime
{
    private readonly Carrier _carrier = Carrier.Open();
    private Loopback _loopback = null!;

    public ValueTask InitializeAsync()
    {
        _loopback = Loopback.Start(new Provisioning
        {
            Trunks = [_carrier.Trunk()],
            Extensions = [new Extension { Number = "800", Kind = ExtensionKind.Service }],
            Numbers = [new NumberEntry { Number = "acme", To = new NumberTarget { Extension = "800" } }],
        });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _loopback.DisposeAsync();
        await _carrier.DisposeAsync();
    }

    [Fact]
    public async Task A_trunk_that_registers_proves_itself_is_called_at_its_contact_and_leaves_when_the_server_stops()
    {
        var register = await _carrier.ProvenAsync();
        Assert.Equal("3600", register.Header("Expires"));
        Assert.Equal($"sip:acme@{_loopback.Sip}", register.ContactUri);
        await _carrier.GrantAsync(register, 300);
        await Eventually.TrueAsync(() => Status().Registration == TrunkRegistrationPhase.Registered, "registered");
        Assert.True(Status().IsUp);
        Assert.True(_loopback.Exchange.Figures().TrunksUp["carrier"]);

        var caller = _loopback.Peer();
        var call = await ScriptedCall.PlaceAsync(caller, caller.Request("INVITE", register.ContactUri).WithSdp(ScriptedPhone.SilentSdp()));
        await call.ConnectAsync();
        await call.HangUpAsync();
        await _loopback.QuietAsync();

        var stopping = _loopback.Exchange.StopAsync(TimeSpan.Zero, default);
        var leaving = await _carrier.ProvenAsync();
        await _carrier.Phone.RespondAsync(leaving, 200);
        await stopping;

        Assert.Equal("0", leaving.Header("Expires"));
        Assert.Equal(TrunkRegistrationPhase.Unregistered, Status().Registration);
    }

    [Fact]
    public async Task A_registration_is_refreshed_before_it_ends()
    {
        await _carrier.GrantAsync(await _carrier.ProvenAsync(), 1);

        var refresh = await _carrier.ProvenAsync();
        await _carrier.GrantAsync(refresh, 300);

        await Eventually.TrueAsync(() => Status().Registration == TrunkRegistrationPhase.Registered, "registered");
    }

    [Fact]
    public async Task A_refused_password_is_not_tried_again_at_once_and_the_trunk_is_down()
    {
        await _carrier.Phone.RespondAsync(await _carrier.ProvenAsync(), 403);

        await Eventually.TrueAsync(() => Status().Registration == TrunkRegistrationPhase.Refused, "refused");

        Assert.False(Status().IsUp);
        Assert.StartsWith("403", Status().Problem, StringComparison.Ordinal);
        Assert.False(_loopback.Exchange.Figures().TrunksUp["carrier"]);
    }

    [Fact]
    public async Task A_registrar_that_cannot_serve_us_is_asked_again_later()
    {
        await _carrier.Phone.RespondAsync(await _carrier.RegisterAsync(), 503);
        await Eventually.TrueAsync(() => Status().Registration == TrunkRegistrationPhase.Waiting, "waiting");

        await _carrier.GrantAsync(await _carrier.RegisterAsync(), 300);

        await Eventually.TrueAsync(() => Status() is { Registration: TrunkRegistrationPhase.Registered, IsUp: true, Problem: null }, "registered");
    }

    [Fact]
    public async Task The_work_for_trunks_does_not_show_among_the_live_things_of_calls()
    {
        var register = await _carrier.RegisterAsync();
        var during = _loopback.Exchange.Figures();
        await _carrier.GrantAsync(register, 300);
        await Eventually.TrueAsync(() => Status().Registration == TrunkRegistrationPhase.Registered, "registered");
        var after = _loopback.Exchange.Figures();

        Assert.Equal((0, 0, 1), (during.Live["transaction"], during.Live["timer"], during.LiveUpkeep));
        Assert.Equal((0, 0, 1), (after.Live["transaction"], after.Live["timer"], after.LiveUpkeep));
    }

    private TrunkStatus Status() => _loopback.Exchange.Trunks.Of("CARRIER")!;
}
