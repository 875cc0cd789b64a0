using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Tests.OpenVox;

/// <summary>extension/listen, extension/whisper and extension/barge.</summary>
public class OpenVoxMonitorTests
{
    private const string Success = """{"status":"Success"}""";

    private static string Failed(int errno) => $$"""{"status":"Failed","errno":"{{errno}}"}""";

    [Theory]
    [InlineData("extension/listen", """{"listener":"2005","listenedext":"2002"}""", MemberRole.Listener)]
    [InlineData("extension/whisper", """{"whisperer":"2005","whisperedext":"2002"}""", MemberRole.Coach)]
    [InlineData("extension/barge", """{"bargein":"2005","bargedext":"2002"}""", MemberRole.Member)]
    public async Task A_monitor_is_rung_to_listen_whisper_or_barge(string operation, string body, MemberRole role)
    {
        var world = With(OpenVoxWorld.Internal());

        Assert.Equal(Success, await world.AskAsync(operation, body));

        var asked = Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked));
        Assert.Equal(("openvox", "crm", "2005", "2002"), (asked.Dialect, asked.Account, asked.Dialed, asked.Caller.Number));
        Assert.Equal(new OnAnswer.Supervise(OpenVoxWorld.First, role, 2), asked.Then);
        Assert.Contains(asked.Enclosed, h => h is { Key: "Call-Info", Value: "<sip:127.0.0.1>;answer-after=0" });
    }

    [Theory]
    [InlineData("""{"listener":"2005"}""", 10004)]
    [InlineData("""{"listenedext":"2001"}""", 10004)]
    [InlineData("""{"listener":"9999","listenedext":"2001"}""", 10006)]
    [InlineData("""{"listener":"2005","listenedext":"9999"}""", 10006)]
    [InlineData("""{"listener":"2001","listenedext":"2003"}""", 10007)]
    [InlineData("""{"listener":"2001","listenedext":"2002"}""", 10008)]
    [InlineData("""{"listener":"2002","listenedext":"2001"}""", 10008)]
    public async Task What_is_wrong_has_its_number(string body, int errno)
    {
        var world = With(OpenVoxWorld.Internal());

        Assert.Equal(Failed(errno), await world.AskAsync("extension/listen", body));

        Assert.Empty(world.Exchange.Asked);
    }

    [Fact]
    public async Task A_call_that_rings_cannot_be_listened_to() => Assert.Equal(
        Failed(10007), await With(OpenVoxWorld.Ringing(OpenVoxWorld.Internal())).AskAsync("extension/listen", """{"listener":"2005","listenedext":"2001"}"""));

    [Fact]
    public async Task A_second_listener_is_10009()
    {
        var listening = OpenVoxWorld.Internal() with
        {
            Id = new CallId(OpenVoxWorld.First.Value + 1),
            Plan = new CallPlan.Originated(
                new LegTarget.Extension("2003"), new OnAnswer.Supervise(OpenVoxWorld.First, MemberRole.Listener, 1), null, TimeSpan.FromSeconds(90)),
            Far = 0,
            Legs = [],
        };
        var world = With(OpenVoxWorld.Internal(), listening);

        Assert.Equal(Failed(10009), await world.AskAsync("extension/listen", """{"listener":"2005","listenedext":"2001"}"""));
        Assert.Equal(Success, await world.AskAsync("extension/barge", """{"bargein":"2005","bargedext":"2001"}"""));
    }

    [Theory]
    [InlineData(Monitoring.Listen, 0, 10010, 10010, "Listen")]
    [InlineData(Monitoring.Whisper, 10010, 0, 10010, "Whisper")]
    [InlineData(Monitoring.BargeIn, 10010, 10010, 0, "Barge-in")]
    [InlineData(Monitoring.Disabled, 10010, 10010, 10010, "disable")]
    [InlineData(Monitoring.Extensive, 0, 0, 0, "Extensive")]
    public async Task An_extension_monitors_in_its_mode_alone(Monitoring mode, int listen, int whisper, int barge, string word)
    {
        var world = With(e => e.Number == "2005" ? e with { Monitors = mode } : e, OpenVoxWorld.Internal());

        var answers = new[]
        {
            await world.AskAsync("extension/listen", """{"listener":"2005","listenedext":"2001"}"""),
            await world.AskAsync("extension/whisper", """{"whisperer":"2005","whisperedext":"2001"}"""),
            await world.AskAsync("extension/barge", """{"bargein":"2005","bargedext":"2001"}"""),
        };
        var shown = await world.AskAsync("extension/query", """{"extid":"2005"}""");

        Assert.Equal(new[] { listen, whisper, barge }.Select(errno => errno == 0 ? Success : Failed(errno)), answers);
        Assert.Contains($"\"allowbeingmonitored\":\"on\",\"monitormode\":\"{word}\"", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extension_that_may_not_be_monitored_is_10009_whether_it_talks_or_not()
    {
        var world = With(e => e.Number == "2001" ? e with { IsPrivate = true } : e, OpenVoxWorld.Internal());
        var idle = With(e => e.Number == "2001" ? e with { IsPrivate = true } : e);

        Assert.Equal(Failed(10009), await world.AskAsync("extension/whisper", """{"whisperer":"2005","whisperedext":"2001"}"""));
        Assert.Equal(Failed(10009), await idle.AskAsync("extension/whisper", """{"whisperer":"2005","whisperedext":"2001"}"""));
        Assert.Contains("\"allowbeingmonitored\":\"off\"", await world.AskAsync("extension/query", """{"extid":"2001"}"""), StringComparison.Ordinal);
    }

    private static OpenVoxWorld With(params Call[] calls) => With(static e => e, calls);

    private static OpenVoxWorld With(Func<Extension, Extension> made, params Call[] calls)
    {
        var provisioned = OpenVoxWorld.Provisioned;
        var world = new OpenVoxWorld { Directory = new(provisioned with { Extensions = [.. provisioned.Extensions.Select(made)] }) };
        world.Exchange.Calls.AddRange(calls);
        return world;
    }
}
