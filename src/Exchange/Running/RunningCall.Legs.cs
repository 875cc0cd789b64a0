using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using Switchhook.Exchange.Identity;
using Switchhook.Exchange.Prompts;
using Switchhook.Exchange.Shards;
using Switchhook.Media.Codecs;
using Switchhook.Media.Sdp;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Running;

/// <summary>What a call asks of its legs, carried out.</summary>
internal sealed partial class RunningCall
{
    // RFC 3326 §2: a phone that is cancelled so does not show a missed call.
    private const string AnsweredElsewhere = "SIP;cause=200;text=\"Call completed elsewhere\"";

    private void PlaceLeg(RunningLeg leg)
    {
        var model = Call.Legs[leg.Number - 1];
        if (model.Target is null || !_context.Targets.TryFind(model.Target, out var destination, out var refusal))
        {
            _inputs.Enqueue(new CallInput.LegNotPlaced(leg.Number, HangupCause.SubscriberAbsent, new HangupBy.Policy("not registered")));
            return;
        }
        if (refusal is { } why)
        {
            _inputs.Enqueue(new CallInput.LegNotPlaced(leg.Number, why.Cause, why.By));
            return;
        }
        var partner = FindLeg(1) is { } first && first != leg ? first.Audio : null;
        if (_context.Media.TryOpen(new LegAddress(Call.Id, leg.Number), partner?.Media) is not { } media)
        {
            _inputs.Enqueue(new CallInput.LegNotPlaced(leg.Number, HangupCause.NormalCircuitCongestion, new HangupBy.Policy("no RTP port free")));
            return;
        }
        leg.Audio = new LegAudio(media);
        // The partner's own codecs come first, so that the payload need not be touched; the others follow, to be transcoded.
        var all = leg.Audio.OfferedCodecs();
        IReadOnlyList<AudioCodec> preferred = partner?.Codec is { } agreed ? [agreed] : partner?.OfferedCodecs() ?? all;
        IReadOnlyList<AudioCodec> codecs = [.. preferred, .. all.Except(preferred)];
        var shown = _context.ShowCaller(Call, model);
        leg.Session = _context.Agent.Invite(
            new OutgoingInvite
            {
                RequestUri = destination.RequestUri,
                From = shown.From,
                Headers = HeadersOf(model, shown),
                To = new SipAddress(destination.ToUri),
                Flow = destination.Flow,
                MaxForwards = HopsLeft(),
                Routes = destination.Route is { } route ? [route] : [],
                Elsewhere = destination.Elsewhere,
                ContactUser = "switchhook",
                Offer = destination.LateOffer ? default : leg.Audio.MakeOffer(codecs, partner is null ? [] : preferred),
                Credentials = destination.Credentials,
                StayOnFlow = destination.StayOnFlow,
            },
            this,
            leg);
        _context.Trace.Follow(leg.Session.Invite!, Call.Id, received: false);
        Mark(leg, leg.Session.CallId);
    }

    /// <summary>Who calls, and what the dialect sends along; where both have something to say under one name, the dialect does.</summary>
    private static SipHeaderLine[] HeadersOf(Leg leg, ShownCaller shown) =>
    [
        .. shown.Headers.Where(row => !leg.Enclosed.Any(e => e.Key.Equals(row.Name, StringComparison.OrdinalIgnoreCase))),
        .. leg.Enclosed.Where(static e => e.Value.Length > 0).Select(static e => new SipHeaderLine(e.Key, e.Value)),
    ];

    /// <summary>What goes on from a caller's INVITE goes no further than that might have (RFC 3261 §16.6 step 3): a loop over many machines ends so.</summary>
    private int HopsLeft() =>
        Call.Legs[0].Direction == LegDirection.Inbound && FindLeg(1)?.Session?.Invite is { } invite && invite.TryGetNumber(HeaderName.MaxForwards, out var hops)
            ? Math.Max(0, (int)Math.Min(hops, SipUserAgent.UsualHops) - 1)
            : SipUserAgent.UsualHops;

    /// <summary>Notes the SIP Call-ID in the call as readers see it.</summary>
    public void Mark(RunningLeg leg, string sipCallId)
    {
        var index = leg.Number - 1;
        Call = Call with { Legs = Call.Legs.SetItem(index, Call.Legs[index] with { SipCallId = sipCallId }) };
        _context.Publish(Call);
    }

