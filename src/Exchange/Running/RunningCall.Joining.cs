using Switchhook.Calls;
using Switchhook.Calls.Machine;
using Switchhook.Exchange.Shards;
using Switchhook.Sip.Dialogs;

namespace Switchhook.Exchange.Running;

/// <summary>Legs that come from elsewhere: from another call in an attended transfer, or by an INVITE that replaces one of ours.</summary>
internal sealed partial class RunningCall
{
    /// <summary>
    /// Joins the party that stays here with those <see cref="Call.Consulted"/> by the other call's leg; both legs of the party that leaves are hung
    /// up, and the other call ends. False when one of the calls is not in a state for it: then nothing has changed.
    /// </summary>
    public bool TakeOver(int leaving, RunningCall other, int otherLeaving)
    {
        var legs = other.Call.Consulted(otherLeaving);
        if (other == this || _busy || other._busy || legs.IsEmpty || !Call.MayLeave(leaving))
            return false;
        var first = Call.Legs.Length + 1;
        Give(new CallInput.Adopt(leaving, legs, SwitchContext.TransferRingTime));
        other.Guard(c => c.Give(new CallInput.HandOver(otherLeaving, Call.Id, first)));
        return true;
    }

    /// <summary>Puts a new inbound leg in the place of one of ours. The session is made once the leg has a number. False when the state is wrong.</summary>
    public bool Replace(CallInput.Replace replace, LegAudio audio, Func<RunningLeg, SipSession> accept)
    {
        if (_busy)
            return false;
        _newcomer = (audio, accept);
        var handled = Give(replace);
        _newcomer = null;
        return handled;
    }

    private (LegAudio Audio, Func<RunningLeg, SipSession> Accept)? _newcomer;

    /// <summary>The leg an INVITE with Replaces brought gets what it came with.</summary>
    private void Welcome(RunningLeg leg)
    {
        if (_newcomer is not { } newcomer)
            return;
        _newcomer = null;
        leg.Audio = newcomer.Audio;
        leg.MoveTo(this, leg.Id);
        leg.Session = newcomer.Accept(leg);
        _context.Trace.Follow(leg.Session.Invite!, Call.Id, received: true);
        Mark(leg, leg.Session.CallId);
    }

    private void AdoptLeg(int number, LegId from)
    {
        if (_context.FindCall(from.Call) is not { } other)
            return;
        var leg = other.GiveAway(from.Number);
        _legs[number - 1] = leg;
        leg.MoveTo(this, Call.Legs[number - 1].Id);
        if (leg.Kept is not null)
            Keep(leg);
        else if (leg.KeptInvite != 0)
            KeepUnanswered(leg);
        if (leg.Session?.Invite is { } invite)
            _context.Trace.Move(invite, Call.Id);
    }

    /// <summary>The leg goes to another call; what stays in its place has neither session nor audio.</summary>
    private RunningLeg GiveAway(int number)
    {
        var leg = _legs[number - 1];
        _legs[number - 1] = new RunningLeg(this, leg.Id);
        return leg;
    }
}
