using System.Text.Json;
using Switchhook.Dialects.OpenVox.Reports;

namespace Switchhook.Dialects.Tests.OpenVox;

/// <summary>How long a login lives, and what it outlives.</summary>
public class OpenVoxTokenTests
{
    private const string Success = """{"status":"Success"}""";

    [Fact]
    public async Task A_token_lives_half_an_hour_from_its_last_use()
    {
        var world = new OpenVoxWorld();
        var token = await world.LoginAsync();

        world.Time.Advance(TimeSpan.FromMinutes(29));
        var first = await world.PostAsync("deviceinfo/query", "", $"token={token}");
        world.Time.Advance(TimeSpan.FromMinutes(29));
        var second = await world.PostAsync("heartbeat", "", $"token={token}");
        world.Time.Advance(TimeSpan.FromMinutes(30));
        var late = await world.PostAsync("heartbeat", "", $"token={token}");

        Assert.StartsWith("""{"status":"Success",""", first, StringComparison.Ordinal);
        Assert.Equal(Success, second);
        Assert.Equal("""{"status":"Failed","errno":"20006"}""", late);
    }

    [Fact]
    public async Task A_token_that_timed_out_is_forgotten_after_a_day()
    {
        var world = new OpenVoxWorld();
        var token = await world.LoginAsync();

        world.Time.Advance(TimeSpan.FromHours(25));
        await world.LoginAsync();
        var answer = await world.PostAsync("heartbeat", "", $"token={token}");

        Assert.Equal("""{"status":"Failed","errno":"20004"}""", answer);
    }

    [Theory]
    [InlineData("", "20005")]
    [InlineData("token=", "20005")]
    [InlineData("token=5e1f0c9ab27d4836915c0d7e4fa2b6c8", "20004")]
    public async Task A_token_that_is_none_has_its_number(string query, string errno)
    {
        var answer = await new OpenVoxWorld().PostAsync("deviceinfo/query", "", query);

        Assert.Equal($$"""{"status":"Failed","errno":"{{errno}}"}""", answer);
    }

    [Fact]
    public async Task A_logout_ends_the_token_and_no_other()
    {
        var world = new OpenVoxWorld();
        var (one, two) = (await world.LoginAsync(), await world.LoginAsync());

        var answer = await world.PostAsync("logout", "", $"token={one}");
        var after = await world.PostAsync("heartbeat", "", $"token={one}");
        var other = await world.PostAsync("heartbeat", "", $"token={two}");

        Assert.Equal((Success, """{"status":"Failed","errno":"20004"}""", Success), (answer, after, other));
    }

    // POST /api/v0.0.1/heartbeat?token=…  {"ipaddr":"203.0.113.78","port":"8300"}  →  {"status":"Success"}
    [Theory]
    [InlineData("""{"ipaddr":"203.0.113.78","port":"8300"}""", "http://203.0.113.78:8300/")]
    [InlineData("""{"ipaddr":"203.0.113.78","port":8300,"url":"in"}""", "http://203.0.113.78:8300/in")]
    [InlineData("""{"ipaddr":"203.0.113.78","port":"8300","url":"app.test:9/in","urltag":"1"}""", "http://app.test:9/in")]
    [InlineData("""{"ipaddr":"203.0.113.78","port":"8300","url":"app.test:9/in","urlflag":"1"}""", "http://app.test:9/in")]
    [InlineData("", "http://203.0.113.77:8260/")]
    [InlineData("""{"nonsense":"1"}""", "http://203.0.113.77:8260/")]
    public async Task A_heartbeat_moves_the_reports_when_it_says_where_to(string body, string target)
    {
        var world = new OpenVoxWorld();
        var token = await world.LoginAsync();

        var answer = await world.PostAsync("heartbeat", body, $"token={token}");

        Assert.Equal(Success, answer);
        Assert.Equal(target, Assert.Single(world.Store.Saved).Target);
    }

    [Theory]
    [InlineData("""{"ipaddr":"203.0.113.78"}""", "10004")]
    [InlineData("""{"port":"8300"}""", "10004")]
    [InlineData("""{"ipaddr":"203.0.113.78","port":"70000"}""", "20011")]
    [InlineData("""{"ipaddr":"no host","port":"8300"}""", "20011")]
    [InlineData("""{"ipaddr":"203.0.113.78","port":"8300","url":"x","urltag":"2"}""", "20011")]
    public async Task A_heartbeat_with_a_bad_value_is_refused_and_moves_nothing(string body, string errno)
    {
        var world = new OpenVoxWorld();
        var token = await world.LoginAsync();

        var answer = await world.PostAsync("heartbeat", body, $"token={token}");

        Assert.Equal($$"""{"status":"Failed","errno":"{{errno}}"}""", answer);
        Assert.Equal("http://203.0.113.77:8260/", Assert.Single(world.Store.Saved).Target);
    }

    [Fact]
    public async Task Logins_survive_a_restart_and_are_told_of_it_once_each_target()
    {
        var before = new OpenVoxWorld();
        var token = await before.LoginAsync();
        await before.LoginAsync();
        var after = new OpenVoxWorld { Store = new MemorySessions(before.Store.Saved) };

        var told = new OpenVoxSystemReports(after.Directory, after.Sessions, after.Options).BootUp();
        var alive = await after.PostAsync("heartbeat", "", $"token={token}");

        Assert.Equal(Success, alive);
        var notification = Assert.Single(told);
        Assert.Equal("""{"action":"BootUp","sn":"uc50b7d40213"}""", System.Text.Encoding.UTF8.GetString(notification.Request.Body.Span));
        Assert.Equal("http://203.0.113.77:8260/", notification.Request.Url);
        Assert.DoesNotContain(token, JsonSerializer.Serialize(before.Store.Saved), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_lost_the_dialect_has_lost_its_tokens()
    {
        var before = new OpenVoxWorld();
        var token = await before.LoginAsync();
        var provisioned = OpenVoxWorld.Provisioned;
        var after = new OpenVoxWorld
        {
            Store = new MemorySessions(before.Store.Saved),
            Directory = new(provisioned with { Accounts = [.. provisioned.Accounts.Select(a => a with { Dialects = ["native"] })] }),
        };

        var answer = await after.PostAsync("heartbeat", "", $"token={token}");

        Assert.Equal("""{"status":"Failed","errno":"20004"}""", answer);
    }

    [Fact]
    public async Task A_client_that_only_logs_in_keeps_its_last_fifty_tokens()
    {
        var world = new OpenVoxWorld();
        var first = await world.LoginAsync();
        for (var i = 0; i < 50; i++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            await world.LoginAsync();
        }

        var answer = await world.PostAsync("heartbeat", "", $"token={first}");

        Assert.Equal("""{"status":"Failed","errno":"20004"}""", answer);
        Assert.Equal(50, world.Store.Saved.Count);
    }
}
