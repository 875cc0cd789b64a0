namespace Switchhook.Media.Tones;

/// <summary>A cadence of up to two frequencies: sounding, then silent, then perhaps another such part.</summary>
/// <param name="FirstHz">First frequency.</param>
/// <param name="SecondHz">Second frequency; 0 for a single one.</param>
/// <param name="On">Time sounding.</param>
/// <param name="Off">Time silent after it; zero for a steady tone.</param>
public sealed record Tone(double FirstHz, double SecondHz, TimeSpan On, TimeSpan Off)
{
    /// <summary>
    /// True when the second frequency is no tone of its own but swells the first one and lets it sink, all the way down (E.180 writes
    /// <c>400×25</c>); false when both sound together (<c>400+450</c>).
    /// </summary>
    public bool IsModulated { get; init; }

    /// <summary>The next part of the period; null = the period is over. At most 16 parts are played.</summary>
    public Tone? Then { get; init; }

    /// <summary>One period with all its parts.</summary>
    public TimeSpan Period => On + Off + (Then?.Period ?? TimeSpan.Zero);

    /// <summary>The far phone rings: 425 Hz, 1 s on, 4 s off (ITU-T E.180 supplement 2, most of Europe).</summary>
    public static Tone Ringback { get; } = new(425, 0, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));

    /// <summary>Busy: 425 Hz, half a second on and off.</summary>
    public static Tone Busy { get; } = new(425, 0, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(500));

    /// <summary>Congestion: 425 Hz, a quarter second on and off.</summary>
    public static Tone Congestion { get; } = new(425, 0, TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(250));

    /// <summary>A short beep before recording: 1 kHz, 250 ms.</summary>
    public static Tone Beep { get; } = new(1000, 0, TimeSpan.FromMilliseconds(250), TimeSpan.Zero);
}
