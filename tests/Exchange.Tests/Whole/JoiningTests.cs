using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Attended transfers: 102 talks to 101, consults 103, and leaves the two together.</summary>
public sealed class JoiningTests
{
    private static readonly HangupBy Api = new HangupBy.Api("native", "demo");

    [Fact]
    public async Task A_phone_that_refers_one_of_its_calls_to_the_other_leaves_both_and_the_others_talk()
    {
        await using var trio = await Trio.TalkingAsync();

        await trio.ReferAsync();
        var outcome = await trio.OutcomeAsync();
        await trio.FirstB.ExpectByeAsync();
        await trio.SecondB.ExpectByeAsync();
        await Trio.HearAsync(trio.A, trio.C);
        await trio.FirstA.HangUpAsync();
        await trio.SecondC.ExpectByeAsync();

        Assert.Equal("SIP/2.0 200 OK", outcome);
        await trio.Loopback.QuietAsync();
        var (first, second) = (trio.Ended(trio.First), trio.Ended(trio.Second));
        Assert.Equal(["caller", "transfer", "caller"], first.Legs.Select(l => l.Record!.By.Word));
        Assert.Equal(new LegId(trio.Second, 2), first.Legs[2].From);
        Assert.Equal("103", first.Legs[2].Extension);
        Assert.IsType<HangupBy.Transfer>(second.By);
        Assert.IsType<HangupBy.Transfer>(second.Legs[0].Record!.By);
        Assert.Equal(new LegState.Moved(new LegId(trio.First, 3)), second.Legs[1].State);
    }

    [Fact]
    public async Task The_last_notify_is_answered_before_the_bye_is_sent()
    {
        await using var trio = await Trio.TalkingAsync();

        await trio.ReferAsync();
        await trio.B.Phone.RespondAsync(await trio.B.Phone.ReceiveAsync("NOTIFY"), 200);
        var last = await trio.B.Phone.ReceiveAsync("NOTIFY");
        await trio.SecondB.ExpectByeAsync();
        await trio.B.Phone.FenceAsync();
        var early = trio.B.Phone.CountReceived(m => m.Is("BYE") && m.CallId == trio.FirstB.CallId);
        await trio.B.Phone.RespondAsync(last, 200);
        await trio.FirstB.ExpectByeAsync();
        await trio.Loopback.AskAsync(new CallCommand.HangUp(trio.First, Api));

        Assert.Equal(0, early);
        Assert.Equal("SIP/2.0 200 OK", last.Body.Trim());
    }

    [Fact]
    public async Task A_phone_that_never_answers_the_last_notify_is_hung_up_all_the_same()
    {
        await using var trio = await Trio.TalkingAsync();

        await trio.ReferAsync();
        await trio.FirstB.ExpectByeAsync();
        await trio.SecondB.ExpectByeAsync();
        await trio.FirstA.HangUpAsync();
        await trio.SecondC.ExpectByeAsync();

        await trio.Loopback.QuietAsync();
        Assert.IsType<HangupBy.Transfer>(trio.Ended(trio.First).Legs[1].Record!.By);
    }

