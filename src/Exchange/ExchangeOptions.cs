using System.Net;
using System.Net.Security;
using Switchhook.Exchange.Gate;
using Switchhook.Exchange.Subscriptions;
using Switchhook.Media.Codecs;

namespace Switchhook.Exchange;

/// <summary>How the exchange is set up; checked by whoever reads the configuration.</summary>
public sealed record ExchangeOptions
{
    /// <summary><c>udp://127.0.0.1:5060</c> and the like; port 0 picks a free one.</summary>
    public IReadOnlyList<string> SipListen { get; init; } = ["udp://127.0.0.1:5060", "tcp://127.0.0.1:5060"];

    /// <summary>Shown by <c>tls://</c> and <c>wss://</c> addresses, which need it.</summary>
    public SslStreamCertificateContext? SipCertificate { get; init; }

    /// <summary>Realm and registrar domain.</summary>
    public string Domain { get; init; } = "switchhook.local";

    /// <summary>
    /// How the User-Agent of phones begins that are offered MD5 alone, because they give up when a challenge names another algorithm too.
    /// </summary>
    public IReadOnlyList<string> Md5Agents { get; init; } = ["Asterisk", "FreeSWITCH", "baresip v0", "baresip v1", "sipp", "sipsak"];

    /// <summary>Address shown to SIP peers instead of the socket's.</summary>
    public string? SipAdvertise { get; init; }

    /// <summary>Address shown in SDP instead of the socket's.</summary>
    public string? RtpAdvertise { get; init; }
    public IPAddress RtpAddress { get; init; } = IPAddress.Loopback;
    public int RtpFirstPort { get; init; } = 20000;
    public int RtpLastPort { get; init; } = 29999;

    /// <summary>Codecs offered and accepted, the most wanted first; Opus is left out where its library is missing.</summary>
    public IReadOnlyList<AudioCodec> RtpCodecs { get; init; } = AudioCodecs.All;

    /// <summary>No packet for so long from an answered leg that is not on hold ends it; zero means never.</summary>
    public TimeSpan RtpSilenceHangup { get; init; } = TimeSpan.FromSeconds(60);
    public TimeSpan MaxCallDuration { get; init; } = TimeSpan.FromSeconds(14400);
    public int MaxLiveCalls { get; init; } = 10000;
    public int MaxCallsPerSecond { get; init; } = 1000;

    /// <summary>So many changes of calls may wait for the log before new calls are refused; at twice as many the calls that bring more are ended.</summary>
    public int MaxUnstoredChanges { get; init; } = 50_000;

    /// <summary>The session interval asked for in every call (RFC 4028), so that one whose far side is gone without a word ends; zero asks for none.</summary>
    public TimeSpan SessionInterval { get; init; } = TimeSpan.FromSeconds(1800);

    /// <summary>The shortest session interval a far side may ask for; at least 90 s.</summary>
    public TimeSpan MinSessionInterval { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How many subscriptions of phones there may be.</summary>
    public SubscriptionLimits Subscriptions { get; init; } = SubscriptionLimits.Default;

    /// <summary>How many wrong passwords of phones are borne before nobody looks at further ones.</summary>
    public GuessLimits Guesses { get; init; } = GuessLimits.Default;

    /// <summary>Prompts are read from here and from nowhere else.</summary>
    public required string PromptsDirectory { get; init; }

    /// <summary>What parties hear on hold, and members of conferences alone: a file below <see cref="PromptsDirectory"/>; null: the built-in music.</summary>
    public string? HoldMusic { get; init; }

    /// <summary>Whose tones parties hear, as in <see cref="Switchhook.Media.Tones.CountryTones.Countries"/>; null: those of most of Europe.</summary>
    public string? ToneCountry { get; init; }

    /// <summary>
    /// Descriptions of recordings that the process before this one did not complete, as <see cref="Media.Transport.RecordingFiles.Repair(string, out IReadOnlyList{string})"/>
    /// found them. Those of calls that were over by then are completed and told; those of calls that were up are found by their calls.
    /// </summary>
    public IReadOnlyList<string> LeftRecordings { get; init; } = [];

    /// <summary>Recordings are made here, in a directory for each call.</summary>
    public string RecordingsDirectory { get; init; } = Path.Combine(Path.GetTempPath(), "switchhook-recordings");

    /// <summary>Files that accounts have uploaded are below it.</summary>
    public string MediaDirectory { get; init; } = Path.Combine(Path.GetTempPath(), "switchhook-media");

    /// <summary>Rows of the cause tables an operator replaced: <c>sip:486</c> to a cause name, or a cause name to a SIP status.</summary>
    public IReadOnlyDictionary<string, string> CauseOverrides { get; init; } = new Dictionary<string, string>();
}
