using System.Collections.Immutable;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using static Switchhook.Calls.CallState;
using static Switchhook.Calls.Machine.CallInput;

namespace Switchhook.Calls;

/// <summary>What a call does next: a function of its state and an input. The table is kept in <c>docs/machines/call.md</c>.</summary>
public sealed partial record Call
{
    /// <summary>One input. Pairs without a row are passed over and counted by the caller.</summary>
    public CallStep On(CallInput input, DateTimeOffset now) => (State, input) switch
    {
        (Trying, Begin) when Sequence == 0 => BeginPlan(new(this, now)),

        (Trying or Ringing or Transferring, LegRings rings) when IsSettingUp(rings.Leg) => Rings(new(this, now), rings),
        (Trying or Ringing, LegAnswers answers) when IsSettingUp(answers.Leg) => Answers(new(this, now), answers.Leg),
        (Transferring, LegAnswers answers) when IsSettingUp(answers.Leg) && Audio.Whisper is { Leg: null } whisper => BeginWhisper(new(this, now), whisper, answers.Leg),
        (Transferring moving, LegAnswers answers) when IsSettingUp(answers.Leg) => FinishTransfer(new(this, now), moving, answers.Leg),
        (Trying or Ringing, ScriptAnswers) when Plan is CallPlan.Scripted => AnswerForScript(new(this, now)),
        (Trying or Ringing, Answer) when Plan is CallPlan.Offered => AnswerForApplication(new(this, now)),
        (Trying or Ringing, ScriptRejects rejects) => Hang(new(this, now), new HangupBy.Script(rejects.Verb, rejects.Line), HangupCause.CallRejected),

        (Talking, Hold) => HoldParties(new(this, now)),
        (Held, Hold) => new(this, []),
        (Held, Unhold) => UnholdParties(new(this, now)),
        (Talking or Held, FarHold hold) when FindLeg(hold.Leg) is { HasEnded: false } => HoldByFarSide(new(this, now), hold),

        (Trying or Ringing, Forward forward) when Plan is CallPlan.Connect => ForwardTo(new(this, now), forward),
        (Trying or Ringing, Forward { Unheard: true } forward) when Plan is CallPlan.Offered or CallPlan.Scripted => ForwardUnheard(new(this, now), forward),
        (Talking or Held, Transfer { Into: { } into } transfer) when MayLeave(Near) => TransferInto(new(this, now), transfer, into),
        (Talking or Held, Transfer transfer) when Far > 0 => BeginTransfer(new(this, now), transfer),
        (Transferring { Into: { Plan: CallPlan.Scripted } into } moving, ScriptAnswers) => FinishInto(new(this, now), moving, into),
        (Transferring { Into: { Plan: CallPlan.Scripted } }, ScriptRejects rejects) => FailTransfer(new(this, now), new HangupBy.Script(rejects.Verb, rejects.Line), HangupCause.CallRejected),
        // A script that has nothing to say to the party has not taken it: the cause is that of a call it does not answer.
        (Transferring { Into: { Plan: CallPlan.Scripted } }, HangUp { By: HangupBy.Script } hang) => FailTransfer(new(this, now), hang.By, hang.Cause ?? HangupCause.NormalClearing),
        (Talking or Held, ScriptDials { Into: { } into } dial) when Far == 0 => DialInto(new(this, now), dial, into),
        (Talking or Held, ScriptDials dial) when Far == 0 => DialForScript(new(this, now), dial),
        (Talking or Held, Dial dial) when Far == 0 && Audio.Seat is null && !IsScripted => DialForApplication(new(this, now), dial),
        (Transferring, TimerFired(CallTimer.Ring)) => GiveUpTransfer(new(this, now)),
        (Talking or Held, Adopt adopt) when MayLeave(adopt.Leaving) && !adopt.Legs.IsEmpty => AdoptLegs(new(this, now), adopt),
        (Trying or Ringing or Talking or Held, HandOver hand) when !Consulted(hand.Leaving).IsEmpty => HandLegsOver(new(this, now), hand),
        (Talking or Held, Replace replace) when MayLeave(replace.Leg) => ReplaceParty(new(this, now), replace),
        (Trying or Ringing, Replace replace) when Plan is CallPlan.Connect && IsSettingUp(replace.Leg) => ReplaceRinging(new(this, now), replace),

        (Trying or Ringing or Talking or Held or Transferring, HangUp hang) => Hang(new(this, now), hang.By, hang.Cause),
        (Trying or Ringing, RouteDecided decided) when Routing is { IsAsking: true } asked && asked.Question == decided.Question => FollowRoute(new(this, now), decided.Decision),
        (Trying or Ringing, TimerFired(CallTimer.Ring)) when Routing is { IsAsking: true } => FollowRoute(new(this, now), new RouteDecision.DialPlan()),
        (Trying or Ringing, TimerFired(CallTimer.Ring)) when Routing is { } attempt => RouteFailed(new(this, now), attempt, new HangupBy.Timer(CallTimer.Ring), HangupCause.NoAnswer),
        (Trying or Ringing, TimerFired(CallTimer.Ring)) => Hang(new(this, now), new HangupBy.Timer(CallTimer.Ring), HangupCause.NoAnswer),
        (Talking or Held or Transferring, TimerFired(CallTimer.MaxDuration)) => Hang(new(this, now), new HangupBy.Timer(CallTimer.MaxDuration), HangupCause.NormalClearing),
        (Talking, MediaSilent silent) when FindLeg(silent.Leg) is { State: not LegState.Held } => Hang(new(this, now), new HangupBy.Timer(CallTimer.MediaSilence), HangupCause.RecoveryOnTimerExpire),
        // The one who wants to leave may be silent, as on hold it is; the one who stays must be heard.
        (Transferring moving, MediaSilent silent) when silent.Leg == moving.Remaining && FindLeg(silent.Leg) is { HasEnded: false } =>
            Hang(new(this, now), new HangupBy.Timer(CallTimer.MediaSilence), HangupCause.RecoveryOnTimerExpire),
        (Trying or Ringing or Talking or Held or Transferring, ScriptReports report) => Report(new(this, now), report),
        (Talking or Held, ScriptKeepsParty kept) when Far == 0 => TellKept(new(this, now), kept.Cause),
        (Trying or Ringing or Talking or Held or Transferring, CallInput.KeepDetails keep) when FindLeg(keep.Leg) is { HasEnded: false } =>
            Describe(new(this, now), keep),
        (Trying or Ringing, AwaitAnswer wait) => new(this with { OnceAnswered = Awaiting(wait.Order) }, []),
        (Trying or Ringing or Talking or Held or Transferring, TakeNote note) => KeepNote(new(this, now), note.Note),

        (not Ended, Recover) => EndRecovered(new(this, now)),

        (not Ended, LegLost lost) when FindLeg(lost.Leg) is { HasEnded: false } => Lose(new(this, now), lost.Leg, lost.End),
        (not Ended, LegNotPlaced not) when FindLeg(not.Leg) is { HasEnded: false } => Lose(new(this, now), not.Leg, new(not.Cause, not.By, null, null, null)),
        (not Ended, HangupSent sent) when FindLeg(sent.Leg) is { State: LegState.Ending } => Sent(new(this, now), sent),
        (_, HangupSettled settled) when FindLeg(settled.Leg) is { HasEnded: true } => Settle(new(this, now), settled),

        _ => OnAudio(input, now),
    };

