using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using Switchhook.Calls.Traces;
using Switchhook.Exchange.Shards;
using Switchhook.Sip.Transactions;

namespace Switchhook.Exchange.Running;

/// <summary>
/// A call at work on its shard: feeds the machine, carries out what it asks, and holds the legs' SIP sessions and audio. Inputs that arise
/// while one is being worked on wait their turn, so that the call is never seen half-way.
/// </summary>
internal sealed partial class RunningCall : ITimed
{
    private readonly SwitchContext _context;
    private readonly Queue<CallInput> _inputs = new();
    private readonly List<RunningLeg> _legs = [];
    private static readonly int Timers = Enum.GetValues<CallTimer>().Length;

    private readonly TimerHandle[] _timers = new TimerHandle[Timers];
    private readonly CallRecordings _recordings = new();
    private RunningScript? _script;
    private readonly DateTimeOffset _takenUp;
    private readonly long _takenUpAt;
    private bool _busy;
    private bool _closed;

    public RunningCall(Call call, SwitchContext context)
    {
        Call = call;
        _context = context;
        _takenUpAt = context.Time.GetTimestamp();
        _takenUp = Latest(context.Now(), call);
        foreach (var leg in call.Legs)
            _legs.Add(new RunningLeg(this, leg.Id));
        if (call.HasEnded)
            return;
        context.Counts.CallBegan(call.Legs.Count(static l => !l.HasEnded));
        context.Publish(call);
    }

    /// <summary>The call as it is now.</summary>
    public Call Call { get; private set; }

    /// <summary>True when the call is over and nothing of its legs is left on the wire.</summary>
    public bool IsDone => Call.HasEnded && _recordings.IsEmpty && _legs.TrueForAll(static l => l.Session is null or { IsReleased: true });

    /// <summary>When the hangup being carried out was asked for, as a timestamp; 0 when nobody asked.</summary>
    public long HangupAskedAt { get; set; }

    public RunningLeg Leg(int number) => _legs[number - 1];

    public RunningLeg? FindLeg(int number) => number >= 1 && number <= _legs.Count ? _legs[number - 1] : null;

    /// <summary>Gives the call an input; returns when it and everything that followed at once is done. False when the call had no use for it.</summary>
    public bool Give(CallInput input)
    {
        _inputs.Enqueue(input);
        if (_busy)
            return true;
        _busy = true;
        var handled = true;
        try
        {
            var first = true;
            while (_inputs.TryDequeue(out var next))
            {
                var step = Call.On(next, Now());
                if (first)
                    handled = step.Handled;
                first = false;
                Take(step);
            }
        }
        finally
        {
            _busy = false;
        }
        if (Call.HasEnded && !_closed)
            Close();
        if (IsDone)
            _context.Forget(Call.Id);
        return handled;
    }

    /// <summary>The time as the call has it: it goes on steadily from when the call was taken up, wherever the wall clock is set meanwhile.</summary>
    private DateTimeOffset Now() => _takenUp + _context.Time.GetElapsedTime(_takenUpAt);

    /// <summary>A call taken up after a crash has seen times that a clock set back since has still to come to.</summary>
    private static DateTimeOffset Latest(DateTimeOffset now, Call call)
    {
        if (call.StartedAt > now)
            now = call.StartedAt;
        foreach (var leg in call.Legs)
        {
            if (leg.AnsweredAt > now)
                now = leg.AnsweredAt.Value;
        }
        return now;
    }

    private void Take(in CallStep step)
    {
        if (!step.Handled)
        {
            _context.Counts.InputIgnored();
            return;
        }
        var legsBefore = Call.Legs.Length;
        Call = step.Next;
        for (var i = legsBefore; i < Call.Legs.Length; i++)
        {
            _legs.Add(new RunningLeg(this, Call.Legs[i].Id));
            _context.Counts.LegBegan();
        }
        _context.Publish(Call);
        foreach (var effect in step.Effects)
            CarrySafely(effect);
    }

