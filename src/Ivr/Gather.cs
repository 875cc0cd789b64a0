using System.Collections.Immutable;
using Switchhook.Calls.Audio;

namespace Switchhook.Ivr;

public abstract partial record Verb
{
    /// <summary>
    /// Collects keys: runs its prompts, listening all the while, then waits. The first key stops the prompts. A complete entry that equals
    /// one of the choices runs it; else it goes to <see cref="Url"/> or into <see cref="Into"/>; else it is as good as none.
    /// </summary>
    public sealed record Gather(string Word, ImmutableArray<Verb> Prompts, int Line) : Verb(Word, Line)
    {
        /// <summary>Keys an entry needs when time or a terminator ends it.</summary>
        public int MinDigits { get; init; } = 1;

        /// <summary>Keys that complete an entry by themselves.</summary>
        public int MaxDigits { get; init; } = 1;

        /// <summary>Keys that end an entry and are no part of it.</summary>
        public string Terminators { get; init; } = "";

        /// <summary>The key that goes back to the menu around this one, or leaves this one when there is none.</summary>
        public char? BackKey { get; init; }

        /// <summary>How long after the prompts the first key may take; zero does not wait at all.</summary>
        public TimeSpan FirstDigit { get; init; }

        /// <summary>How long each further key may take; null when <see cref="FirstDigit"/> is the time for the whole entry.</summary>
        public TimeSpan? InterDigit { get; init; } = TimeSpan.FromSeconds(5);

        /// <summary>How often the prompts are run before the menu is left without an entry; null without a bound.</summary>
        public int? Attempts { get; init; } = 1;

        /// <summary>Whether keys stop the prompts; otherwise they count once the prompts are over.</summary>
        public bool BargeIn { get; init; } = true;

        /// <summary>Whether keys pressed before the menu count; otherwise they are forgotten.</summary>
        public bool KeepsEarlier { get; init; }

        /// <summary>What an entry leads to.</summary>
        public ImmutableArray<GatherChoice> Choices { get; init; } = [];

        /// <summary>Who is asked about an entry that is none of the choices.</summary>
        public string? Url { get; init; }

        /// <summary>What becomes of the reply.</summary>
        public ScriptReply Reply { get; init; }

        /// <summary>True to ask when there was no entry as well.</summary>
        public bool AsksAnyway { get; init; }

        /// <summary>The variable that takes an entry that is none of the choices.</summary>
        public string? Into { get; init; }
    }
}

/// <summary>Keys that were gathered, and why there are no more.</summary>
/// <param name="Digits">Without the key that ended it; may be empty.</param>
/// <param name="Ending">Why.</param>
/// <param name="EndKey">The key that ended it, if one did.</param>
public sealed record ScriptEntry(string Digits, GatherEnding Ending, char? EndKey = null);

/// <summary>The verbs an exact sequence of keys leads to.</summary>
public sealed record GatherChoice(string Keys, ImmutableArray<Verb> Verbs);