    /// <summary>A caller that vanished while it heard ringing would ring for ever; the time is that of a proxy's Timer C (RFC 3261 §16.6).</summary>
    private static readonly TimeSpan RingLimit = TimeSpan.FromMinutes(3);

    private bool IsSettingUp(int leg) => FindLeg(leg) is { Direction: LegDirection.Outbound, State: LegState.Trying or LegState.Ringing or LegState.Early };

    private static CallStep BeginPlan(CallTurn turn)
    {
        turn.Tell((c, s, at) => new CallStarted { Call = c, Sequence = s, At = at });
        return turn.Call.Routing is { } routing ? AskRoute(turn, routing) : CarryPlan(turn);
    }

    private static CallStep CarryPlan(CallTurn turn)
    {
        switch (turn.Call.Plan)
        {
            case CallPlan.Connect connect:
                Place(turn, LegRole.Callee, turn.Call.CalleeDialed, [connect.Target, .. connect.Also]);
                return turn.Ask(new CallEffect.StartTimer(CallTimer.Ring, connect.RingTime)).Done();
            case CallPlan.Originated originated:
                return turn.Ask(new CallEffect.PlaceLeg(1)).Ask(new CallEffect.StartTimer(CallTimer.Ring, originated.RingTime)).Done();
            case CallPlan.Scripted scripted:
                RingCaller(turn, false);
                return turn.Ask(new CallEffect.RunScript(1, scripted.Script, Incoming: true))
                    .Ask(new CallEffect.StartTimer(CallTimer.Ring, scripted.FetchTime)).Done();
            case CallPlan.Service service:
                return Serve(turn, service);
            case CallPlan.Offered offered:
                RingCaller(turn, false);
                return turn.Ask(new CallEffect.StartTimer(CallTimer.Ring, offered.RingTime)).Done();
            case CallPlan.Refused refused:
                return Hang(turn, new HangupBy.Policy(refused.Rule), refused.Cause);
            default:
                throw new InvalidOperationException($"no such plan: {turn.Call.Plan}");
        }
    }

