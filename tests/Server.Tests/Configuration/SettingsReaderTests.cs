using System.Collections;
using System.Net;
using Switchhook.Server.Configuration;
using Switchhook.Server.Json;

namespace Switchhook.Server.Tests.Configuration;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("switchhook-settings").FullName;
    private readonly List<Mistake> _mistakes = [];
    private readonly Hashtable _environment = [];

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_any_source_every_setting_has_its_default()
    {
        var settings = Read(null)!;

        Assert.Equal("http://127.0.0.1:8088", Assert.Single(settings.HttpListen).ToString());
        Assert.Equal(["udp://127.0.0.1:5060", "tcp://127.0.0.1:5060"], settings.Sip.Listen.Select(l => l.ToString()));
        Assert.Equal("switchhook.local", settings.Sip.Domain);
        Assert.Equal((20000, 29999, IPAddress.Loopback), (settings.Rtp.FirstPort, settings.Rtp.LastPort, settings.Rtp.Address));
        Assert.Equal(TimeSpan.FromSeconds(60), settings.Rtp.SilenceHangup);
        Assert.Equal((TimeSpan.FromSeconds(14400), 10000, 1000), (settings.Calls.MaxDuration, settings.Calls.MaxLive, settings.Calls.MaxPerSecond));
        Assert.Equal(new StorageSettings("sqlite", Path.Combine(_folder, "switchhook.db"), Path.Combine(_folder, "flight"), Storage.Log.LogRetention.Standard), settings.Storage);
        Assert.Equal(Path.Combine(_folder, "prompts"), settings.PromptsDirectory);
        Assert.Equal(new SpeechSettings("espeak-ng", "en-us", TimeSpan.FromSeconds(20)) { CommandLine = [] }, settings.Speech);
        Assert.Equal(new WebhookSettings(TimeSpan.FromSeconds(10), true, 256, 16, 5, TimeSpan.FromSeconds(30), []), settings.Webhooks);
        Assert.Equal("http://127.0.0.1:9509", Assert.Single(settings.Dialects.Ozeki.Listen).ToString());
        Assert.Empty(settings.Dialects.Ozeki.ClassicListen);
        Assert.Equal("http://127.0.0.1:9011", Assert.Single(settings.Dialects.OpenVox.Listen).ToString());
        Assert.True(settings.Dialects.HoiioEnabled && settings.Dialects.CatapultEnabled);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.ShutdownGrace);
        Assert.True(settings.IsLoopbackOnly);
    }

    [Fact]
    public void A_file_with_comments_and_trailing_commas_is_read()
    {
        var settings = Read("""
            {
              // a comment
              "Sip": { "Listen": ["udp://0.0.0.0:5070",], /* another */ "Domain": "pbx.example" },
              "Calls": { "MaxLive": 5 },
              "Dialects": { "Ozeki": { "Listen": "http://+:7780/" }, "OpenVox": { "Enabled": false } },
            }
            """)!;

        Assert.Equal("udp://0.0.0.0:5070", Assert.Single(settings.Sip.Listen).ToString());
        Assert.Equal("pbx.example", settings.Sip.Domain);
        Assert.Equal(5, settings.Calls.MaxLive);
        Assert.Equal("http://0.0.0.0:7780", Assert.Single(settings.Dialects.Ozeki.Listen).ToString());
        Assert.Empty(settings.Dialects.OpenVox.Listen);
        Assert.False(settings.IsLoopbackOnly);
    }

    [Fact]
    public void The_environment_wins_over_the_file_and_set_wins_over_both()
    {
        _environment["SWITCHHOOK__Sip__Domain"] = "from.environment";
        _environment["SWITCHHOOK__CALLS__MAXLIVE"] = "7";

        var settings = Read("""{ "Sip": { "Domain": "from.file" }, "Calls": { "MaxLive": 5, "MaxPerSecond": 6 } }""", "Calls:MaxLive=8")!;

        Assert.Equal("from.environment", settings.Sip.Domain);
        Assert.Equal((8, 6), (settings.Calls.MaxLive, settings.Calls.MaxPerSecond));
    }

    [Theory]
    [InlineData("udp://127.0.0.1:1,tcp://127.0.0.1:2")]
    [InlineData("""["udp://127.0.0.1:1", "tcp://127.0.0.1:2"]""")]
    public void A_list_may_be_set_in_one_text(string list)
    {
        var settings = Read(null, $"Sip:Listen={list}")!;

        Assert.Equal(["udp://127.0.0.1:1", "tcp://127.0.0.1:2"], settings.Sip.Listen.Select(l => l.ToString()));
    }

    [Fact]
    public void A_list_given_item_by_item_replaces_the_one_of_the_file()
    {
        _environment["SWITCHHOOK__Sip__Listen__0"] = "udp://127.0.0.1:1";
        _environment["SWITCHHOOK__Sip__Listen__1"] = "tcp://127.0.0.1:2";

        var settings = Read("""{ "Sip": { "Listen": ["udp://127.0.0.1:9"] } }""")!;

        Assert.Equal(["udp://127.0.0.1:1", "tcp://127.0.0.1:2"], settings.Sip.Listen.Select(l => l.ToString()));
    }

    [Fact]
    public void Every_mistake_is_found_and_named_with_file_line_and_key()
    {
        var file = Write("""
            {
              "Sip": {
                "Listne": ["udp://127.0.0.1:5060"],
                "Domain": ""
              },
              "Calls": { "MaxLive": "many" },
              "Rtp": { "Ports": "30-20" }
            }
            """);

        var settings = SettingsReader.Read(new SettingsRequest(file, _folder, ["Http:Listen=ftp://x"], _environment), _mistakes);

        Assert.Null(settings);
        Assert.Equal(
            [
                $"--set Http:Listen=ftp://x: Http:Listen: must be http://ADDRESS:PORT, not 'ftp://x'",
                $"{file}:3: Sip:Listne: is an unknown key; the nearest known one is Sip:Listen",
                $"{file}:4: Sip:Domain: must not be empty",
                $"{file}:6: Calls:MaxLive: must be a whole number from 1 to 1000000, not 'many'",
                $"{file}:7: Rtp:Ports: must hold at least two ports, the smaller first: '30-20'",
            ],
            _mistakes.Select(m => m.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{ \"Sip\": ", 1)]
    [InlineData("{\n \"Sip\": {}\n} trailing", 3)]
    [InlineData("{\n\n\"Sip\" {} }", 3)]
    [InlineData("", 1)]
    public void What_is_not_JSON_is_named_with_its_line(string text, int line)
    {
        var settings = Read(text);

        Assert.Null(settings);
        Assert.Equal(line, Assert.Single(_mistakes).Line);
    }

    [Fact]
    public void Calls_cannot_be_kept_for_less_time_than_their_events()
    {
        var settings = SettingsReader.Read(
            new SettingsRequest(null, _folder, ["Storage:Retention:EventDays=40", "Storage:Retention:CallDays=39"], _environment), _mistakes);

        Assert.Null(settings);
        Assert.Contains("Storage:Retention:CallDays", Assert.Single(_mistakes).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_a_mistake()
    {
        var file = Path.Combine(_folder, "bytes.json");
        File.WriteAllBytes(file, [.. "{ \"Sip\": { \"Domain\": \""u8, 0xC3, 0x28, .. "\" } }"u8]);

        var settings = SettingsReader.Read(new SettingsRequest(file, _folder, [], _environment), _mistakes);

        Assert.Null(settings);
        Assert.Contains("UTF-8", Assert.Single(_mistakes).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/shm/switchhook", "/dev/shm/switchhook")]
    [InlineData("elsewhere", "BELOW/elsewhere")]
    public void The_flight_files_have_a_place_of_their_own(string said, string place)
    {
        var settings = Read(null, $"Storage:FlightDirectory={said}")!;

        Assert.Equal(place.Replace("BELOW", _folder, StringComparison.Ordinal), settings.Storage.FlightDirectory);
    }

    [Fact]
    public void A_key_given_twice_is_a_mistake()
    {
        var settings = Read("{ \"Sip\": { \"Domain\": \"a\",\n \"Domain\": \"b\" } }");

        Assert.Null(settings);
        Assert.Equal((2, "Sip.Domain", "is given twice"), (_mistakes[0].Line, _mistakes[0].Key, _mistakes[0].Message));
    }

    [Fact]
    public void A_key_given_twice_in_other_letters_is_a_mistake_too_but_not_over_several_sources()
    {
        var settings = Read("{ \"Calls\": { \"MaxLive\": 5 },\n \"calls\": { \"maxlive\": 7 } }");
        var mistake = Assert.Single(_mistakes);
        _mistakes.Clear();
        var over = Read("""{ "Calls": { "MaxLive": 5 } }""", "calls:maxlive=7", "CALLS:MAXLIVE=8");

        Assert.Null(settings);
        Assert.Equal((2, "calls:maxlive", "is given twice, as Calls:MaxLive in line 1"), (mistake.Line, mistake.Key, mistake.Message));
        Assert.Equal(8, over!.Calls.MaxLive);
    }

    [Fact]
    public void An_unknown_variable_is_an_error_like_an_unknown_key()
    {
        _environment["SWITCHHOOK__Shutdown__GraceSecond"] = "1";

        var settings = Read(null);

        Assert.Null(settings);
        Assert.Contains("Shutdown:GraceSeconds", Assert.Single(_mistakes).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_comes_from_a_file_or_a_variable()
    {
        var secret = Path.Combine(_folder, "voice");
        File.WriteAllText(secret, "de\n");
        _environment["PBX_DOMAIN"] = "kept.elsewhere";

        var settings = Read($$"""{ "Sip": { "Domain": { "env": "PBX_DOMAIN" } }, "Speech": { "Voice": { "file": "{{secret}}" } } }""")!;

        Assert.Equal(("kept.elsewhere", "de"), (settings.Sip.Domain, settings.Speech.Voice));
    }

    [Theory]
    [InlineData("""{ "env": "SURELY_NOT_SET" }""", "SURELY_NOT_SET")]
    [InlineData("""{ "file": "/nowhere/at/all" }""", "/nowhere/at/all")]
    public void A_secret_that_is_not_there_is_a_mistake(string value, string names)
    {
        var settings = Read($$"""{ "Sip": { "Domain": {{value}} } }""");

        Assert.Null(settings);
        Assert.Contains(names, Assert.Single(_mistakes).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Http:Listen=https://127.0.0.1:8443")]
    public void What_this_release_does_not_serve_is_refused_by_name(string setting)
    {
        var settings = Read(null, setting);

        Assert.Null(settings);
        Assert.Contains("not served by this release", Assert.Single(_mistakes).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Calls:ToneCountry=XX", "Calls:ToneCountry", "must be one of AU, CA,")]
    [InlineData("Speech:Provider=festival", "Speech:Provider", "must be one of espeak-ng, command, http, none")]
    [InlineData("Speech:Provider=command", "Speech:Command", "must name a program")]
    [InlineData("Speech:Provider=http", "Speech:Url", "must be an http or https address")]
    public void What_cannot_sound_is_named(string setting, string key, string message)
    {
        var settings = Read(null, setting);

        Assert.Null(settings);
        var mistake = Assert.Single(_mistakes);
        Assert.Contains(key, mistake.ToString(), StringComparison.Ordinal);
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_engine_may_speak_and_another_country_sound()
    {
        var settings = Read("""{ "Speech": { "Provider": "command", "Command": ["say", "--voice", "{voice}"] } }""", "Calls:ToneCountry=gb")!;

        Assert.Equal("gb", settings.ToneCountry);
        Assert.Equal(["say", "--voice", "{voice}"], settings.Speech.CommandLine);
    }

    [Fact]
    public void A_connection_string_of_PostgreSQL_is_taken_as_it_is()
    {
        var settings = Read(null, "Storage:Provider=postgresql", "Storage:Connection=Host=db.test;Username=switchhook;Password=secret;Database=calls");

        Assert.Equal(("postgresql", "Host=db.test;Username=switchhook;Password=secret;Database=calls"), (settings!.Storage.Provider, settings.Storage.Connection));
    }

    [Theory]
    [InlineData("switchhook.db")]
    [InlineData("Username=switchhook;Password=hush")]
    [InlineData("Host=db.test;Pasword=hush")]
    [InlineData("Host=db.test;Port=many;Password=hush")]
    [InlineData("Host=db1.test,db2.test;Password=hush")]
    [InlineData("Host=db.test;Command Timeout=0;Password=hush")]
    [InlineData("Host=\"")]
    public void What_is_no_connection_string_of_PostgreSQL_is_a_mistake_that_shows_no_secret(string connection)
    {
        var settings = Read(null, "Storage:Provider=postgresql", $"Storage:Connection={connection}");

        Assert.Null(settings);
        var mistake = Assert.Single(_mistakes);
        Assert.Equal("Storage:Connection", mistake.Key);
        Assert.DoesNotContain("hush", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_listeners_cannot_share_an_address()
    {
        var settings = Read(null, "Dialects:Ozeki:Listen=http://127.0.0.1:8088");

        Assert.Null(settings);
        Assert.Contains("already taken by Http:Listen", Assert.Single(_mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Webhooks_may_reach_private_addresses_only_by_default_on_loopback()
    {
        var open = Read(null, "Http:Listen=http://0.0.0.0:8088")!;
        var asked = Read(null, "Http:Listen=http://0.0.0.0:8088", "Webhooks:AllowPrivateAddresses=true")!;

        Assert.False(open.Webhooks.AllowPrivateAddresses);
        Assert.True(asked.Webhooks.AllowPrivateAddresses);
    }

    [Fact]
    public void Rows_of_the_cause_tables_are_replaced_and_bad_ones_refused()
    {
        var settings = Read("""{ "Causes": { "sip:486": "CALL_REJECTED", "USER_BUSY": 600 } }""")!;
        var bad = Read("""{ "Causes": { "sip:99": "CALL_REJECTED" } }""");

        Assert.Equal("CALL_REJECTED", settings.Causes["sip:486"]);
        Assert.Equal("600", settings.Causes["USER_BUSY"]);
        Assert.Null(bad);
    }

    [Fact]
    public void A_denied_network_wins_over_an_allowed_one()
    {
        var security = Read(null, "Security:AllowAddresses=10.0.0.0/8", "Security:DenyAddresses=10.1.0.0/16,10.2.0.1")!.Security;

        Assert.True(security.Allows(IPAddress.Parse("10.0.0.1")));
        Assert.True(security.Allows(IPAddress.Parse("::ffff:10.0.0.1")));
        Assert.False(security.Allows(IPAddress.Parse("10.1.2.3")));
        Assert.False(security.Allows(IPAddress.Parse("10.2.0.1")));
        Assert.False(security.Allows(IPAddress.Parse("192.168.0.1")));
    }

    [Theory]
    [InlineData("0", 0, true)]
    [InlineData("90", 90, true)]
    [InlineData("600", 600, true)]
    [InlineData("89", 0, false)]
    [InlineData("-1", 0, false)]
    public void A_session_interval_is_off_or_no_shorter_than_it_may_be(string text, int seconds, bool isGood)
    {
        var settings = Read(null, $"Sip:SessionTimer:IntervalSeconds={text}");

        Assert.Equal(isGood, settings is not null);
        Assert.Equal(isGood, _mistakes.Count == 0);
        if (isGood)
            Assert.Equal((seconds, 90), (settings!.Sip.SessionInterval.TotalSeconds, settings.Sip.MinSessionInterval.TotalSeconds));
    }

    [Fact]
    public void The_limits_of_guessing_are_read_and_bounded()
    {
        var limits = Read(null, "Security:Guesses:PerUser=3", "Security:Guesses:UserForgivenEverySeconds=60", "Security:Guesses:PerAddress=7",
            "Security:Guesses:AddressForgivenEverySeconds=2", "Security:Guesses:MostRemembered=500")!.Security.Guesses;
        var bad = Read(null, "Security:Guesses:PerUser=0");

        Assert.Equal(new(3, TimeSpan.FromSeconds(60), 7, TimeSpan.FromSeconds(2), 500), limits);
        Assert.Null(bad);
    }

    [Fact]
    public void The_operations_manual_names_every_key()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Switchhook.slnx")))
            folder = folder.Parent!;
        var manual = File.ReadAllText(Path.Combine(folder.FullName, "docs", "operations.md"));

        var missing = SettingsReader.KnownKeys().Where(k => !manual.Contains($"`{k}`", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    private ServerSettings? Read(string? json, params string[] overrides) =>
        SettingsReader.Read(new SettingsRequest(json is null ? null : Write(json), _folder, overrides, _environment), _mistakes);

    private string Write(string json)
    {
        var file = Path.Combine(_folder, "switchhook.json");
        File.WriteAllText(file, json);
        return file;
    }
}
