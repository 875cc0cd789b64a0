using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Machine;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Gate;
using Switchhook.Exchange.Running;
using Switchhook.Sip;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Shards;

/// <summary>One thread and every call it owns. Messages, timers and inputs are handled one at a time, in order of arrival; nothing else reaches a call.</summary>
internal sealed partial class Shard(SwitchContext context, SipStack stack, SipGate gate, IDirectory directory, IIdSource ids, Admission admission, TimeSpan maxDuration, ILogger log)
{
    private const int InputsPerTurn = 256;

    private readonly Inbox<ShardInput> _inbox = new(capacity: 65_536);
    private readonly ILogger _log = log;
    private volatile bool _ended;

    /// <summary>False when the inbox is full: the caller says so to whoever asked, and nothing is dropped in silence.</summary>
    public bool TryPost(ShardInput input)
    {
        if (!_inbox.TryWrite(input))
            return false;
        Wake();
        return true;
    }

    /// <summary>Brings the outcome of work the shard itself began; never refused, since there is only so much of it.</summary>
    public void Post(ShardInput input)
    {
        _inbox.TryWrite(input, must: true);
        Wake();
    }

    private void Wake()
    {
        // Written after the last turn, it would wait for ever; written before, this or the shard's own last look finds it.
        if (_ended)
            RefuseLeft();
        else
            stack.Wake();
    }

