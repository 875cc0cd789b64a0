namespace Switchhook.Calls.Audio;

/// <summary>Which keys are waited for, and for how long.</summary>
public sealed record GatherTerms
{
    /// <summary>The most keys a gather keeps.</summary>
    public const int MostDigits = 255;

    /// <summary>So many keys end it; 1 to <see cref="MostDigits"/>. A key of <see cref="EndKeys"/> does not count.</summary>
    public int MaxDigits { get; init; } = MostDigits;

    /// <summary>How long the first key may take, once the prompt is over.</summary>
    public TimeSpan FirstTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long every further key may take; null: all keys together have <see cref="FirstTimeout"/>.</summary>
    public TimeSpan? DigitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Any of these ends it and is not among the digits.</summary>
    public string EndKeys { get; init; } = "#";

    /// <summary>Played first; the first key stops it.</summary>
    public AudioSource? Prompt { get; init; }

    /// <summary>The prompt is repeated without end, until a key comes.</summary>
    public bool LoopPrompt { get; init; }

    /// <summary>How often the prompt is offered while no key comes.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The asker's own word for it, told with the end.</summary>
    public string? Tag { get; init; }
}

/// <summary>Why a gather ended.</summary>
public enum GatherEnding
{
    /// <summary>As many keys as wanted.</summary>
    MaxDigits,
    /// <summary>One of the keys that end it.</summary>
    EndKey,
    /// <summary>No key, or no further one, in time.</summary>
    Timeout,
    /// <summary>The leg was hung up.</summary>
    HungUp,
    /// <summary>A command.</summary>
    Cancelled,
}
