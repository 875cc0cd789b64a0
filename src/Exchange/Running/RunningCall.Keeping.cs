using Switchhook.Sip.Dialogs;

namespace Switchhook.Exchange.Running;

/// <summary>
/// What recovery needs of a leg. Of an answered one: kept before the message that makes its far side believe itself in the call leaves, so that no
/// crash leaves one behind that nobody knows, and again whenever the way there changes. Of one that is not answered at once: its INVITE, so that
/// nobody rings, or hears ringing, for a call that is over.
/// </summary>
internal sealed partial class RunningCall
{
    /// <summary>A dialog taken up again counts on from a thousand above what was kept, so it is kept again well before that.</summary>
    private const uint KeptRequests = 500;

    private void OnSettingUp(SipSession session)
    {
        var leg = LegOf(session);
        // An answer that crossed our hangup is hung up at once; the record is there already.
        if (!Call.Legs[leg.Number - 1].HasEnded)
            Keep(leg, session);
    }

    /// <summary>Keeps the leg's INVITE as long as it waits for an answer, once, and again when it was repeated with credentials or elsewhere.</summary>
    public void KeepUnanswered(RunningLeg leg)
    {
        if (Call.Legs[leg.Number - 1].HasEnded || leg.Session is not { Invite.CSeq.Number: var number } session
            || (leg.KeptInvite == number && leg.KeptAs == leg.Id) || session.Unanswered() is not { } invite)
            return;
        (leg.KeptInvite, leg.KeptAs) = (number, leg.Id);
        _context.Journal.Keep(leg.Id, invite);
    }

    /// <summary>Keeps the leg's dialog where it is not kept as it is already.</summary>
    private void Keep(RunningLeg leg)
    {
        if (leg.Session is { } session)
            Keep(leg, session);
    }

    private void Keep(RunningLeg leg, SipSession session)
    {
        if (session.Snapshot() is not { } dialog || IsKept(leg, dialog))
            return;
        (leg.Kept, leg.KeptAs) = (dialog, leg.Id);
        _context.Journal.Keep(leg.Id, dialog);
    }

    private static bool IsKept(RunningLeg leg, DialogSnapshot dialog) =>
        leg.Kept is { } kept && leg.KeptAs == leg.Id
        && kept.RemoteTarget == dialog.RemoteTarget && kept.RemoteTag == dialog.RemoteTag && kept.Flow == dialog.Flow
        && kept.Routes.SequenceEqual(dialog.Routes) && dialog.LocalCSeq - kept.LocalCSeq < KeptRequests;
}
