using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox.Reports;
using static Switchhook.Dialects.Tests.OpenVox.OpenVoxTold;

namespace Switchhook.Dialects.Tests.OpenVox;

/// <summary>The report of a call that was not answered.</summary>
public class OpenVoxFailedReportTests
{
    // {"action":"CallFailed","reason":480,"callid":"1717401700.501","ext":{"extid":["2002","2001"]},"sn":"uc50b7d40213"}
    [Theory]
    [InlineData(HangupCause.NoAnswer, 480, "NO ANSWER")]
    [InlineData(HangupCause.NoUserResponse, 480, "NO ANSWER")]
    [InlineData(HangupCause.NormalClearing, 480, "NO ANSWER")]
    [InlineData(HangupCause.OriginatorCancel, 487, "NO ANSWER")]
    [InlineData(HangupCause.UserBusy, 486, "BUSY")]
    [InlineData(HangupCause.CallRejected, 603, "BUSY")]
    [InlineData(HangupCause.UnallocatedNumber, 404, "FAILED")]
    [InlineData(HangupCause.InvalidNumberFormat, 484, "FAILED")]
    [InlineData(HangupCause.NormalTemporaryFailure, 503, "FAILED")]
    [InlineData(HangupCause.NormalCircuitCongestion, 503, "FAILED")]
    [InlineData(HangupCause.SwitchCongestion, 503, "FAILED")]
    [InlineData(HangupCause.RecoveryOnTimerExpire, 408, "FAILED")]
    [InlineData(HangupCause.IncompatibleDestination, 488, "FAILED")]
    [InlineData(HangupCause.NumberChanged, 410, "FAILED")]
    public async Task A_call_that_was_not_answered_failed_with_the_status_of_its_cause(HangupCause cause, int reason, string outcome)
    {
        var call = OpenVoxWorld.Ended(OpenVoxWorld.Ringing(OpenVoxWorld.Internal()), new HangupBy.Callee(), cause);

        var told = await TellAsync(End(call));

        Assert.Equal($$$"""{"action":"CallFailed","reason":{{{reason}}},"callid":"{{{L2}}}","ext":{"extid":["2002","2001"]},{{{Sn}}}}""", told[0]);
        Assert.Contains($"\"talkduraction\":\"0\",\"status\":\"{outcome}\",\"type\":\"Internal\"", told[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cause_without_a_row_has_the_status_the_far_side_sent()
    {
        var record = new HangupRecord
        {
            Leg = new LegId(OpenVoxWorld.First, 2),
            By = new HangupBy.Callee(),
            Cause = HangupCause.Interworking,
            Phase = LegPhase.Ringing,
            Received = new ReceivedEnd("420 Bad Extension", 420, []),
            StartedAt = OpenVoxWorld.Start,
            EndedAt = OpenVoxWorld.Start,
        };
        var call = OpenVoxWorld.Ended(OpenVoxWorld.Ringing(OpenVoxWorld.Internal()), new HangupBy.Callee(), HangupCause.Interworking);
        call = call with { Legs = call.Legs.SetItem(1, call.Legs[1] with { State = new LegState.Ended(record) }) };

        var told = await TellAsync(End(call));

        Assert.StartsWith("""{"action":"CallFailed","reason":420,""", told[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_nobody_has_fails_with_404_and_its_caller()
    {
        var call = OpenVoxWorld.Ended(OpenVoxWorld.Internal(), new HangupBy.Policy("no route"), HangupCause.UnallocatedNumber) with
        {
            AnsweredAt = null,
            Far = 0,
            Dialed = "9999",
            CalleeDialed = "9999",
            Plan = new CallPlan.Refused(HangupCause.UnallocatedNumber, "no route"),
            Legs = [OpenVoxWorld.Internal().Legs[0]],
        };

        var told = await TellAsync(End(call));

        Assert.StartsWith("""{"action":"CallFailed","reason":404,""", told[0], StringComparison.Ordinal);
        Assert.Contains("""ext":{"extid":["9999","2001"]}""", told[0], StringComparison.Ordinal);
    }
}
