using System.Net;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Offers and answers in every place RFC 3261 §13.2.1 allows, and what silence means.</summary>
public sealed class OfferAnswerTests : IAsyncLifetime
{
    private Loopback _loopback = null!;
    private ScriptedPhone _peer = null!;

    public ValueTask InitializeAsync()
    {
        Start(TimeSpan.Zero, TimeSpan.FromHours(1));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task An_invite_without_an_offer_gets_ours_and_the_ack_brings_the_answer()
    {
        var audio = _loopback.Audio();
        var call = await LateAsync();
        var offer = await call.ExpectAsync(200);
        Assert.Equal([0, 8, 9, 111, 101, 110], Sdp.Payloads(offer.Body));

        await _peer.SendAsync(call.InDialog("ACK", offer.Sequence).WithSdp(Sdp.Audio(audio.Local, "8 101")));
        audio.Remote = Sdp.AudioEndpoint(offer.Body);
        await audio.SendToneAsync(500, TimeSpan.FromMilliseconds(300), payloadType: 8);
        await audio.HearToneAsync(500);
        await call.HangUpAsync();

        Assert.Equal("PCMA", Loopback.Record(await _loopback.EndedAsync()).Media!.Codec);
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("18")]
    public async Task An_ack_without_a_usable_answer_ends_the_call(string? payloads)
    {
        var call = await LateAsync();
        var offer = await call.ExpectAsync(200);
        var ack = call.InDialog("ACK", offer.Sequence);

        await _peer.SendAsync(payloads is null ? ack : ack.WithSdp(ScriptedPhone.SilentSdp(payloads)));

        Assert.Equal(88, (await call.ExpectByeAsync()).Q850);
        Assert.Equal("policy (no usable SDP answer) INCOMPATIBLE_DESTINATION", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData("sendonly", "recvonly")]
    [InlineData("inactive", "inactive")]
    public async Task A_far_side_that_holds_is_held_until_it_comes_back(string direction, string answered)
    {
        var call = await _peer.DialAsync("802");
        await call.ConnectAsync();

        Assert.Equal(answered, Sdp.Direction(await ReofferAsync(call, direction, 2)));
        await Eventually.TrueAsync(() => _loopback.Exchange.Live()[0].Legs[0].State is LegState.Held, "the leg is held");
        Assert.Equal("sendrecv", Sdp.Direction(await ReofferAsync(call, "sendrecv", 3)));
        await Eventually.TrueAsync(() => _loopback.Exchange.Live()[0].Legs[0].State is LegState.Answered, "the leg is back");
        await call.HangUpAsync();

        Assert.Equal(LegPhase.Answered, Loopback.Record(await _loopback.EndedAsync()).Phase);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_call_hung_up_on_hold_was_held()
    {
        var call = await _peer.DialAsync("802");
        await call.ConnectAsync();
        await ReofferAsync(call, "sendonly", 2);

        await call.HangUpAsync();

        Assert.Equal(LegPhase.Held, Loopback.Record(await _loopback.EndedAsync()).Phase);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_reinvite_moves_the_audio()
    {
        var (first, second) = (_loopback.Audio(), _loopback.Audio());
        var call = await _peer.DialAsync("802", first.Local);
        await call.ConnectAsync();

        var sdp = await ReofferAsync(call, Sdp.Audio(second.Local, "0", version: 2));

        second.Remote = Sdp.AudioEndpoint(sdp);
        await second.SendToneAsync(900, TimeSpan.FromMilliseconds(300));
        await second.HearToneAsync(900);
        await call.HangUpAsync();
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_reinvite_without_an_offer_gets_one_and_its_ack_moves_the_audio()
    {
        var (first, second) = (_loopback.Audio(), _loopback.Audio());
        var call = await _peer.DialAsync("802", first.Local);
        await call.ConnectAsync();
        var invite = call.InDialog("INVITE").Add("Contact", $"<{_peer.Contact}>");

        await _peer.SendAsync(invite);
        var offer = await AnswerToAsync(invite);
        Assert.Equal([0, 101], Sdp.Payloads(offer.Body));
        await _peer.SendAsync(call.InDialog("ACK", offer.Sequence).WithSdp(Sdp.Audio(second.Local, "0 101", version: 2)));
        second.Remote = Sdp.AudioEndpoint(offer.Body);
        await second.SendToneAsync(900, TimeSpan.FromMilliseconds(300));

        await second.HearToneAsync(900);
        await call.HangUpAsync();
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_reinvite_that_cannot_be_answered_is_refused_and_the_call_goes_on()
    {
        var audio = _loopback.Audio();
        var call = await _peer.DialAsync("802", audio.Local);
        var answer = await call.ConnectAsync();

        await call.ReinviteAsync(ScriptedPhone.SilentSdp("18"));
        await call.ExpectRefusalAsync(488);

        audio.Remote = Sdp.AudioEndpoint(answer.Body);
        await audio.SendToneAsync(700, TimeSpan.FromMilliseconds(300));
        await audio.HearToneAsync(700);
        await call.HangUpAsync();
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_far_side_that_sends_nothing_is_hung_up()
    {
        await RestartAsync(silence: TimeSpan.FromMilliseconds(300));
        var call = await _peer.DialAsync("802");
        await call.ConnectAsync();

        Assert.Equal(102, (await call.ExpectByeAsync()).Q850);

        Assert.Equal("timer (media silence) RECOVERY_ON_TIMER_EXPIRE", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_far_side_that_holds_may_be_silent()
    {
        await RestartAsync(silence: TimeSpan.FromMilliseconds(300));
        var call = await _peer.DialAsync("802", payloads: "0");
        await call.ConnectAsync();
        await ReofferAsync(call, "sendonly", 2);

        // Others as silent and not on hold: when the second one has been hung up, the one on hold has long outlived its own limit.
        for (var i = 0; i < 2; i++)
        {
            var other = await _loopback.Peer().DialAsync("802");
            await other.ConnectAsync();
            await other.ExpectByeAsync();
        }

        await Eventually.TrueAsync(() => _loopback.Exchange.Live().Count == 1, "only the one on hold is left");
        Assert.IsType<LegState.Held>(_loopback.Exchange.Live()[0].Legs[0].State);
        Assert.Equal(200, (await call.HangUpAsync()).Status);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_call_is_hung_up_at_its_longest_duration()
    {
        await RestartAsync(duration: TimeSpan.FromMilliseconds(300));
        var call = await _peer.DialAsync("800");
        await call.ConnectAsync();

        Assert.Equal(16, (await call.ExpectByeAsync()).Q850);

        Assert.Equal("timer (maximum duration) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    private async Task RestartAsync(TimeSpan? silence = null, TimeSpan? duration = null)
    {
        await _loopback.DisposeAsync();
        Start(silence ?? TimeSpan.Zero, duration ?? TimeSpan.FromHours(1));
    }

    private void Start(TimeSpan silence, TimeSpan duration)
    {
        _loopback = Loopback.Start(
            new Provisioning
            {
                Extensions =
                [
                    new Extension { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Answer },
                    new Extension { Number = "802", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Echo },
                ],
                Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", MayDial = TrunkDial.Extensions }],
            },
            o => o with { RtpSilenceHangup = silence, MaxCallDuration = duration });
        _peer = _loopback.Peer();
    }

    private Task<ScriptedCall> LateAsync() => ScriptedCall.PlaceAsync(_peer, _peer.Request("INVITE", "sip:802@switchhook.local"));

    private Task<string> ReofferAsync(ScriptedCall call, string direction, int version) =>
        ReofferAsync(call, Sdp.Audio(new IPEndPoint(IPAddress.Loopback, 9), "0 101", direction, version));

    private async Task<string> ReofferAsync(ScriptedCall call, string sdp)
    {
        var answer = await AnswerToAsync(await call.ReinviteAsync(sdp));
        await call.AcknowledgeAsync(answer);
        return answer.Body;
    }

    private Task<WireMessage> AnswerToAsync(SipDraft invite) =>
        _peer.ReceiveAsync(m => !m.IsRequest && m.Status >= 200 && m.CallId == invite.Header("Call-ID") && m.Header("CSeq") == invite.Header("CSeq"), "an answer to the re-INVITE");
}
