using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transactions;

/// <summary>How requests from the network are answered, repeated answers timed and repeats absorbed: RFC 3261 §17.2, RFC 6026 §7.1.</summary>
public class ServerScheduleTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
    private readonly StackBench _bench = new();

    [Fact]
    public void An_invite_whose_user_is_silent_gets_100_after_200_ms()
    {
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        Assert.Equal([200], _bench.Run(TimeSpan.FromSeconds(10)));
        Assert.Equal([100], _bench.SentStatuses);
        Assert.True(_bench.Sent.Single().ToTag.IsEmpty);
        Assert.Contains("rport=5060", _bench.Sent.Single().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_invite_answered_within_200_ms_gets_no_100()
    {
        _bench.User.Answer = id => Answer(id, 180);
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        Assert.Empty(_bench.Run(Long));
        Assert.Equal([180], _bench.SentStatuses);
    }

    [Fact]
    public void A_repeated_invite_gets_the_last_provisional_response_again_and_is_passed_up_once()
    {
        _bench.User.Answer = id => Answer(id, 183);

        _bench.Arrive(Samples.Request(SipMethod.Invite));
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        Assert.Equal(["request Invite"], _bench.User.Heard);
        Assert.Equal([183, 183], _bench.SentStatuses);
        Assert.Equal(1, _bench.Stack.Counters[SipCount.RequestsRepeated]);
    }

    [Fact]
    public void A_refusal_is_repeated_up_to_every_4_s_and_given_up_after_32_s_without_its_ack()
    {
        _bench.User.Answer = id => Answer(id, 486);
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        var repeats = _bench.Run(Long);

        Assert.Equal([500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500], repeats);
        Assert.Equal(["request Invite", "ended TimedOut"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void A_refusal_over_tcp_is_sent_once_and_still_waits_32_s_for_its_ack()
    {
        _bench.User.Answer = id => Answer(id, 486);
        _bench.Arrive(Samples.Request(SipMethod.Invite, transport: "TCP"), StackBench.Tcp);

        Assert.Empty(_bench.Run(Long));
        Assert.Equal(["request Invite", "ended TimedOut"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void The_ack_of_a_refusal_stops_its_repeats_and_is_absorbed_for_5_s()
    {
        _bench.User.Answer = id => Answer(id, 486);
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        _bench.Arrive(Samples.Request(SipMethod.Ack, toTag: "ours"));
        _bench.Arrive(Samples.Request(SipMethod.Ack, toTag: "ours"));
        Assert.Empty(_bench.Run(TimeSpan.FromMilliseconds(4_999)));
        Assert.Equal(["request Invite"], _bench.User.Heard);
        _bench.Run(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["request Invite", "ended Finished"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void The_ack_of_a_2xx_has_a_branch_of_its_own_and_is_passed_up()
    {
        _bench.User.Answer = id => Answer(id, 200);
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        _bench.Arrive(Samples.Request(SipMethod.Ack, branch: "z9hG4bKack", toTag: "ours"));
        _bench.Arrive(Samples.Request(SipMethod.Ack, toTag: "ours")); // some phones take the branch of the INVITE

        Assert.Equal(["request Invite", "ack", "ack"], _bench.User.Heard);
    }

    [Fact]
    public void Repeats_of_an_invite_answered_2xx_are_absorbed_for_32_s_while_its_user_may_repeat_the_2xx()
    {
        _bench.User.Answer = id => Answer(id, 200);
        _bench.Arrive(Samples.Request(SipMethod.Invite));
        var id = _bench.User.Requests.Single();

        _bench.Arrive(Samples.Request(SipMethod.Invite));
        Assert.True(Answer(id, 200));
        Assert.False(Answer(id, 486));
        Assert.Empty(_bench.Run(TimeSpan.FromMilliseconds(31_999)));
        Assert.True(id.IsLive);
        _bench.Run(TimeSpan.FromMilliseconds(1));

        Assert.Equal([200, 200], _bench.SentStatuses);
        Assert.Equal(["request Invite", "ended Finished"], _bench.User.Heard);
        Assert.False(Answer(id, 200));
        _bench.AssertNothingLives();
    }

    [Fact]
    public void A_repeated_request_gets_the_same_answer_for_32_s_and_is_passed_up_once()
    {
        _bench.User.Answer = id => Answer(id, 200);
        var bye = Samples.Request(SipMethod.Bye, toTag: "ours");

        _bench.Arrive(bye);
        _bench.Arrive(bye);
        _bench.Run(TimeSpan.FromMilliseconds(31_999));
        _bench.Arrive(bye);
        _bench.Run(TimeSpan.FromMilliseconds(1));

        Assert.Equal([200, 200, 200], _bench.SentStatuses);
        Assert.Equal(["request Bye", "ended Finished"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void A_request_answered_over_tcp_is_over_at_once()
    {
        _bench.User.Answer = id => Answer(id, 200);

        _bench.Arrive(Samples.Request(SipMethod.Options, transport: "TCP"), StackBench.Tcp);

        Assert.Equal([200], _bench.SentStatuses);
        Assert.Equal(["request Options", "ended Finished"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void A_repeated_request_nobody_has_answered_is_absorbed_and_given_up_after_32_s()
    {
        _bench.Arrive(Samples.Request(SipMethod.Options));
        _bench.Arrive(Samples.Request(SipMethod.Options));

        _bench.Run(Long);

        Assert.Empty(_bench.Sent);
        Assert.Equal(["request Options", "ended TimedOut"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void An_answer_whose_connection_has_gone_takes_a_new_one_to_the_port_of_sent_by()
    {
        _bench.User.Answer = id => Answer(id, 200);
        _bench.Network.Outcome = flow => flow.Connection == 0 ? SendResult.Sent : SendResult.ConnectionGone;

        _bench.Arrive(Samples.Request(SipMethod.Options, transport: "TCP", sentBy: "192.0.2.7:5080"), StackBench.Tcp);

        var (flow, _) = Assert.Single(_bench.Network.Sent);
        Assert.Equal(StackBench.Tcp.Remote.WithPort(5080), flow.Remote);
        Assert.Equal(["request Options", "ended Finished"], _bench.User.Heard);
    }

    [Fact]
    public void An_unreachable_caller_ends_an_unanswered_invite_at_once()
    {
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        _bench.Network.Fail(StackBench.Udp, TransportFault.Refused);
        _bench.Stack.Poll(0);

        Assert.Equal(["request Invite", "ended Transport"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void An_unreachable_caller_of_an_answered_invite_is_reported_and_repeats_stay_absorbed()
    {
        _bench.User.Answer = id => Answer(id, 200);
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        _bench.Network.Fail(StackBench.Udp, TransportFault.Refused);
        _bench.Stack.Poll(0);
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        Assert.Equal(["request Invite", "unreachable"], _bench.User.Heard);
        Assert.Equal(1, _bench.Stack.LiveTransactions);
    }

    [Fact]
    public void Without_rport_the_answer_goes_to_the_port_of_sent_by()
    {
        _bench.User.Answer = id => Answer(id, 200);

        _bench.Arrive(Samples.Request(SipMethod.Options, sentBy: "192.0.2.7:5099", rport: false));
        _bench.Arrive(Samples.Request(SipMethod.Options, branch: "z9hG4bKtwo", sentBy: "192.0.2.7", rport: false, callId: "call-2"));
        _bench.Arrive(Samples.Request(SipMethod.Options, branch: "z9hG4bKthree", sentBy: "192.0.2.7:5099", callId: "call-3"));

        Assert.Equal([5099, 5060, 5060], _bench.Network.Sent.Select(sent => (int)sent.Flow.Remote.Port));
    }

    private bool Answer(ServerTransactionId id, int status) =>
        _bench.Stack.Respond(id, SipResponseBuilder.ReplyTo(id.Request, status, "ours", id.Source).Build());
}
