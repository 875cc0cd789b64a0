using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transactions;

/// <summary>When requests of ours are repeated and given up: RFC 3261 §17.1 and table 4, RFC 6026 §7.2.</summary>
public class ClientScheduleTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
    private readonly StackBench _bench = new();

    [Fact]
    public void An_unanswered_invite_is_repeated_at_doubling_intervals_and_given_up_after_32_s()
    {
        Send(SipMethod.Invite);

        var repeats = _bench.Run(Long);

        Assert.Equal([500, 1500, 3500, 7500, 15500, 31500], repeats);
        Assert.Equal(["failed TimedOut"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void An_unanswered_invite_over_tcp_is_sent_once_and_given_up_after_32_s()
    {
        Send(SipMethod.Invite, StackBench.Tcp);

        Assert.Empty(_bench.Run(TimeSpan.FromMilliseconds(31_999)));
        Assert.Empty(_bench.User.Heard);
        _bench.Run(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["failed TimedOut"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void An_unanswered_request_is_repeated_up_to_every_4_s_and_given_up_after_32_s()
    {
        Send(SipMethod.Bye);

        var repeats = _bench.Run(Long);

        Assert.Equal([500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500], repeats);
        Assert.Equal(["failed TimedOut"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void A_provisional_response_stops_the_repeats_of_an_invite_for_good()
    {
        var invite = Send(SipMethod.Invite);

        _bench.Arrive(Samples.Response(invite, 180));

        Assert.Empty(_bench.Run(Long));
        Assert.Equal(["response 180"], _bench.User.Heard);
        Assert.Equal(1, _bench.Stack.LiveTransactions);
        Assert.Equal(0, _bench.Stack.LiveTimers);
    }

    [Fact]
    public void A_provisional_response_slows_the_repeats_of_another_request_to_every_4_s()
    {
        var bye = Send(SipMethod.Bye);

        _bench.Arrive(Samples.Response(bye, 100));
        var repeats = _bench.Run(Long);

        Assert.Equal([500, 4500, 8500, 12500, 16500, 20500, 24500, 28500], repeats);
        Assert.Equal(["response 100", "failed TimedOut"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void A_refused_invite_is_acknowledged_on_its_own_branch_and_so_is_every_repeat_for_32_s()
    {
        var invite = Send(SipMethod.Invite);
        var busy = Samples.Response(invite, 486, toTag: "b9");

        _bench.Arrive(busy);
        _bench.Arrive(busy);

        Assert.Equal(["response 486"], _bench.User.Heard);
        var acks = _bench.Sent.Skip(1).Cast<SipRequest>().ToList();
        Assert.Equal(2, acks.Count);
        var ack = acks[0];
        Assert.Equal(SipMethod.Ack, ack.Method);
        Assert.True(ack.Branch.SequenceEqual(invite.Branch));
        Assert.Equal(new CSeq(1, SipMethod.Ack), ack.CSeq);
        Assert.True(ack.ToTag.SequenceEqual("b9"u8));
        Assert.True(ack.RequestUri.SequenceEqual(invite.RequestUri));
        Assert.True(ack.Get(HeaderName.Route).SequenceEqual(invite.Get(HeaderName.Route)));

        _bench.Run(TimeSpan.FromMilliseconds(31_999));
        Assert.Equal(1, _bench.Stack.LiveTransactions);
        _bench.Run(TimeSpan.FromMilliseconds(1));
        _bench.AssertNothingLives();
    }

    [Fact]
    public void A_refused_invite_over_tcp_is_acknowledged_and_over_at_once()
    {
        var invite = Send(SipMethod.Invite, StackBench.Tcp);

        _bench.Arrive(Samples.Response(invite, 486), StackBench.Tcp);

        Assert.Equal([SipMethod.Invite, SipMethod.Ack], _bench.Sent.Cast<SipRequest>().Select(request => request.Method));
        Assert.Equal(["response 486"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void Every_2xx_of_an_invite_is_passed_up_for_32_s_and_none_is_acknowledged_here()
    {
        var invite = Send(SipMethod.Invite);

        _bench.Arrive(Samples.Response(invite, 200, "fork-1"));
        _bench.Arrive(Samples.Response(invite, 200, "fork-2"));
        _bench.Run(TimeSpan.FromMilliseconds(31_999));
        _bench.Arrive(Samples.Response(invite, 200, "fork-1"));
        _bench.Run(TimeSpan.FromMilliseconds(1));
        _bench.Arrive(Samples.Response(invite, 200, "fork-1"));

        Assert.Equal(["response 200", "response 200", "response 200", "stray 200"], _bench.User.Heard);
        Assert.Single(_bench.Sent);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void Repeated_answers_to_another_request_are_absorbed_for_5_s()
    {
        var bye = Send(SipMethod.Bye);

        _bench.Arrive(Samples.Response(bye, 200));
        _bench.Arrive(Samples.Response(bye, 200));
        _bench.Run(TimeSpan.FromMilliseconds(4_999));
        Assert.Equal(1, _bench.Stack.LiveTransactions);
        _bench.Run(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["response 200"], _bench.User.Heard);
        Assert.Equal(1, _bench.Stack.Counters[SipCount.InputsIgnored]);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void A_request_the_transport_refuses_fails_at_the_next_poll_and_not_before_sending_returns()
    {
        _bench.Network.Outcome = _ => SendResult.Unreachable;

        Send(SipMethod.Invite);
        Assert.Empty(_bench.User.Heard);
        _bench.Stack.Poll(0);

        Assert.Equal(["failed Transport"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void A_datagram_lost_in_our_own_kernel_is_repeated_like_one_lost_on_the_way()
    {
        _bench.Network.Outcome = _ => SendResult.Lost;
        var invite = Send(SipMethod.Invite);
        _bench.Network.Outcome = _ => SendResult.Sent;

        Assert.Equal([500], _bench.Run(TimeSpan.FromMilliseconds(600)));
        _bench.Arrive(Samples.Response(invite, 180));

        Assert.Equal(["response 180"], _bench.User.Heard);
    }

    [Fact]
    public void An_unreachable_remote_fails_every_request_that_waits_for_it_and_no_other()
    {
        var elsewhere = StackBench.Udp with { Remote = StackBench.Udp.Remote.WithPort(5062) };
        Send(SipMethod.Invite);
        Send(SipMethod.Options, branch: "z9hG4bKtwo");
        Send(SipMethod.Options, elsewhere, "z9hG4bKthree");

        _bench.Network.Fail(StackBench.Udp, TransportFault.Refused);
        _bench.Stack.Poll(0);

        Assert.Equal(["failed Transport", "failed Transport"], _bench.User.Heard);
        Assert.Equal(1, _bench.Stack.LiveTransactions);
    }

    [Fact]
    public void An_abandoned_transaction_ends_without_a_word()
    {
        var invite = Samples.Request(SipMethod.Invite);
        var id = _bench.Stack.SendRequest(invite, StackBench.Udp);

        id!.Value.Abandon();
        _bench.Arrive(Samples.Response(invite, 180));

        Assert.False(id.Value.IsLive);
        Assert.Equal(["stray 180"], _bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void A_user_may_abandon_from_within_a_response()
    {
        _bench.User.React = (id, _) => id.Abandon();
        var invite = Send(SipMethod.Invite);

        _bench.Arrive(Samples.Response(invite, 200));

        _bench.AssertNothingLives();
    }

    [Fact]
    public void A_cancel_has_a_transaction_of_its_own_beside_the_invite_with_the_same_branch()
    {
        var invite = Send(SipMethod.Invite);
        var cancel = Send(SipMethod.Cancel);

        _bench.Arrive(Samples.Response(cancel, 200));
        _bench.Arrive(Samples.Response(invite, 487));

        Assert.Equal(["response 200", "response 487"], _bench.User.Heard);
    }

    [Fact]
    public void A_branch_in_use_is_refused()
    {
        Send(SipMethod.Options);

        Assert.Null(_bench.Stack.SendRequest(Samples.Request(SipMethod.Options), StackBench.Udp));
        Assert.Null(_bench.Stack.SendRequest(Samples.Request(SipMethod.Ack, branch: "z9hG4bKack"), StackBench.Udp));
        Assert.Single(_bench.Sent);
    }

    [Fact]
    public void A_response_for_another_method_or_branch_matches_nothing()
    {
        Send(SipMethod.Options);

        _bench.Arrive(Samples.Response(Samples.Request(SipMethod.Info), 200));
        _bench.Arrive(Samples.Response(Samples.Request(SipMethod.Options, branch: "z9hG4bKother"), 200));

        Assert.Equal(["stray 200", "stray 200"], _bench.User.Heard);
        Assert.Equal(2, _bench.Stack.Counters[SipCount.StrayResponses]);
    }

    private SipRequest Send(SipMethod method, SipFlow? flow = null, string branch = "z9hG4bKone")
    {
        var request = Samples.Request(method, branch);
        Assert.NotNull(_bench.Stack.SendRequest(request, flow ?? StackBench.Udp));
        return request;
    }
}
