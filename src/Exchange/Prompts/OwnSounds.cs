using Switchhook.Calls.Audio;
using Switchhook.Media.Prompts;
using Switchhook.Media.Tones;

namespace Switchhook.Exchange.Prompts;

/// <summary>Sounds that are made and not loaded.</summary>
internal sealed class OwnSounds(CountryTones tones)
{
    private static readonly Prompt Beep = Prompt.FromTone("beep", Tone.Beep, TimeSpan.FromMilliseconds(500));
    private static readonly Prompt WaitingMusic = Prompt.FromTone("waiting music", Notes(392, 494, 587, 494, 440, 523, 659, 523));

    private static readonly Prompt Silence = Prompt.FromTone("silence", new Tone(0, 0, TimeSpan.Zero, TimeSpan.FromMilliseconds(20)));

    /// <summary>Heard while a far phone rings.</summary>
    public Prompt Ringing { get; } = Prompt.FromTone("ringing", tones.Ringing);

    private readonly Prompt _busy = Prompt.FromTone("busy", tones.Busy);
    private readonly Prompt _congestion = Prompt.FromTone("congestion", tones.Congestion);

    /// <summary>The sounds of a country; those of most of Europe without one.</summary>
    public static OwnSounds Of(string? country)
    {
        _ = CountryTones.TryOf(country ?? "", out var tones);
        return new OwnSounds(tones);
    }

    public Prompt Of(BuiltinSound sound) => sound switch
    {
        BuiltinSound.Beep => Beep,
        BuiltinSound.WaitingMusic => WaitingMusic,
        BuiltinSound.Silence => Silence,
        BuiltinSound.Ringing => Ringing,
        BuiltinSound.Busy => _busy,
        BuiltinSound.Congestion => _congestion,
    };

    /// <summary>Each note with the one an octave below, and a rest after the last.</summary>
    private static Tone Notes(params ReadOnlySpan<double> hz)
    {
        var last = new Tone(hz[^1], hz[^1] / 2, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(900));
        for (var i = hz.Length - 2; i >= 0; i--)
            last = new Tone(hz[i], hz[i] / 2, TimeSpan.FromMilliseconds(350), TimeSpan.FromMilliseconds(50)) { Then = last };
        return last;
    }
}
