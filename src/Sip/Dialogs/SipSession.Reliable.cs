using System.Globalization;
using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>Reliable provisional responses (RFC 3262), ours and theirs.</summary>
public sealed partial class SipSession
{
    private SipDialog? _early;
    private uint _firstRSeq;
    private uint _nextRSeq;

    /// <summary>
    /// Answers the offer in a reliable provisional response to an INVITE of ours that had none: the answer goes out with the PRACK
    /// (RFC 3262 §5). False when no answer is owed to it.
    /// </summary>
    /// <param name="progress">The response as <see cref="ISessionUser.OnProgress"/> told it.</param>
    /// <param name="sdp">The answer.</param>
    public bool AnswerProgress(SipResponse progress, ReadOnlySpan<byte> sdp)
    {
        if (!IsOpen || Find(progress.ToTag) is not { } fork || !ReferenceEquals(fork.Owed, progress)) return false;
        fork.Owed = null;
        _early = EarlyDialogOf(fork, progress);
        _early.IsAgreed = true;
        _localSdp = sdp.ToArray();
        SendPrack(_early, progress, sdp);
        return true;
    }

    /// <summary>§3: whoever requires reliable responses gets every one of ours so, one after the other.</summary>
    private SessionInput.Progress BuildProgress(int status, ReadOnlySpan<byte> sdp, ReadOnlySpan<SipHeaderLine> headers)
    {
        if (!_incoming!.Request.Lists(HeaderName.Require, "100rel"u8)) return new(BuildAnswer(_incoming, status, sdp, headers));
        if (_nextRSeq == 0) _firstRSeq = _nextRSeq = _agent.FirstRSeq();
        var number = _nextRSeq++;
        return new(
            BuildAnswer(
                _incoming, status, sdp,
                [.. headers, new("Require", "100rel"), new("RSeq", number.ToString(CultureInfo.InvariantCulture))]),
            number);
    }

    private void OnPrack(IncomingRequest prack)
    {
        if (_uas is null || !RAck.TryRead(prack.Request, out var acknowledged)
            || acknowledged.CSeq != _incoming!.Request.CSeq || acknowledged.RSeq < _firstRSeq || acknowledged.RSeq >= _nextRSeq)
        {
            prack.Reply(481);
            return;
        }

        if (!SipUserAgent.Admits(prack)) return;
        prack.Session = this;
        DispatchSetup(new SessionInput.PrackReceived(prack, acknowledged.RSeq));
    }

    /// <summary>§5: the PRACK of a response with our answer may bring the next offer; that of one with our offer brings the answer.</summary>
    private void AcceptPrack(IncomingRequest prack, SipResponse response)
    {
        var isOffered = !_incoming!.Request.Description.IsEmpty;
        var isDescribed = !response.Description.IsEmpty;
        if (isDescribed && (isOffered || !prack.Request.Description.IsEmpty)) _dialog!.IsAgreed = true;
        if (!prack.Request.Description.IsEmpty && (isOffered || !isDescribed))
        {
            Dispatch(_dialog!, new SessionInput.UpdateReceived(prack, true, PendingIn(_dialog!)));
            return;
        }

        Reply(prack, 200);
    }

    /// <summary>A provisional response; null for one that has come before or too early (§4).</summary>
    private SessionInput.Provisional? OnProvisional(SipResponse response)
    {
        if (response.ToTag.IsEmpty) return new(response);
        var fork = NoteFork(response);
        fork.Early ??= response;
        if (response.Status == 100 || !response.Lists(HeaderName.Require, "100rel"u8) || !response.TryGetNumber(HeaderName.RSeq, out var number) || number == 0)
            return new(response);
        if (fork.RSeq != 0 && number != fork.RSeq + 1) return null;
        fork.RSeq = number;
        return new(response, Reliable: true);
    }

    private void AcknowledgeProgress(SipResponse response)
    {
        var fork = NoteFork(response);
        var dialog = EarlyDialogOf(fork, response);
        var isOffered = !_invite!.Request.Description.IsEmpty;
        if (!isOffered && !response.Description.IsEmpty && !dialog.IsAgreed)
        {
            fork.Owed = response;
            return;
        }

        if (isOffered && !response.Description.IsEmpty)
        {
            dialog.IsAgreed = true;
            _early = dialog;
        }

        SendPrack(dialog, response, []);
    }

    private void SendPrack(SipDialog dialog, SipResponse response, ReadOnlySpan<byte> sdp)
    {
        _ = response.TryGetNumber(HeaderName.RSeq, out var number);
        var prack = dialog.Begin(SipMethod.Prack, dialog.NextCSeq(), _agent)
            .Header(HeaderName.RAck, Encoding.ASCII.GetBytes(new RAck(number, response.CSeq).ToString()));
        if (!sdp.IsEmpty) prack.Body("application/sdp"u8, sdp);
        Send(SessionRequestKind.Prack, prack.Build(), dialog.Flow, dialog);
    }

    /// <summary>A PRACK that was challenged, or overtaken by another request and so refused 500, is sent once more.</summary>
    private void OnPrackResponse(SessionRequest sent, SipResponse response)
    {
        var isOvertaken = response.Status == 500 && !sent.Repeated;
        if (!IsOpen || (!CanAnswer(sent, response) && !isOvertaken)) return;
        var dialog = sent.Dialog!;
        var again = _agent.Again(sent.Request, dialog.NextCSeq(), dialog.Flow, sent.Answer);
        Send(SessionRequestKind.Prack, again, dialog.Flow, dialog, repeated: true);
    }

    private SipDialog EarlyDialogOf(Fork fork, SipResponse response) =>
        fork.Dialog ??= SipDialog.FromResponse(_invite!.Request, response, _inviteFlow, _stayOnFlow);
}
