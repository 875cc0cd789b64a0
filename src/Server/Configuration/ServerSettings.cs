using System.Collections.Immutable;
using System.Net;
using Switchhook.Exchange.Gate;
using Switchhook.Exchange.Subscriptions;
using Switchhook.Media.Codecs;
using Switchhook.Storage.Log;

namespace Switchhook.Server.Configuration;

/// <summary>Everything the server can be told, checked and complete. Key names are those of the records, joined by colons.</summary>
internal sealed record ServerSettings
{
    /// <summary>Where everything is kept that has no place of its own.</summary>
    public required string DataDirectory { get; init; }
    public required ImmutableArray<HttpListen> HttpListen { get; init; }
    public required DialectSettings Dialects { get; init; }
    public required SipSettings Sip { get; init; }
    public required RtpSettings Rtp { get; init; }
    public required CallSettings Calls { get; init; }
    public required StorageSettings Storage { get; init; }
    public required string RecordingsDirectory { get; init; }

    /// <summary>Files that accounts have uploaded.</summary>
    public required string MediaDirectory { get; init; }
    public required string PromptsDirectory { get; init; }

    /// <summary>What is heard on hold, a file below the prompt directory; null: the built-in music.</summary>
    public required string? HoldMusic { get; init; }

    /// <summary>Whose tones are heard; null: those of most of Europe.</summary>
    public required string? ToneCountry { get; init; }
    public required SpeechSettings Speech { get; init; }
    public required WebhookSettings Webhooks { get; init; }
    public required MailSettings Mail { get; init; }
    public required SmsSettings Sms { get; init; }
    public required SecuritySettings Security { get; init; }

    /// <summary>Rows of the cause tables an operator replaced.</summary>
    public required IReadOnlyDictionary<string, string> Causes { get; init; }
    public required TimeSpan ShutdownGrace { get; init; }
    public required string LogLevel { get; init; }

    /// <summary>Whether traces of calls show the keys that are pressed.</summary>
    public required bool TraceShowsKeys { get; init; }

    /// <summary>True when nothing listens where another machine could reach it.</summary>
    public bool IsLoopbackOnly =>
        HttpListen.All(l => l.IsLoopback) && Dialects.Ozeki.Listen.All(l => l.IsLoopback) && Dialects.Ozeki.ClassicListen.All(l => l.IsLoopback)
        && Dialects.OpenVox.Listen.All(l => l.IsLoopback) && Sip.Listen.All(l => l.IsLoopback);
}

internal sealed record DialectSettings(OzekiListen Ozeki, OpenVoxListen OpenVox, bool HoiioEnabled, int HoiioMaxCalls, CatapultSettings Catapult)
{
    public bool CatapultEnabled => Catapult.Enabled;
}

/// <param name="CallsPerSecond">0 for no limit.</param>
/// <param name="RequestsPerSecond">0 for no limit.</param>
internal sealed record CatapultSettings(bool Enabled, int CallsPerSecond, int RequestsPerSecond);

/// <param name="Listen">Empty when off.</param>
/// <param name="ClassicListen">The older profile's address; empty when off.</param>
/// <param name="ClassicAccount">Whose its requests without credentials are; null refuses them.</param>
internal sealed record OzekiListen(bool Enabled, ImmutableArray<HttpListen> Listen, ImmutableArray<HttpListen> ClassicListen, string? ClassicAccount);

internal sealed record OpenVoxListen(bool Enabled, ImmutableArray<HttpListen> Listen);

/// <param name="Md5Agents">How the User-Agent of phones begins that are offered MD5 alone.</param>
/// <param name="SessionInterval">Asked for in every call; zero asks for none.</param>
/// <param name="MinSessionInterval">The shortest a far side may ask for.</param>
/// <param name="Subscriptions">How many there may be.</param>
internal sealed record SipSettings(
    ImmutableArray<SipListen> Listen, string Domain, string? Advertise, ImmutableArray<string> Md5Agents, TimeSpan SessionInterval, TimeSpan MinSessionInterval,
    SubscriptionLimits Subscriptions)
{
    /// <summary>The certificate of <c>tls://</c> and <c>wss://</c> addresses; null: one of the server's own making.</summary>
    public SipTlsFiles? Tls { get; init; }
}