    [Fact]
    public async Task A_phone_that_hangs_up_at_the_last_notify_was_transferred()
    {
        await using var trio = await Trio.TalkingAsync();

        await trio.ReferAsync();
        await trio.B.Phone.RespondAsync(await trio.B.Phone.ReceiveAsync("NOTIFY"), 200);
        await trio.B.Phone.ReceiveAsync("NOTIFY");
        await trio.FirstB.HangUpAsync();
        await trio.SecondB.ExpectByeAsync();
        await Trio.HearAsync(trio.A, trio.C);
        await trio.SecondC.HangUpAsync();
        await trio.FirstA.ExpectByeAsync();

        await trio.Loopback.QuietAsync();
        var record = trio.Ended(trio.First).Legs[1].Record!;
        Assert.IsType<HangupBy.Transfer>(record.By);
        Assert.Equal("BYE", record.Received!.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_application_joins_the_calls_of_a_party_whether_on_hold_or_not(bool held)
    {
        await using var trio = await Trio.TalkingAsync();
        if (held)
            await Hold(trio);

        var reply = await trio.Loopback.AskAsync(new CallCommand.AttendedTransfer(trio.First, trio.Second));
        if (held)
            await Reinvited(trio.FirstA, trio.A, "sendrecv");
        await trio.FirstB.ExpectByeAsync();
        await trio.SecondB.ExpectByeAsync();
        await Trio.HearAsync(trio.A, trio.C);
        await trio.Loopback.AskAsync(new CallCommand.HangUp(trio.First, Api));

        Assert.Equal(CallRefusal.None, reply.Refusal);
        Assert.IsType<CallState.Talking>(reply.Call!.State);
        Assert.Equal((1, 3), (reply.Call.Near, reply.Call.Far));
        Assert.NotNull(await trio.FirstA.ExpectByeAsync());
        Assert.NotNull(await trio.SecondC.ExpectByeAsync());
        await trio.Loopback.QuietAsync();
    }

    [Fact]
    public async Task Parties_with_different_codecs_hear_each_other()
    {
        await using var trio = await Trio.TalkingAsync("8 101");
        trio.C.PayloadType = 8;

        await trio.Loopback.AskAsync(new CallCommand.AttendedTransfer(trio.First, trio.Second));
        await trio.FirstB.ExpectByeAsync();
        await trio.SecondB.ExpectByeAsync();
        await Trio.HearAsync(trio.A, trio.C);
        await trio.FirstA.HangUpAsync();
        await trio.SecondC.ExpectByeAsync();

        await trio.Loopback.QuietAsync();
    }

    [Fact]
    public async Task Calls_without_a_party_in_common_are_not_joined()
    {
        await using var trio = await Trio.StartAsync();
        var fourth = trio.Open("104");
        await fourth.Phone.RegisterAsync();
        var (one, two) = await trio.TalkAsync(trio.A, trio.B);
        var (three, four) = await trio.TalkAsync(trio.C, fourth);

        var apart = await trio.Loopback.AskAsync(new CallCommand.AttendedTransfer(trio.CallOf(two), trio.CallOf(four)));
        var itself = await trio.Loopback.AskAsync(new CallCommand.AttendedTransfer(trio.CallOf(two), trio.CallOf(two)));
        var unknown = await trio.Loopback.AskAsync(new CallCommand.AttendedTransfer(trio.CallOf(two), new CallId(5)));
        await one.HangUpAsync();
        await three.HangUpAsync();
        await two.ExpectByeAsync();
        await four.ExpectByeAsync();

        Assert.Equal(
            [CallRefusal.WrongState, CallRefusal.WrongState, CallRefusal.NoSuchCall], [apart.Refusal, itself.Refusal, unknown.Refusal]);
        await trio.Loopback.QuietAsync();
    }

    [Fact]
    public async Task A_target_that_still_rings_is_joined_when_it_answers()
    {
        await using var trio = await Trio.RingingAsync();

        await trio.ReferAsync();
        await trio.SecondB.ExpectRefusalAsync(480);
        await trio.SecondC.AnswerAsync(Sdp.Audio(trio.C.Rtp.Local, "0 101"));
        trio.C.Rtp.Remote = Sdp.AudioEndpoint(trio.SecondC.RemoteSdp);
        var outcome = await trio.OutcomeAsync();
        await trio.FirstB.ExpectByeAsync();
        await Trio.HearAsync(trio.A, trio.C);
        await trio.FirstA.HangUpAsync();
        await trio.SecondC.ExpectByeAsync();

        Assert.Equal("SIP/2.0 200 OK", outcome);
        await trio.Loopback.QuietAsync();
        Assert.Equal(["caller", "transfer", "caller"], trio.Ended(trio.First).Legs.Select(l => l.Record!.By.Word));
    }

    [Fact]
    public async Task A_target_that_declines_leaves_the_two_together_and_the_phone_is_told_why()
    {
        await using var trio = await Trio.RingingAsync();

        await trio.ReferAsync();
        await trio.SecondB.ExpectRefusalAsync(480);
        await trio.SecondC.RejectAsync(486);
        var outcome = await trio.OutcomeAsync();
        await Trio.HearAsync(trio.A, trio.B);
        await trio.FirstB.HangUpAsync();
        await trio.FirstA.ExpectByeAsync();

        Assert.Equal("SIP/2.0 486 Busy Here", outcome);
        await trio.Loopback.QuietAsync();
        Assert.Equal(HangupCause.UserBusy, trio.Ended(trio.First).Legs[2].Record!.Cause);
        Assert.IsType<HangupBy.Callee>(trio.Ended(trio.First).By);
    }

    [Theory]
    [InlineData("a", "caller")]
    [InlineData("b", "callee")]
    [InlineData("api", "api")]
    public async Task While_the_target_rings_whoever_hangs_up_leaves_nothing_behind(string who, string by)
    {
        await using var trio = await Trio.RingingAsync();
        await trio.ReferAsync();
        await trio.SecondB.ExpectRefusalAsync(480);
        trio.A.Phone.AlwaysAnswer("BYE", 200);
        trio.B.Phone.AlwaysAnswer("BYE", 200);
        trio.B.Phone.AlwaysAnswer("NOTIFY", 200);

        switch (who)
        {
            case "a":
                await trio.FirstA.HangUpAsync();
                await trio.SecondC.ExpectCancelAsync();
                break;
            case "b":
                await trio.FirstB.HangUpAsync();
                await trio.SecondC.RejectAsync(486);
                break;
            default:
                await trio.Loopback.AskAsync(new CallCommand.HangUp(trio.First, Api));
                await trio.SecondC.ExpectCancelAsync();
                break;
        }

        await trio.EndAsync(trio.First);
        await trio.Loopback.QuietAsync();
        Assert.Contains(trio.Ended(trio.First).Legs, l => l.Record!.By.Word == by);
        Assert.All(trio.Ended(trio.First).Legs, l => Assert.NotNull(l.Record));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b first")]
    [InlineData("b second")]
    [InlineData("c")]
    [InlineData("api first")]
    [InlineData("api second")]
    public async Task A_hangup_that_crosses_the_transfer_ends_every_leg_once(string who)
    {
        await using var trio = await Trio.TalkingAsync();
        foreach (var ear in (Ear[])[trio.A, trio.B, trio.C])
        {
            ear.Phone.AlwaysAnswer("BYE", 200);
            ear.Phone.AlwaysAnswer("NOTIFY", 200);
        }

        var refer = trio.B.Phone.SendAsync(trio.Refer(trio.SecondB));
        await (who switch
        {
            "a" => trio.FirstA.SendByeAsync(),
            "b first" => trio.FirstB.SendByeAsync(),
            "b second" => trio.SecondB.SendByeAsync(),
            "c" => trio.SecondC.SendByeAsync(),
            "api first" => trio.Loopback.AskAsync(new CallCommand.HangUp(trio.First, Api)).AsTask(),
            _ => (Task)trio.Loopback.AskAsync(new CallCommand.HangUp(trio.Second, Api)).AsTask(),
        });
        await refer;
        // Whichever came first, the calls that are left are hung up.
        await trio.B.Phone.ReceiveAsync(m => !m.IsRequest && m.SequenceMethod == "REFER" && m.Status >= 200, "an answer to the REFER");
        await trio.Loopback.AskAsync(new CallCommand.HangUp(trio.First, Api));
        await trio.Loopback.AskAsync(new CallCommand.HangUp(trio.Second, Api));

        await trio.Loopback.QuietAsync();
        Assert.Equal(2, trio.Loopback.Ports.Ended.Count);
    }

    [Fact]
    public async Task A_dialog_that_is_gone_or_somebody_elses_is_not_joined_and_the_call_goes_on()
    {
        await using var trio = await Trio.TalkingAsync();

        await trio.B.Phone.SendAsync(trio.Refer(trio.SecondC));
        await trio.B.Phone.ReceiveAsync(m => m.Status == 403, "403 to the REFER");
        await trio.B.Phone.SendAsync(trio.Refer(trio.FirstB));
        await trio.B.Phone.ReceiveAsync(m => m.Status == 603, "603 to the REFER");
        await trio.SecondB.HangUpAsync();
        await trio.SecondC.ExpectByeAsync();
        await trio.ReferAsync(603);
        await Trio.HearAsync(trio.A, trio.B);
        await trio.FirstA.HangUpAsync();
        await trio.FirstB.ExpectByeAsync();

        await trio.Loopback.QuietAsync();
        Assert.Equal(["caller", "caller"], trio.Ended(trio.First).Legs.Select(l => l.Record!.By.Word));
    }

    private static async Task Hold(Trio trio)
    {
        var hold = trio.Loopback.AskAsync(new CallCommand.Hold(trio.First));
        await Reinvited(trio.FirstA, trio.A, "sendonly");
        await Reinvited(trio.FirstB, trio.B, "sendonly");
        await hold;
    }

    private static async Task Reinvited(ScriptedCall call, Ear ear, string direction)
    {
        var invite = await call.ExpectRequestAsync("INVITE");
        Assert.Equal(direction, Sdp.Direction(invite.Body));
        var answer = ear.Phone.Response(invite, 200).WithSdp(Sdp.Audio(ear.Rtp.Local, "0 101", direction == "sendonly" ? "recvonly" : "sendrecv", version: 2));
        await ear.Phone.SendAsync(answer, invite.Path);
        await call.ExpectRequestAsync("ACK");
    }
}