    private void RingLeg(RunningLeg leg, RunningLeg? early)
    {
        KeepUnanswered(leg);
        if (early?.Audio is not { } partner || leg.Audio is not { } audio || DescribeFor(audio, partner) is not { } sdp)
        {
            leg.Session?.Progress(180, []);
            return;
        }
        leg.Session?.Progress(183, sdp);
        audio.Media.Bridge(partner.Media);
    }

    /// <summary>The answer for an inbound leg, made once: the partner's codec when it was offered. Null when nothing fits.</summary>
    private static byte[]? DescribeFor(LegAudio audio, LegAudio? partner)
    {
        if (audio.Offer is not null)
            return audio.Answer(partner?.Codec);
        // Without an offer in the INVITE ours goes out in the 2xx, and the answer comes with the ACK (RFC 3261 §13.2.1).
        return audio.Ours is not null ? audio.Repeat() : audio.MakeOffer(partner?.Codec is { } codec ? [codec] : audio.OfferedCodecs());
    }

    private static void PlayRingback(RunningLeg leg, Media.Prompts.Prompt ringback)
    {
        leg.Audio?.Media.Unbridge();
        leg.Audio?.Media.Play(ringback, loop: true);
    }

    private void AnswerLeg(RunningLeg leg)
    {
        if (leg.Session is null)
            Welcome(leg);
        if (leg.Audio is null || DescribeFor(leg.Audio, FindLeg(leg.Number == Call.Far ? Call.Near : Call.Far)?.Audio) is not { } sdp)
        {
            _inputs.Enqueue(new CallInput.HangUp(new HangupBy.Policy("no common codec"), HangupCause.IncompatibleDestination));
            return;
        }
        if (leg.Session is not { } session)
            return;
        session.Answer(sdp);
    }

    private void EndLeg(RunningLeg leg, HangupCause cause, bool elsewhere)
    {
        leg.HangupReason = elsewhere ? AnsweredElsewhere : CauseTable.ToReason(cause);
        if (leg.Session is { } session)
            HangUpOnceTold(leg, session, new SessionHangup(_context.Causes.ToSip(cause), leg.HangupReason, cause == HangupCause.SwitchCongestion ? "5" : null));
        else
            _inputs.Enqueue(new CallInput.HangupSent(leg.Number, null, null));
    }

    private void JoinLegs(RunningLeg first, RunningLeg second)
    {
        if (first.Audio is { } one && second.Audio is { } other)
        {
            one.Media.StopPlaying();
            other.Media.StopPlaying();
            first.HasHoldMusic = second.HasHoldMusic = false;
            Bridge(one.Media, other.Media);
        }
    }

    private void HoldLeg(RunningLeg leg, bool onHold)
    {
        leg.WantsHold = onHold;
        leg.Audio?.Media.SetHold(onHold);
        // A script says what its party hears, and what a command has played is not ours to end.
        if (_script is null && leg.Playback == 0)
        {
            if (onHold)
                leg.Audio?.Media.Play(_context.HoldMusic, loop: true);
            else
                leg.Audio?.Media.StopPlaying();
        }
        Renegotiate(leg);
    }

    /// <summary>Brings the phone to what we want; while a re-INVITE is under way its end comes back here.</summary>
    private static void Renegotiate(RunningLeg leg)
    {
        if (leg.Reoffering || leg.Session is not { IsConfirmed: true } session)
            return;
        if (leg.Audio?.Reoffer(leg.WantsHold ? MediaDirection.SendOnly : MediaDirection.SendRecv) is { } sdp)
        {
            // Refused while the far side's own re-INVITE is under way: its ACK brings us back here.
            leg.Reoffering = session.Reoffer(sdp);
            if (leg.Reoffering)
                leg.Held = leg.WantsHold;
        }
    }

    private void RunService(RunningLeg leg, ServiceBehaviour behaviour, string? prompt)
    {
        if (behaviour == ServiceBehaviour.Echo)
            leg.Audio?.Media.SetEcho(true);
        else if (prompt is not null)
            _context.Load(Call.Id, leg.Number, prompt);
    }

    /// <summary>A service extension's prompt is there.</summary>
    public void OnServicePrompt(int number, PromptReply reply)
    {
        if (Call.HasEnded || FindLeg(number)?.Audio is not { } audio)
            return;
        if (reply.Prompt is { } prompt)
            audio.Media.Play(prompt, loop: true);
        else
            Note($"prompt not played: {reply.Error}");
    }

    private void Note(string line) => _context.Traces.Add(Call.Id, new(_context.Now(), "note", line, null));
}
