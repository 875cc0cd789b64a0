namespace Switchhook.Ivr;

/// <summary>What a script may not do without end; reaching one ends the call, and is reported in the dialect's words. Sizes of documents are the dialect's to bound.</summary>
public enum ScriptLimit
{
    /// <summary>Scripts fetched one after the other, with nothing in between that took time.</summary>
    FetchChain,
    /// <summary>Verbs run with nothing in between that took time.</summary>
    StepsWithoutWaiting,
    /// <summary>Blocks inside each other that still have something to do.</summary>
    Depth,
}

/// <summary>The figures of <see cref="ScriptLimit"/>.</summary>
public static class ScriptLimits
{
    /// <summary>The fetch with this number in a row ends the call.</summary>
    public const int Fetches = 100;

    /// <summary>The verb with this number in a row ends the call.</summary>
    public const int Steps = 2000;

    /// <summary>Blocks inside each other. Menus a caller went through count, so those it can no longer want to go back to are forgotten first.</summary>
    public const int Depth = 64;

    /// <summary>Menus that can still be gone back to when <see cref="Depth"/> makes the run forget.</summary>
    public const int MenusKept = 16;

    /// <summary>Keys kept for a menu to come; later ones are dropped.</summary>
    public const int KeysKept = 64;
}
