using System.Net;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Who gets in, who does not, and how many.</summary>
public sealed class DoorTests : IAsyncLifetime
{
    private Loopback _loopback = null!;

    public ValueTask InitializeAsync()
    {
        Start(o => o);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task A_phone_proves_its_password_and_only_then_there_is_a_call()
    {
        var phone = _loopback.Phone("101", "pw101");

        var call = await ScriptedCall.PlaceAsync(phone, phone.Invite("800"));
        var challenge = await call.ExpectAsync(401);
        Assert.Empty(_loopback.Ports.Events);
        await call.RetryWithCredentialsAsync(challenge);
        await call.ConnectAsync();
        await call.HangUpAsync();

        var ended = await _loopback.EndedAsync();
        Assert.Equal((CallOriginKind.Extension, "101", "Alice", "demo"), (ended.Origin.Kind, ended.Legs[0].Extension, ended.Caller.DisplayName, ended.Origin.Account));
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData("101", "wrong")]
    [InlineData("199", "pw101")]
    [InlineData("800", "pw101")]
    [InlineData("102", "")]
    public async Task A_wrong_password_and_an_unknown_user_are_the_same(string user, string secret)
    {
        var phone = _loopback.Phone(user, secret);

        var call = await phone.DialAsync("800");

        await call.ExpectRefusalAsync(401);
        Assert.Empty(_loopback.Ports.Events);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_stranger_is_challenged_and_is_no_call()
    {
        var call = await _loopback.Peer("127.0.0.77").DialAsync("800");

        await call.ExpectRefusalAsync(401);

        Assert.Empty(_loopback.Ports.Events);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_trunk_that_claims_to_be_a_phone_of_ours_is_challenged()
    {
        var call = await _loopback.Peer(user: "101").DialAsync("800");

        await call.ExpectRefusalAsync(401);

        Assert.Empty(_loopback.Ports.Events);
    }

    [Fact]
    public async Task A_registered_phone_is_rung_where_it_is_and_the_called_partys_busy_is_the_callers()
    {
        var (caller, callee) = (_loopback.Peer(), _loopback.Phone("101", "pw101"));
        Assert.Equal(200, (await callee.RegisterAsync()).Status);

        var call = await caller.DialAsync("101");
        var rung = await callee.IncomingAsync();
        await rung.RingAsync();
        await call.ExpectAsync(180);
        await rung.RejectAsync(486, ("Reason", "Q.850;cause=17"));

        Assert.Equal(17, (await call.ExpectRefusalAsync(486)).Q850);
        var ended = await _loopback.EndedAsync();
        Assert.Equal("callee USER_BUSY", Loopback.Why(ended));
        Assert.Equal("486 Busy Here", Loopback.Record(ended, 2).Received!.Message);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_joined_call_ends_as_a_whole_with_the_cause_of_whoever_hung_up()
    {
        var (caller, callee) = (_loopback.Peer(), _loopback.Phone("101", "pw101"));
        await callee.RegisterAsync();
        var call = await caller.DialAsync("101", payloads: "8 0 101");
        var rung = await callee.IncomingAsync();
        Assert.Equal([8, 0, 9, 111, 101, 110], Sdp.Payloads(rung.RemoteSdp));
        await rung.AnswerAsync(ScriptedPhone.SilentSdp("8 101"));
        Assert.Equal([8, 101], Sdp.Payloads((await call.ConnectAsync()).Body));

        await rung.SendByeAsync("Q.850;cause=31");

        Assert.Equal(31, (await call.ExpectByeAsync()).Q850);
        Assert.Equal(200, (await rung.ExpectByeAnswerAsync()).Status);
        Assert.Equal("callee NORMAL_UNSPECIFIED", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_caller_that_cancels_cancels_the_phone_that_rings()
    {
        var (caller, callee) = (_loopback.Peer(), _loopback.Phone("101", "pw101"));
        await callee.RegisterAsync();
        var call = await caller.DialAsync("101");
        var rung = await callee.IncomingAsync();
        await rung.RingAsync();
        await call.ExpectAsync(180);

        await call.CancelAsync();

        await rung.ExpectCancelAsync();
        await call.ExpectRefusalAsync(487);
        Assert.Equal("caller ORIGINATOR_CANCEL", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_phone_that_is_not_registered_is_absent()
    {
        var call = await _loopback.Peer().DialAsync("101");

        Assert.Equal(20, (await call.ExpectRefusalAsync(480)).Q850);

        var ended = await _loopback.EndedAsync();
        Assert.Equal("policy (not registered) SUBSCRIBER_ABSENT", Loopback.Why(ended));
        Assert.Null(Loopback.Record(ended, 2).Sent);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task Whoever_registers_is_listed_and_whoever_leaves_is_not()
    {
        var phone = _loopback.Phone("101", "pw101");

        var bound = await phone.RegisterAsync(300);
        Assert.Equal($"<{phone.Contact}>;expires=300", bound.Header("Contact"));
        Assert.True(_loopback.Exchange.Registrations.IsRegistered("101"));
        var gone = await phone.RegisterAsync("*", 0);

        Assert.Equal((200, ""), (gone.Status, gone.Header("Contact")));
        Assert.False(_loopback.Exchange.Registrations.IsRegistered("101"));
    }

    [Fact]
    public async Task Nobody_registers_for_somebody_else()
    {
        var phone = _loopback.Phone("101", "pw101");
        var register = phone.Request("REGISTER", "sip:switchhook.local", "sip:102@switchhook.local");
        var challenge = await phone.AskAsync(register);
        var second = register.Copy().Set("Via", phone.NewVia()).Set("CSeq", "900 REGISTER");
        phone.Authorize(second, challenge);

        Assert.Equal(403, (await phone.AskAsync(second)).Status);
    }

    [Fact]
    public async Task A_method_outside_calls_that_is_not_served_is_named()
    {
        var peer = _loopback.Peer();

        Assert.Equal(405, (await peer.AskAsync(peer.Request("PUBLISH", "sip:101@switchhook.local"))).Status);
        Assert.Equal(200, (await peer.FenceAsync()).Status);
    }

    [Fact]
    public async Task Too_many_live_calls_are_refused_until_one_ends()
    {
        await RestartAsync(o => o with { MaxLiveCalls = 1 });
        var peer = _loopback.Peer();
        var first = await peer.DialAsync("800");
        await first.ConnectAsync();

        var second = await peer.DialAsync("800");
        var refusal = await second.ExpectRefusalAsync(503);
        Assert.Equal(("5", 42), (refusal.Header("Retry-After"), refusal.Q850));
        Assert.Equal(CallRefusal.TooManyCalls, (await _loopback.AskAsync(Originate("101"))).Refusal);
        await first.HangUpAsync();
        await _loopback.QuietAsync();

        var third = await peer.DialAsync("800");
        await third.ConnectAsync();
        await third.HangUpAsync();
        await _loopback.QuietAsync();
        Assert.Equal(1, _loopback.Exchange.Figures().SipRejected["too many calls"]);
    }

    [Fact]
    public async Task Challenges_use_no_calls_a_second_up()
    {
        await RestartAsync(o => o with { MaxCallsPerSecond = 1 });
        var stranger = _loopback.Peer("127.0.0.77");
        for (var i = 0; i < 5; i++)
            await (await stranger.DialAsync("800")).ExpectRefusalAsync(401);

        var call = await _loopback.Peer().DialAsync("800");

        await call.ConnectAsync();
        await call.HangUpAsync();
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task Without_a_free_port_for_audio_a_call_is_refused()
    {
        // An address of its own: nobody else holds ports there.
        await RestartAsync(o => o with { RtpAddress = IPAddress.Parse("127.0.0.55"), RtpFirstPort = 21000, RtpLastPort = 21001 });
        var peer = _loopback.Peer();
        var first = await peer.DialAsync("800");
        await first.ConnectAsync();

        var second = await peer.DialAsync("800");

        Assert.Equal(34, (await second.ExpectRefusalAsync(503)).Q850);
        await first.HangUpAsync();
        await _loopback.QuietAsync();
        Assert.Contains(_loopback.Ports.Ended, c => Loopback.Why(c) == "policy (no RTP port free) NORMAL_CIRCUIT_CONGESTION");
    }

    [Fact]
    public async Task A_server_that_stops_refuses_new_calls_and_hangs_the_others_up()
    {
        var peer = _loopback.Peer();
        var call = await peer.DialAsync("800");
        await call.ConnectAsync();
        using var skip = new CancellationTokenSource();

        var stopping = _loopback.Exchange.StopAsync(TimeSpan.FromMinutes(1), skip.Token);
        Assert.Equal(CallRefusal.ShuttingDown, (await _loopback.AskAsync(Originate("101"))).Refusal);
        await (await peer.DialAsync("800")).ExpectRefusalAsync(503);
        await skip.CancelAsync();

        await call.ExpectByeAsync();
        await stopping;
        Assert.IsType<HangupBy.Shutdown>((await _loopback.EndedAsync()).By);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task Whoever_asks_after_the_end_is_told_so_at_once()
    {
        _loopback.Exchange.Dispose();

        Assert.Equal(CallRefusal.ShuttingDown, (await _loopback.AskAsync(Originate("101"))).Refusal);
        Assert.Equal(CallRefusal.ShuttingDown, (await _loopback.AskAsync(new CallCommand.HangUp(new CallId(1), new HangupBy.Shutdown()))).Refusal);
        await _loopback.Exchange.StopAsync(TimeSpan.Zero, default);
    }

    [Fact]
    public async Task A_call_that_nobody_knows_is_not_found()
    {
        var reply = await _loopback.AskAsync(new CallCommand.HangUp(new CallId(7), new HangupBy.Shutdown()));

        Assert.Equal(CallRefusal.NoSuchCall, reply.Refusal);
    }

    [Theory]
    [InlineData("999", CallRefusal.NoRoute)]
    [InlineData("800", CallRefusal.NoRoute)]
    [InlineData("101", CallRefusal.NotRegistered)]
    public async Task A_call_that_cannot_be_placed_is_refused_with_its_reason(string number, CallRefusal refusal)
    {
        Assert.Equal(refusal, (await _loopback.AskAsync(Originate(number))).Refusal);

        Assert.Empty(_loopback.Ports.Events);
        await _loopback.QuietAsync();
    }

    private static CallCommand.Originate Originate(string number) => new()
    {
        Dialect = "native",
        Account = "demo",
        Caller = new Party("900"),
        Dialed = number,
        Then = new OnAnswer.Wait(),
    };

    private async Task RestartAsync(Func<ExchangeOptions, ExchangeOptions> options)
    {
        await _loopback.DisposeAsync();
        Start(options);
    }

    private void Start(Func<ExchangeOptions, ExchangeOptions> options) => _loopback = Loopback.Start(
        new Provisioning
        {
            Extensions =
            [
                new Extension { Number = "101", Secret = "pw101", Name = "Alice", Account = "demo" },
                new Extension { Number = "102" },
                new Extension { Number = "800", Kind = ExtensionKind.Service },
            ],
            Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", MayDial = TrunkDial.Extensions }],
        },
        options);
}
