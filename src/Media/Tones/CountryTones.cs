namespace Switchhook.Media.Tones;

/// <summary>How a country's telephones ring, are busy and are congested (ITU-T E.180 supplement 2).</summary>
/// <param name="Ringing">The far phone rings.</param>
/// <param name="Busy">The far phone is busy.</param>
/// <param name="Congestion">The network has no way there.</param>
public sealed record CountryTones(Tone Ringing, Tone Busy, Tone Congestion)
{
    /// <summary>What is used without a country: 425 Hz as in most of Europe.</summary>
    public static CountryTones Default { get; } = new(Tone.Ringback, Tone.Busy, Tone.Congestion);

    /// <summary>The countries of the table, ISO 3166 codes of two letters.</summary>
    public static IReadOnlyList<string> Countries { get; } =
        ["AU", "CA", "CN", "DE", "ES", "FR", "GB", "HU", "IN", "IT", "JP", "NL", "PL", "SG", "US"];

    /// <summary>The tones of a country, whatever the case of its code; false and <see cref="Default"/> for one that is not in the table.</summary>
    public static bool TryOf(string country, out CountryTones tones)
    {
        var known = country.ToUpperInvariant() switch
        {
            "US" or "CA" => new CountryTones(Pair(440, 480, 2_000, 4_000), Pair(480, 620, 500, 500), Pair(480, 620, 250, 250)),
            "GB" => new CountryTones(Double(400, 450), One(400, 375, 375), One(400, 400, 350) with { Then = One(400, 225, 525) }),
            "DE" => new CountryTones(One(425, 1_000, 4_000), One(425, 480, 480), One(425, 240, 240)),
            "FR" => new CountryTones(One(440, 1_500, 3_500), One(440, 500, 500), One(440, 250, 250)),
            "IT" => new CountryTones(One(425, 1_000, 4_000), One(425, 500, 500), One(425, 200, 200)),
            "ES" => new CountryTones(One(425, 1_500, 3_000), One(425, 200, 200),
                One(425, 200, 200) with { Then = One(425, 200, 200) with { Then = One(425, 200, 600) } }),
            "NL" => new CountryTones(One(425, 1_000, 4_000), One(425, 500, 500), One(425, 250, 250)),
            "HU" => new CountryTones(One(425, 1_250, 3_750), One(425, 300, 300), One(425, 300, 300)),
            "PL" => new CountryTones(One(425, 1_000, 4_000), One(425, 500, 500), One(425, 500, 500)),
            "AU" => new CountryTones(Double(413, 438), One(425, 375, 375), One(425, 375, 375)),
            "JP" => new CountryTones(Pair(400, 16, 1_000, 2_000) with { IsModulated = true }, One(400, 500, 500), One(400, 500, 500)),
            "SG" => new CountryTones(Modulated(425, 24), One(425, 750, 750), One(425, 250, 250)),
            "IN" => new CountryTones(Modulated(400, 25), One(400, 750, 750), One(400, 250, 250)),
            "CN" => new CountryTones(One(450, 1_000, 4_000), One(450, 350, 350), One(450, 700, 700)),
            _ => null,
        };
        tones = known ?? Default;
        return known is not null;
    }

    private static Tone One(double hz, int onMs, int offMs) => Pair(hz, 0, onMs, offMs);

    private static Tone Pair(double firstHz, double secondHz, int onMs, int offMs) =>
        new(firstHz, secondHz, TimeSpan.FromMilliseconds(onMs), TimeSpan.FromMilliseconds(offMs));

    /// <summary>Twice short, then long silence, as in Britain and where its exchanges were built.</summary>
    private static Tone Double(double firstHz, double secondHz) => Pair(firstHz, secondHz, 400, 200) with { Then = Pair(firstHz, secondHz, 400, 2_000) };

    /// <summary>The same of one tone that swells and sinks.</summary>
    private static Tone Modulated(double hz, double byHz)
    {
        var part = Pair(hz, byHz, 400, 200) with { IsModulated = true };
        return part with { Then = part with { Off = TimeSpan.FromSeconds(2) } };
    }
}