    private static CallStep Serve(CallTurn turn, CallPlan.Service service)
    {
        switch (service.Behaviour)
        {
            case ServiceBehaviour.Ring:
                RingCaller(turn, false);
                return turn.Ask(new CallEffect.StartTimer(CallTimer.Ring, RingLimit)).Done();
            case ServiceBehaviour.Busy:
                return Hang(turn, new HangupBy.Policy("service busy"), HangupCause.UserBusy);
            case ServiceBehaviour.Reject:
                return Hang(turn, new HangupBy.Policy("service reject"), HangupCause.CallRejected);
        }
        turn.Ask(new CallEffect.AnswerLeg(1)).Answered(1);
        BeTalking(turn);
        if (service.Behaviour == ServiceBehaviour.Hangup)
            return Hang(turn, new HangupBy.Policy("service hangup"), HangupCause.NormalClearing);
        if (service.Behaviour is ServiceBehaviour.Play or ServiceBehaviour.Echo)
            turn.Ask(new CallEffect.RunService(1, service.Behaviour, service.Prompt));
        return turn.Done();
    }

    private static CallStep Rings(CallTurn turn, LegRings rings)
    {
        var leg = turn.Leg(rings.Leg);
        turn.Put(leg with
        {
            State = rings.EarlyMedia || leg.State is LegState.Early ? new LegState.Early() : new LegState.Ringing(),
            RingingAt = leg.RingingAt ?? turn.Now,
        });
        if (turn.Call.State is Transferring)
            return turn.Done();
        if (turn.Call.Legs[0] is { Direction: LegDirection.Inbound, AnsweredAt: null })
            RingCaller(turn, rings.EarlyMedia, rings.Leg);
        else
            BeRinging(turn);
        return turn.Done();
    }

    private static void RingCaller(CallTurn turn, bool earlyMedia, int from = 0)
    {
        var caller = turn.Leg(1);
        var early = earlyMedia || caller.State is LegState.Early;
        turn.Put(caller with { State = early ? new LegState.Early() : new LegState.Ringing(), RingingAt = caller.RingingAt ?? turn.Now });
        turn.Ask(new CallEffect.RingLeg(1, earlyMedia, from));
        BeRinging(turn);
    }

    private static void BeRinging(CallTurn turn)
    {
        if (turn.Call.State is Ringing)
            return;
        turn.Change(static (c, now) => c with { State = new Ringing(), RingingAt = c.RingingAt ?? now });
        turn.Tell((c, s, at) => new CallRinging { Call = c, Sequence = s, At = at });
    }

    private static void BeTalking(CallTurn turn)
    {
        turn.Change(static (c, now) => c with { State = new Talking(), AnsweredAt = now });
        turn.Tell((c, s, at) => new CallAnswered { Call = c, Sequence = s, At = at });
        turn.Ask(new CallEffect.StartTimer(CallTimer.MaxDuration, turn.Call.MaxDuration));
        foreach (var order in turn.Call.OnceAnswered)
        {
            if (turn.Call.Refuse(order) == Commands.CallRefusal.None)
                Obey(turn, order);
        }
    }

    private static CallStep Answers(CallTurn turn, int number)
    {
        turn.Answered(number);
        EndOtherPhones(turn, number);
        switch (turn.Call.Plan)
        {
            case CallPlan.Connect:
                turn.Pair(1, number).Ask(new CallEffect.StopTimer(CallTimer.Ring)).Ask(new CallEffect.AnswerLeg(1)).Answered(1);
                Join(turn);
                BeTalking(turn);
                return turn.Done();
            case CallPlan.Originated { Then: OnAnswer.Connect, Second: { } second } plan when number == 1:
                turn.Ask(new CallEffect.PlayRingback(1));
                Place(turn, LegRole.Callee, ((OnAnswer.Connect)plan.Then).Number, [second]);
                return turn.Ask(new CallEffect.StartTimer(CallTimer.Ring, plan.RingTime)).Done();
            case CallPlan.Originated plan:
                turn.Ask(new CallEffect.StopTimer(CallTimer.Ring));
                if (number > 1)
                    Join(turn.Pair(1, number));
                BeTalking(turn);
                return plan.Then switch
                {
                    OnAnswer.RunScript { Script: { } script } => turn.Ask(new CallEffect.RunScript(1, script, Incoming: false)).Done(),
                    OnAnswer.Supervise(var target, var role, var leg) =>
                        turn.TakeSeat(1, new RoomName("", target.ToString(), target), new SeatTerms(role, new LegId(target, leg))).Done(),
                    OnAnswer.RunScript => Hang(turn, new HangupBy.Script("no script", 0), HangupCause.NormalClearing),
                    _ => turn.Done(),
                };
            default:
                return turn.Done();
        }
    }