    /// <summary>A bug in one effect costs the call its life, and the other effects of the step nothing: they hold its end together.</summary>
    private void CarrySafely(CallEffect effect)
    {
        try
        {
            Carry(effect);
        }
#pragma warning disable CA1031 // The bug ends this call and nothing else.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Fail(bug);
            // Nobody else would tell of a leg whose hangup failed.
            if (effect is CallEffect.EndLeg end)
                _inputs.Enqueue(new CallInput.HangupSent(end.Leg, null, null));
        }
    }

    private void Carry(CallEffect effect)
    {
        switch (effect)
        {
            case CallEffect.Tell tell: Tell(tell.Event); break;
            case CallEffect.PlaceLeg place: PlaceLeg(Leg(place.Leg)); break;
            case CallEffect.RingLeg ring: RingLeg(Leg(ring.Leg), ring.EarlyMedia ? FindLeg(ring.From) : null); break;
            case CallEffect.AnswerLeg answer: AnswerLeg(Leg(answer.Leg)); break;
            case CallEffect.EndLeg end: EndLeg(Leg(end.Leg), end.Cause, end.Elsewhere); break;
            case CallEffect.AdoptLeg adopt: AdoptLeg(adopt.Leg, adopt.From); break;
            case CallEffect.JoinLegs join: JoinLegs(Leg(join.First), Leg(join.Second)); break;
            case CallEffect.HoldLeg hold: HoldLeg(Leg(hold.Leg), hold.OnHold); break;
            case CallEffect.PlayRingback ringback: PlayRingback(Leg(ringback.Leg), _context.Ringback); break;
            case CallEffect.StopRingback ringback: Leg(ringback.Leg).Audio?.Media.StopPlaying(); break;
            case CallEffect.RunService service: RunService(Leg(service.Leg), service.Behaviour, service.Prompt); break;
            case CallEffect.RunScript run: RunScript(Leg(run.Leg), run.Script, run.Incoming); break;
            case CallEffect.StopScript: StopScript(); break;
            case CallEffect.AskRoute ask: AskRoute(ask.Question); break;
            case CallEffect.ResumeScript: _script?.Give(new Ivr.ScriptInput.Answered()); break;
            case CallEffect.ScriptDialEnded dialled: OnScriptDialEnded(dialled.Cause); break;
            case CallEffect.StartTimer start: _context.Timers.Restart(ref _timers[(int)start.Timer], start.After, this, (int)start.Timer); break;
            case CallEffect.StopTimer stop: _context.Timers.Cancel(ref _timers[(int)stop.Timer]); break;
            default: CarrySound(effect); break;
        }
    }

    private void Tell(CallEvent happened)
    {
        switch (happened)
        {
            case LegEnded or LegMoved:
                // First, so that what the script has to tell comes before the end.
                if (happened is LegEnded gone)
                    Scripts(s => s.OnLegEnded(gone.Record));
                _context.Counts.LegEnded();
                break;
            case CallEnded ended: _context.Counts.CallEnded(ended.Call); break;
        }
        if (happened is CallTransferred transferred && _referrer is not null)
            happened = transferred with { ByPhone = true };
        TellReferrer(happened);
        _context.Journal.Append(happened);
        // The log has been down for long, and memory is no log: what goes on happening is what ends.
        if (_context.Journal.IsFull && Call.State is not (CallState.Ending or CallState.Ended))
            _inputs.Enqueue(new CallInput.HangUp(new HangupBy.Policy("log full"), Calls.Causes.HangupCause.SwitchCongestion));
        _context.Traces.Add(happened.Call.Id, new EventTrace(happened, _context.Traces.ShowsKeys));
    }

    /// <summary>One of the call's own timers.</summary>
    public void OnTimer(int timer)
    {
        _timers[timer] = default;
        Give(new CallInput.TimerFired((CallTimer)timer));
    }

    /// <summary>A bug in this call's work ends this call and nothing else.</summary>
    private void Fail(Exception bug)
    {
        _context.LogBug(bug, Call.Id);
        Give(new CallInput.HangUp(new HangupBy.Fault("internal error"), Calls.Causes.HangupCause.NormalTemporaryFailure));
    }

    private void Close()
    {
        _closed = true;
        for (var i = 0; i < _timers.Length; i++)
            _context.Timers.Cancel(ref _timers[i]);
        StopScripts();
        _asking?.Cancel();
        _recordings.StopAll();
        _context.Rooms.CloseWatching(Call.Id);
        foreach (var leg in _legs)
        {
            LeaveSeat(leg);
            leg.Audio?.Media.Close();
            _context.Timers.Cancel(ref leg.WaitTimer);
            _context.Timers.Cancel(ref leg.PlayTimer);
            _context.Timers.Cancel(ref leg.HoldTimer);
        }
    }
}
