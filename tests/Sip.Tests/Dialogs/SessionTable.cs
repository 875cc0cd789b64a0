using System.Globalization;
using System.Text;
using Switchhook.Sip.Dialogs;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>Writes what a machine does with every input in every state as the table of docs/machines.</summary>
internal static class SessionTable
{
    public static string Write<TMachine>(
        string title, string intro, IEnumerable<(string Name, TMachine Machine)> states,
        Func<TMachine, SessionInput, SessionStep<TMachine>> on, Func<TMachine, string> name)
    {
        var text = new StringBuilder();
        text.Append("# ").Append(title).Append("\n\n").Append(intro).Append('\n');
        foreach (var (stateName, machine) in states)
        {
            text.Append("\n## ").Append(stateName).Append("\n\n| Input | Next state | Effects, in order |\n|---|---|---|\n");
            foreach (var input in SessionSamples.Inputs)
            {
                var step = on(machine, input);
                if (!step.Ignored) text.Append(CultureInfo.InvariantCulture, $"| {Describe(input)} | {name(step.Next)} | {Effects(step.Effects)} |\n");
            }

            text.Append("\nEvery other input is ignored and counted.\n");
        }

        return text.ToString();
    }

    /// <summary>Compares with the document, or rewrites it when UPDATE_DOCS is set.</summary>
    public static void AssertDocumented(string file, string table)
    {
        var path = Path.Combine(Root(), "docs", "machines", file);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, table);
        }

        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : "", table);
    }

    private static string Effects(SessionEffect[] effects) =>
        effects.Length == 0 ? "–" : string.Join(", ", effects.Select(Describe));

    private static string Describe(SessionInput input) => input switch
    {
        SessionInput.ByeAnswered i => $"ByeAnswered {i.Status}",
        SessionInput.ReofferRefused i => $"ReofferRefused {i.Response.Status}",
        SessionInput.UpdateRefused i => $"UpdateRefused {i.Response.Status}",
        SessionInput.Progress { RSeq: > 0 } i => i.IsDescribed ? "Progress (reliable, with SDP)" : "Progress (reliable)",
        SessionInput.Provisional { Reliable: true } => "Provisional (reliable)",
        SessionInput.Success { HasOffer: true } => "Success (with the offer)",
        SessionInput.PrackReceived i => i.RSeq == 5 ? "PrackReceived" : "PrackReceived (of another response)",
        SessionInput.ReferAccepted { Subscribes: false } or SessionInput.AcceptRefer { Subscribes: false } => $"{input.GetType().Name} (no subscription)",
        SessionInput.ReferRefused i => $"ReferRefused {i.Response.Status}",
        SessionInput.NotifyReceived i => i.IsLast ? "NotifyReceived (last)" : "NotifyReceived",
        SessionInput.NotifyRefer i => i.Report.IsLast ? "NotifyRefer (last)" : "NotifyRefer",
        SessionInput.SubscribeReceived i => i.Seconds == 0 ? "SubscribeReceived (the end)" : "SubscribeReceived",
        SessionInput.NotifyAnswered i => $"NotifyAnswered {i.Status}",
        SessionInput.TermsAgreed { Terms: null } => "TermsAgreed (no timer)",
        SessionInput.TermsAgreed { Terms: { } t } => string.Create(
            CultureInfo.InvariantCulture, $"TermsAgreed ({t.Interval.TotalSeconds} s, {(t.WeRefresh ? "we" : "they")} refresh)"),
        SessionInput.DialogUnknownThere { Response: null } => "DialogUnknownThere (no answer)",
        SessionInput.ReinviteReceived { Pending: not OfferPending.None } i => $"ReinviteReceived ({Describe(i.Pending)})",
        SessionInput.UpdateReceived { HasOffer: false } => "UpdateReceived (no offer)",
        SessionInput.UpdateReceived { Pending: not OfferPending.None } i => $"UpdateReceived ({Describe(i.Pending)})",
        _ => input.GetType().Name,
    };

    private static string Describe(OfferPending pending) => pending == OfferPending.Ours ? "our offer pending" : "their offer pending";

    private static string Describe(SessionEffect effect) => effect switch
    {
        SessionEffect.Reply e => $"Reply {e.Status} to {e.Request.Request.Method.ToString().ToUpperInvariant()}",
        SessionEffect.Refuse e => $"Refuse {e.Asked.Status}",
        SessionEffect.StartTimer e => string.Create(CultureInfo.InvariantCulture, $"StartTimer {e.After.TotalSeconds} s"),
        SessionEffect.StartSessionTimer e => string.Create(CultureInfo.InvariantCulture, $"StartSessionTimer {e.After.TotalSeconds} s"),
        SessionEffect.StartUpdateTimer e => string.Create(CultureInfo.InvariantCulture, $"StartUpdateTimer {e.After.TotalSeconds} s"),
        SessionEffect.RespondRefer e => $"RespondRefer {e.Status}",
        SessionEffect.SendNotify e => $"SendNotify {e.Report.Status}" + (e.Report.IsLast ? " (last)" : ""),
        SessionEffect.TellReferProgress e => $"TellReferProgress {e.Status}",
        SessionEffect.TellReferFinished e => $"TellReferFinished {e.Status}",
        SessionEffect.Enter e => $"Enter {ConfirmedSessionTests.NameOf(e.Confirmed)}",
        SessionEffect.TellEnded e => $"TellEnded {e.End.Kind}",
        SessionEffect.TellHangupSent e => "TellHangupSent " + (e.Sent.Kind == HangupSentKind.FinalStatus ? $"{e.Sent.Status}" : $"{e.Sent.Kind}"),
        SessionEffect.TellConfirmed e => $"TellConfirmed {e.Confirmation}",
        SessionEffect.TellReofferAnswered e => "TellReofferAnswered" + (e.Final is null ? " (network failed)" : ""),
        _ => effect.GetType().Name,
    };

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Switchhook.slnx"))) directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
