using System.Net;
using System.Text.Json;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox.Reports;

namespace Switchhook.Dialects.Tests.OpenVox;

public class OpenVoxSessionTests
{
    private const string Refused = """{"status":"Failed","errno":"30003"}""";
    private const string Locked = """{"status":"Failed","errno":"20002"}""";
    private const string Success = """{"status":"Success"}""";

    // POST /api/v0.0.1/login?type=json
    // {"username":"crm","password":"<md5>","port":"8260","version":"1.0.2","url":"203.0.113.77:8260/pbx/events","urltag":"1"}
    // {"status":"Success","token":"5e1f0c9ab27d4836915c0d7e4fa2b6c8"}
    [Fact]
    public async Task A_login_as_the_vendor_shows_it_gets_a_token_of_32_lowercase_hexadecimal_digits()
    {
        var world = new OpenVoxWorld();

        var answer = await world.SendAsync(
            "POST",
            "/api/v0.0.1/login?type=json",
            $$"""{"username":"crm","password":"{{OpenVoxWorld.Md5(OpenVoxWorld.Password)}}","port":"8260","version":"1.0.2","url":"203.0.113.77:8260/pbx/events","urltag":"1"}""");

        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        Assert.Matches("""^\{"status":"Success","token":"[0-9a-f]{32}"\}$""", answer.Body);
        Assert.Equal("http://203.0.113.77:8260/pbx/events", Assert.Single(world.Store.Saved).Target);
    }

