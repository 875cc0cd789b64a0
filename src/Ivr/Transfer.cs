using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Audio;

namespace Switchhook.Ivr;

public abstract partial record Verb
{
    /// <summary>
    /// Rings these while the party hears ringing. The first to answer is joined to the party and the script is over; when nobody does,
    /// that is reported and the next verb runs.
    /// </summary>
    public sealed record Transfer(ImmutableArray<string> Targets, TimeSpan RingTime, string? FinishedUrl, int Line) : Verb("BlindTransfer", Line)
    {
        /// <summary>Who they are told calls; null: the call's caller.</summary>
        public Party? Shown { get; init; }

        /// <summary>What the one who answers hears, one after the other, before the two are joined.</summary>
        public ImmutableArray<AudioSource> Whisper { get; init; } = [];

        /// <summary>What they are sent along with the call, by name.</summary>
        public ImmutableArray<KeyValuePair<string, string>> Enclosed { get; init; } = [];

        /// <summary>A recording of both that begins when they are joined and ends with the call.</summary>
        public Record? Recording { get; init; }

        /// <summary>Told, with nobody waiting for the reply, once the one who answered has hung up; null for nobody.</summary>
        public string? EndUrl { get; init; }

        /// <summary>True to hang the party up when no target leads anywhere, instead of going on.</summary>
        public bool NeedsTarget { get; init; }
    }
}
