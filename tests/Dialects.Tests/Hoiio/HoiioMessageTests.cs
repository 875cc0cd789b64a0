using Switchhook.Calls.Audio;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Hoiio;
using Switchhook.Dialects.Hoiio.Wire;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>The <c>msg</c> parameter, and the addresses that notifications go to: read, and checked before anything happens.</summary>
public sealed class HoiioMessageTests : IAsyncDisposable
{
    private readonly HoiioWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("Hello & goodbye <3", "Hello & goodbye <3", "en-us", "en-us+f2")]
    [InlineData("<speech language=\"zh-HK\" gender=\"female\">你好</speech>", "你好", "yue", "yue+f2")]
    [InlineData("<speech gender=\"male\">Hello</speech>", "Hello", "en-us", "en-us+m1")]
    [InlineData("<speech language='EN-gb'>Hello &amp; bye</speech>", "Hello & bye", "en-gb", "en-gb+f2")]
    public void A_text_is_spoken_by_the_voice_it_asks_for(string message, string text, string language, string voice)
    {
        var mistake = HoiioMessage.Read(message, new HoiioOptions(), out var source);

        Assert.Null(mistake);
        Assert.Equal(new AudioSource.Speech(text, language, voice), source);
    }

    [Fact]
    public void Pieces_are_played_in_order_and_text_between_them_is_spoken()
    {
        var mistake = HoiioMessage.Read(
            "Welcome <url>https://a.example/one.mp3?x=1</url> then <speech gender=\"male\">two</speech><url> http://a.example/three.WAV </url>", new HoiioOptions(), out var source);

        Assert.Null(mistake);
        Assert.Equal(
            [
                new AudioSource.Speech("Welcome", "en-us", "en-us+f2"), new AudioSource.File("https://a.example/one.mp3?x=1"), new AudioSource.Speech("then", "en-us", "en-us+f2"),
                new AudioSource.Speech("two", "en-us", "en-us+m1"), new AudioSource.File("http://a.example/three.WAV"),
            ],
            Assert.IsType<AudioSource.Sequence>(source).Parts);
    }

    [Theory]
    [InlineData("<speech>Hello", "error_msg_invalid_xml")]
    [InlineData("<speech>Hello</url>", "error_msg_invalid_xml")]
    [InlineData("<speech>a<b>c</b></speech>", "error_msg_invalid_xml")]
    [InlineData("<speech>a</speech><b/>", "error_msg_invalid_xml")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><speech>&a;</speech>", "error_msg_invalid_xml")]
    [InlineData("<speech language=\"tlh\">a</speech>", "error_msg_invalid_language")]
    [InlineData("<speech gender=\"robot\">a</speech>", "error_msg_invalid_gender")]
    [InlineData("<url>a.mp3</url>", "error_msg_invalid_url")]
    [InlineData("<url>ftp://a.example/a.mp3</url>", "error_msg_invalid_url")]
    [InlineData("<url></url>", "error_msg_invalid_url")]
    [InlineData("<url>http://a.example/a.ogg</url>", "error_msg_invalid_file_format")]
    public void What_is_wrong_with_a_message_has_its_status(string message, string expected) =>
        Assert.Equal(expected, HoiioMessage.Read(message, new HoiioOptions(), out _));

    [Fact]
    public void A_message_may_have_a_thousand_characters() => Assert.Equal(
        (null, "error_msg_invalid_length"),
        (HoiioMessage.Read(new string('a', 1000), new HoiioOptions(), out _), HoiioMessage.Read(new string('a', 1001), new HoiioOptions(), out _)));

    [Theory]
    [InlineData("<speech></speech>")]
    [InlineData("<speech/>")]
    [InlineData("  ")]
    public void Nothing_to_say_is_nothing_to_play(string message)
    {
        Assert.Null(HoiioMessage.Read(message, new HoiioOptions(), out var source));
        Assert.Null(source);
    }

    [Theory]
    [InlineData(PromptFault.NotFound, "error_msg_download_failed")]
    [InlineData(PromptFault.TooLarge, "error_msg_invalid_file_size")]
    [InlineData(PromptFault.BadFormat, "error_msg_invalid_file_format")]
    [InlineData(PromptFault.NotSpoken, "error_msg_cannot_convert_text")]
    public async Task A_message_that_cannot_be_played_is_told_in_the_reply_and_leaves_the_session(PromptFault fault, string expected)
    {
        var session = await _world.ReadyAsync();
        _world.Outside.Fault = fault;

        var wrong = await _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "<url>http://a.example/a.mp3</url>"));
        _world.Outside.Fault = PromptFault.None;
        var right = await _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "<url>http://a.example/a.mp3</url>"));

        Assert.Equal((expected, "success_ok"), (wrong, right));
        Assert.Equal(2, _world.Outside.Prepared.Count);
    }

    [Theory]
    [InlineData(HttpFailure.NameNotFound, "error_unable_to_resolve_notify_url")]
    [InlineData(HttpFailure.Broken, "error_unable_to_complete_ssl_handshake_notify_url")]
    [InlineData(HttpFailure.CannotConnect, "error_unable_to_complete_ssl_handshake_notify_url")]
    [InlineData(HttpFailure.AddressNotAllowed, "error_invalid_notify_url")]
    [InlineData(HttpFailure.PortNotAllowed, "error_invalid_notify_url")]
    public async Task An_address_whose_host_cannot_be_asked_is_refused(HttpFailure failure, string expected)
    {
        _world.Outside.Probe = failure;

        var status = await _world.StatusAsync("ivr/start/dial", ("dest", HoiioWorld.Dest), ("notify_url", HoiioWorld.Url));

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task A_tag_has_256_characters_and_an_address_4000()
    {
        var tag = await _world.StatusAsync("ivr/start/dial", ("dest", HoiioWorld.Dest), ("tag", new string('t', 257)));
        var url = await _world.StatusAsync("ivr/start/dial", ("dest", HoiioWorld.Dest), ("notify_url", HoiioWorld.Url + "?" + new string('u', 4000)));
        var fine = await _world.StatusAsync("ivr/start/dial", ("dest", HoiioWorld.Dest), ("tag", new string('t', 256)), ("notify_url", HoiioWorld.Url));

        Assert.Equal(("error_tag_invalid_length", "error_invalid_notify_url", "success_ok"), (tag, url, fine));
    }

    [Fact]
    public async Task Checks_are_made_in_the_vendors_order()
    {
        var session = await _world.ReadyAsync();
        _world.Outside.Fault = PromptFault.NotFound;
        _world.Nowhere.Add("+6599999999");
        List<(string, string)> wrong =
        [
            ("session", session), ("dest", "+6599999999"), ("on_failure", "x"), ("tag", new string('t', 300)), ("notify_url", "x"), ("msg", "m"),
        ];
        List<string> met = [];

        foreach (var (repaired, value) in ((string, string)[])[("on_failure", ""), ("tag", ""), ("notify_url", ""), ("msg", ""), ("dest", "+6562220000")])
        {
            met.Add(await _world.StatusAsync("ivr/end/transfer", [.. wrong]));
            wrong[wrong.FindIndex(w => w.Item1 == repaired)] = (repaired, value);
        }

        Assert.Equal(["error_on_failure_invalid", "error_tag_invalid_length", "error_invalid_notify_url", "error_msg_download_failed", "error_dest_not_supported"], met);
        Assert.Equal("success_ok", await _world.StatusAsync("ivr/end/transfer", [.. wrong]));
    }
}