    /// <summary>Works until told to stop.</summary>
    public void Run(CancellationToken stopping)
    {
        SipTransport.GoFirst();
        var more = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                stack.Poll(more ? long.MinValue : long.MaxValue);
                more = Drain();
                context.Journal.Flush();
            }
#pragma warning disable CA1031 // A bug in one message's work must not end the calls of everybody else.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                LogTurnFailed(bug);
            }
        }
        _ended = true;
        RefuseLeft();
    }

    /// <summary>Nobody who waits is left waiting.</summary>
    private void RefuseLeft()
    {
        while (_inbox.TryRead(out var input))
        {
            if (input is ShardInput.Command command)
                command.Waiter.TrySetResult(new CallReply(CallRefusal.ShuttingDown, null));
            else if (input is ShardInput.HangUpAll all)
                all.Waiter.TrySetResult();
            else if (input is ShardInput.SendMessage send)
                send.Waiter.TrySetResult(new MessageReply(MessageOutcome.Congestion));
            else if (input is ShardInput.LeaveTrunks leave)
                leave.Waiter.TrySetResult();
        }
    }

    private bool Drain()
    {
        for (var i = 0; i < InputsPerTurn; i++)
        {
            if (!_inbox.TryRead(out var input) || input is null)
                return false;
            OnInput(input);
        }
        return true;
    }

    private void OnInput(ShardInput input)
    {
        switch (input)
        {
            case ShardInput.Command command: OnCommand(command); break;
            case ShardInput.ScriptFetched fetched: With(fetched.Call, c => c.OnScript(fetched.Run, fetched.Result)); break;
            case ShardInput.RouteFetched fetched: With(fetched.Call, c => c.OnRoute(fetched.Question, fetched.Result)); break;
            case ShardInput.ErrandEnded errand: With(errand.Call, c => c.OnScriptErrand(errand.Run, errand.Error)); break;
            case ShardInput.AudioReady ready: With(ready.Call, c => c.OnScriptAudio(ready.Run, ready.Reply, ready.Loop)); break;
            case ShardInput.ServicePrompt prompt: With(prompt.Call, c => c.OnServicePrompt(prompt.Leg, prompt.Reply)); break;
            case ShardInput.PlaybackEnded ended: With(ended.Leg.Call, c => c.OnPlayback(ended.Leg.Leg, ended.Playback, ended.Why)); break;
            case ShardInput.SoundReady sound: With(sound.Call, c => c.OnSound(sound.Play, sound.Reply)); break;
            case ShardInput.RecordingOpened opened: OnRecordingOpened(opened); break;
            case ShardInput.RecordingOver over: With(over.Key.Call, c => c.OnRecordingOver(over.Key.Recording, over.Outcome)); break;
            case ShardInput.RecordingNotCopied missing: context.NotCopied(missing.Key.Call, missing.Failure); break;
            case ShardInput.Silence silence: With(silence.Leg.Call, c => c.Give(new CallInput.MediaSilent(silence.Leg.Leg))); break;
            case ShardInput.Tone tone: With(tone.Leg.Call, c => c.OnTone(tone.Leg.Leg, tone.FrequencyHz, tone.DurationMs)); break;
            case ShardInput.Digit digit: With(digit.Leg.Call, c => c.OnDigit(digit.Leg.Leg, digit.Key)); break;
            case ShardInput.DigitOver digit: With(digit.Leg.Call, c => c.OnDigitOver(digit.Leg.Leg, digit.Key)); break;
            case ShardInput.ScriptRefused refused: With(refused.Call, c => c.OnScriptRefused(refused.Verb, refused.Refusal)); break;
            case ShardInput.SendMessage send: context.Messages.Send(send.Message, reply => send.Waiter.TrySetResult(reply)); break;
            case ShardInput.MessagesChanged messages: context.Subscriptions.OnMessages(messages.Extension); break;
            case ShardInput.Recover recover: Recover(recover.Left, recover.Recordings); break;
            case ShardInput.TryFlight: context.Journal.TryFlight(); break;
            case ShardInput.StopTaking: admission.Stopping = true; break;
            case ShardInput.HangUpAll all: HangUpAll(all); break;
            case ShardInput.LeaveTrunks leave: context.Trunks.Stop(leave.Waiter); break;
            default: throw new InvalidOperationException($"no such input: {input}");
        }
    }

    private void With(CallId id, Action<RunningCall> work)
    {
        if (context.FindCall(id) is { } call)
            call.Guard(work);
    }

    private void HangUpAll(ShardInput.HangUpAll all)
    {
        foreach (var call in context.Calls.ToArray())
            With(call.Call.Id, c => c.Give(new CallInput.HangUp(all.By, null)));
        // After the calls: whoever watches them sees their end.
        context.Subscriptions.Stop();
        all.Waiter.TrySetResult();
    }

    private void OnCommand(ShardInput.Command command)
    {
        try
        {
            switch (command.Asked)
            {
                case CallCommand.Originate originate: Originate(originate, command.Waiter); break;
                case CallCommand.HangUp hang: HangUp(hang, command); break;
                case CallCommand.Forward forward: Forward(forward, command.Waiter); break;
                case CallCommand.Transfer transfer when LeavesScript(transfer): SendElsewhere(transfer, command.Waiter); break;
                case CallCommand.Transfer transfer:
                    Transfer(transfer, command.Waiter);
                    break;
                case CallCommand.AttendedTransfer transfer: Join(transfer, command.Waiter); break;
                case CallCommand.Sound sound: Sound(sound.Call, sound.Order, command.Waiter); break;
                case CallCommand.Supervise supervise: Supervise(supervise, command.Waiter); break;
                case CallCommand.Answer answer: Change(answer.Call, new CallInput.Answer(), command.Waiter); break;
                case CallCommand.Dial dial: Move(dial.Call, dial.Number, command.Waiter, t => new CallInput.Dial(t, dial.Number, dial.RingTime, dial.Shown) { Whisper = dial.Whisper, Details = dial.Details, Enclosed = dial.Enclosed }); break;
                case CallCommand.KeepDetails keep: Keep(keep.Call, new CallInput.KeepDetails(keep.Leg, keep.Changes), command.Waiter); break;
                case CallCommand.AwaitAnswer wait: Change(wait.Call, new CallInput.AwaitAnswer(wait.Order), command.Waiter); break;
                case CallCommand.KeepNote note: Keep(note.Call, new CallInput.TakeNote(note.Words), command.Waiter); break;
                case CallCommand.Hold hold: Change(hold.Call, new CallInput.Hold(), command.Waiter); break;
                case CallCommand.Unhold unhold: Change(unhold.Call, new CallInput.Unhold(), command.Waiter); break;
                default: throw new InvalidOperationException($"no such command: {command.Asked}");
            }
        }
#pragma warning disable CA1031 // Whoever waits must get an answer; the bug is logged.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogTurnFailed(bug);
            command.Waiter.TrySetResult(new CallReply(CallRefusal.Congestion, null));
        }
    }

    private void HangUp(CallCommand.HangUp hang, ShardInput.Command command)
    {
        if (context.FindCall(hang.Call) is not { } call)
        {
            command.Waiter.TrySetResult(new CallReply(CallRefusal.NoSuchCall, null));
            return;
        }
        var refusal = call.Call.State switch
        {
            CallState.Ended => CallRefusal.CallEnded,
            CallState.Ending => CallRefusal.HangupInProgress,
            _ when hang.Leg is { } leg && call.Call.FindLeg(leg) is null => CallRefusal.NoSuchLeg,
            _ when hang.UnlessAnswered && call.Call.AnsweredAt is not null => CallRefusal.WrongState,
            _ => CallRefusal.None,
        };
        if (refusal != CallRefusal.None)
        {
            command.Waiter.TrySetResult(new CallReply(refusal, call.Call));
            return;
        }
        call.HangupAskedAt = command.AskedAt;
        With(hang.Call, c => c.Give(new CallInput.HangUp(hang.By, hang.Cause)));
        var reply = new CallReply(CallRefusal.None, call.Call);
        // An ended call is acknowledged once its record is durable; the BYE has left already.
        if (call.Call.HasEnded)
            context.Journal.Release(command.Waiter, reply);
        else
            command.Waiter.TrySetResult(reply);
    }

    /// <summary>Whoever noted something may rely on it: the answer comes once it is stored.</summary>
    private void Keep(CallId id, CallInput input, TaskCompletionSource<CallReply> waiter)
    {
        var handled = false;
        With(id, c => handled = c.Give(input));
        if (handled && context.FindCall(id) is { } call)
            context.Journal.Release(waiter, new CallReply(CallRefusal.None, call.Call));
        else if (context.FindCall(id) is { Call: var refused })
            waiter.TrySetResult(new CallReply(refused.HasEnded ? CallRefusal.CallEnded : CallRefusal.WrongState, refused));
        else
            waiter.TrySetResult(new CallReply(CallRefusal.NoSuchCall, null));
    }

    /// <summary>To somebody who is rung, or to a service or an API extension of ours.</summary>
    private void Transfer(CallCommand.Transfer asked, TaskCompletionSource<CallReply> waiter)
    {
        CallInput.Transfer To(ImmutableArray<LegTarget> targets) =>
            new(asked.Transferor, targets, asked.Target, SwitchContext.TransferRingTime, asked.FinishedUrl);
        if (context.Own(asked.Target) is { } into)
            Change(asked.Call, To([]) with { Into = into }, waiter);
        else
            Move(asked.Call, asked.Target, waiter, To);
    }

    private void Forward(CallCommand.Forward asked, TaskCompletionSource<CallReply> waiter)
    {
        if (context.Own(asked.Destination) is { } into)
            Change(asked.Call, new CallInput.Forward([], into.Dialed) { Into = into, Unheard = asked.Unheard }, waiter);
        else
            Move(asked.Call, asked.Destination, waiter, t => new CallInput.Forward(t, asked.Destination) { Unheard = asked.Unheard });
    }

    /// <summary>True when the one who is to leave is no party but the call's script.</summary>
    private bool LeavesScript(CallCommand.Transfer transfer) =>
        context.FindCall(transfer.Call) is { Call: { Far: 0, Near: > 0 } call } && call.FindLeg(call.Near)?.Role != transfer.Transferor;

    private void SendElsewhere(CallCommand.Transfer transfer, TaskCompletionSource<CallReply> waiter)
    {
        var call = context.FindCall(transfer.Call)!;
        ImmutableArray<LegTarget> targets = [];
        var into = context.Own(transfer.Target);
        var refusal = into is null ? Route(transfer.Target, out targets) : CallRefusal.None;
        if (refusal == CallRefusal.None)
        {
            var handled = false;
            var dials = new CallInput.ScriptDials(targets, transfer.Target, SwitchContext.TransferRingTime, transfer.FinishedUrl) { Into = into };
            With(transfer.Call, c => handled = c.TrySendElsewhere(dials));
            refusal = handled ? CallRefusal.None : call.Call.HasEnded ? CallRefusal.CallEnded : CallRefusal.WrongState;
        }
        waiter.TrySetResult(new CallReply(refusal, call.Call));
    }

    /// <summary>Sends a call elsewhere, if there is an elsewhere.</summary>
    private void Move(CallId id, string number, TaskCompletionSource<CallReply> waiter, Func<ImmutableArray<LegTarget>, CallInput> input)
    {
        ImmutableArray<LegTarget> targets = [];
        if (context.FindCall(id) is { Call.HasEnded: false } call && Route(number, out targets) is var refusal and not CallRefusal.None)
            waiter.TrySetResult(new CallReply(refusal, call.Call));
        else
            Change(id, input(targets), waiter);
    }

    /// <summary>The phones or trunk a number leads to.</summary>
    public CallRefusal Route(string number, out ImmutableArray<LegTarget> targets)
    {
        var refusal = Target(number, out var target);
        targets = target is null ? [] : context.Targets.Expand(target);
        return refusal;
    }

    private void Change(CallId id, CallInput input, TaskCompletionSource<CallReply> waiter)
    {
        if (context.FindCall(id) is not { } call)
        {
            waiter.TrySetResult(new CallReply(CallRefusal.NoSuchCall, null));
            return;
        }
        var handled = false;
        With(id, c => handled = c.Give(input));
        var refusal = handled ? CallRefusal.None : call.Call.HasEnded ? CallRefusal.CallEnded : CallRefusal.WrongState;
        waiter.TrySetResult(new CallReply(refusal, call.Call));
    }

    [LoggerMessage(EventName = "TurnFailed", Level = LogLevel.Error, Message = "work on the shard failed")]
    private partial void LogTurnFailed(Exception bug);
}
