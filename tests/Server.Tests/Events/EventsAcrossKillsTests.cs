using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Events;

/// <summary>Readers of events of the whole server, which is killed under them.</summary>
public sealed class EventsAcrossKillsTests
{
    private static ServerSetup Setup => new()
    {
        Provisioning = new ProvisioningBuilder().AddAccount("other", "other-secret", "shk_other").AddDemoPhone("811", "busy"),
        Settings = ["Calls:MaxPerSecond=1000"],
    };

    [Theory]
    [InlineData(Way.Stream)]
    [InlineData(Way.Socket)]
    public async Task A_reader_that_comes_back_with_its_cursor_sees_every_event_once_and_in_order(Way way)
    {
        var follower = new EventFollower(way);
        await using var first = await TestServer.StartAsync(Setup);
        await LoadAndKillAsync(first, follower);
        await using var second = await first.StartAgainAsync();
        await LoadAndKillAsync(second, follower);
        await using var server = await second.StartAgainAsync();
        var call = await PlaceAsync(server);

        Assert.True(await follower.FollowAsync(server, e => e.Name == "call.ended" && e.Call == call));

        var whole = new EventFollower(Way.Stream);
        Assert.True(await whole.FollowAsync(server, e => e.Name == "call.ended" && e.Call == call));
        Assert.Equal(whole.Seen, follower.Seen);
        Assert.Equal(follower.Seen.Count, follower.Seen.Select(e => e.Id).Distinct().Count());
        Assert.All(follower.Seen.Zip(follower.Seen.Skip(1)), pair => Assert.True(pair.First.Cursor < pair.Second.Cursor));
        foreach (var ofCall in follower.Seen.GroupBy(e => e.Call))
        {
            Assert.Equal(Enumerable.Range(1, ofCall.Count()), ofCall.Select(e => e.Sequence));
            Assert.Single(ofCall, e => e.Name == "call.ended");
        }
    }

    [Fact]
    public async Task Two_hundred_readers_see_the_same_and_another_account_sees_nothing()
    {
        await using var server = await TestServer.StartAsync(Setup);
        var other = new EventFollower(Way.Stream, "shk_other");
        var followers = Enumerable.Range(0, 199).Select(i => new EventFollower(i % 2 == 0 ? Way.Stream : Way.Socket)).ToList();
        var following = followers.Select(f => f.FollowAsync(server, _ => f.Seen.Count(e => e.Name == "call.ended") == 20)).ToList();
        var hearing = other.FollowAsync(server, _ => true);

        for (var i = 0; i < 20; i++)
            await PlaceAsync(server);
        var all = await Task.WhenAll(following);
        await server.KillAsync();

        Assert.All(all, Assert.True);
        Assert.All(followers, f => Assert.Equal(followers[0].Seen, f.Seen));
        Assert.Equal(20, followers[0].Seen.Select(e => e.Call).Distinct().Count());
        Assert.False(await hearing);
        Assert.Empty(other.Seen);
    }

    /// <summary>Calls are placed and followed, and in the middle of it the server is killed.</summary>
    private static async Task LoadAndKillAsync(TestServer server, EventFollower follower)
    {
        using var enough = new CancellationTokenSource();
        var load = LoadAsync(server, enough.Token);
        var target = follower.Seen.Count + 150;
        Assert.True(await follower.FollowAsync(server, _ => follower.Seen.Count >= target));
        var following = follower.FollowAsync(server, _ => false);
        await server.KillAsync();
        Assert.False(await following);
        await enough.CancelAsync();
        await load;
    }

    /// <summary>Places calls as fast as they are answered, until the server is gone.</summary>
    private static async Task LoadAsync(TestServer server, CancellationToken enough)
    {
        try
        {
            while (!enough.IsCancellationRequested)
                await server.Native.PlaceAsync(new() { ["to"] = "811" });
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            // Killed.
        }
    }

    private static async Task<string> PlaceAsync(TestServer server)
    {
        // The phone inside the server registers a moment after the start.
        var placed = await Eventually.GetAsync(() => server.Native.PlaceAsync(new() { ["to"] = "811" }), a => a.Status == 201, "a call");
        return placed.Json.GetProperty("id").GetString()!;
    }
}
