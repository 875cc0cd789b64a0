using Switchhook.Calls;
using Switchhook.Calls.Traces;
using Switchhook.Server.Traces;

namespace Switchhook.Server.Tests.Native;

public sealed class CallTraceRingTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_entry_is_read_as_it_was_added()
    {
        var traces = new CallTraceRing();

        traces.Add(new CallId(1), new TraceEntry(Start, "sip-in", "INVITE sip:ő@x", "INVITE sip:ő@x SIP/2.0"));
        traces.Add(new CallId(2), new TraceEntry(Start, "note", "other", null));

        var entry = Assert.Single(traces.Find(new CallId(1))!);
        Assert.Equal((Start, "sip-in", "INVITE sip:ő@x", "INVITE sip:ő@x SIP/2.0"), (entry.At, entry.Kind, entry.Summary, entry.Detail));
        Assert.Null(Assert.Single(traces.Find(new CallId(2))!).Detail);
        Assert.Null(traces.Find(new CallId(3)));
    }

    [Fact]
    public void A_long_call_keeps_its_beginning_and_says_how_much_is_missing()
    {
        var traces = new CallTraceRing(entriesPerCall: 2);

        for (var i = 0; i < 5; i++)
            traces.Add(new CallId(1), new TraceEntry(Start.AddSeconds(i), "note", $"n{i}", null));

        Assert.Equal(["n0", "n1", "3 more entries were left out"], traces.Find(new CallId(1))!.Select(e => e.Summary));
    }

    [Fact]
    public void Long_messages_push_out_the_oldest_entries()
    {
        var traces = new CallTraceRing(octets: 10_000);

        for (var i = 1; i <= 5; i++)
            traces.Add(new CallId(i), new TraceEntry(Start, "sip-in", "INVITE", new string('x', 2200)));

        Assert.Null(traces.Find(new CallId(1)));
        Assert.Equal(2200, traces.Find(new CallId(5))![0].Detail!.Length);
    }

    [Fact]
    public void A_summary_or_message_that_is_too_long_is_cut()
    {
        var traces = new CallTraceRing(octets: 10_000);

        traces.Add(new CallId(1), new TraceEntry(Start, "webhook", new string('s', 10_000), new string('d', 100_000)));

        var entry = Assert.Single(traces.Find(new CallId(1))!);
        Assert.Equal((512, 2500), (entry.Summary.Length, entry.Detail!.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_comes_what_is_kept_is_the_newest_and_whole(int seed)
    {
        var chance = new Random(seed);
        var traces = new CallTraceRing(octets: 1000 + chance.Next(500), entriesPerCall: 1000);
        List<(CallId Call, string Summary)> all = [];

        for (var i = 0; i < 5000; i++)
        {
            var added = (Call: new CallId(1 + chance.Next(4)), Summary: $"{i}:{new string('a', chance.Next(60))}");
            traces.Add(added.Call, new TraceEntry(Start.AddTicks(i), "note", added.Summary, chance.Next(2) == 0 ? null : new string('d', chance.Next(100))));
            all.Add(added);

            var kept = Enumerable.Range(1, 4).SelectMany(c => (traces.Find(new CallId(c)) ?? []).Select(e => (Call: new CallId(c), e.Summary, e.At)))
                .OrderBy(e => e.At).Select(e => (e.Call, e.Summary)).ToList();
            Assert.InRange(kept.Count, 1, 50);
            Assert.Equal(all.TakeLast(kept.Count), kept);
        }
    }
}
