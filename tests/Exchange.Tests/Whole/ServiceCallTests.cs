using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>A peer exchange calls extensions that the exchange itself answers.</summary>
public sealed class ServiceCallTests : IAsyncLifetime
{
    private static readonly HangupBy Api = new HangupBy.Api("native", "demo");

    private Loopback _loopback = null!;
    private ScriptedPhone _peer = null!;

    public ValueTask InitializeAsync()
    {
        _loopback = Loopback.Start(new Provisioning
        {
            Extensions =
            [
                Service("800", ServiceBehaviour.Answer), Service("801", ServiceBehaviour.Hangup), Service("802", ServiceBehaviour.Echo),
                Service("803", ServiceBehaviour.Ring), Service("804", ServiceBehaviour.Busy), Service("805", ServiceBehaviour.Reject),
                Service("806", ServiceBehaviour.Play) with { Prompt = "hello.wav" }, Service("807", ServiceBehaviour.Play) with { Prompt = "../x.wav" },
            ],
            Trunks =
            [
                new Trunk { Name = "carrier", Host = "127.0.0.9", MayDial = TrunkDial.Extensions },
                new Trunk { Name = "narrow", Host = "127.0.0.8", MayDial = TrunkDial.Numbers },
            ],
        });
        _peer = _loopback.Peer();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task An_answered_call_that_the_caller_hangs_up_is_recorded_as_the_callers()
    {
        var call = await _peer.DialAsync("800");
        await call.ConnectAsync();

        var answer = await call.HangUpAsync("Q.850;cause=31");

        Assert.Equal(200, answer.Status);
        var ended = await _loopback.EndedAsync();
        Assert.Equal("caller NORMAL_UNSPECIFIED", Loopback.Why(ended));
        var record = Loopback.Record(ended);
        Assert.Equal(("BYE", LegPhase.Answered, null), (record.Received!.Message, record.Phase, record.Sent));
        Assert.Equal(["Q.850;cause=31"], record.Received.Reasons);
        Assert.Equal((CallOriginKind.Trunk, "carrier", "5551"), (ended.Origin.Kind, ended.Legs[0].Trunk, ended.Caller.Number));
        await _loopback.QuietAsync();
        Assert.Equal(["call.started", "leg.answered", "call.answered", "leg.ended", "call.ended"], _loopback.Ports.Events.Select(e => e.Name));
    }

    [Fact]
    public async Task A_hangup_by_an_application_sends_bye_with_its_cause_and_waits_for_the_answer()
    {
        var call = await _peer.DialAsync("800");
        await call.ConnectAsync();
        var id = (await _loopback.Ports.EventAsync(e => e is CallAnswered)).Call.Id;

        var reply = await _loopback.AskAsync(new CallCommand.HangUp(id, Api, HangupCause.CallRejected));

        Assert.True(reply.Done);
        var bye = await call.ExpectByeAsync();
        Assert.Equal(21, bye.Q850);
        var confirmed = await _loopback.Ports.EventAsync(e => e is HangupConfirmed);
        Assert.Equal(HangupConfirmation.Yes, ((HangupConfirmed)confirmed).Confirmation);
        Assert.Equal(HangupConfirmation.Yes, confirmed.Call.Legs[0].Record!.Confirmed);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_hangup_meant_for_a_call_that_still_rings_leaves_an_answered_one_alone()
    {
        var call = await _peer.DialAsync("800");
        await call.ConnectAsync();
        var id = (await _loopback.Ports.EventAsync(e => e is CallAnswered)).Call.Id;

        var reply = await _loopback.AskAsync(new CallCommand.HangUp(id, Api, HangupCause.SubscriberAbsent) { UnlessAnswered = true });

        Assert.Equal(CallRefusal.WrongState, reply.Refusal);
        Assert.False(reply.Call!.HasEnded);
        await call.HangUpAsync();
        Assert.Equal("caller NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData("804", 486, 17, "policy (service busy) USER_BUSY")]
    [InlineData("805", 603, 21, "policy (service reject) CALL_REJECTED")]
    [InlineData("999", 404, 1, "policy (no route) UNALLOCATED_NUMBER")]
    public async Task A_refused_call_gets_the_status_and_the_reason_of_its_cause(string number, int status, int cause, string why)
    {
        var call = await _peer.DialAsync(number);

        var refusal = await call.ExpectRefusalAsync(status);

        Assert.Equal(cause, refusal.Q850);
        var ended = await _loopback.EndedAsync();
        Assert.Equal(why, Loopback.Why(ended));
        Assert.Equal((status, LegPhase.Trying), (Loopback.Record(ended).Sent!.Status, Loopback.Record(ended).Phase));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_trunk_that_may_only_dial_numbers_reaches_no_extension()
    {
        var call = await _loopback.Peer("127.0.0.8").DialAsync("800");

        await call.ExpectRefusalAsync(603);

        Assert.Equal("policy (trunk may not dial extensions) CALL_REJECTED", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_service_that_hangs_up_answers_first_and_says_bye_after_the_ack()
    {
        var call = await _peer.DialAsync("801");
        await call.ConnectAsync();

        var bye = await call.ExpectByeAsync();

        Assert.Equal(16, bye.Q850);
        Assert.Equal("policy (service hangup) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_caller_that_cancels_a_ringing_call_gets_487_and_is_the_one_who_ended_it()
    {
        var call = await _peer.DialAsync("803");
        await call.ExpectAsync(180);

        await call.CancelAsync("Q.850;cause=16");

        await call.ExpectRefusalAsync(487);
        var ended = await _loopback.EndedAsync();
        Assert.Equal("caller ORIGINATOR_CANCEL", Loopback.Why(ended));
        Assert.Equal(("CANCEL", LegPhase.Ringing), (Loopback.Record(ended).Received!.Message, Loopback.Record(ended).Phase));
        Assert.Equal(487, Loopback.Record(ended).Sent!.Status);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_caller_that_says_bye_to_a_ringing_call_gets_200_and_487()
    {
        var call = await _peer.DialAsync("803");
        await call.ExpectAsync(180);

        var answer = await call.HangUpAsync();

        Assert.Equal(200, answer.Status);
        var refusal = await _peer.ReceiveAsync(m => m.Is(487, "INVITE"), "487 to INVITE");
        await call.AcknowledgeAsync(refusal);
        Assert.Equal("caller ORIGINATOR_CANCEL", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_ringing_call_hung_up_by_an_application_is_temporarily_unavailable()
    {
        var call = await _peer.DialAsync("803");
        await call.ExpectAsync(180);
        var id = (await _loopback.Ports.EventAsync(e => e is CallRinging)).Call.Id;

        await _loopback.AskAsync(new CallCommand.HangUp(id, Api));

        await call.ExpectRefusalAsync(480);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task An_echo_comes_back()
    {
        var audio = _loopback.Audio();
        var call = await _peer.DialAsync("802", audio.Local, "8 101");
        var answer = await call.ConnectAsync();
        audio.Remote = Sdp.AudioEndpoint(answer.Body);

        await audio.SendToneAsync(700, TimeSpan.FromMilliseconds(400), payloadType: 8);
        await audio.HearToneAsync(700);
        await call.HangUpAsync();

        var media = Loopback.Record(await _loopback.EndedAsync()).Media!;
        Assert.Equal("PCMA", media.Codec);
        Assert.True(media.PacketsReceived > 0 && media.PacketsSent > 0);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_prompt_is_played_in_a_loop_and_the_record_says_how_far_it_was()
    {
        await File.WriteAllBytesAsync(_loopback.Prompts.At("hello.wav"), WavFiles.Sine(0.2, 600));
        var audio = _loopback.Audio();
        var call = await _peer.DialAsync("806", audio.Local);
        await call.ConnectAsync();

        await audio.HearAsync(25);
        await audio.HearToneAsync(600);
        await call.HangUpAsync();

        var media = Loopback.Record(await _loopback.EndedAsync()).Media!;
        Assert.Equal("hello.wav", media.Prompt);
        Assert.NotNull(media.PromptPosition);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_prompt_that_cannot_be_played_is_noted_and_the_call_stands()
    {
        var call = await _peer.DialAsync("807");
        await call.ConnectAsync();
        var id = (await _loopback.Ports.EventAsync(e => e is CallAnswered)).Call.Id;

        await TestKit.Timing.Eventually.TrueAsync(
            () => _loopback.Ports.Find(id)!.Any(e => e.Kind == "note" && e.Summary.Contains("outside the prompt directory", StringComparison.Ordinal)), "a note in the trace");

        Assert.Equal(200, (await call.HangUpAsync()).Status);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task An_offer_without_a_codec_of_ours_is_not_acceptable()
    {
        var call = await _peer.DialAsync("800", payloads: "18 3");

        var refusal = await call.ExpectRefusalAsync(488);

        Assert.Equal(88, refusal.Q850);
        Assert.Equal("policy (no common codec) INCOMPATIBLE_DESTINATION", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 RTP/AVP 96\r\n")]
    public async Task An_offer_that_cannot_be_read_is_not_acceptable_and_no_offer_at_all_is_fine(string sdp)
    {
        var invite = _peer.Invite("800").WithSdp(sdp);
        var call = await ScriptedCall.PlaceAsync(_peer, invite);

        var final = await call.ExpectFinalAsync();

        Assert.Equal(sdp.Length == 0 ? 200 : 488, final.Status);
        await call.AcknowledgeAsync(final);
        if (sdp.Length == 0)
            await call.ExpectByeAsync();
        await _loopback.QuietAsync();
    }

    private static Extension Service(string number, ServiceBehaviour behaviour) =>
        new() { Number = number, Kind = ExtensionKind.Service, Behaviour = behaviour };
}
