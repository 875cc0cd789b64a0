using Switchhook.Calls;
using Switchhook.Calls.Traces;
using Switchhook.Server.Traces;

namespace Switchhook.Server.Tests.Native;

public sealed class InMemoryCallTracesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_oldest_call_is_forgotten_when_there_are_too_many()
    {
        var traces = new InMemoryCallTraces(calls: 2);

        for (var i = 1; i <= 3; i++)
            traces.Add(new CallId(i), new TraceEntry(Start, "note", "n", null));

        Assert.Null(traces.Find(new CallId(1)));
        Assert.NotNull(traces.Find(new CallId(2)));
        Assert.NotNull(traces.Find(new CallId(3)));
    }

    [Fact]
    public void A_long_call_keeps_its_beginning_and_says_how_much_is_missing()
    {
        var traces = new InMemoryCallTraces(entriesPerCall: 2);

        for (var i = 0; i < 5; i++)
            traces.Add(new CallId(1), new TraceEntry(Start.AddSeconds(i), "note", $"n{i}", null));

        Assert.Equal(["n0", "n1", "3 more entries were left out"], traces.Find(new CallId(1))!.Select(e => e.Summary));
    }

    [Fact]
    public void Long_messages_push_out_the_oldest_calls()
    {
        var traces = new InMemoryCallTraces(octets: 10_000);

        for (var i = 1; i <= 3; i++)
            traces.Add(new CallId(i), new TraceEntry(Start, "sip-in", "INVITE", new string('x', 2000)));

        Assert.Null(traces.Find(new CallId(1)));
        Assert.Equal(2000, traces.Find(new CallId(3))![0].Detail!.Length);
    }
}
