using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>A call is one and the same in every dialect: placed in one, listed and hung up in another, over once and for all in both.</summary>
public sealed class OneCallTests(DialectsLab lab) : IClassFixture<DialectsLab>, IAsyncDisposable
{
    private static readonly string[] Names = ["native", "ozeki", "openvox", "hoiio", "catapult"];

    /// <summary>Who places, and who hangs up.</summary>
    public static TheoryData<string, string> Pairs => new(Names.SelectMany(_ => Names, (one, other) => (one, other)));

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task An_answered_call_is_listed_and_hung_up_by_another_dialect_and_is_over_for_its_own(string placer, string other)
    {
        var (a, b) = (lab[placer], lab[other]);
        var before = await lab.Server.MetricsAsync();
        var call = await lab.TalkAsync(a);
        var (mine, theirs) = (await a.FindAsync(call.Number), await b.FindAsync(call.Number));

        var hangup = await b.HangUpAsync(theirs);
        var late = await a.HangUpAsync(mine);
        await ByesAsync(call);

        Assert.Equal((a.Words.Talks, b.Words.Talks), (mine.State, theirs.State));
        Assert.Equal((b.Words.HangsUp, a.Words.Over), (hangup, late));
        var ended = await EndedOnceAsync(call, a, before, 16, "BYE");
        Assert.All(ended.Legs, l => Assert.Equal($"{other}/{ProvisioningBuilder.Account}", l.Hangup!.ByDetail));
        Assert.Equal((a.Words.Cleared, b.Words.Cleared), (await a.EndAsync(mine), await b.EndAsync(theirs)));
        Assert.Equal(b.Words.Over, await b.HangUpAsync(theirs));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Of_two_hangups_in_the_same_instant_one_is_the_hangup(string placer, string other)
    {
        var (a, b) = (lab[placer], lab[other]);
        var before = await lab.Server.MetricsAsync();
        var call = await lab.TalkAsync(a);
        var (mine, theirs) = (await a.FindAsync(call.Number), await b.FindAsync(call.Number));

        var answers = await Task.WhenAll(a.HangUpAsync(mine), b.HangUpAsync(theirs));
        await ByesAsync(call);

        var ended = await EndedOnceAsync(call, a, before, 16, "BYE");
        var first = Assert.Single(ended.Legs.Select(l => l.Hangup!.ByDetail).Distinct());
        var isMine = first == $"{placer}/{ProvisioningBuilder.Account}" && (placer != other || answers[0] == a.Words.HangsUp);
        Assert.True(isMine || first == $"{other}/{ProvisioningBuilder.Account}", first);
        var (winner, loser) = isMine ? (a.Words, b.Words) : (b.Words, a.Words);
        Assert.Equal(winner.HangsUp, answers[isMine ? 0 : 1]);
        Assert.Contains(answers[isMine ? 1 : 0], (string[])[loser.Again, loser.Over]);
        Assert.Equal((a.Words.Cleared, b.Words.Cleared), (await a.EndAsync(mine), await b.EndAsync(theirs)));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_hangup_before_the_far_side_has_said_anything_is_in_progress_until_it_does_and_then_cancels(string placer, string other)
    {
        var (a, b) = (lab[placer], lab[other]);
        var before = await lab.Server.MetricsAsync();
        var call = await lab.PlaceAsync(a);
        var (mine, theirs) = (await a.FindAsync(call.Number), await b.FindAsync(call.Number));

        var hangup = await b.HangUpAsync(theirs, rings: true);
        var (again, same) = (await a.HangUpAsync(mine, rings: true), await b.HangUpAsync(theirs, rings: true));
        await call.Legs[0].RingAsync();
        await call.Legs[0].ExpectCancelAsync(DialectsLab.Patience);
        var ended = await EndedOnceAsync(call, a, before, 487, "CANCEL");
        var (late, later) = (await a.HangUpAsync(mine, rings: true), await b.HangUpAsync(theirs, rings: true));

        Assert.Equal((a.Words.Rings, b.Words.Rings), (mine.State, theirs.State));
        Assert.Equal((b.Words.HangsUp, a.Words.Again, b.Words.Again), (hangup, again, same));
        Assert.Equal((a.Words.Over, b.Words.Over), (late, later));
        Assert.Equal($"{other}/{ProvisioningBuilder.Account}", Assert.Single(ended.Legs).Hangup!.ByDetail);
        Assert.Equal((a.Words.Cancelled, b.Words.Cancelled), (await a.EndAsync(mine), await b.EndAsync(theirs)));
    }

    /// <summary>A test that failed half-way must not leave its call to the next one.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var call in await lab.Server.Native.LiveAsync())
            await lab.Server.Native.HangUpAsync(call.Id);
    }

    private static async Task ByesAsync(OneCall call)
    {
        foreach (var leg in call.Legs)
            await leg.ExpectByeAsync(DialectsLab.Patience);
    }

    /// <summary>
    /// The call, ended: one record a leg and one row, one request that hangs up to each party, one terminal event to everybody who asked to
    /// know, none to anybody else, and nothing of it is live.
    /// </summary>
    private async Task<CallView> EndedOnceAsync(OneCall call, DialectDriver placer, Metrics before, int cause, string sent)
    {
        var ended = await lab.Server.Native.ConfirmedCallAsync(call.Id, DialectsLab.Patience);
        var hearers = lab.Drivers.Where(d => d.HearsOfAll || d == placer).ToList();
        await Eventually.TrueAsync(() => hearers.TrueForAll(d => d.Told(call) > 0), $"the end of {call.Id} is told by {string.Join(", ", hearers.Select(d => d.Words.Name))}", DialectsLab.Patience);
        await lab.Server.QuietAsync("call", "leg", "rtp_port", "script");
        var after = await lab.Server.MetricsAsync();

        Assert.Equal(call.Legs.Count, ended.Legs.Count);
        Assert.All(ended.Legs, l => Assert.Equal(("api", cause, sent), (l.Hangup!.By, l.Hangup.Cause, l.Hangup.Sent)));
        Assert.Equal(call.Legs.Select(_ => 1), call.Got(sent));
        Assert.Equal(call.Legs.Select(_ => 0), call.Got(sent == "BYE" ? "CANCEL" : "BYE"));
        Assert.Single((await lab.Server.Native.EndedAsync("&pageSize=500")).Calls, c => c.Id == call.Id);
        Assert.Equal(1, Since("switchhook_calls_ended_total"));
        foreach (var driver in lab.Drivers)
        {
            var expected = hearers.Contains(driver) ? 1 : 0;
            Assert.Equal((driver.Words.Name, expected), (driver.Words.Name, driver.Told(call)));
            if (driver.Words.Name != "native")
                Assert.Equal((driver.Words.Name, expected), (driver.Words.Name, Since("switchhook_terminal_events_total", ("dialect", driver.Words.Name))));
        }
        return ended;

        double Since(string name, params (string, string)[] labels) => after.Sum(name, labels) - before.Sum(name, labels);
    }
}
