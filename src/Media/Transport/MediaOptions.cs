using System.Net;
using Switchhook.Media.Codecs;

namespace Switchhook.Media.Transport;

/// <summary>Where and how the media engine works.</summary>
/// <param name="Address">Local address every media socket is bound to.</param>
/// <param name="Advertise">Address to name in session descriptions when it is another one (NAT); else null.</param>
/// <param name="FirstPort">First port of the range; 0 lets the system choose ports.</param>
/// <param name="LastPort">Last port of the range, inclusive; not used when <paramref name="FirstPort"/> is 0.</param>
/// <param name="Threads">Media threads; one is enough for hundreds of calls.</param>
/// <param name="SilenceAfter">Silence of this length is reported; zero = never.</param>
public sealed record MediaOptions(
    IPAddress Address,
    IPAddress? Advertise,
    int FirstPort,
    int LastPort,
    int Threads = 1,
    TimeSpan SilenceAfter = default)
{
    /// <summary>Codecs offered and accepted, the most wanted first; those that do not work here are left out.</summary>
    public IReadOnlyList<AudioCodec> Codecs { get; init; } = AudioCodecs.All;
}
