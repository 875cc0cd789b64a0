using System.Collections.Immutable;
using System.Net;

namespace Switchhook.Dialects.OpenVox;

/// <summary>What an operator may set about this dialect, and what it is told of the server.</summary>
public sealed record OpenVoxOptions
{
    /// <summary>The zone of times in answers and reports.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Networks that may use it; empty means all.</summary>
    public ImmutableArray<IPNetwork> Allow { get; init; } = [];

    /// <summary>Networks that may not, also where <see cref="Allow"/> has them.</summary>
    public ImmutableArray<IPNetwork> Deny { get; init; } = [];

    /// <summary>When the server started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The server's release.</summary>
    public string Version { get; init; } = "0";

    /// <summary>The file of a prompt that is named without its suffix; null when there is none.</summary>
    public Func<string, string?> FindPrompt { get; init; } = static _ => null;

    internal bool Admits(IPAddress address) => !Deny.Any(n => n.Contains(address)) && (Allow.IsEmpty || Allow.Any(n => n.Contains(address)));
}
