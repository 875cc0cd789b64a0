using static Switchhook.Ivr.ScriptEffect;
using static Switchhook.Ivr.ScriptRunState;

namespace Switchhook.Ivr;

/// <summary>Blocks inside each other: how they begin and what follows their last verb; and the wait for a message.</summary>
internal sealed partial class ScriptTurn
{
    private void Push(ScriptFrame frame)
    {
        if (frame.Depth > ScriptLimits.Depth)
        {
            frame = frame.Over(Forget(frame.Around));
            if (frame.Depth > ScriptLimits.Depth)
            {
                Reached(frame switch { ScriptFrame.Menu m => m.Gather, ScriptFrame.Listening l => l.Wait, _ => frame.Verbs[0] }, ScriptLimit.Depth);
                return;
            }
        }
        _top = frame;
    }

    /// <summary>The stack without the blocks that have nothing left to do, but for the nearest menus, which can be gone back to.</summary>
    private static ScriptFrame? Forget(ScriptFrame? top)
    {
        var kept = new Stack<ScriptFrame>();
        var menus = 0;
        for (var frame = top; frame is not null; frame = frame.Around)
            if (!frame.IsSpent || (frame is ScriptFrame.Menu && ++menus <= ScriptLimits.MenusKept))
                kept.Push(frame);
        ScriptFrame? stack = null;
        while (kept.TryPop(out var frame))
            stack = frame.Over(stack);
        return stack;
    }

    /// <summary>The innermost block is at its end.</summary>
    private void FinishBlock()
    {
        switch (_top)
        {
            case ScriptFrame.Rounds r when r.Round + 1 < r.Items.Length:
                Again(r with { Next = 0, Round = r.Round + 1 });
                break;
            case ScriptFrame.Times { Left: null or > 1 } t:
                Again(t with { Next = 0, Left = t.Left - 1 });
                break;
            case ScriptFrame.Menu { Settled: false } m:
                AwaitKey(m);
                break;
            case ScriptFrame.Listening { TimedOut: true } l:
                Ask(new HangUp(l.Wait.Name, l.Wait.Line));
                (_state, _top, _early) = (new Ended(), null, "");
                break;
            case ScriptFrame.Listening { Early: { } message } l:
                Receive(l, message);
                break;
            case ScriptFrame.Listening l:
                Ask(new StartTimer(l.Wait.Timeout)).Wait(new AwaitingMessage(l.Wait));
                break;
            default:
                _top = _top!.Around;
                break;
        }
    }

    /// <summary>The same block once more; it counts as a step, so that empty rounds have an end.</summary>
    private void Again(ScriptFrame frame)
    {
        _top = frame;
        if (++_idle.Steps > ScriptLimits.Steps)
            Reached(frame is ScriptFrame.Menu m ? m.Gather : frame.Verbs[0], ScriptLimit.StepsWithoutWaiting);
    }

    /// <summary>A message for the innermost wait.</summary>
    public ScriptStep TakeMessage(ScriptInput.MessageReceived message)
    {
        if (_top is ScriptFrame.Listening listening)
            Receive(listening, message);
        return _state is Ended ? Stay() : Run();
    }

    /// <summary>A message while its wait still runs its first commands; it is kept until they are over. Any other is nobody's.</summary>
    public ScriptStep KeepMessage(ScriptInput.MessageReceived message)
    {
        if (_top is ScriptFrame.Listening { TimedOut: false, Early: null } l && message.IsFor(l.Wait))
            _top = l with { Early = message };
        else
            Ask(new Trace($"message from {message.Connection} not awaited"));
        return Stay();
    }

    public ScriptStep NoMessage()
    {
        if (_top is ScriptFrame.Listening l)
            _top = (l with { TimedOut = true }).Instead(l.Wait.OnTimeout);
        return Run();
    }

    /// <summary>Nothing brings messages here: the wait is left without either block, once its first commands are over.</summary>
    public ScriptStep NoMessages(ScriptInput input)
    {
        Report(input);
        if (_top is ScriptFrame.Listening l)
            _top = new ScriptFrame.Plain(l.Script, l.Verbs, l.Next, l.Around);
        return _state is AwaitingMessage ? Ask(new StopTimer()).Run() : Stay();
    }

    private void Receive(ScriptFrame.Listening l, ScriptInput.MessageReceived message)
    {
        Keep(l.Wait, _variables.With("FromConnection", message.Connection), new Trace($"FromConnection = {Short(message.Connection)}"));
        // What a caller types on a keyboard may be a secret just as well.
        Keep(l.Wait, _variables.With("Text", message.Text), new Trace("Text = ", Short(message.Text)));
        _top = new ScriptFrame.Plain(l.Script, l.Wait.OnMessage, 0, l.Around);
    }
}
