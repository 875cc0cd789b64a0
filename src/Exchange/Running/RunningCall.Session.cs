using Switchhook.Calls.Causes;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using Switchhook.Media.Sdp;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Running;

/// <summary>What the legs' SIP sessions tell the call.</summary>
internal sealed partial class RunningCall
{
    private void OnTrying(SipSession session) => KeepUnanswered(LegOf(session));

    private void OnProgress(SipSession session, SipResponse response)
    {
        var leg = LegOf(session);
        KeepUnanswered(leg);
        var early = !response.Description.IsEmpty && leg.Audio is { } audio && (MakesOffer(session) ? AnswerEarly(leg, audio, response) : audio.Accept(response.Description.Span));
        if (early || response.Status is 180 or 181 or 182 or 183)
            Give(new CallInput.LegRings(leg.Number, early));
    }

    /// <summary>Calls after this one try other places of the trunk first.</summary>
    private void OnPlaceFailed(SipSession session, SipFlow place)
    {
        if (Call.Legs[LegOf(session).Number - 1].Trunk is not null)
            _context.Targets.PlaceFailed(place);
    }

    private void OnAnswered(SipSession session, SipResponse response)
    {
        var leg = LegOf(session);
        if (MakesOffer(session) && leg.Audio!.Codec is null)
            Give(new CallInput.HangUp(new HangupBy.Policy("no usable SDP offer"), HangupCause.IncompatibleDestination));
        // The answer may have come before, in a reliable or early provisional response; the 2xx then need not repeat it.
        else if (!response.Description.IsEmpty && !MakesOffer(session) ? leg.Audio!.Accept(response.Description.Span) : leg.Audio!.Codec is not null)
            Give(new CallInput.LegAnswers(leg.Number));
        else
            Give(new CallInput.HangUp(new HangupBy.Policy("no usable SDP answer"), HangupCause.IncompatibleDestination));
    }

    private void OnAcknowledged(SipSession session, SipRequest ack)
    {
        var leg = LegOf(session);
        if (leg.Audio is { Codec: null } audio && (ack.Description.IsEmpty || !audio.Accept(ack.Description.Span)))
            Give(new CallInput.HangUp(new HangupBy.Policy("no usable SDP answer"), HangupCause.IncompatibleDestination));
        else
            Settle(leg, ack);
    }

    /// <summary>The ACK of a re-INVITE: it holds the answer when the offer was ours. What we wanted meanwhile follows now.</summary>
    private void Settle(RunningLeg leg, SipRequest ack)
    {
        Keep(leg);
        if (leg.Audio is { AwaitsAnswer: true } audio && !ack.Description.IsEmpty && audio.Accept(ack.Description.Span) && !leg.WantsHold)
            HeldByFarSide(leg, audio);
        if (leg.WantsHold != leg.Held)
            Renegotiate(leg);
    }

    private void OnReoffer(SipSession session, SipRequest reinvite)
    {
        var leg = LegOf(session);
        if (leg.Audio is not { } audio)
        {
            session.RejectReoffer(488);
            return;
        }
        var wanted = leg.WantsHold ? MediaDirection.SendOnly : MediaDirection.SendRecv;
        if (reinvite.Description.IsEmpty)
        {
            // The offer is ours then, and the answer comes with the ACK (RFC 3261 §14.2).
            if (audio.Reoffer(wanted) is { } offer)
                session.AnswerReoffer(offer);
            else
                session.RejectReoffer(488);
            return;
        }
        if (!audio.TakeOffer(reinvite.Description.Span) || audio.Answer(audio.Codec, wanted) is not { } sdp)
        {
            session.RejectReoffer(488);
            return;
        }
        session.AnswerReoffer(sdp);
        Keep(leg);
        if (!leg.WantsHold)
            HeldByFarSide(leg, audio);
    }

    private void OnReofferAnswered(SipSession session, SipResponse? final)
    {
        var leg = LegOf(session);
        leg.Reoffering = false;
        if (session.IsConfirmed)
            Keep(leg);
        if (final is { Status: >= 200 and < 300 } && !final.Description.IsEmpty)
            leg.Audio?.Accept(final.Description.Span);
        else if (final is { Status: 491 })
            Note("re-INVITE crossed the far side's");
        if (leg.WantsHold != leg.Held)
            Renegotiate(leg);
    }

    private void OnEnded(SipSession session, SessionEnd end)
    {
        var leg = LegOf(session);
        var beforeAnswer = Call.Legs[leg.Number - 1] is { Direction: Calls.LegDirection.Inbound, AnsweredAt: null };
        Give(new CallInput.LegLost(leg.Number, FarEnds.From(end, beforeAnswer, _context.Causes, TakeFigures(leg))));
    }

    private void OnHangupSent(SipSession session, HangupSent sent)
    {
        if (HangupAskedAt != 0)
            _context.Counts.HangupTook(_context.Time.GetElapsedTime(HangupAskedAt));
        var leg = LegOf(session);
        Give(new CallInput.HangupSent(leg.Number, FarEnds.From(sent, leg.HangupReason), TakeFigures(leg)));
    }

    private void OnConfirmed(SipSession session, Sip.Dialogs.HangupConfirmation confirmation) =>
        Give(new CallInput.HangupSettled(LegOf(session).Number, FarEnds.From(confirmation)));

    private void OnReleased(SipSession session)
    {
        if (session.Invite is { } invite)
            _context.Trace.Unfollow(invite);
        if (IsDone)
            _context.Forget(Call.Id);
    }

    private static RunningLeg LegOf(SipSession session) => (RunningLeg)session.Context!;

    /// <summary>Stops a leg's audio and keeps its figures.</summary>
    private static LegMedia? TakeFigures(RunningLeg leg)
    {
        if (leg.Audio is not { } audio)
            return null;
        audio.Media.Close();
        return audio.Figures();
    }
}
