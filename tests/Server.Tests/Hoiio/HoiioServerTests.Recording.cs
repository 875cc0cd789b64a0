using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Hoiio;

/// <content>What is recorded of a call.</content>
public sealed partial class HoiioServerTests
{
    [Fact]
    public async Task What_is_said_is_recorded_and_fetched_without_credentials()
    {
        var dialled = await AnsweredAsync(out var probe);
        await using (probe)
        {
            await Hoiio.PostAsync("ivr/middle/record", ("session", dialled.Session), ("max_duration", "60"), ("notify_url", dialled.Url));
            await Eventually.TrueAsync(RecordingAsync, "the recording is under way", Patience);
            await probe.SendToneAsync(440, TimeSpan.FromSeconds(1));
            await PressAsync(probe, "#");
            var recorded = await NextAsync(dialled, "record");

            var file = await Hoiio.FetchAsync(recorded["record_url"]);
            var guessed = await Hoiio.FetchAsync(recorded["record_url"].Replace("-1.mp3", "-2.mp3", StringComparison.Ordinal));

            Assert.Equal("ongoing", recorded["call_state"]);
            Assert.Equal((200, "audio/mpeg"), (file.Status, file.ContentType));
            Assert.True(file.Body.Length > 2_000, $"{file.Body.Length} octets");
            Assert.Equal(404, guessed.Status);
            await HangUpAsync(dialled);
        }
    }

    [Fact]
    public async Task What_was_recorded_until_the_caller_hung_up_is_delivered_with_the_end()
    {
        var dialled = await AnsweredAsync(out var probe);
        await using (probe)
        {
            await Hoiio.PostAsync("ivr/middle/record", ("session", dialled.Session), ("notify_url", dialled.Url));
            await Eventually.TrueAsync(RecordingAsync, "the recording is under way", Patience);
            await probe.SendToneAsync(440, TimeSpan.FromSeconds(1));

            await dialled.Phone.HangUpAsync();
            var ended = await NextAsync(dialled, "record");

            Assert.Equal("ended", ended["call_state"]);
            Assert.Equal(200, (await Hoiio.FetchAsync(ended["record_url"])).Status);
            AssertToldOnce(dialled);
        }
    }

    [Fact]
    public async Task A_monitored_call_is_announced_after_its_end()
    {
        var dialled = await AnsweredAsync(out var probe);
        await using (probe)
        {
            await Hoiio.PostAsync("ivr/middle/monitor", ("session", dialled.Session), ("notify_url", dialled.Url), ("monitor_notify_url", dialled.Url + "/monitor"));
            var monitored = await NextAsync(dialled, "monitor");
            await probe.SendToneAsync(440, TimeSpan.FromSeconds(1));

            await HangUpAsync(dialled);
            var announced = await lab.App.NextAsync(r => r.Path == new Uri(dialled.Url).AbsolutePath + "/monitor", "the recording of the call", Patience);

            Assert.Equal("ongoing", monitored["call_state"]);
            Assert.Equal(("monitor", "ended", "1"), (announced["ivr_block"], announced["call_state"], announced["duration"]));
            Assert.Equal(200, (await Hoiio.FetchAsync(announced["monitor_url"])).Status);
        }
    }

    [Fact]
    public async Task A_message_is_recorded_while_the_call_is_monitored()
    {
        var dialled = await AnsweredAsync(out var probe);
        await using (probe)
        {
            await Hoiio.PostAsync("ivr/middle/monitor", ("session", dialled.Session), ("notify_url", dialled.Url), ("monitor_notify_url", dialled.Url + "/monitor"));
            await NextAsync(dialled, "monitor");
            await Hoiio.PostAsync("ivr/middle/record", ("session", dialled.Session), ("notify_url", dialled.Url));
            await Eventually.TrueAsync(async () => (await lab.Server.MetricsAsync()).Live("recording") == 2, "both recordings are under way", Patience);
            await probe.SendToneAsync(440, TimeSpan.FromSeconds(1));
            await PressAsync(probe, "#");
            var recorded = await NextAsync(dialled, "record");

            await HangUpAsync(dialled);
            var announced = await lab.App.NextAsync(r => r.Path == new Uri(dialled.Url).AbsolutePath + "/monitor", "the recording of the call", Patience);
            var (part, whole) = (await Hoiio.FetchAsync(recorded["record_url"]), await Hoiio.FetchAsync(announced["monitor_url"]));

            Assert.Equal((200, 200), (part.Status, whole.Status));
            Assert.True(whole.Body.Length > part.Body.Length && part.Body.Length > 2_000, $"{whole.Body.Length} and {part.Body.Length} octets");
        }
    }
}
