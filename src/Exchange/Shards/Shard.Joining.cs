using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Machine;
using Switchhook.Exchange.Identity;
using Switchhook.Exchange.Routing;
using Switchhook.Exchange.Running;
using Switchhook.Sip.Dialogs;

namespace Switchhook.Exchange.Shards;

/// <summary>Calls that meet: two joined at an application's word, and an INVITE that takes the place of a leg (RFC 3891).</summary>
internal sealed partial class Shard
{
    private void Join(CallCommand.AttendedTransfer asked, TaskCompletionSource<CallReply> waiter)
    {
        if (context.FindCall(asked.Call) is not { } call || context.FindCall(asked.Target) is not { } target)
        {
            waiter.TrySetResult(new CallReply(CallRefusal.NoSuchCall, null));
            return;
        }
        var refusal = call.Call.HasEnded || target.Call.HasEnded ? CallRefusal.CallEnded : CallRefusal.WrongState;
        if (refusal != CallRefusal.CallEnded && call.Call.CommonParty(target.Call) is { } party)
            With(asked.Call, c => refusal = c.TakeOver(party.Here, target, party.There) ? CallRefusal.None : refusal);
        waiter.TrySetResult(new CallReply(refusal, call.Call));
    }

    /// <summary>No call begins: the INVITE is answered at once, in the place of the leg it names, or refused as RFC 3891 §3 says.</summary>
    private void Replace(IncomingInvite invite, CallerIdentity caller)
    {
        var found = context.Agent.FindReplaced(invite.Request);
        if (found.Session?.Context is not RunningLeg leg)
        {
            invite.Reply(found.Refusal == 0 ? 481 : found.Refusal);
            return;
        }
        var call = leg.Call;
        if (!MayReplace(caller, call.Call))
        {
            context.Counts.Reject("replaces");
            invite.Reply(403);
            return;
        }
        // The one it is to talk to: its audio is on the same media thread.
        var staying = call.FindLeg(leg.Number == call.Call.Near ? call.Call.Far : call.Call.Near);
        if (context.Media.TryOpen(null, staying?.Audio?.Media) is not { } media)
        {
            invite.Reply(503, RetryAfter);
            return;
        }
        var audio = new LegAudio(media);
        if (!invite.Request.Description.IsEmpty && !(audio.TakeOffer(invite.Request.Description.Span) && audio.CanAnswer))
        {
            media.Close();
            invite.Reply(488);
            return;
        }
        admission.Count();
        var party = PartyOf(invite.Request, caller);
        var replace = new CallInput.Replace(leg.Number, party, (caller as CallerIdentity.Phone)?.Extension.Number);
        var handled = false;
        With(call.Call.Id, c => handled = c.Replace(replace, audio, newcomer => invite.Accept(c, newcomer, "switchhook")));
        if (handled)
            return;
        media.Close();
        invite.Reply(603);
    }

    /// <summary>A phone may step into the calls of its account, and into a call it is in itself; a trunk into none (RFC 3891 §7).</summary>
    private static bool MayReplace(CallerIdentity caller, Call call) => caller is CallerIdentity.Phone { Extension: var phone }
        && ((phone.Account is { } account && call.IsVisibleTo(account)) || call.Legs.Any(l => l.Extension == phone.Number));
}
