using Switchhook.Calls.Causes;
using static Switchhook.Calls.Causes.HangupCause;

namespace Switchhook.Calls.Tests.Causes;

public sealed class CauseTableTests
{
    public static TheoryData<int, HangupCause> FromSipRows => new()
    {
        { 400, NormalTemporaryFailure }, { 481, NormalTemporaryFailure }, { 500, NormalTemporaryFailure }, { 503, NormalTemporaryFailure },
        { 401, CallRejected }, { 402, CallRejected }, { 403, CallRejected }, { 407, CallRejected }, { 603, CallRejected },
        { 404, UnallocatedNumber }, { 405, ServiceUnavailable },
        { 406, ServiceNotImplemented }, { 415, ServiceNotImplemented }, { 501, ServiceNotImplemented },
        { 408, RecoveryOnTimerExpire }, { 504, RecoveryOnTimerExpire }, { 410, NumberChanged },
        { 413, Interworking }, { 414, Interworking }, { 416, Interworking }, { 420, Interworking }, { 421, Interworking },
        { 423, Interworking }, { 505, Interworking }, { 513, Interworking },
        { 480, NoUserResponse }, { 482, ExchangeRoutingError }, { 483, ExchangeRoutingError }, { 484, InvalidNumberFormat },
        { 485, NoRouteDestination }, { 604, NoRouteDestination }, { 486, UserBusy }, { 600, UserBusy }, { 487, OriginatorCancel },
        { 488, IncompatibleDestination }, { 606, IncompatibleDestination }, { 502, NetworkOutOfOrder },
        { 300, NormalUnspecified }, { 499, NormalUnspecified }, { 699, NormalUnspecified },
    };

    public static TheoryData<HangupCause, int> ToSipRows => new()
    {
        { UnallocatedNumber, 404 }, { NoRouteDestination, 404 }, { UserBusy, 486 }, { NoUserResponse, 408 },
        { NoAnswer, 480 }, { SubscriberAbsent, 480 }, { NormalUnspecified, 480 }, { NormalClearing, 480 }, { Unspecified, 480 },
        { CallRejected, 603 }, { NumberChanged, 410 }, { DestinationOutOfOrder, 502 }, { InvalidNumberFormat, 484 },
        { FacilityRejected, 501 }, { ServiceNotImplemented, 501 }, { IncompatibleDestination, 488 }, { ExchangeRoutingError, 483 },
        { RecoveryOnTimerExpire, 504 }, { NormalCircuitCongestion, 503 }, { SwitchCongestion, 503 }, { NetworkOutOfOrder, 503 },
        { NormalTemporaryFailure, 503 }, { IncomingCallBarred, 403 }, { OutgoingCallBarred, 403 }, { OriginatorCancel, 487 },
    };

    [Theory]
    [MemberData(nameof(FromSipRows))]
    public void A_status_becomes_its_cause(int status, HangupCause cause) => Assert.Equal(cause, CauseTable.Standard.FromSip(status));

    [Theory]
    [MemberData(nameof(ToSipRows))]
    public void A_cause_becomes_its_status(HangupCause cause, int status) => Assert.Equal(status, CauseTable.Standard.ToSip(cause));

    [Fact]
    public void Every_cause_has_a_final_status_and_a_name_that_is_read_back()
    {
        foreach (var cause in Enum.GetValues<HangupCause>())
        {
            Assert.InRange(CauseTable.Standard.ToSip(cause), 300, 699);
            Assert.True(HangupCauses.TryParse(HangupCauses.NameOf(cause), out var read));
            Assert.Equal(cause, read);
        }
    }

    [Theory]
    [InlineData("Q.850;cause=17", UserBusy)]
    [InlineData("q.850 ; cause = 17 ;text=\"busy\"", UserBusy)]
    [InlineData("SIP;cause=200;text=\"a,b\", Q.850;cause=21", CallRejected)]
    [InlineData("Q.850;text=\"x;cause=1\";cause=34", NormalCircuitCongestion)]
    [InlineData("Q.850;cause=126", Interworking)]
    public void A_reason_header_wins_over_the_table(string reason, HangupCause cause) =>
        Assert.Equal(cause, CauseTable.Standard.FromSip(480, [reason]));

    [Theory]
    [InlineData("SIP;cause=486")]
    [InlineData("Q.850")]
    [InlineData("Q.850;cause=")]
    [InlineData("Q.850;cause=-1")]
    [InlineData("Q.850;cause=128")]
    [InlineData("Q.850;cause=99999999999999999999")]
    [InlineData("")]
    [InlineData("\"Q.850;cause=17")]
    public void A_reason_that_names_no_cause_leaves_the_table_alone(string reason) =>
        Assert.Equal(NoUserResponse, CauseTable.Standard.FromSip(480, [reason]));

    [Fact]
    public void A_bye_without_a_reason_is_normal_clearing() => Assert.Equal(NormalClearing, CauseTable.FromBye([]));

    [Fact]
    public void The_cancel_of_the_originator_is_sent_as_16() =>
        Assert.Equal("Q.850;cause=16;text=\"ORIGINATOR_CANCEL\"", CauseTable.ToReason(OriginatorCancel));

    [Fact]
    public void An_operator_replaces_rows_in_both_directions()
    {
        var table = CauseTable.With([new("sip:486", "21"), new("USER_BUSY", "600")], out var mistakes);

        Assert.Empty(mistakes);
        Assert.Equal(CallRejected, table.FromSip(486));
        Assert.Equal(600, table.ToSip(UserBusy));
        Assert.Equal(NoUserResponse, table.FromSip(480));
    }

    [Theory]
    [InlineData("sip:200", "17")]
    [InlineData("sip:486", "NO_SUCH")]
    [InlineData("NO_SUCH", "486")]
    [InlineData("USER_BUSY", "200")]
    public void A_row_that_makes_no_sense_is_named(string key, string value)
    {
        var table = CauseTable.With([new(key, value)], out var mistakes);

        Assert.Contains(key, Assert.Single(mistakes), StringComparison.Ordinal);
        Assert.Equal(486, table.ToSip(UserBusy));
    }
}
