using Switchhook.Calls.Commands;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>How much an account may ask for, where an operator set it.</summary>
public sealed class CatapultLimitTests
{
    private const string Call = """{"from":"+19195550100","to":"+13365550177"}""";

    /// <summary>Example 4 of the manual.</summary>
    [Fact]
    public async Task Calls_beyond_the_rate_of_a_number_are_refused_to_the_letter()
    {
        var world = new CatapultWorld { Options = CatapultWorld.Usual with { CallsPerSecond = 1 } };
        world.Exchange.Reply = new CallReply(CallRefusal.None, CatapultWorld.Outbound());

        for (var i = 0; i < 10; i++)
            Assert.Equal(201, (await world.PostAsync("calls", Call)).Status);
        var refused = await world.PostAsync("calls", Call);
        world.Time.Advance(TimeSpan.FromSeconds(10));
        var again = await world.PostAsync("calls", Call);

        Assert.Equal((403, "call-rate-limit", "limit"), (refused.Status, refused.Code, refused.Json.GetProperty("category").GetString()));
        Assert.Equal("You can create 1 calls per 1 seconds, calculated as the average over 10 seconds. Your rate is: 1.1", refused.Message);
        Assert.Equal(201, again.Status);
    }

    /// <summary>Example 4 of the manual.</summary>
    [Fact]
    public async Task Requests_beyond_the_rate_of_a_family_are_told_when_to_come_again()
    {
        var world = new CatapultWorld { Options = CatapultWorld.Usual with { RequestsPerSecond = 2 } };

        var before = await Task.WhenAll(world.GetAsync("calls"), world.GetAsync("calls"));
        var refused = await world.GetAsync("calls?page=1");
        var other = await world.GetAsync("applications");
        world.Time.Advance(TimeSpan.FromSeconds(1));
        var again = await world.GetAsync("calls");

        Assert.All(before, a => Assert.Equal(200, a.Status));
        Assert.Equal((429, "rate-limit-reached", "too-many-requests"), (refused.Status, refused.Code, refused.Json.GetProperty("category").GetString()));
        var reset = CatapultWorld.Start.AddMinutes(5).AddSeconds(1).ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(reset, refused.Headers["X-RateLimit-Reset"]);
        Assert.Equal(("rateLimitResetTime", reset), (refused.Json.GetProperty("details")[0].GetProperty("name").GetString(), refused.Json.GetProperty("details")[0].GetProperty("value").GetString()));
        Assert.Equal((200, 200), (other.Status, again.Status));
    }

    [Fact]
    public async Task Nothing_is_limited_unless_it_was_set()
    {
        var world = new CatapultWorld();

        for (var i = 0; i < 100; i++)
            Assert.Equal(200, (await world.GetAsync("calls")).Status);
    }
}