    [Theory]
    [InlineData("", "http://203.0.113.77:8260/")]
    [InlineData(""","url":"pbx/events" """, "http://203.0.113.77:8260/pbx/events")]
    [InlineData(""","url":"/pbx/events","urltag":"0" """, "http://203.0.113.77:8260/pbx/events")]
    [InlineData(""","url":"/pbx/events","urltag":0""", "http://203.0.113.77:8260/pbx/events")]
    [InlineData(""","url":"app.test:81/in","urltag":1""", "http://app.test:81/in")]
    [InlineData(""","url":"app.test:81","urltag":"1" """, "http://app.test:81/")]
    public async Task Reports_go_where_the_login_says(string more, string target)
    {
        var world = new OpenVoxWorld();

        await world.LoginAsync(more);

        Assert.Equal(target, Assert.Single(world.Store.Saved).Target);
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8::9", "[2001:db8::9]")]
    public async Task Without_an_address_they_go_where_the_login_came_from(string from, string host)
    {
        var world = new OpenVoxWorld { From = IPAddress.Parse(from) };

        await world.LoginAsync();

        Assert.Equal($"http://{host}:8260/", Assert.Single(world.Store.Saved).Target);
    }

    [Theory]
    [InlineData("crm", "wrong")]
    [InlineData("crm", "s3cret")]
    [InlineData("nobody", OpenVoxWorld.Password)]
    [InlineData("plain", "plain")]
    [InlineData("nopass", "")]
    public async Task A_wrong_user_or_password_is_30003(string user, string password)
    {
        var sent = password == "s3cret" && user == "crm" ? password : OpenVoxWorld.Md5(password);

        var answer = await new OpenVoxWorld().PostAsync("login", $$"""{"username":"{{user}}","password":"{{sent}}","port":"8260"}""", "type=json");

        Assert.Equal(Refused, answer);
    }

    // <xml><status>Failed</status><errno>30003</errno></xml>
    [Fact]
    public async Task A_refused_login_in_XML_is_laid_out_as_the_vendor_prints_it()
    {
        var answer = await new OpenVoxWorld().SendAsync(
            "POST", "/api/v0.0.1/login?type=xml", "<xml><username>crm</username><password>0</password><port>8260</port></xml>");

        Assert.Equal("application/xml; charset=utf-8", answer.ContentType);
        Assert.Equal(
            """
            <?xml version="1.0" encoding="utf-8"?>
            <xml>
              <status>Failed</status>
              <errno>30003</errno>
            </xml>
            """,
            answer.Body);
    }

    [Fact]
    public async Task A_login_in_XML_works_and_the_case_of_the_hash_does_not_matter()
    {
        var hash = OpenVoxWorld.Md5(OpenVoxWorld.Password).ToUpperInvariant();

        var answer = await new OpenVoxWorld().PostAsync(
            "login", $"<xml><username>CRM</username><password>{hash}</password><port>8260</port></xml>", "type=xml");

        Assert.Contains("<status>Success</status>", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "20007")]
    [InlineData("{}", "10004")]
    [InlineData("""{"password":"0","port":"8260"}""", "10004")]
    [InlineData("""{"username":"crm","port":"8260"}""", "10004")]
    [InlineData("""{"username":"crm","password":"0"}""", "10004")]
    [InlineData("""{"username":"crm","password":" ","port":"8260"}""", "10004")]
    [InlineData("""{"username":"crm","password":"0","port":"0"}""", "20008")]
    [InlineData("""{"username":"crm","password":"0","port":"65536"}""", "20008")]
    [InlineData("""{"username":"crm","password":"0","port":"http"}""", "20008")]
    [InlineData("""{"username":"crm","password":"0","port":"8260","url":"x","urltag":"7"}""", "10004")]
    [InlineData("""{"username":"crm","password":"0","port":"8260","url":"user@host/","urltag":"1"}""", "10004")]
    public async Task What_is_missing_or_wrong_in_a_login_has_its_number(string body, string errno)
    {
        var answer = await new OpenVoxWorld().PostAsync("login", body, "type=json");

        Assert.Equal($$"""{"status":"Failed","errno":"{{errno}}"}""", answer);
    }

    [Fact]
    public async Task Five_failures_in_a_row_lock_the_address_out_for_ten_minutes()
    {
        var world = new OpenVoxWorld();
        for (var i = 0; i < 5; i++)
            Assert.Equal(Refused, await WrongAsync(world));

        var right = await RightAsync(world);
        world.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        var stillLocked = await RightAsync(world);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        var open = await RightAsync(world);

        Assert.Equal((Locked, Locked), (right, stillLocked));
        Assert.StartsWith("""{"status":"Success","token":""", open, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_address_is_not_locked_out_and_a_success_resets_the_count()
    {
        var world = new OpenVoxWorld();
        for (var i = 0; i < 4; i++)
            await WrongAsync(world);
        await RightAsync(world);
        for (var i = 0; i < 4; i++)
            await WrongAsync(world);

        var notLocked = await RightAsync(world);
        for (var i = 0; i < 5; i++)
            await WrongAsync(world);
        world.From = IPAddress.Parse("203.0.113.99");
        var elsewhere = await RightAsync(world);

        Assert.StartsWith("""{"status":"Success",""", notLocked, StringComparison.Ordinal);
        Assert.StartsWith("""{"status":"Success",""", elsewhere, StringComparison.Ordinal);
    }

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

    [Fact]
    public void A_phone_that_comes_moves_and_goes_is_reported_and_one_that_stays_is_not()
    {
        var world = new OpenVoxWorld();
        world.Sessions.Open("crm", "203.0.113.77", "http://app.test/");
        var system = new OpenVoxSystemReports(world.Directory, world.Sessions, world.Options);
        system.Begin([Binding("2001", "udp://10.0.0.1:5060")]);
        List<Notification> told = [];

        system.Collect("2001", [Binding("2001", "udp://10.0.0.1:5060")], told);
        system.Collect("2001", [Binding("2001", "udp://10.0.0.2:5060")], told);
        system.Collect("2001", [], told);
        system.Collect("3001", [Binding("3001", "udp://10.0.0.3:5060")], told);

        Assert.Equal(
            [
                """{"action":"ExtensionStatus","extension":"2001","status":"Registered","sn":"uc50b7d40213"}""",
                """{"action":"ExtensionStatus","extension":"2001","status":"Unregistered","sn":"uc50b7d40213"}""",
            ],
            told.Select(n => System.Text.Encoding.UTF8.GetString(n.Request.Body.Span)));
        Assert.Equal(2, told.Select(n => n.Id).Distinct().Count());
    }

    private static StoredBinding Binding(string extension, string source) => new(extension, "sip:x", source, "id", 1, 1, OpenVoxWorld.Start.AddHours(1), null);

    private static Task<string> WrongAsync(OpenVoxWorld world) =>
        world.PostAsync("login", """{"username":"crm","password":"00000000000000000000000000000000","port":"8260"}""", "type=json");

    private static Task<string> RightAsync(OpenVoxWorld world) =>
        world.PostAsync("login", $$"""{"username":"crm","password":"{{OpenVoxWorld.Md5(OpenVoxWorld.Password)}}","port":"8260"}""", "type=json");
}
