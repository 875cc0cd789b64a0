using System.Text;
using System.Text.Json;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>How requests are read and answered, and the checks every endpoint shares.</summary>
public sealed class HoiioTransportTests : IAsyncDisposable
{
    private const string Credentials = $"app_id={HoiioWorld.AppId}&access_token={HoiioWorld.Token}";

    private readonly HoiioWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_query_and_a_form_mean_the_same()
    {
        var get = await _world.SendAsync("GET", $"ivr/start/dial?{Credentials}&dest=%2B6591230001&tag=a+b");
        var post = await _world.SendAsync("POST", "ivr/start/dial", $"{Credentials}&dest=%2B6591230001&tag=a+b");

        Assert.Equal(("success_ok", "success_ok"), (Status(get), Status(post)));
        Assert.Equal(2, _world.Asked.Count);
        Assert.All(_world.Live(), c => Assert.Equal("a b", Switchhook.Dialects.Hoiio.Sessions.HoiioNote.Of(c)!.Block.Tag));
    }

    [Fact]
    public async Task A_reply_is_one_object_of_strings_with_status_200()
    {
        var (status, type, body) = await _world.SendRawAsync("GET", $"voice/get_rate?{Credentials}&dest1=%2B6591230001&dest2=%2B6531580009", [], null);

        Assert.Equal((200, "application/json; charset=utf-8"), (status, type));
        Assert.Equal("""{"status":"success_ok","currency":"SGD","rate":"0.036","talktime":"1000000"}""", body);
    }

