using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;

namespace Switchhook.Sip.Tests.Transactions;

/// <summary>Which request belongs to which transaction, and what happens to those that belong nowhere: RFC 3261 §8.2.2.2, §9.2, §17.2.3.</summary>
public class RequestMatchingTests
{
    private readonly StackBench _bench = new();

    [Fact]
    public void A_cancel_comes_with_the_invite_it_matches()
    {
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        _bench.Arrive(Samples.Request(SipMethod.Cancel));

        Assert.Equal(["request Invite", "cancel"], _bench.User.Heard);
        Assert.Equal(_bench.User.Requests[0], _bench.User.CancelledInvites.Single());
    }

    [Theory]
    [InlineData("z9hG4bKother", "192.0.2.7:5060")]
    [InlineData("z9hG4bKone", "192.0.2.8:5060")]
    public void A_cancel_with_another_branch_or_sent_by_matches_nothing(string branch, string sentBy)
    {
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        _bench.Arrive(Samples.Request(SipMethod.Cancel, branch, sentBy));

        Assert.Equal(["request Invite", "cancel of nothing"], _bench.User.Heard);
    }

    [Fact]
    public void Sent_by_is_compared_without_case()
    {
        _bench.Arrive(Samples.Request(SipMethod.Invite, sentBy: "Phone.example.org"));

        _bench.Arrive(Samples.Request(SipMethod.Cancel, sentBy: "phone.EXAMPLE.org"));

        Assert.Equal(["request Invite", "cancel"], _bench.User.Heard);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    public void Requests_of_elements_older_than_the_magic_cookie_are_matched_by_their_headers(string branch)
    {
        _bench.User.Answer = id => Respond(id, 486);

        _bench.Arrive(Samples.Request(SipMethod.Invite, branch));
        _bench.Arrive(Samples.Request(SipMethod.Invite, branch));
        _bench.Arrive(Samples.Request(SipMethod.Ack, branch, toTag: "ours"));
        _bench.Run(TimeSpan.FromSeconds(5));
        _bench.Arrive(Samples.Request(SipMethod.Invite, branch, callId: "call-2"));

        Assert.Equal(["request Invite", "ended Finished", "request Invite"], _bench.User.Heard);
        Assert.Equal([486, 486, 486], _bench.SentStatuses);
    }

    [Fact]
    public void A_copy_of_a_request_that_came_another_way_is_answered_482()
    {
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        _bench.Arrive(Samples.Request(SipMethod.Invite, branch: "z9hG4bKtwo"));
        _bench.Arrive(Samples.Request(SipMethod.Invite, branch: "z9hG4bKtwo"));

        Assert.Equal(["request Invite"], _bench.User.Heard);
        Assert.Equal([482, 482], _bench.SentStatuses);
        var tags = _bench.Sent.Select(message => Encoding.ASCII.GetString(message.ToTag)).ToList();
        Assert.NotEmpty(tags[0]);
        Assert.Equal(tags[0], tags[1]);
        Assert.Equal(2, _bench.Stack.Counters[SipCount.Merged]);
    }

    [Fact]
    public void A_second_try_with_the_same_cseq_after_a_refusal_is_no_copy()
    {
        _bench.User.Answer = id => Respond(id, 401);

        _bench.Arrive(Samples.Request(SipMethod.Register));
        _bench.Arrive(Samples.Request(SipMethod.Register, branch: "z9hG4bKtwo"));

        Assert.Equal([401, 401], _bench.SentStatuses);
    }

    [Fact]
    public void A_request_within_a_dialog_is_never_taken_for_a_copy()
    {
        _bench.Arrive(Samples.Request(SipMethod.Info, toTag: "ours"));
        _bench.Arrive(Samples.Request(SipMethod.Info, branch: "z9hG4bKtwo", toTag: "ours"));

        Assert.Equal(["request Info", "request Info"], _bench.User.Heard);
    }

    [Fact]
    public void A_malformed_request_that_can_be_answered_gets_400_with_a_reason()
    {
        _bench.Arrive("OPTIONS sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKq;rport\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: c\r\nCSeq: many OPTIONS\r\n\r\n");

        var response = Assert.IsType<SipResponse>(Assert.Single(_bench.Sent));
        Assert.Equal(400, response.Status);
        Assert.Equal("Malformed CSeq", response.ReasonText);
        Assert.Equal(1, _bench.Stack.Counters[SipCount.MalformedAnswered]);
        _bench.AssertNothingLives();
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("SIP/2.0 200 OK\r\n\r\n")]
    [InlineData("ACK sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKq\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: c\r\nCSeq: many ACK\r\n\r\n")]
    [InlineData("OPTIONS sip:x@y SIP/2.0\r\n\r\n")]
    public void Garbage_is_met_with_silence_and_counted(string text)
    {
        _bench.Arrive(text);

        Assert.Empty(_bench.Sent);
        Assert.Empty(_bench.User.Heard);
        Assert.Equal(1, _bench.Stack.Counters[SipCount.MalformedDropped]);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void Beyond_its_bound_the_stack_answers_503_and_sends_nothing_of_its_own()
    {
        var bench = new StackBench(SipStackLimits.Default with { MaxTransactions = 1 });
        bench.Arrive(Samples.Request(SipMethod.Invite));

        bench.Arrive(Samples.Request(SipMethod.Invite, branch: "z9hG4bKtwo", callId: "call-2"));

        Assert.Equal([503], bench.SentStatuses);
        Assert.Null(bench.Stack.SendRequest(Samples.Request(SipMethod.Options, "z9hG4bKmine"), StackBench.Udp));
        Assert.Equal(1, bench.Stack.Counters[SipCount.Overload]);
    }

    [Fact]
    public void Truncated_and_damaged_messages_never_throw_and_leave_nothing_behind()
    {
        var whole = Samples.Request(SipMethod.Options).Wire.ToArray();
        var random = new Random(4475);
        _bench.User.Answer = id => Respond(id, 200);

        for (var i = 0; i < 4000; i++)
        {
            var bytes = whole.AsSpan(0, random.Next(1, whole.Length + 1)).ToArray();
            for (var damage = random.Next(4); damage > 0; damage--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            _bench.Arrive(bytes);
        }

        _bench.Run(TimeSpan.FromMinutes(2));
        _bench.AssertNothingLives();
    }

    [Fact]
    public void Requests_by_the_thousand_each_answered_leave_nothing_behind()
    {
        _bench.User.Answer = id => Respond(id, id.Request.Method == SipMethod.Invite ? 486 : 200);

        for (var i = 0; i < 2000; i++)
        {
            var flow = StackBench.Udp with { Remote = StackBench.Udp.Remote.WithPort(5060 + (i % 7)) };
            _bench.Arrive(Samples.Request(i % 2 == 0 ? SipMethod.Invite : SipMethod.Register, $"z9hG4bK{i}", callId: $"call-{i}"), flow);
            Assert.NotNull(_bench.Stack.SendRequest(Samples.Request(SipMethod.Options, $"z9hG4bKo{i}"), flow));
        }

        Assert.Equal(4000, _bench.Stack.LiveTransactions);
        _bench.Run(TimeSpan.FromMinutes(2));

        Assert.Equal(2000, _bench.User.Heard.Count(heard => heard.StartsWith("ended", StringComparison.Ordinal)));
        Assert.Equal(2000, _bench.User.Heard.Count(heard => heard == "failed TimedOut"));
        _bench.AssertNothingLives();
    }

    [Theory]
    [InlineData(SipMethod.Bye, 200)]
    [InlineData(SipMethod.Invite, 486)]
    public void An_answered_transaction_that_let_go_of_its_request_answers_repeats_alike(SipMethod method, int status)
    {
        _bench.Arrive(Samples.Request(method));
        var id = _bench.User.Requests.Single();
        Respond(id, status);
        id.LetGo();

        _bench.Arrive(Samples.Request(method));

        Assert.Throws<InvalidOperationException>(() => id.Request);
        Assert.Equal(1, _bench.Stack.Counters[SipCount.RequestsRepeated]);
        Assert.Equal(2, _bench.Stack.Counters[SipCount.ResponsesSent]);
        Assert.Single(_bench.User.Requests);
    }

    private void Respond(ServerTransactionId id, int status) =>
        _bench.Stack.Respond(id, SipResponseBuilder.ReplyTo(id.Request, status, "ours", id.Source).Build());
}
