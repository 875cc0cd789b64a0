using System.Globalization;

namespace Switchhook.Media.Codecs;

/// <summary>What a far side's <c>fmtp</c> says about the Opus it wants to get (RFC 7587 §6.1).</summary>
/// <param name="UseInbandFec">It makes use of repeated information when packets are lost.</param>
/// <param name="MaxPlaybackRateHz">Highest sampling rate it can play, Hz; 0 = nothing said, which means 48,000.</param>
/// <param name="MaxAverageBitrate">Bits a second at most; 0 = nothing said.</param>
/// <param name="UseDtx">It likes silence not to be sent.</param>
public readonly record struct OpusParameters(bool UseInbandFec, int MaxPlaybackRateHz, int MaxAverageBitrate, bool UseDtx)
{
    /// <summary>What we say about ourselves.</summary>
    internal const string Ours = "maxplaybackrate=48000;useinbandfec=1";

    /// <summary>Reads an <c>fmtp</c> value; unknown and senseless parameters are passed over.</summary>
    public static OpusParameters Parse(string? parameters)
    {
        var read = default(OpusParameters);
        if (parameters is null) return read;
        foreach (var range in parameters.AsSpan().Split(';'))
        {
            var parameter = parameters.AsSpan(range).Trim();
            var equals = parameter.IndexOf('=');
            if (equals < 0 || !int.TryParse(parameter[(equals + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) continue;
            var name = parameter[..equals].Trim();
            if (name.Equals("useinbandfec", StringComparison.OrdinalIgnoreCase)) read = read with { UseInbandFec = value == 1 };
            else if (name.Equals("usedtx", StringComparison.OrdinalIgnoreCase)) read = read with { UseDtx = value == 1 };
            else if (name.Equals("maxplaybackrate", StringComparison.OrdinalIgnoreCase)) read = read with { MaxPlaybackRateHz = Math.Clamp(value, 8_000, 48_000) };
            else if (name.Equals("maxaveragebitrate", StringComparison.OrdinalIgnoreCase)) read = read with { MaxAverageBitrate = Math.Clamp(value, 6_000, 510_000) };
        }

        return read;
    }
}