    /// <summary>The first to answer has the call; the other phones that ring are told that it was answered elsewhere.</summary>
    private static void EndOtherPhones(CallTurn turn, int answered)
    {
        foreach (var leg in turn.Call.Legs)
        {
            if (leg.Id.Number != answered && turn.Call.IsSettingUp(leg.Id.Number))
                turn.EndLeg(leg.Id.Number, new HangupBy.Policy("answered elsewhere"), HangupCause.NormalClearing, elsewhere: true);
        }
    }

    private static void Join(CallTurn turn)
    {
        var (near, far) = (turn.Call.Near, turn.Call.Far);
        turn.Unseat(near, ConferenceLeaving.Joined);
        turn.Put(turn.Leg(near) with { State = new LegState.Bridged() });
        turn.Put(turn.Leg(far) with { State = new LegState.Bridged() });
        turn.Ask(new CallEffect.JoinLegs(near, far));
    }

    private static CallStep AnswerForScript(CallTurn turn)
    {
        turn.Ask(new CallEffect.StopTimer(CallTimer.Ring)).Ask(new CallEffect.AnswerLeg(1)).Answered(1);
        BeTalking(turn);
        return turn.Ask(new CallEffect.ResumeScript()).Done();
    }

    private static CallStep AnswerForApplication(CallTurn turn)
    {
        turn.Ask(new CallEffect.StopTimer(CallTimer.Ring)).Ask(new CallEffect.AnswerLeg(1)).Answered(1);
        BeTalking(turn);
        return turn.Done();
    }

    private static CallStep KeepNote(CallTurn turn, CallNote note)
    {
        turn.Change((c, _) => c with { Notes = [.. c.Notes.Where(n => n.Dialect != note.Dialect), note] });
        return turn.Tell((c, s, at) => new CallNoted { Call = c, Sequence = s, At = at }).Done();
    }

    private static CallStep Describe(CallTurn turn, CallInput.KeepDetails keep)
    {
        var leg = turn.Leg(keep.Leg);
        var details = (leg.Details ?? ImmutableDictionary<string, string>.Empty).ToBuilder();
        foreach (var (name, value) in keep.Changes)
        {
            if (value is null)
                details.Remove(name);
            else
                details[name] = value;
        }
        turn.Put(leg with { Details = details.Count == 0 ? null : details.ToImmutable() });
        return turn.Tell((c, s, at) => new LegNoted { Call = c, Sequence = s, At = at, Leg = leg.Id }).Done();
    }

    private static CallStep Report(CallTurn turn, ScriptReports report) =>
        turn.Tell((c, s, at) => new ScriptFailed { Call = c, Sequence = s, At = at, Code = report.Code, Message = report.Message }).Done();

    /// <summary>Adds an outbound leg for each target and asks for them to be placed.</summary>
    private static void Place(CallTurn turn, LegRole role, string dialed, ImmutableArray<LegTarget> targets, Party? shown = null,
        ImmutableArray<KeyValuePair<string, string>> enclosed = default, ImmutableDictionary<string, string>? details = null)
    {
        foreach (var target in targets)
        {
            var number = turn.Call.Legs.Length + 1;
            turn.Put(new Leg
            {
                Id = new LegId(turn.Call.Id, number),
                Direction = LegDirection.Outbound,
                Role = role,
                Party = new Party(dialed),
                Shown = shown,
                Details = details,
                Enclosed = enclosed.IsDefault ? [] : enclosed,
                Target = target,
                Extension = (target as LegTarget.Extension)?.Number,
                Trunk = (target as LegTarget.Trunk)?.Name,
                State = new LegState.Trying(),
                StartedAt = turn.Now,
            });
            turn.Ask(new CallEffect.PlaceLeg(number));
        }
    }
}
