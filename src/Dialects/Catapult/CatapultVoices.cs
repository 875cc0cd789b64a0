namespace Switchhook.Dialects.Catapult;

/// <summary>
/// The vendor's voices as voices of the speech engine: a language and a variant of it. A name that does not fit its locale and gender, or none
/// at all, is the first of that locale and gender.
/// </summary>
internal static class CatapultVoices
{
    public const string Locale = "en_US";
    public const string Female = "female";
    public const string Male = "male";

    private static readonly Voice[] All =
    [
        new("susan", "en_US", true, "f2"), new("julie", "en_US", true, "f3"), new("kate", "en_US", true, "f4"),
        new("paul", "en_US", false, "m1"), new("dave", "en_US", false, "m3"),
        new("bridget", "en_UK", true, "f2"), new("simon", "en_UK", false, "m1"),
        new("esperanza", "es", true, "f2"), new("violeta", "es", true, "f3"), new("jorge", "es", false, "m1"),
        new("jolie", "fr", true, "f2"), new("bernard", "fr", false, "m1"),
        new("katrin", "de", true, "f2"), new("stefan", "de", false, "m1"),
        new("paola", "it", true, "f2"), new("luca", "it", false, "m1"),
    ];

    /// <summary>The locales there are.</summary>
    public static readonly string[] Locales = ["en_US", "en_UK", "es", "es_MX", "fr", "fr_FR", "de", "de_DE", "it", "it_IT"];

    /// <summary>The quietest and the loudest volume; 0 is as it was made.</summary>
    public const int Quietest = -4, Loudest = 4;

    /// <summary>A volume in decibels: three a step.</summary>
    public static int Gain(int? volume) => (volume ?? 0) * 3;

    /// <summary>What the speech engine is asked for: a language, and a voice in it.</summary>
    /// <param name="locale">One of <see cref="Locales"/> in any letter case; null for the usual one.</param>
    /// <param name="gender">Null for the usual one.</param>
    /// <param name="voice">Any name, in any letter case; may be null.</param>
    public static (string Language, string Voice) Find(string? locale, string? gender, string? voice)
    {
        var place = Locales.FirstOrDefault(l => l.Equals(locale, StringComparison.OrdinalIgnoreCase)) ?? Locale;
        var group = place.StartsWith("en", StringComparison.Ordinal) ? place : place[..2];
        var female = !Male.Equals(gender, StringComparison.OrdinalIgnoreCase);
        var fitting = All.Where(v => v.Locale == group && v.IsFemale == female).ToList();
        var chosen = fitting.Find(v => v.Name.Equals(voice, StringComparison.OrdinalIgnoreCase)) ?? fitting[0];
        var language = place switch
        {
            "en_US" => "en-us",
            "en_UK" => "en-gb",
            "es_MX" => "es-419",
            "fr" or "fr_FR" => "fr-fr",
            _ => group,
        };
        return (language, $"{language}+{chosen.Variant}");
    }

    private sealed record Voice(string Name, string Locale, bool IsFemale, string Variant);
}