/// <param name="Certificate">A PEM file with the certificate, and those of its chain behind it.</param>
/// <param name="Key">A PEM file with its private key; may be the same.</param>
internal sealed record SipTlsFiles(string Certificate, string Key);

internal sealed record RtpSettings(IPAddress Address, int FirstPort, int LastPort, TimeSpan SilenceHangup, string? Advertise, ImmutableArray<AudioCodec> Codecs);

internal sealed record CallSettings(TimeSpan MaxDuration, int MaxLive, int MaxPerSecond);

/// <param name="Connection">For SQLite the file's full path, for PostgreSQL its connection string, which may hold a password.</param>
/// <param name="FlightDirectory">Where the flight files are.</param>
/// <param name="Retention">How long what ended is kept.</param>
internal sealed record StorageSettings(string Provider, string Connection, string FlightDirectory, LogRetention Retention)
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgresql";

    /// <summary>False when it is a file that is not there yet.</summary>
    public bool MayBeThere => Provider == Postgres || File.Exists(Connection);
}

/// <param name="Voice">Speaks when no other is asked for or known.</param>
/// <param name="Longest">How long one text may take.</param>
internal sealed record SpeechSettings(string Provider, string Voice, TimeSpan Longest)
{
    public const string Espeak = "espeak-ng";
    public const string Command = "command";
    public const string Http = "http";
    public const string None = "none";

    /// <summary>Of the provider <c>command</c>: the program and its arguments.</summary>
    public ImmutableArray<string> CommandLine { get; init; } = [];

    /// <summary>Of the provider <c>http</c>: where texts are posted.</summary>
    public string? Url { get; init; }

    /// <summary>That header's value; null for none.</summary>
    public string? Authorization { get; init; }
}

/// <param name="Host">Null: no e-mail is sent.</param>
internal sealed record MailSettings(string? Host, int Port, bool Tls, string? User, string? Password, string From);

/// <summary>The HTTP gateway for text messages.</summary>
/// <param name="Url">Null: there is none.</param>
/// <param name="Body">Null: it is asked by GET.</param>
internal sealed record SmsSettings(string? Url, string? Body, string ContentType, string? Authorization);

/// <param name="AllowedPorts">Ports that may be called although they belong to other protocols.</param>
internal sealed record WebhookSettings(
    TimeSpan Timeout, bool AllowPrivateAddresses, int MaxConcurrent, int MaxConcurrentPerHost, int CircuitFailures, TimeSpan CircuitPause,
    ImmutableArray<int> AllowedPorts);

/// <summary>Who may use the HTTP APIs. No allowed network means everybody; a denied one wins.</summary>
/// <param name="Guesses">How many wrong passwords of phones are borne.</param>
internal sealed record SecuritySettings(ImmutableArray<IPNetwork> AllowAddresses, ImmutableArray<IPNetwork> DenyAddresses, GuessLimits Guesses)
{
    public bool Allows(IPAddress? address)
    {
        if (address is null)
            return AllowAddresses.IsEmpty;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !DenyAddresses.Any(n => n.Contains(plain)) && (AllowAddresses.IsEmpty || AllowAddresses.Any(n => n.Contains(plain)));
    }
}

/// <summary>One address of an HTTP listener.</summary>
internal sealed record HttpListen(IPEndPoint EndPoint)
{
    public bool IsLoopback => IPAddress.IsLoopback(EndPoint.Address);

    public override string ToString() => $"http://{EndPoint}";
}

/// <summary>One address of a SIP listener.</summary>
internal sealed record SipListen(string Transport, IPEndPoint EndPoint)
{
    public bool IsLoopback => IPAddress.IsLoopback(EndPoint.Address);

    public override string ToString() => $"{Transport}://{EndPoint}";
}
