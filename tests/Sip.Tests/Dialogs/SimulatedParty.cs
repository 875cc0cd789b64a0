using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>A user of sessions that writes down what it is told and checks the promises of <see cref="ISessionUser"/>.</summary>
internal sealed class SimulatedParty(SimulatedNetwork network, string name) : ISessionUser, ISipUserAgentHandler
{
    public List<SipSession> Sessions { get; } = [];

    public List<string> Log { get; } = [];

    public List<SessionEnd> Ends { get; } = [];

    public Dictionary<SipSession, List<string>> Told { get; } = [];

    public List<(SipSession Session, SipResponse Response)> Progress { get; } = [];

    public List<IncomingRefer> Refers { get; } = [];

    public SipUserAgent? Agent { get; set; }

    /// <summary>What to do with a new call; null accepts it and waits.</summary>
    public Action<IncomingInvite>? Inviting { get; set; }

    /// <summary>Called with every session and what it was told, to act from within.</summary>
    public Action<SipSession, string>? Acting { get; set; }

    public void OnInvite(IncomingInvite invite)
    {
        if (Inviting is not null) Inviting(invite);
        else Sessions.Add(invite.Accept(this));
    }

    public void OnRequest(IncomingRequest request) => request.Reply(200);

    public void OnProgress(SipSession session, SipResponse response)
    {
        Progress.Add((session, response));
        Note(session, $"progress {response.Status}");
    }

    public void OnProgressAcknowledged(SipSession session, SipRequest prack) => Note(session, "prack");

    /// <summary>Called before a message that sets the far side up leaves.</summary>
    public Action<SipSession>? SettingUp { get; set; }

    public void OnSettingUp(SipSession session) => SettingUp?.Invoke(session);

    /// <summary>What to do with an offer that came with a 2xx; null answers it.</summary>
    public Action<SipSession>? Offering { get; set; }

    public void OnOffer(SipSession session, SipResponse response)
    {
        Note(session, "offer");
        if (Offering is not null) Offering(session);
        else session.AnswerOffer("v=0\r\n"u8);
    }

    public void OnAnswered(SipSession session, SipResponse response) => Note(session, "answered");

    public void OnAcknowledged(SipSession session, SipRequest ack) => Note(session, "acknowledged");

    public void OnReoffer(SipSession session, SipRequest reinvite) => Note(session, reinvite.Method switch { SipMethod.Update => "update", SipMethod.Prack => "prack offer", _ => "reoffer" });

    public void OnReofferAnswered(SipSession session, SipResponse? final) => Note(session, $"{(final?.CSeq.Method == SipMethod.Update ? "update" : "reoffer")} answered {final?.Status ?? 0}");

    public void OnInfo(SipSession session, SipRequest info) => Note(session, "info");

    public void OnRefer(SipSession session, IncomingRefer refer)
    {
        Refers.Add(refer);
        Note(session, "refer");
    }

    public void OnReferProgress(SipSession session, int status) => Note(session, $"refer progress {status}");

    public void OnReferFinished(SipSession session, int status) => Note(session, $"refer finished {status}");

    public void OnEnded(SipSession session, SessionEnd end)
    {
        Ends.Add(end);
        Note(session, $"ended {end.Kind}");
    }

    public void OnHangupSent(SipSession session, HangupSent sent) =>
        Note(session, $"hangup {sent.Kind}" + (sent.Status > 0 ? $" {sent.Status}" : ""));

    public void OnConfirmed(SipSession session, HangupConfirmation confirmation) => Note(session, $"confirmed {confirmation}");

    public void OnReleased(SipSession session) => Note(session, "released");

    public string[] Of(SipSession session) => Told.TryGetValue(session, out var told) ? [.. told] : [];

    /// <summary>One end, one confirmation after a hang-up of ours, then the release, then silence.</summary>
    public void AssertPromises()
    {
        foreach (var session in Sessions)
        {
            var told = Of(session);
            var ends = told.Count(word => word.StartsWith("ended", StringComparison.Ordinal));
            var hangups = told.Count(word => word.StartsWith("hangup", StringComparison.Ordinal));
            var confirmed = told.Count(word => word.StartsWith("confirmed", StringComparison.Ordinal));
            Assert.True(ends + hangups == 1, $"{name}: {ends} ends and {hangups} hang-ups: {string.Join(", ", told)}");
            Assert.True(confirmed == hangups, $"{name}: {confirmed} confirmations for {hangups} hang-ups: {string.Join(", ", told)}");
            Assert.True(told.Length > 0 && told[^1] == "released", $"{name}: released last and once: {string.Join(", ", told)}");
            Assert.Equal(1, told.Count(word => word == "released"));
            var hangup = Array.FindIndex(told, word => word.StartsWith("hangup", StringComparison.Ordinal));
            var confirmation = Array.FindIndex(told, word => word.StartsWith("confirmed", StringComparison.Ordinal));
            Assert.True(hangup <= confirmation, $"{name}: confirmed after the hang-up: {string.Join(", ", told)}");
        }
    }

    private void Note(SipSession session, string word)
    {
        if (!Told.TryGetValue(session, out var told)) Told[session] = told = [];
        told.Add(word);
        Log.Add($"{network.Time.Elapsed.TotalSeconds:0.000} {name} {word}");
        Acting?.Invoke(session, word);
    }
}
