using System.Net;

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

    private static Task<string> WrongAsync(OpenVoxWorld world) =>
        world.PostAsync("login", """{"username":"crm","password":"00000000000000000000000000000000","port":"8260"}""", "type=json");

    private static Task<string> RightAsync(OpenVoxWorld world) =>
        world.PostAsync("login", $$"""{"username":"crm","password":"{{OpenVoxWorld.Md5(OpenVoxWorld.Password)}}","port":"8260"}""", "type=json");
}
