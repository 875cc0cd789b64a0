using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;

namespace Switchhook.Sip.Tests.Transactions;

/// <summary>Feeds every input to every state of a machine and writes the outcome down as a table of docs/machines.</summary>
internal static class MachineTable
{
    private static readonly SipRequest Invite = Samples.Request(SipMethod.Invite);
    private static readonly SipRequest Ack = Samples.Request(SipMethod.Ack, toTag: "b1");

    public static IEnumerable<(string Name, TransactionInput Input)> Inputs()
    {
        foreach (var timer in Enum.GetValues<SipTimer>()) yield return ($"timer {timer}", TransactionInput.TimerFired.Of(timer));
        foreach (var status in new[] { 180, 200, 486 }) yield return ($"received {Class(status)}", new TransactionInput.Received(Response(status)));
        yield return ("request repeated", TransactionInput.Again);
        yield return ("ACK", new TransactionInput.Acknowledged(Ack));
        foreach (var status in new[] { 180, 200, 486 }) yield return ($"respond {Class(status)}", new TransactionInput.Respond(Response(status)));
        yield return ("transport failed", TransactionInput.Unreachable);
        yield return ("abandoned", TransactionInput.Forget);
    }

    public static string Write<TMachine, TState>(
        string title, string source, IReadOnlyList<TState> states, Func<bool, TState, TMachine> make,
        Func<TMachine, TransactionInput, Step<TMachine>> on, Func<TMachine, TState> stateOf)
        where TState : notnull
    {
        var text = new StringBuilder();
        text.AppendLine($"# {title}").AppendLine().AppendLine(source).AppendLine();
        text.AppendLine("Every input in every state, as the code behaves. Inputs without a row are ignored and counted; they are listed below each table.");
        foreach (var reliable in new[] { false, true })
        {
            text.AppendLine().AppendLine(reliable ? "## Over a reliable transport" : "## Over UDP").AppendLine();
            text.AppendLine("| State | Input | Next | Effects |").AppendLine("|---|---|---|---|");
            var ignored = new List<string>();
            foreach (var state in states)
            {
                var skipped = new List<string>();
                foreach (var (name, input) in Inputs())
                {
                    var step = on(make(reliable, state), input);
                    if (step.IsIgnored) skipped.Add(name);
                    else text.AppendLine($"| {Describe(state)} | {name} | {Describe(stateOf(step.Next))} | {string.Join(", ", step.Effects.Select(Describe))} |");
                }

                ignored.Add($"- {Describe(state)}: {string.Join(", ", skipped)}");
            }

            text.AppendLine().AppendLine("Ignored:").AppendLine().AppendJoin('\n', ignored).AppendLine();
        }

        return text.ToString();
    }

    public static SipResponse Response(int status) => Samples.Response(Invite, status);

    public static SipRequest Request => Invite;

    public static SipRequest MadeAck => NonSuccessAck.For(Invite, Response(486));

    private static string Class(int status) => $"{status / 100}xx" is "4xx" ? "3xx-6xx" : $"{status / 100}xx";

    private static string Describe<T>(T state)
        where T : notnull
    {
        var name = state.GetType().Name;
        var interval = state.GetType().GetProperty("ResendAfter")?.GetValue(state) as TimeSpan?;
        var last = state.GetType().GetProperty("Last");
        if (interval is { } after) return $"{name}({after.TotalMilliseconds} ms)";
        return last is null ? name : $"{name}({(last.GetValue(state) is SipResponse response ? Class(response.Status) : "nothing sent")})";
    }

    private static string Describe(TransactionEffect effect) => effect switch
    {
        TransactionEffect.Send { Message: SipResponse response } => $"send {Class(response.Status)}",
        TransactionEffect.Send { Message: SipRequest request } => $"send {(request.Method == SipMethod.Ack ? "ACK" : "request")}",
        TransactionEffect.SendTrying => "send 100",
        TransactionEffect.PassUp up => $"pass up {Class(up.Response.Status)}",
        TransactionEffect.PassUpAck => "pass up ACK",
        TransactionEffect.TellAcknowledged => "tell acknowledged",
        TransactionEffect.StartTimer start => $"start {start.Timer} {start.After.TotalMilliseconds} ms",
        TransactionEffect.StopTimers => "stop timers",
        TransactionEffect.Fail fail => $"fail {fail.Failure}",
        _ => throw new ArgumentOutOfRangeException(nameof(effect)),
    };
}
