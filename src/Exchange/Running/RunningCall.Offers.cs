using Switchhook.Calls.Causes;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using Switchhook.Media.Codecs;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Running;

/// <summary>Trunks that want to make the offer: our INVITE has none, theirs comes in a response (RFC 3261 §13.2.1).</summary>
internal sealed partial class RunningCall
{
    /// <summary>True when the offer is the far side's to make.</summary>
    private static bool MakesOffer(SipSession session) => session is { IsOutgoing: true, Invite.Description.IsEmpty: true };

    /// <summary>The offer came with the 2xx. One we can take nothing of is answered all the same, and hung up after that (§13.2.2.4).</summary>
    private void OnOffer(SipSession session, SipResponse response)
    {
        var leg = LegOf(session);
        session.AnswerOffer(leg.Audio is { } audio && audio.TakeOffer(response.Description.Span) ? audio.Answer(WantedFor(leg)) ?? audio.RefuseOffer() : []);
    }

    /// <summary>The offer came before, in a reliable response: the PRACK has the answer (RFC 3262 §5). In any other SDP is no offer yet.</summary>
    private bool AnswerEarly(RunningLeg leg, LegAudio audio, SipResponse response)
    {
        if (!response.Lists(HeaderName.Require, "100rel"u8) || leg.Session is not { } session)
            return false;
        if (audio.TakeOffer(response.Description.Span) && audio.Answer(WantedFor(leg)) is { } sdp)
            return session.AnswerProgress(response, sdp);
        session.AnswerProgress(response, audio.RefuseOffer());
        Give(new CallInput.HangUp(new HangupBy.Policy("no usable SDP offer"), HangupCause.IncompatibleDestination));
        return false;
    }

    /// <summary>The codec that spares transcoding: the partner's, or the first it has offered that is offered here too.</summary>
    private AudioCodec? WantedFor(RunningLeg leg)
    {
        if (FindLeg(1) is not { Audio: { } partner } first || first == leg || leg.Audio is not { } audio)
            return null;
        if (partner.Codec is { } agreed)
            return agreed;
        foreach (var codec in partner.OfferedCodecs())
        {
            if (audio.OfferedCodecs().Contains(codec))
                return codec;
        }
        return null;
    }
}
