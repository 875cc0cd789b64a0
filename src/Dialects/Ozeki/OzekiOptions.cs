using System.Collections.Immutable;
using System.Net;
using Switchhook.Calls;
using Switchhook.Dialects.Ozeki.Messages;

namespace Switchhook.Dialects.Ozeki;

/// <summary>What an operator may set about this dialect.</summary>
public sealed record OzekiOptions
{
    /// <summary>The zone of times in listings and notifications.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Networks that may send commands; empty means all.</summary>
    public ImmutableArray<IPNetwork> Allow { get; init; } = [];

    /// <summary>Networks that may not, also where <see cref="Allow"/> has them.</summary>
    public ImmutableArray<IPNetwork> Deny { get; init; } = [];

    /// <summary>Whose requests of the classic profile are that have no credentials; null refuses them.</summary>
    public string? ClassicAccount { get; init; }

    /// <summary>The address of a recording's file, as applications are told it.</summary>
    public Func<CallId, string, string> RecordingUrl { get; init; } = static (_, file) => file;

    /// <summary>What the addresses of recordings are made with, so that nobody can guess them; empty: none is served here.</summary>
    public ReadOnlyMemory<byte> RecordingKey { get; init; }

    /// <summary>Opens a recording's file by its name; null when there is none.</summary>
    public Func<string, Stream?> OpenRecording { get; init; } = static _ => null;

    /// <summary>Takes text messages for numbers outside; null: there is none.</summary>
    public OzekiSmsGateway? SmsGateway { get; init; }

    /// <summary>True when that address may send commands; an unknown address may only where everybody may.</summary>
    internal bool Admits(IPAddress? address)
    {
        if (Allow.IsEmpty && Deny.IsEmpty)
            return true;
        if (address is null)
            return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Deny.Any(n => n.Contains(plain)) && (Allow.IsEmpty || Allow.Any(n => n.Contains(plain)));
    }
}
