using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Hangup;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>A far side that is gone without a word, under a clock that moves only when told to (RFC 4028 §10).</summary>
public sealed class SessionTimerTests : IAsyncLifetime
{
    private static readonly Provisioning Provisioning = new()
    {
        Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", From = ["127.0.0.9"], MayDial = TrunkDial.All }],
        Extensions = [new Extension { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Answer, Account = "demo" }],
    };

    private Loopback _loopback = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task A_call_whose_far_side_answers_no_refresh_ends_before_its_interval_does()
    {
        var carrier = Start(90);
        var call = await ConnectAsync(carrier);

        await _loopback.AdvanceAsync(TimeSpan.FromSeconds(45));
        var refresh = await carrier.ReceiveAsync(m => m.IsRequest && m.Method is "INVITE" or "UPDATE", "a refresh");
        // In two steps: a timer that fires starts the next one.
        await _loopback.AdvanceAsync(TimeSpan.FromSeconds(10));
        await _loopback.AdvanceAsync(TimeSpan.FromSeconds(10));
        await carrier.ReceiveAsync("BYE");

        Assert.StartsWith("90;refresher=uac", refresh.Header("Session-Expires"), StringComparison.Ordinal);
        Assert.Equal(call.CallId, refresh.CallId);
        var by = Assert.IsType<HangupBy.Timer>((await _loopback.EndedAsync()).By);
        Assert.Equal("session-timer", by.Detail);
    }

    [Fact]
    public async Task A_call_whose_far_side_answers_every_refresh_lives_on_beyond_its_interval()
    {
        var carrier = Start(90);
        await ConnectAsync(carrier);

        for (var i = 0; i < 4; i++)
        {
            await _loopback.AdvanceAsync(TimeSpan.FromSeconds(45));
            var refresh = await carrier.ReceiveAsync("INVITE");
            await carrier.SendAsync(carrier.Response(refresh, 200).Add("Session-Expires", "90;refresher=uac").WithSdp(ScriptedPhone.SilentSdp("0 101")));
            await carrier.ReceiveAsync("ACK");
        }

        Assert.Single(_loopback.Exchange.Live());
        Assert.Equal((4, 4, 0), (carrier.CountReceived(m => m.Is("INVITE")), carrier.CountReceived(m => m.Is("ACK")), carrier.CountReceived(m => m.Is("BYE"))));
    }

    [Fact]
    public async Task A_call_whose_caller_promised_to_refresh_it_and_does_not_is_hung_up()
    {
        var carrier = Start(0);
        var call = await ScriptedCall.PlaceAsync(carrier, carrier.Invite("800").Add("Supported", "timer").Add("Session-Expires", "90;refresher=uac"));
        await call.ConnectAsync();

        await _loopback.AdvanceAsync(TimeSpan.FromSeconds(59));
        var early = carrier.CountReceived(m => m.IsRequest);
        await _loopback.AdvanceAsync(TimeSpan.FromSeconds(1));
        await call.ExpectByeAsync();

        Assert.Equal((0, "90;refresher=uac"), (early, call.Answer!.Header("Session-Expires")));
        Assert.Equal("session-timer", Assert.IsType<HangupBy.Timer>((await _loopback.EndedAsync()).By).Detail);
    }

    [Fact]
    public async Task Without_an_interval_nobody_is_asked_for_one()
    {
        var carrier = Start(0);
        var call = await ConnectAsync(carrier);

        await _loopback.AdvanceAsync(TimeSpan.FromSeconds(3600));

        Assert.Equal("", call.Answer!.Header("Session-Expires"));
        Assert.Equal(0, carrier.CountReceived(m => m.IsRequest));
        Assert.Single(_loopback.Exchange.Live());
    }

    private ScriptedPhone Start(int seconds)
    {
        _loopback = Loopback.StartAt(new ManualTime(), Provisioning, o => o with
        {
            SessionInterval = TimeSpan.FromSeconds(seconds),
            RtpSilenceHangup = TimeSpan.Zero,
        });
        return _loopback.Peer();
    }

    private static async Task<ScriptedCall> ConnectAsync(ScriptedPhone carrier)
    {
        var call = await ScriptedCall.PlaceAsync(carrier, carrier.Invite("800"));
        await call.ConnectAsync();
        return call;
    }
}