    [Fact]
    public async Task A_failure_carries_its_status_alone_and_HTTP_200()
    {
        var (status, _, body) = await _world.SendRawAsync("GET", $"ivr/end/hangup?{Credentials}&session=S-1", [], null);

        Assert.Equal((200, """{"status":"error_invalid_session"}"""), (status, body));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Any_other_method_is_refused(string method) => Assert.Equal("error_invalid_http_method", Status(await _world.SendAsync(method, "user/get_balance")));

    [Theory]
    [InlineData("GET", "user/get_balance?app_id=%zz", "")]
    [InlineData("GET", "user/get_balance?app_id=%ff%fe", "")]
    [InlineData("POST", "user/get_balance", "app_id=%4")]
    [InlineData("POST", "user/get_balance", "app%c3=1")]
    public async Task Bytes_that_cannot_be_decoded_are_malformed(string method, string path, string body) =>
        Assert.Equal("error_malformed_params", Status(await _world.SendAsync(method, path, body)));

    [Fact]
    public async Task More_parameters_than_anyone_needs_are_malformed() =>
        Assert.Equal("error_malformed_params", Status(await _world.SendAsync("POST", "user/get_balance", string.Concat(Enumerable.Range(0, 300).Select(i => $"a{i}=1&")))));

    [Fact]
    public async Task The_body_wins_over_the_query()
    {
        var reply = await _world.SendAsync("POST", $"voice/get_rate?{Credentials}&dest1=nonsense&dest2=%2B6531580009", "dest1=%2B6591230001");

        Assert.Equal("success_ok", Status(reply));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task A_form_is_a_form_whatever_it_says_it_is(string? contentType) =>
        Assert.Equal("success_ok", Status(await _world.SendAsync("POST", "user/get_balance", Credentials, contentType)));

    [Fact]
    public async Task A_form_in_parts_is_read_too()
    {
        var body = $"--b\r\nContent-Disposition: form-data; name=\"app_id\"\r\n\r\n{HoiioWorld.AppId}\r\n--b\r\nContent-Disposition: form-data; name=\"access_token\"\r\n\r\n{HoiioWorld.Token}\r\n--b--\r\n";

        var reply = await _world.SendAsync("POST", "user/get_balance", body, "multipart/form-data; boundary=b");
        var broken = await _world.SendAsync("POST", "user/get_balance", body[..60], "multipart/form-data; boundary=b");

        Assert.Equal(("success_ok", "error_malformed_params"), (Status(reply), Status(broken)));
    }

    [Fact]
    public async Task An_empty_value_is_an_absent_one()
    {
        var required = await _world.StatusAsync("ivr/start/dial", ("dest", ""));
        var optional = await _world.StatusAsync("ivr/start/dial", ("dest", HoiioWorld.Dest), ("max_duration", ""), ("caller_id", ""), ("notify_url", ""), ("tag", ""), ("msg", ""));

        Assert.Equal(("error_dest_param_missing", "success_ok"), (required, optional));
    }

    [Fact]
    public async Task Unknown_parameters_are_ignored_and_names_are_case_sensitive()
    {
        var unknown = await _world.StatusAsync("user/get_balance", ("resultFrom", "1"), ("page_size", "9"));
        var cased = await _world.SendAsync("GET", $"user/get_balance?APP_ID={HoiioWorld.AppId}");

        Assert.Equal(("success_ok", "error_app_id_param_missing"), (unknown, Status(cased)));
    }

    [Theory]
    [InlineData("user/get_balance/", 200)]
    [InlineData("User/get_balance", 404)]
    [InlineData("ivr/mid/play", 404)]
    [InlineData("ivr/start/answer", 404)]
    [InlineData("", 404)]
    public async Task A_slash_at_the_end_is_tolerated_and_an_unknown_path_is_404(string path, int expected)
    {
        var (status, _, _) = await _world.SendRawAsync("GET", $"{path}?{Credentials}", [], null);

        Assert.Equal(expected, status);
    }

    [Theory]
    [InlineData("", "error_app_id_param_missing")]
    [InlineData("access_token=x", "error_app_id_param_missing")]
    [InlineData("app_id=x", "error_access_token_param_missing")]
    [InlineData("app_id=x&access_token=x", "error_invalid_app_id")]
    [InlineData("app_id=goneApp000000001&access_token=tok-gone", "error_invalid_app_id")]
    [InlineData("app_id=demoApp000000001&access_token=x", "error_invalid_access_token")]
    [InlineData("app_id=demoApp000000001&access_token=tok-other", "error_invalid_access_token")]
    [InlineData(Credentials, "error_session_param_missing")]
    public async Task Credentials_are_checked_in_their_order_before_anything_else(string query, string expected) =>
        Assert.Equal(expected, Status(await _world.SendAsync("GET", $"ivr/middle/gather?{query}")));

    [Theory]
    [InlineData("ivr/start/dial", "dest")]
    [InlineData("ivr/middle/play", "session")]
    [InlineData("ivr/middle/gather", "session", "notify_url")]
    [InlineData("ivr/middle/record", "session", "notify_url")]
    [InlineData("ivr/middle/monitor", "session", "notify_url")]
    [InlineData("ivr/middle/hold", "session")]
    [InlineData("ivr/middle/unhold", "session")]
    [InlineData("ivr/end/transfer", "session", "dest")]
    [InlineData("ivr/end/hangup", "session")]
    [InlineData("voice/call", "dest2")]
    [InlineData("voice/conference", "dest")]
    [InlineData("conference/call", "dest")]
    [InlineData("conference/moderate", "txn_ref", "action")]
    [InlineData("voice/hangup", "txn_ref")]
    [InlineData("voice/query_status", "txn_ref")]
    [InlineData("voice/get_rate", "dest1", "dest2")]
    [InlineData("number/get_choices", "country")]
    [InlineData("number/get_rates", "country")]
    [InlineData("number/subscribe", "number", "duration")]
    [InlineData("number/update_forwarding", "number")]
    public async Task A_required_parameter_is_missed_by_name_in_order(string path, params string[] required)
    {
        List<(string, string)> given = [];
        foreach (var name in required)
        {
            Assert.Equal($"error_{name}_param_missing", await _world.StatusAsync(path, [.. given]));
            given.Add((name, "x"));
        }

        Assert.DoesNotContain("_param_missing", await _world.StatusAsync(path, [.. given]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limited_endpoint_takes_sixty_a_minute_of_each_application()
    {
        for (var i = 0; i < 60; i++)
            Assert.Equal("success_ok", await _world.StatusAsync("user/get_balance"));

        var more = await _world.StatusAsync("user/get_balance");
        var elsewhere = await _world.StatusAsync("user/get_info");
        var other = await _world.SendAsync("GET", "user/get_balance?app_id=otherApp00000001&access_token=tok-other");
        _world.Time.Advance(TimeSpan.FromSeconds(60));
        var later = await _world.StatusAsync("user/get_balance");

        Assert.Equal(("error_rate_limit_exceeded", "success_ok", "success_ok", "success_ok"), (more, elsewhere, Status(other), later));
    }

    [Fact]
    public async Task A_hangup_is_never_limited()
    {
        for (var i = 0; i < 200; i++)
            Assert.Equal("error_invalid_session", await _world.StatusAsync("ivr/end/hangup", ("session", "S-1")));
    }

    [Fact]
    public async Task A_bug_is_answered_500_in_the_vendors_format()
    {
        _world.Refuse = static _ => throw new InvalidOperationException("a bug");

        var (status, _, body) = await _world.SendRawAsync("GET", $"ivr/start/dial?{Credentials}&dest=%2B6591230001", [], null);

        Assert.Equal((500, """{"status":"error_internal_server_error"}"""), (status, body));
    }

    [Fact]
    public async Task Random_bytes_always_get_an_answer_in_the_vendors_shape()
    {
        var random = new Random(20130502);
        for (var i = 0; i < 300; i++)
        {
            var body = new byte[random.Next(200)];
            random.NextBytes(body);

            var (status, _, reply) = await _world.SendRawAsync("POST", "ivr/end/hangup", body, i % 2 == 0 ? "application/x-www-form-urlencoded" : "multipart/form-data; boundary=x");

            using var json = JsonDocument.Parse(reply);
            Assert.Equal(200, status);
            Assert.StartsWith("error_", Status(json.RootElement), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("sms/send")]
    [InlineData("sms/bulk_send")]
    [InlineData("sms/query_status")]
    [InlineData("sms/get_history")]
    [InlineData("sms/get_rate")]
    [InlineData("fax/send")]
    [InlineData("fax/query_status")]
    [InlineData("fax/get_history")]
    [InlineData("fax/get_rate")]
    public async Task What_is_not_there_says_so_to_those_who_may_ask(string path)
    {
        var stranger = await _world.SendAsync("GET", $"{path}?app_id=x&access_token=x");

        Assert.Equal(("error_invalid_app_id", "error_service_not_available"), (Status(stranger), await _world.StatusAsync(path)));
    }

    private static string Status(JsonElement reply) => reply.GetProperty("status").GetString()!;
}
