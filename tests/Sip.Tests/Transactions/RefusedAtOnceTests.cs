using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Transactions;

/// <summary>INVITEs answered before anything is made for them (RFC 3261 §8.2.7).</summary>
public sealed class RefusedAtOnceTests
{
    private readonly StackBench _bench = new();

    public RefusedAtOnceTests() => _bench.User.Refusal = new SipRefusal(503, [("Retry-After", "5")]);

    [Fact]
    public void A_refused_INVITE_leaves_nothing_behind_and_its_answer_is_not_repeated()
    {
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        _bench.AssertNothingLives();
        Assert.Empty(_bench.Run(TimeSpan.FromSeconds(40)));
        var answer = Assert.IsType<SipResponse>(Assert.Single(_bench.Sent));
        Assert.Equal(503, answer.Status);
        Assert.True(answer.TryGetNumber(HeaderName.RetryAfter, out var seconds));
        Assert.Equal(5u, seconds);
        Assert.Empty(_bench.User.Heard);
        Assert.Equal(1, _bench.Stack.Counters[SipCount.RefusedAtOnce]);
    }

    [Fact]
    public void A_repeat_gets_the_same_answer_and_its_ACK_is_absorbed()
    {
        var invite = Samples.Request(SipMethod.Invite);
        _bench.Arrive(invite);

        _bench.Arrive(invite);
        _bench.Arrive(Samples.Request(SipMethod.Ack, toTag: TagOfAnswer(0)));

        Assert.Equal([503, 503], _bench.SentStatuses);
        Assert.Equal(TagOfAnswer(0), TagOfAnswer(1));
        Assert.Empty(_bench.User.Heard);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void The_ACK_of_what_was_not_refused_is_heard()
    {
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        _bench.Arrive(Samples.Request(SipMethod.Ack, branch: "z9hG4bKtwo", toTag: "b1"));

        Assert.Equal(["ack"], _bench.User.Heard);
    }

    [Fact]
    public void A_repeat_is_refused_even_when_there_is_room_again()
    {
        var invite = Samples.Request(SipMethod.Invite);
        _bench.Arrive(invite);
        _bench.User.Refusal = null;

        _bench.Arrive(invite);

        Assert.Equal([503, 503], _bench.SentStatuses);
        Assert.Equal(1, _bench.Stack.Counters[SipCount.RequestsRepeated]);
        _bench.AssertNothingLives();
    }

    [Fact]
    public void Another_INVITE_of_the_same_caller_is_taken_when_there_is_room_again()
    {
        _bench.Arrive(Samples.Request(SipMethod.Invite));
        _bench.User.Refusal = null;

        _bench.Arrive(Samples.Request(SipMethod.Invite, branch: "z9hG4bKtwo", cseq: 2));

        Assert.Equal(["request Invite"], _bench.User.Heard);
    }

    [Fact]
    public void Two_refused_INVITEs_get_tags_of_their_own()
    {
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        _bench.Arrive(Samples.Request(SipMethod.Invite, branch: "z9hG4bKtwo", callId: "call-2"));

        Assert.NotEqual(TagOfAnswer(0), TagOfAnswer(1));
    }

    [Fact]
    public void An_INVITE_known_already_goes_on_to_its_transaction()
    {
        _bench.User.Refusal = null;
        var invite = Samples.Request(SipMethod.Invite);
        _bench.Arrive(invite);
        _bench.User.Refusal = new SipRefusal(503, []);

        _bench.Arrive(invite);

        Assert.DoesNotContain(503, _bench.SentStatuses);
    }

    [Theory]
    [InlineData(SipMethod.Invite, "b1")]
    [InlineData(SipMethod.Options, null)]
    [InlineData(SipMethod.Bye, "b1")]
    public void What_belongs_to_a_dialog_and_what_is_no_INVITE_is_not_asked_about(SipMethod method, string? toTag)
    {
        _bench.Arrive(Samples.Request(method, toTag: toTag));

        Assert.Equal([$"request {method}"], _bench.User.Heard);
    }

    [Fact]
    public void The_CANCEL_of_a_refused_INVITE_finds_nothing()
    {
        _bench.Arrive(Samples.Request(SipMethod.Invite));

        _bench.Arrive(Samples.Request(SipMethod.Cancel));

        Assert.Equal(["cancel of nothing"], _bench.User.Heard);
    }

    [Fact]
    public void Many_refusals_keep_a_bounded_memory_of_the_last_ones()
    {
        for (var i = 0; i < 100_000; i++) _bench.Arrive(Samples.Request(SipMethod.Invite, branch: $"z9hG4bK{i}", callId: $"c{i}"));
        _bench.User.Refusal = null;

        _bench.Arrive(Samples.Request(SipMethod.Invite, branch: "z9hG4bK99999", callId: "c99999"));

        Assert.Equal(100_001, _bench.SentStatuses.Count(status => status == 503));
        _bench.AssertNothingLives();
    }

    private string TagOfAnswer(int index) =>
        System.Text.Encoding.ASCII.GetString(_bench.Sent.OfType<SipResponse>().ElementAt(index).ToTag);
}
