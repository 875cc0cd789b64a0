using System.Globalization;
using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Native;

public sealed class NativeEventsTests
{
    private static readonly CallCommand.Originate To811 = new()
    {
        Dialect = "native",
        Account = "demo",
        Caller = new Party("100"),
        Dialed = "811",
        Then = new OnAnswer.Wait(),
    };

    [Fact]
    public async Task Events_arrive_as_they_happen_and_only_those_of_the_account()
    {
        await using var server = await NativeServer.StartAsync();
        using var reader = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events");

        server.Exchange.Place(To811 with { Account = "other" });
        var call = server.Exchange.Place(To811);
        await server.PostAsync($"/switchhook/v1/calls/{call.Id}/hangup", null);

        Assert.Equal(("call.started", call.Id.ToString()), await NextAsync(reader));
        Assert.Equal(("leg.ended", call.Id.ToString()), await NextAsync(reader));
        Assert.Equal(("call.ended", call.Id.ToString()), await NextAsync(reader));
    }

    [Fact]
    public async Task A_reader_that_comes_back_gets_what_it_missed()
    {
        await using var server = await NativeServer.StartAsync();
        var first = server.Exchange.Place(To811);
        var second = server.Exchange.Place(To811);
        using var all = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events?after=0");
        var seen = await all.ReadAsync();

        using var later = await NativeEventReader.OpenAsync(server, $"/switchhook/v1/events?after={seen.Id}");

        Assert.Equal(first.Id.ToString(), JsonDocument.Parse(seen.Data).RootElement.GetProperty("call").GetProperty("id").GetString());
        Assert.Equal(("call.started", second.Id.ToString()), await NextAsync(later));
    }

    [Fact]
    public async Task A_reader_far_behind_pages_through_the_log_and_joins_the_newest_without_gap_or_repeat()
    {
        await using var server = await NativeServer.StartAsync(ringCapacity: 8);
        var placed = Enumerable.Range(0, 200).Select(_ => server.Exchange.Place(To811).Id.ToString()).ToList();

        using var reader = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events?after=0");
        List<string> seen = [];
        for (var i = 0; i < 400; i++)
        {
            // New ones come while it is on its way.
            if (i % 2 == 1)
                placed.Add(server.Exchange.Place(To811).Id.ToString());
            seen.Add((await NextAsync(reader)).Item2!);
        }

        Assert.Equal(placed, seen);
        Assert.True(server.Log.Reads > 0);
    }

    [Fact]
    public async Task Who_is_nearly_up_to_date_reads_nothing_from_the_log()
    {
        await using var server = await NativeServer.StartAsync();
        server.Exchange.Place(To811);
        server.Exchange.Place(To811);

        using var reader = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events?after=1");
        var next = await reader.ReadAsync();

        Assert.Equal("2", next.Id);
        Assert.Equal(0, server.Log.Reads);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("3")]
    public async Task A_reader_behind_the_horizon_is_told_and_goes_on_from_there(string after)
    {
        await using var server = await NativeServer.StartAsync(ringCapacity: 2);
        for (var i = 0; i < 8; i++)
            server.Exchange.Place(To811);
        server.Log.Forget(4);

        using var reader = await NativeEventReader.OpenAsync(server, $"/switchhook/v1/events?after={after}");
        var missed = await reader.ReadAsync();

        Assert.Equal(("4", "missed"), (missed.Id, missed.Event));
        Assert.Equal("4", JsonDocument.Parse(missed.Data).RootElement.GetProperty("horizon").GetString());
        Assert.Equal(["5", "6", "7", "8"], [await IdAsync(reader), await IdAsync(reader), await IdAsync(reader), await IdAsync(reader)]);
    }

    [Fact]
    public async Task A_reader_at_the_horizon_missed_nothing()
    {
        await using var server = await NativeServer.StartAsync(ringCapacity: 2);
        for (var i = 0; i < 8; i++)
            server.Exchange.Place(To811);
        server.Log.Forget(4);

        using var reader = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events?after=4");

        Assert.Equal("5", await IdAsync(reader));
    }

    [Fact]
    public async Task A_cursor_beyond_the_end_is_of_another_log_and_the_reader_is_told()
    {
        await using var server = await NativeServer.StartAsync();
        server.Exchange.Place(To811);

        using var reader = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events?after=1000");
        server.Exchange.Place(To811);

        Assert.Equal(["1", "2"], [await IdAsync(reader), await IdAsync(reader)]);
    }

    [Fact]
    public async Task The_last_event_id_of_a_reader_that_comes_back_by_itself_goes_before_the_address()
    {
        await using var server = await NativeServer.StartAsync();
        for (var i = 0; i < 3; i++)
            server.Exchange.Place(To811);

        using var reader = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events?after=0", lastEventId: "2");

        Assert.Equal("3", await IdAsync(reader));
    }

    [Fact]
    public async Task Calls_and_names_are_filtered()
    {
        await using var server = await NativeServer.StartAsync();
        server.Exchange.Place(To811);
        var call = server.Exchange.Place(To811);
        await server.PostAsync($"/switchhook/v1/calls/{call.Id}/hangup", null);
        var other = server.Exchange.Place(To811);
        await server.PostAsync($"/switchhook/v1/calls/{other.Id}/hangup", null);

        using var ofCall = await NativeEventReader.OpenAsync(server, $"/switchhook/v1/events?after=0&call={call.Id}");
        using var ends = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events?after=0&events=call.ended,leg.ended");

        var id = call.Id.ToString();
        Assert.Equal([("call.started", id), ("leg.ended", id), ("call.ended", id)], [await NextAsync(ofCall), await NextAsync(ofCall), await NextAsync(ofCall)]);
        Assert.Equal([("leg.ended", id), ("call.ended", id), ("leg.ended", other.Id.ToString())], [await NextAsync(ends), await NextAsync(ends), await NextAsync(ends)]);
    }

