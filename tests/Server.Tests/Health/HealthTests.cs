using System.Text;
using Switchhook.Calls.Causes;
using Switchhook.Exchange;
using Switchhook.Server.Health;
using Switchhook.Server.Tests.Native;

namespace Switchhook.Server.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task A_server_that_can_take_calls_is_live_and_ready()
    {
        await using var server = await NativeServer.StartAsync();

        var live = await server.GetAsync("/health/live");
        var ready = await server.GetAsync("/health/ready");

        Assert.Equal((200, 200), (live.Status, ready.Status));
        Assert.Equal("ok", ready.Json.GetProperty("checks").GetProperty("database").GetString());
    }

    [Fact]
    public async Task A_server_whose_database_takes_no_writes_is_live_but_not_ready()
    {
        await using var server = await NativeServer.StartAsync(databaseProblem: "disk full");

        var live = await server.GetAsync("/health/live");
        var ready = await server.GetAsync("/health/ready");

        Assert.Equal((200, 503), (live.Status, ready.Status));
        Assert.Equal("disk full", ready.Json.GetProperty("checks").GetProperty("database").GetString());
    }

    [Fact]
    public async Task Metrics_are_served_as_Prometheus_text()
    {
        await using var server = await NativeServer.StartAsync();

        var answer = await server.GetAsync("/metrics");

        Assert.Equal((200, "text/plain"), (answer.Status, answer.Type));
        Assert.Contains("switchhook_live{kind=\"call\"} 0\n", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_promised_name_is_written_with_its_labels()
    {
        var figures = NativeServer.NoFigures() with
        {
            Live = new Dictionary<string, long> { ["call"] = 2, ["leg"] = 3 },
            CallsEnded = new Dictionary<(HangupCause, string), long> { [(HangupCause.UserBusy, "callee")] = 4 },
            SipMessages = new Dictionary<(string, string), long> { [("in", "INVITE")] = 5, [("out", "180")] = 6 },
            SipRejected = new Dictionary<string, long> { ["too \"big\""] = 7 },
            TrunksUp = new Dictionary<string, bool> { ["carrier"] = true, ["spare"] = false },
            LiveUpkeep = 15,
            RtpPacketsReceived = 8,
            RtpPacketsSent = 9,
            RtpLateTicks = 10,
            HangupSeconds = [1, 2, .. Enumerable.Repeat(0L, ExchangeFigures.HangupBuckets.Count - 2), 1],
            HangupSecondsSum = 11.5,
        };
        var outer = new OuterFigures(new Dictionary<string, long> { ["native"] = 12 }, new Dictionary<string, long> { ["delivered"] = 13 }, 14);

        var text = Encoding.UTF8.GetString(new Metrics(() => figures, () => outer).Write());

        Assert.All(
            [
                "switchhook_live{kind=\"call\"} 2",
                "switchhook_live{kind=\"mixer_seat\"} 0",
                "switchhook_calls_ended_total{cause=\"USER_BUSY\",by=\"callee\"} 4",
                "switchhook_terminal_events_total{dialect=\"native\"} 12",
                "switchhook_hangup_seconds_bucket{le=\"0.0001\"} 1",
                "switchhook_hangup_seconds_bucket{le=\"10\"} 3",
                "switchhook_hangup_seconds_bucket{le=\"+Inf\"} 4",
                "switchhook_hangup_seconds_sum 11.5",
                "switchhook_hangup_seconds_count 4",
                "switchhook_webhook_deliveries_total{result=\"delivered\"} 13",
                "switchhook_webhook_pending 14",
                "switchhook_trunk_up{trunk=\"carrier\"} 1",
                "switchhook_trunk_up{trunk=\"spare\"} 0",
                "switchhook_upkeep_transactions 15",
                "switchhook_sip_messages_total{direction=\"in\",method_or_status=\"INVITE\"} 5",
                "switchhook_sip_messages_total{direction=\"out\",method_or_status=\"180\"} 6",
                "switchhook_sip_rejected_total{reason=\"too \\\"big\\\"\"} 7",
                "switchhook_rtp_packets_total{direction=\"in\"} 8",
                "switchhook_rtp_packets_total{direction=\"out\"} 9",
                "switchhook_rtp_late_ticks_total 10",
            ],
            line => Assert.Contains(line, text.Split('\n')));
    }
}
