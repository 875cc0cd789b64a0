using System.Globalization;
using System.Text;
using Switchhook.Calls.Causes;
using Switchhook.Exchange;

namespace Switchhook.Server.Health;

/// <summary>Figures from outside the exchange.</summary>
/// <param name="TerminalEvents">By dialect.</param>
/// <param name="WebhookDeliveries">By result.</param>
internal sealed record OuterFigures(
    IReadOnlyDictionary<string, long> TerminalEvents, IReadOnlyDictionary<string, long> WebhookDeliveries, long WebhooksPending);

/// <summary><c>/metrics</c> in Prometheus' text format 0.0.4. The names are a promise to dashboards.</summary>
internal sealed class Metrics(Func<ExchangeFigures> exchange, Func<OuterFigures> outer)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Kinds that are always there, so that a dashboard tells nothing live from nothing known.</summary>
    private static readonly string[] Kinds =
        ["call", "leg", "dialog", "transaction", "timer", "rtp_port", "mixer_seat", "queue_seat", "recording", "script"];

    public byte[] Write()
    {
        var figures = exchange();
        var around = outer();
        var text = new StringBuilder(4096);
        Family(text, "switchhook_live", "gauge", "Live things by kind; all 0 when nothing happens.");
        foreach (var kind in Kinds.Union(figures.Live.Keys))
            Sample(text, "switchhook_live", figures.Live.GetValueOrDefault(kind), ("kind", kind));
        Family(text, "switchhook_calls_ended_total", "counter", "Calls ended, by cause and by who ended them.");
        foreach (var ((cause, by), count) in figures.CallsEnded.OrderBy(p => p.Key.Cause).ThenBy(p => p.Key.By, StringComparer.Ordinal))
            Sample(text, "switchhook_calls_ended_total", count, ("cause", HangupCauses.NameOf(cause)), ("by", by));
        Counters(text, "switchhook_terminal_events_total", "dialect", "Events that told the end of a call, by dialect.", around.TerminalEvents);
        WriteHangups(text, figures);
        Counters(text, "switchhook_webhook_deliveries_total", "result", "Deliveries to customers' servers, by result.", around.WebhookDeliveries);
        Family(text, "switchhook_webhook_pending", "gauge", "Deliveries that wait.");
        Sample(text, "switchhook_webhook_pending", around.WebhooksPending);
        Family(text, "switchhook_log_waiting", "gauge", "Changes of calls that are not stored yet.");
        Sample(text, "switchhook_log_waiting", figures.LogWaiting);
        Family(text, "switchhook_log_failures_total", "counter", "Writes to the log that failed and were tried again.");
        Sample(text, "switchhook_log_failures_total", figures.LogFailures);
        Family(text, "switchhook_sip_messages_total", "counter", "SIP messages by direction and method or status.");
        foreach (var ((direction, what), count) in figures.SipMessages.OrderBy(p => p.Key.Direction, StringComparer.Ordinal).ThenBy(p => p.Key.MethodOrStatus, StringComparer.Ordinal))
            Sample(text, "switchhook_sip_messages_total", count, ("direction", direction), ("method_or_status", what));
        Counters(text, "switchhook_sip_rejected_total", "reason", "SIP messages that were dropped or refused, by reason.", figures.SipRejected);
        Family(text, "switchhook_upkeep_transactions", "gauge", "SIP transactions of registrations and probes of ours; they come without load.");
        Sample(text, "switchhook_upkeep_transactions", figures.LiveUpkeep);
        Family(text, "switchhook_trunk_up", "gauge", "1 when the trunk is usable as far as that is known: registered where it should be, and answering.");
        foreach (var (trunk, isUp) in figures.TrunksUp.OrderBy(p => p.Key, StringComparer.Ordinal))
            Sample(text, "switchhook_trunk_up", isUp ? 1 : 0, ("trunk", trunk));
        Family(text, "switchhook_rtp_packets_total", "counter", "RTP packets by direction.");
        Sample(text, "switchhook_rtp_packets_total", figures.RtpPacketsReceived, ("direction", "in"));
        Sample(text, "switchhook_rtp_packets_total", figures.RtpPacketsSent, ("direction", "out"));
        Family(text, "switchhook_rtp_late_ticks_total", "counter", "Ticks of a media thread that came late.");
        Sample(text, "switchhook_rtp_late_ticks_total", figures.RtpLateTicks);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void WriteHangups(StringBuilder text, ExchangeFigures figures)
    {
        Family(text, "switchhook_hangup_seconds", "histogram", "Request accepted to BYE, CANCEL or response handed to the transport.");
        long below = 0;
        for (var i = 0; i < ExchangeFigures.HangupBuckets.Count; i++)
        {
            below += figures.HangupSeconds.ElementAtOrDefault(i);
            Sample(text, "switchhook_hangup_seconds_bucket", below, ("le", ExchangeFigures.HangupBuckets[i].ToString(CultureInfo.InvariantCulture)));
        }
        var all = figures.HangupSeconds.Sum();
        Sample(text, "switchhook_hangup_seconds_bucket", all, ("le", "+Inf"));
        text.Append(CultureInfo.InvariantCulture, $"switchhook_hangup_seconds_sum {figures.HangupSecondsSum}\n");
        Sample(text, "switchhook_hangup_seconds_count", all);
    }

    private static void Counters(StringBuilder text, string name, string label, string help, IReadOnlyDictionary<string, long> counts)
    {
        Family(text, name, "counter", help);
        foreach (var (value, count) in counts.OrderBy(p => p.Key, StringComparer.Ordinal))
            Sample(text, name, count, (label, value));
    }

    private static void Family(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private static void Sample(StringBuilder text, string name, long value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        text.Append(name);
        var open = '{';
        foreach (var (label, content) in labels)
        {
            text.Append(open).Append(label).Append("=\"").Append(Escaped(content)).Append('"');
            open = ',';
        }
        if (labels.Length > 0)
            text.Append('}');
        text.Append(CultureInfo.InvariantCulture, $" {value}\n");
    }

    private static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