    [Theory]
    [InlineData("after=yesterday")]
    [InlineData("after=-1")]
    [InlineData("after=1.5")]
    [InlineData("after=99999999999999999999")]
    [InlineData("after=19af-5")]
    [InlineData("call=nobody!")]
    [InlineData("events=call.endet")]
    [InlineData("events=call.ended,,leg.ended")]
    public async Task What_cannot_be_understood_is_refused(string query)
    {
        await using var server = await NativeServer.StartAsync();

        var answer = await server.GetAsync($"/switchhook/v1/events?{query}");

        Assert.Equal((400, "bad-request"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Another_account_sees_nothing_of_a_call_it_names()
    {
        await using var server = await NativeServer.StartAsync();
        var call = server.Exchange.Place(To811);
        var own = server.Exchange.Place(To811 with { Account = "other" });

        using var named = await NativeEventReader.OpenAsync(server, $"/switchhook/v1/events?after=0&call={call.Id}", key: "shk_other");
        using var all = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events?after=0", key: "shk_other");
        await server.PostAsync($"/switchhook/v1/calls/{call.Id}/hangup", null);
        await server.DisposeAsync();

        Assert.Equal(("call.started", own.Id.ToString()), await NextAsync(all));
        await Assert.ThrowsAsync<EndOfStreamException>(all.ReadAsync);
        await Assert.ThrowsAsync<EndOfStreamException>(named.ReadAsync);
    }

    [Fact]
    public async Task The_reader_after_the_200th_is_refused_until_one_leaves()
    {
        await using var server = await NativeServer.StartAsync();
        var readers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => NativeEventReader.OpenAsync(server, "/switchhook/v1/events")));

        var refused = await server.GetAsync("/switchhook/v1/events");
        var call = server.Exchange.Place(To811);
        var seen = await Task.WhenAll(readers.Select(NextAsync));
        readers[0].Dispose();
        await Eventually.GetAsync(() => LooksAsync(server), open => open, "a place for another reader");

        Assert.Equal((503, "too-many-readers"), (refused.Status, refused.Code));
        Assert.All(seen, s => Assert.Equal(("call.started", call.Id.ToString()), s));
        foreach (var reader in readers)
            reader.Dispose();
    }

    [Fact]
    public async Task A_reader_whose_filter_lets_nothing_by_is_given_the_cursor_all_the_same()
    {
        var time = new ManualTime();
        await using var server = await NativeServer.StartAsync(time: time);
        using var reader = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events?events=call.ended");
        for (var i = 0; i < 5; i++)
            server.Exchange.Place(To811);

        var id = reader.LineAsync(l => l.StartsWith("id: ", StringComparison.Ordinal));
        await Eventually.GetAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(0.5));   // little at a time: a write that lasts ten seconds is cut
                return Task.FromResult(id.IsCompleted);
            },
            done => done, "a cursor");

        Assert.Equal("id: 5", await id);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_is_cut_and_comes_back_with_its_cursor()
    {
        var time = new ManualTime();
        await using var server = await NativeServer.StartAsync(ringCapacity: 16, time: time);
        for (var i = 0; i < 20_000; i++)
            server.Exchange.Place(To811);
        using var slow = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events?after=0");
        var first = await slow.ReadAsync();

        await server.Log.QuietAsync();
        time.Advance(TimeSpan.FromSeconds(11));
        var seen = new List<string> { first.Id };
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (true)
                seen.Add(await IdAsync(slow));
        });
        using var again = await NativeEventReader.OpenAsync(server, $"/switchhook/v1/events?after={seen[^1]}");

        Assert.InRange(seen.Count, 1, 19_999);
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(n => n.ToString(CultureInfo.InvariantCulture)), seen);
        Assert.Equal((seen.Count + 1).ToString(CultureInfo.InvariantCulture), await IdAsync(again));
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_ends_the_stream_and_nothing_is_skipped()
    {
        await using var server = await NativeServer.StartAsync(ringCapacity: 2);
        for (var i = 0; i < 8; i++)
            server.Exchange.Place(To811);
        server.Log.IsDown = true;

        using var reader = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events?after=1");
        await Assert.ThrowsAsync<EndOfStreamException>(reader.ReadAsync);
        server.Log.IsDown = false;
        using var again = await NativeEventReader.OpenAsync(server, "/switchhook/v1/events?after=1");

        Assert.Equal("2", await IdAsync(again));
    }

    private static async Task<bool> LooksAsync(NativeServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/switchhook/v1/events");
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.IsSuccessStatusCode;
    }

    private static async Task<string> IdAsync(NativeEventReader reader) => (await reader.ReadAsync()).Id;

    private static async Task<(string, string?)> NextAsync(NativeEventReader reader)
    {
        var next = await reader.ReadAsync();
        return (next.Event, JsonDocument.Parse(next.Data).RootElement.GetProperty("call").GetProperty("id").GetString());
    }
}
