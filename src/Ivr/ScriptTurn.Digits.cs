using Switchhook.Calls.Audio;
using static Switchhook.Ivr.ScriptEffect;
using static Switchhook.Ivr.ScriptRunState;

namespace Switchhook.Ivr;

/// <summary>Keys and menus.</summary>
internal sealed partial class ScriptTurn
{
    /// <summary>A key no menu listens for now; the next one may want it.</summary>
    public ScriptTurn KeepKey(char key)
    {
        if (_early.Length < ScriptLimits.KeysKept)
            _early += key;
        return this;
    }

    /// <summary>A key: for the innermost menu when it listens, else kept.</summary>
    public ScriptStep Press(char key)
    {
        if (Menu() is not { Settled: false } menu || (_state is not Collecting && !menu.Gather.BargeIn))
            return KeepKey(key).Stay();
        var collecting = _state is Collecting;
        if (!collecting)
            StopWaiting();
        _state = null;
        Take(menu, key, collecting);
        return _state is null ? Run() : Stay();
    }

    /// <summary>The time for a key is over: what there is may be enough.</summary>
    public ScriptStep TimeIsUp()
    {
        _state = null;
        if (Menu() is { } menu)
        {
            if (menu.Entry.Length >= Math.Max(1, menu.Gather.MinDigits))
                Complete(menu, new ScriptEntry(menu.Entry, GatherEnding.Timeout));
            else
                Miss(menu, new ScriptEntry(menu.Entry, GatherEnding.Timeout));
        }
        return _state is null ? Run() : Stay();
    }

    private ScriptFrame.Menu? Menu()
    {
        for (var frame = _top; frame is not null; frame = frame.Around)
            if (frame is ScriptFrame.Menu menu)
                return menu;
        return null;
    }

    /// <summary>The prompts are over: keys pressed meanwhile count now, then the clock runs.</summary>
    private void AwaitKey(ScriptFrame.Menu menu)
    {
        if (_early.Length > 0)
        {
            var key = _early[0];
            _early = _early[1..];
            Take(menu, key, collecting: false);
        }
        else if (menu.Entry.Length > 0 || menu.Gather.FirstDigit > TimeSpan.Zero)
        {
            var time = menu.Entry.Length > 0 ? menu.Gather.InterDigit ?? menu.Gather.FirstDigit : menu.Gather.FirstDigit;
            Ask(new StartTimer(time)).Wait(new Collecting());
        }
        else
        {
            Miss(menu, new ScriptEntry("", GatherEnding.Timeout));
        }
    }

    /// <summary>One key for a menu. Whatever stood above it is gone; its prompts are over.</summary>
    private void Take(ScriptFrame.Menu menu, char key, bool collecting)
    {
        var gather = menu.Gather;
        _errors = menu.Script.Errors;
        if (gather.BackKey == key)
        {
            StopClock(collecting);
            GoBack(menu);
            return;
        }
        var ends = gather.Terminators.Contains(key);
        var entry = ends ? menu.Entry : menu.Entry + key;
        menu = menu with { Next = menu.Verbs.Length, Entry = entry };
        if (entry.Length >= gather.MaxDigits && !ends || ends && entry.Length > 0 && entry.Length >= gather.MinDigits)
        {
            StopClock(collecting);
            Complete(menu, ends ? new ScriptEntry(entry, GatherEnding.EndKey, key) : new ScriptEntry(entry, GatherEnding.MaxDigits));
        }
        else if (ends)
        {
            StopClock(collecting);
            Miss(menu, new ScriptEntry(entry, GatherEnding.EndKey, key));
        }
        else
        {
            _top = menu;
            // A clock for the whole entry goes on; one for each key starts anew.
            if (collecting && gather.InterDigit is null)
                Wait(new Collecting());
            else if (_early.Length == 0)
                Ask(new StartTimer(gather.InterDigit ?? gather.FirstDigit)).Wait(new Collecting());
        }
    }

    private void StopClock(bool collecting)
    {
        if (collecting)
            Ask(new StopTimer());
    }

    private void Complete(ScriptFrame.Menu menu, ScriptEntry entry)
    {
        var gather = menu.Gather;
        _top = menu with { Next = menu.Verbs.Length, Settled = true };
        Ask(new Trace("entered ", entry.Digits));
        foreach (var choice in gather.Choices)
        {
            if (choice.Keys == entry.Digits)
            {
                if (!choice.Verbs.IsEmpty)
                    Push(new ScriptFrame.Plain(menu.Script, choice.Verbs, 0, _top));
                return;
            }
        }
        if (gather.Url is { } url)
            Get(gather, url, ScriptOccasion.DtmfEntered, gather.Reply, entry);
        else if (gather.Into is { } variable)
            Keep(gather, _variables.With(variable, entry.Digits), new Trace($"{variable} = ", entry.Digits));
        else
            Miss(menu, entry);
    }

    /// <summary>No entry, or one that leads nowhere: the prompts again, or on with what follows the menu.</summary>
    private void Miss(ScriptFrame.Menu menu, ScriptEntry entry)
    {
        if (menu.Gather.Attempts is not { } attempts || menu.Attempt < attempts)
        {
            Restart(menu with { Attempt = menu.Attempt + 1 });
            return;
        }
        _top = menu.Around;
        if (menu.Gather is { AsksAnyway: true, Url: { } url } gather)
            Get(gather, url, ScriptOccasion.DtmfEntered, gather.Reply, entry);
    }

    /// <summary>The call is over in the middle of a menu: an application that is told of entries is told that, where no reply could matter any more.</summary>
    public ScriptTurn GiveUpMenu()
    {
        if (Menu() is { Settled: false, Gather: { Url: { } url, Reply: not ScriptReply.InPlace } gather } menu)
            Get(gather, url, ScriptOccasion.DtmfEntered, ScriptReply.None, new ScriptEntry(menu.Entry, GatherEnding.HungUp));
        return this;
    }

    /// <summary>The back key: the menu around this one begins again; without one, on with what follows this one.</summary>
    private void GoBack(ScriptFrame.Menu menu)
    {
        for (var frame = menu.Around; frame is not null; frame = frame.Around)
        {
            if (frame is ScriptFrame.Menu outer)
            {
                Restart(outer with { Attempt = 1 });
                return;
            }
        }
        _top = menu.Around;
    }

    private void Restart(ScriptFrame.Menu menu)
    {
        _early = "";
        Again(menu with { Next = 0, Entry = "", Settled = false });
    }
}
