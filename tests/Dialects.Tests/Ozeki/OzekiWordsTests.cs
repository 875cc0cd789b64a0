using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Hangup;
using Switchhook.Dialects.Ozeki;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiWordsTests
{
    [Theory]
    [InlineData(HangupCause.NormalClearing, "Completed")]
    [InlineData(HangupCause.OriginatorCancel, "Cancelled")]
    [InlineData(HangupCause.UserBusy, "Busy")]
    [InlineData(HangupCause.CallRejected, "Busy")]
    [InlineData(HangupCause.NoUserResponse, "NoAnswer")]
    [InlineData(HangupCause.NoAnswer, "NoAnswer")]
    [InlineData(HangupCause.UnallocatedNumber, "NotFound")]
    [InlineData(HangupCause.InvalidNumberFormat, "Error")]
    [InlineData(HangupCause.NormalTemporaryFailure, "Error")]
    [InlineData(HangupCause.NormalCircuitCongestion, "Error")]
    [InlineData(HangupCause.SwitchCongestion, "Error")]
    [InlineData(HangupCause.RecoveryOnTimerExpire, "Error")]
    [InlineData(HangupCause.SubscriberAbsent, "Error")]
    [InlineData(HangupCause.Interworking, "Error")]
    public void Every_cause_stands_for_a_state(HangupCause cause, string state)
    {
        Assert.Equal(state, OzekiWords.Result(cause).ToString());
    }

    [Fact]
    public void Causes_without_a_row_are_errors()
    {
        HangupCause[] named =
        [
            HangupCause.NormalClearing, HangupCause.OriginatorCancel, HangupCause.UserBusy, HangupCause.CallRejected,
            HangupCause.NoUserResponse, HangupCause.NoAnswer, HangupCause.UnallocatedNumber,
        ];

        Assert.All(Enum.GetValues<HangupCause>().Except(named), cause => Assert.Equal(OzekiResult.Error, OzekiWords.Result(cause)));
    }

    [Fact]
    public void The_vendor_calls_a_callee_that_rang_out_busy_and_an_unknown_number_an_error_while_it_watches()
    {
        var rangOut = End(OzekiWorld.Ordinary() with { AnsweredAt = null }, HangupCause.NoAnswer, new HangupBy.Timer(CallTimer.Ring));
        var unknown = End(OzekiWorld.Ordinary() with { AnsweredAt = null }, HangupCause.UnallocatedNumber, new HangupBy.Policy("no route"));

        Assert.Equal(("Busy", "NoAnswer"), (OzekiWords.FinalState(rangOut), OzekiWords.HistoryState(rangOut)));
        Assert.Equal(("Error", "NotFound"), (OzekiWords.FinalState(unknown), OzekiWords.HistoryState(unknown)));
    }

    [Fact]
    public void A_normal_end_before_the_answer_is_a_cancelled_call()
    {
        var call = End(OzekiWorld.Ordinary() with { AnsweredAt = null }, HangupCause.NormalClearing, new HangupBy.Api("ozeki", "ops"));

        Assert.Equal(("Cancelled", "Cancelled"), (OzekiWords.FinalState(call), OzekiWords.HistoryState(call)));
    }

    [Fact]
    public void A_transferred_call_has_its_own_words()
    {
        var call = End(OzekiWorld.Ordinary(), HangupCause.NormalClearing, new HangupBy.Transfer());

        Assert.Equal(("Transferred", "TransferCompleted"), (OzekiWords.FinalState(call), OzekiWords.HistoryState(call)));
    }

    [Fact]
    public void The_history_says_who_hung_up()
    {
        var api = new HangupBy.Api("ozeki", "ops");
        var script = new HangupBy.Script("Hangup", 3);

        Assert.Equal("CallerHungUp", OzekiWords.HistoryState(End(OzekiWorld.Ordinary(), HangupCause.NormalClearing, new HangupBy.Caller())));
        Assert.Equal("CalleeHungUp", OzekiWords.HistoryState(End(OzekiWorld.Ordinary(), HangupCause.NormalClearing, new HangupBy.Callee())));
        Assert.Equal("CallerHungUp", OzekiWords.HistoryState(End(OzekiWorld.Ordinary(), HangupCause.NormalClearing, api)));
        Assert.Equal("CallerHungUp", OzekiWords.HistoryState(End(OzekiWorld.Placed(), HangupCause.NormalClearing, script)));
        Assert.Equal("CalleeHungUp", OzekiWords.HistoryState(End(Answered(OzekiWorld.Incoming()), HangupCause.NormalClearing, script)));
    }

    [Theory]
    [InlineData(CallOriginKind.Extension, false, "Internal")]
    [InlineData(CallOriginKind.Trunk, false, "Inbound")]
    [InlineData(CallOriginKind.Extension, true, "Outbound")]
    [InlineData(CallOriginKind.Trunk, true, "External")]
    public void Directions_follow_the_trunks_a_call_uses(CallOriginKind from, bool toTrunk, string direction)
    {
        LegTarget target = toTrunk ? new LegTarget.Trunk("carrier", "+1") : new LegTarget.Extension("204");
        var call = OzekiWorld.Ordinary() with { Origin = new CallOrigin { Kind = from }, Plan = new CallPlan.Connect(target, TimeSpan.FromSeconds(90)) };

        Assert.Equal(direction, OzekiWords.Direction(call));
    }

    private static Call Answered(Call call) => call with { AnsweredAt = OzekiWorld.Start };

    private static Call End(Call call, HangupCause cause, HangupBy by) => OzekiWorld.Ended(call, cause, by);
}
