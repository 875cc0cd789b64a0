using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Commands;

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
        using var reader = await EventReader.OpenAsync(server, "/switchhook/v1/events");

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
        using var all = await EventReader.OpenAsync(server, "/switchhook/v1/events?after=0");
        var seen = await all.ReadAsync();

        using var later = await EventReader.OpenAsync(server, $"/switchhook/v1/events?after={seen.Id}");

        Assert.Equal(first.Id.ToString(), JsonDocument.Parse(seen.Data).RootElement.GetProperty("call").GetProperty("id").GetString());
        Assert.Equal(("call.started", second.Id.ToString()), await NextAsync(later));
    }

    [Theory]
    [InlineData("/switchhook/v1/events?after=0")]
    [InlineData("/switchhook/v1/events?after=1-5")]
    public async Task A_reader_is_told_when_earlier_events_are_gone(string path)
    {
        await using var server = await NativeServer.StartAsync(ringCapacity: 4);
        for (var i = 0; i < 6; i++)
            server.Exchange.Place(To811);

        using var reader = await EventReader.OpenAsync(server, path);

        Assert.Equal("missed", (await reader.ReadAsync()).Event);
        Assert.Equal("call.started", (await reader.ReadAsync()).Event);
    }

    [Fact]
    public async Task A_cursor_that_is_none_is_refused()
    {
        await using var server = await NativeServer.StartAsync();

        var answer = await server.GetAsync("/switchhook/v1/events?after=yesterday");

        Assert.Equal((400, "bad-request"), (answer.Status, answer.Code));
    }

    private static async Task<(string, string?)> NextAsync(EventReader reader)
    {
        var next = await reader.ReadAsync();
        return (next.Event, JsonDocument.Parse(next.Data).RootElement.GetProperty("call").GetProperty("id").GetString());
    }

    private sealed class EventReader(HttpResponseMessage response, StreamReader text) : IDisposable
    {
        private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

        public static async Task<EventReader> OpenAsync(NativeServer server, string path)
        {
            var response = await server.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
            return new EventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        }

        public async Task<(string Id, string Event, string Data)> ReadAsync()
        {
            var (id, name, data) = ("", "", "");
            using var deadline = new CancellationTokenSource(Deadline);
            while (await text.ReadLineAsync(deadline.Token) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                    id = line[4..];
                else if (line.StartsWith("event: ", StringComparison.Ordinal))
                    name = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                    data = line[6..];
                else if (line.Length == 0 && name.Length > 0)
                    return (id, name, data);
            }
            throw new EndOfStreamException();
        }

        public void Dispose()
        {
            text.Dispose();
            response.Dispose();
        }
    }
}
