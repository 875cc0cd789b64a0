using Switchhook.Sip.Dialogs;

namespace Switchhook.Exchange.Running;

/// <summary>
/// What recovery needs of an answered leg: kept before the message that makes its far side believe itself in the call leaves, so that no crash
/// leaves one behind that nobody knows, and again whenever the way there changes.
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
