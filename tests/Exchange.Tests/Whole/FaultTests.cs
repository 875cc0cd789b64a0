using System.Net;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Bugs, dead peers and exhausted resources: the call in question ends, whole, and everything else goes on.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private Loopback _loopback = null!;
    private ScriptedPhone _peer = null!;

    public ValueTask InitializeAsync()
    {
        _loopback = Loopback.Start(
            new Provisioning
            {
                Extensions =
                [
                    new Extension { Number = "101", Secret = "pw101" },
                    new Extension { Number = "800", Kind = ExtensionKind.Service },
                    new Extension { Number = "803", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Ring },
                ],
                Trunks =
                [
                    new Trunk { Name = "carrier", Host = "127.0.0.9", MayDial = TrunkDial.All },
                    new Trunk { Name = "closed", Host = "127.0.0.99", Port = 9 },
                    new Trunk { Name = "refused", Host = "127.0.0.99", Port = 9, Transport = "tcp" },
                    new Trunk { Name = "unknown", Host = "no-such-host.invalid" },
                ],
                OutboundRoutes =
                [
                    new OutboundRoute { Name = "closed", Pattern = "71X.", Trunk = "closed" },
                    new OutboundRoute { Name = "refused", Pattern = "72X.", Trunk = "refused" },
                    new OutboundRoute { Name = "unknown", Pattern = "73X.", Trunk = "unknown" },
                ],
            },
            o => o with { SipListen = ["udp://127.0.0.1:0", "tcp://127.0.0.1:0"], RtpAddress = IPAddress.Parse("127.0.0.56"), RtpFirstPort = 21000, RtpLastPort = 21003 });
        _peer = _loopback.Peer();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Theory]
    [InlineData("call.started")]
    [InlineData("leg.answered")]
    [InlineData("call.answered")]
    public async Task A_bug_in_a_calls_work_ends_that_call_and_no_other(string step)
    {
        var good = await _peer.DialAsync("800");
        await good.ConnectAsync();
        await _loopback.Ports.EventAsync(e => e is CallAnswered);
        ThrowAt(step);

        var call = await _peer.DialAsync("800");
        var final = await call.ExpectFinalAsync();
        await call.AcknowledgeAsync(final);
        if (final.Status == 200)
            Assert.Equal(41, (await call.ExpectByeAsync()).Q850);

        Assert.Equal("fault (internal error) NORMAL_TEMPORARY_FAILURE", Loopback.Why(await _loopback.EndedAsync()));
        _loopback.Ports.OnTrace = null;
        Assert.Equal(200, (await good.HangUpAsync()).Status);
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData("leg.ended")]
    [InlineData("call.ended")]
    public async Task A_bug_at_the_end_of_a_call_leaves_nothing_behind(string step)
    {
        ThrowAt(step);
        var call = await _peer.DialAsync("800");
        await call.ConnectAsync();

        Assert.Equal(200, (await call.HangUpAsync()).Status);

        Assert.Equal("caller NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_bug_while_a_joined_call_is_hung_up_still_ends_both_legs()
    {
        var callee = _loopback.Phone("101", "pw101");
        await callee.RegisterAsync();
        var call = await _peer.DialAsync("101");
        var rung = await callee.IncomingAsync();
        await rung.AnswerAsync(ScriptedPhone.SilentSdp("0"));
        await call.ConnectAsync();
        var id = (await _loopback.Ports.EventAsync(e => e is CallAnswered)).Call.Id;
        ThrowAt("leg.ended");

        await _loopback.AskAsync(new CallCommand.HangUp(id, new HangupBy.Api("native", "demo")));

        await call.ExpectByeAsync();
        await rung.ExpectByeAsync();
        Assert.Equal("api (native/demo) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData("7112", "fault (transport failed) NORMAL_TEMPORARY_FAILURE")]
    [InlineData("7212", "fault (transport failed) NORMAL_TEMPORARY_FAILURE")]
    [InlineData("7312", "fault (trunk host 'no-such-host.invalid' has no address) NETWORK_OUT_OF_ORDER")]
    public async Task A_trunk_that_cannot_be_reached_is_a_fault_with_a_name(string number, string why)
    {
        var call = await _peer.DialAsync(number);

        await call.ExpectRefusalAsync(503);

        Assert.Equal(why, Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_call_of_ours_that_finds_no_port_for_audio_is_over_and_forgotten()
    {
        var callee = _loopback.Phone("101", "pw101");
        await callee.RegisterAsync();
        var (first, second) = (await _peer.DialAsync("803"), await _peer.DialAsync("803"));
        await first.ExpectAsync(180);
        await second.ExpectAsync(180);

        var reply = await _loopback.AskAsync(new CallCommand.Originate
        {
            Dialect = "native",
            Account = "demo",
            Caller = new Party("900"),
            Dialed = "101",
            Then = new OnAnswer.Wait(),
        });

        var ended = await _loopback.EndedAsync();
        Assert.Equal((reply.Call!.Id, "policy (no RTP port free) NORMAL_CIRCUIT_CONGESTION"), (ended.Id, Loopback.Why(ended)));
        await first.CancelAsync();
        await first.ExpectRefusalAsync(487);
        await second.CancelAsync();
        await second.ExpectRefusalAsync(487);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task An_ack_that_never_comes_does_not_keep_a_hung_up_call_from_ending_once_it_does()
    {
        var call = await _peer.DialAsync("800");
        var answer = await call.ExpectAsync(200);
        var id = (await _loopback.Ports.EventAsync(e => e is CallAnswered)).Call.Id;

        var reply = await _loopback.AskAsync(new CallCommand.HangUp(id, new HangupBy.Api("native", "demo")));
        var again = await _loopback.AskAsync(new CallCommand.HangUp(id, new HangupBy.Api("native", "demo")));
        Assert.IsType<CallState.Ending>(reply.Call!.State);
        Assert.Equal(CallRefusal.HangupInProgress, again.Refusal);
        await call.AcknowledgeAsync(answer);

        await call.ExpectByeAsync();
        Assert.Equal("api (native/demo) NORMAL_CLEARING", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    private void ThrowAt(string step)
    {
        var thrown = 0;
        _loopback.Ports.OnTrace = entry =>
        {
            if (entry.Kind == "event" && entry.Summary.StartsWith(step, StringComparison.Ordinal) && Interlocked.Increment(ref thrown) == 1)
                throw new InvalidOperationException("a bug");
        };
    }
}
