using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Somebody sets the wall clock while calls are up.</summary>
public sealed class SteppedClockTests
{
    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public async Task A_call_lasts_as_long_as_it_lasted_and_later_calls_have_later_ids(int seconds)
    {
        var time = new ManualTime();
        await using var loopback = Loopback.StartAt(time, new Provisioning
        {
            Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", From = ["127.0.0.9"], MayDial = TrunkDial.All }],
            Extensions = [new Extension { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Answer, Account = "demo" }],
        });
        var peer = loopback.Peer();
        var before = await peer.DialAsync("800");
        await before.ConnectAsync();
        await loopback.Ports.EventAsync(e => e is CallAnswered);

        time.Step(TimeSpan.FromSeconds(seconds));
        await loopback.AdvanceAsync(TimeSpan.FromSeconds(20));
        var after = await peer.DialAsync("800");
        await after.ConnectAsync();
        Assert.True((await loopback.AskAsync(new CallCommand.HangUp(loopback.Exchange.Live().Min(c => c.Id), new HangupBy.Api("native", "demo")))).Done);
        var ended = await loopback.EndedAsync();
        var later = Assert.Single(loopback.Exchange.Live());

        Assert.Equal(TimeSpan.FromSeconds(20), ended.Legs[0].Record!.EndedAt - ended.Legs[0].AnsweredAt);
        Assert.True(later.Id.Value > ended.Id.Value);
        Assert.Equal(time.GetUtcNow(), later.StartedAt);
        Assert.Equal(loopback.Ports.Events.Count, loopback.Ports.Events.Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_ring_time_runs_its_length_when_the_clock_is_set_back()
    {
        var time = new ManualTime();
        await using var loopback = Loopback.StartAt(time, new Provisioning
        {
            Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", From = ["127.0.0.9"], MayDial = TrunkDial.All }],
            Extensions = [new Extension { Number = "803", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Ring, Account = "demo" }],
        });
        var peer = loopback.Peer();
        var call = await peer.DialAsync("803");
        await call.ExpectAsync(180);

        time.Step(TimeSpan.FromHours(-1));
        await loopback.AdvanceAsync(TimeSpan.FromMinutes(5));
        var ended = await loopback.EndedAsync();

        Assert.Equal("timer", ended.By!.Word);
        Assert.True(ended.Legs[0].Record!.EndedAt > ended.StartedAt);
    }
}
