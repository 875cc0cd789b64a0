using Switchhook.Exchange.Shards;
using Switchhook.Sip.Dialogs;

namespace Switchhook.Exchange.Running;

/// <summary>
/// What recovery needs of an answered leg goes into the log: when it is answered, and whenever the way to its far side changes. The 2xx or ACK
/// that makes a far side believe itself in the call waits for that, so that no crash leaves one behind that nobody knows. While the log fails
/// nothing waits for it.
/// </summary>
internal sealed partial class RunningCall
{
    /// <summary>A dialog taken up again counts on from a thousand above what was kept, so it is kept again well before that.</summary>
    private const uint KeptRequests = 500;

    /// <summary>Keeps the leg's dialog where it is not kept as it is already.</summary>
    private void Keep(RunningLeg leg)
    {
        if (leg.Session is not { } session || session.Snapshot() is not { } dialog || IsKept(leg, dialog))
            return;
        (leg.Kept, leg.KeptAs) = (dialog, leg.Id);
        var context = _context;
        context.Journal.Keep(leg.Id, dialog, () => context.Post(new ShardInput.DialogKept(session)));
        if (context.Journal.Problem is not null)
            session.Complete();
    }

    private static bool IsKept(RunningLeg leg, DialogSnapshot dialog) =>
        leg.Kept is { } kept && leg.KeptAs == leg.Id
        && kept.RemoteTarget == dialog.RemoteTarget && kept.RemoteTag == dialog.RemoteTag && kept.Flow == dialog.Flow
        && kept.Routes.SequenceEqual(dialog.Routes) && dialog.LocalCSeq - kept.LocalCSeq < KeptRequests;
}
