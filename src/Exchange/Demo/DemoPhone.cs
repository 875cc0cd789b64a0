using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Exchange.Running;
using Switchhook.Media.Prompts;
using Switchhook.Media.Tones;
using Switchhook.Media.Transport;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Demo;

/// <summary>One built-in phone: registers, and treats calls as its behaviour says. On the demo phones' thread.</summary>
internal sealed class DemoPhone(
    Extension extension, string secret, string domain, SipUserAgent agent, TimerWheel timers, MediaEngine media, SipFlow registrar)
    : ISessionUser, IRequestUser, ITimed
{
    private const int RefreshTimer = 0;
    private static readonly TimeSpan RetryRegister = TimeSpan.FromSeconds(2);
    private static readonly Prompt Voice = Prompt.FromTone("demo phone", new Tone(523, 659, TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(1600)));

    private readonly string _aor = $"sip:{extension.Number}@{domain}";
    private readonly string _callId = $"demo-{extension.Number}";
    private TimerHandle _refresh;
    private uint _sequence;
    private bool _answered;

    /// <summary>Sends the first REGISTER, without credentials.</summary>
    public void Register()
    {
        _answered = false;
        Send([]);
    }

    public void OnTimer(int timer) => Register();

    public void OnResponse(SipRequest request, SipResponse response)
    {
        if (response.Status == 401 && !_answered)
        {
            _answered = true;
            var nonce = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
            if (DigestClient.TryAnswer(request, response, new DigestLogin(extension.Number, secret), nonce, out var answer) == DigestAnswerFault.None)
            {
                Send([new SipHeaderLine("Authorization", answer!.Value)]);
                return;
            }
        }
        if (response.Status >= 200)
            timers.Restart(ref _refresh, response.Status < 300 ? TimeSpan.FromSeconds(BindingRefreshSeconds) : RetryRegister, this, RefreshTimer);
    }

    public void OnFailed(SipRequest request, TransactionFailure failure) => timers.Restart(ref _refresh, RetryRegister, this, RefreshTimer);

    private const int BindingRefreshSeconds = 1800;

    public void OnInvite(IncomingInvite invite)
    {
        var session = invite.Accept(this, null, extension.Number);
        switch (extension.Behaviour)
        {
            case ServiceBehaviour.Busy:
                session.HangUp(new SessionHangup(486, "Q.850;cause=17"));
                return;
            case ServiceBehaviour.Reject:
                session.HangUp(new SessionHangup(603, "Q.850;cause=21"));
                return;
            case ServiceBehaviour.Ring:
                session.Progress(180, []);
                return;
        }
        if (media.TryOpen(this) is not { } rtp)
        {
            session.HangUp(new SessionHangup(503));
            return;
        }
        var audio = new LegAudio(rtp);
        session.Context = audio;
        session.Progress(180, []);
        var sdp = invite.Request.Description.IsEmpty
            ? audio.MakeOffer(audio.OfferedCodecs())
            : audio.TakeOffer(invite.Request.Description.Span) ? audio.Answer(null) : null;
        if (sdp is null)
        {
            session.HangUp(new SessionHangup(488));
            return;
        }
        session.Answer(sdp);
        if (extension.Behaviour == ServiceBehaviour.Echo)
            rtp.SetEcho(true);
        else
            rtp.Play(Voice, loop: true);
        if (extension.Behaviour == ServiceBehaviour.Hangup)
            session.HangUp(new SessionHangup(480, "Q.850;cause=16"));
    }

    public void OnProgress(SipSession session, SipResponse response)
    {
    }

    public void OnAnswered(SipSession session, SipResponse response)
    {
    }

    public void OnAcknowledged(SipSession session, SipRequest ack)
    {
        if (session.Context is LegAudio { Codec: null } audio && !ack.Description.IsEmpty)
            audio.Accept(ack.Description.Span);
    }

    public void OnReoffer(SipSession session, SipRequest reinvite)
    {
        if (session.Context is not LegAudio audio)
            session.RejectReoffer(488);
        else if (reinvite.Description.IsEmpty)
            session.AnswerReoffer(audio.Repeat());
        else if (audio.TakeOffer(reinvite.Description.Span) && audio.Answer(audio.Codec) is { } sdp)
            session.AnswerReoffer(sdp);
        else
            session.RejectReoffer(488);
    }

    public void OnReofferAnswered(SipSession session, SipResponse? final)
    {
    }

    public void OnInfo(SipSession session, SipRequest info)
    {
    }

    public void OnEnded(SipSession session, SessionEnd end) => Close(session);

    public void OnHangupSent(SipSession session, HangupSent sent) => Close(session);

    public void OnConfirmed(SipSession session, HangupConfirmation confirmation)
    {
    }

    public void OnReleased(SipSession session)
    {
    }

    private static void Close(SipSession session) => (session.Context as LegAudio)?.Media.Close();

    private void Send(SipHeaderLine[] headers) => agent.Request(
        new OutgoingRequest
        {
            Method = SipMethod.Register,
            RequestUri = $"sip:{domain}",
            From = new SipAddress(_aor),
            To = new SipAddress(_aor),
            Flow = registrar,
            CallId = _callId,
            Sequence = ++_sequence,
            ContactUser = extension.Number,
            Headers = [new SipHeaderLine("Expires", "3600"), .. headers],
        },
        this);
}
