using System.Collections.Immutable;

namespace Switchhook.Dialects.Hoiio;

/// <summary>What an operator may set about this dialect.</summary>
public sealed record HoiioOptions
{
    /// <summary>Calls an application may have at the same time.</summary>
    public int MaxCalls { get; init; } = 8;

    /// <summary>An incoming call rings so long for its application to act.</summary>
    public TimeSpan OfferTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A session whose application does nothing for so long is hung up.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests an endpoint that is limited takes of an application in a minute.</summary>
    public int MaxPerMinute { get; init; } = 60;

    /// <summary>Languages of <c>speech</c>, and the voice each is spoken with.</summary>
    public ImmutableDictionary<string, string> Languages { get; init; } = ImmutableDictionary.CreateRange(
        StringComparer.OrdinalIgnoreCase,
        new Dictionary<string, string>
        {
            ["en-US"] = "en-us",
            ["en-GB"] = "en-gb",
            ["en-AU"] = "en-gb",
            ["zh-CN"] = "cmn",
            ["zh-HK"] = "yue",
            ["zh-TW"] = "cmn",
        });

    /// <summary>The server's own address as customers reach it, for the addresses of recordings.</summary>
    public Func<string?> ServerAddress { get; init; } = static () => null;

    /// <summary>Opens a recording's file by its name; null when there is none.</summary>
    public Func<string, Stream?> OpenRecording { get; init; } = static _ => null;
}
