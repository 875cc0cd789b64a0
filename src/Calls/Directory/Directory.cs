using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Switchhook.Calls.Directory;

/// <summary>Everything provisioned, as one immutable whole with look-ups; a change makes a new one.</summary>
public sealed class CallDirectory
{
    public static readonly CallDirectory Empty = new(new Provisioning());

    private readonly FrozenDictionary<string, Account> _accounts;
    private readonly FrozenDictionary<string, Extension> _extensions;
    private readonly FrozenDictionary<string, Trunk> _trunks;
    private readonly FrozenDictionary<string, NumberEntry> _numbers;
    private readonly FrozenDictionary<string, CatapultApplication> _catapultApplications;

    public CallDirectory(Provisioning provisioning)
    {
        Provisioning = provisioning;
        _accounts = provisioning.Accounts.ToFrozenDictionary(a => a.Name, StringComparer.OrdinalIgnoreCase);
        _extensions = provisioning.Extensions.ToFrozenDictionary(e => e.Number, StringComparer.Ordinal);
        _trunks = provisioning.Trunks.ToFrozenDictionary(t => t.Name, StringComparer.OrdinalIgnoreCase);
        _numbers = provisioning.Numbers.ToFrozenDictionary(n => n.Number, StringComparer.Ordinal);
        _catapultApplications = provisioning.CatapultApplications.ToFrozenDictionary(a => a.Id, StringComparer.Ordinal);
    }

    /// <summary>The document it was made from.</summary>
    public Provisioning Provisioning { get; }

    /// <summary>Account by name, any case; null when unknown.</summary>
    public Account? Account(string name) => _accounts.GetValueOrDefault(name);

    /// <summary>Extension by number; null when unknown.</summary>
    public Extension? Extension(string number) => _extensions.GetValueOrDefault(number);

    /// <summary>Trunk by name, any case; null when unknown.</summary>
    public Trunk? Trunk(string name) => _trunks.GetValueOrDefault(name);

    /// <summary>Public number; null when it is not ours.</summary>
    public NumberEntry? Number(string number) => _numbers.GetValueOrDefault(number);

    /// <summary>Catapult application by id; null when unknown.</summary>
    public CatapultApplication? CatapultApplication(string id) => _catapultApplications.GetValueOrDefault(id);
}

/// <summary>The directory as it is now; swapped as a whole.</summary>
public interface IDirectory
{
    CallDirectory Current { get; }
}

/// <summary>The provisioning document (<c>--provision FILE</c>): member names are the JSON names in camel case.</summary>
public sealed record Provisioning
{
    public ImmutableArray<Account> Accounts { get; init; } = [];
    public ImmutableArray<Extension> Extensions { get; init; } = [];
    public ImmutableArray<Trunk> Trunks { get; init; } = [];
    public ImmutableArray<NumberEntry> Numbers { get; init; } = [];
    public ImmutableArray<OutboundRoute> OutboundRoutes { get; init; } = [];
    public ImmutableArray<CatapultApplication> CatapultApplications { get; init; } = [];
    public OpenvoxSettings? OpenvoxSettings { get; init; }
}

/// <summary>An account: who may use which dialect.</summary>
public sealed record Account
{
    public required string Name { get; init; }
    public string? Password { get; init; }
    public ImmutableArray<string> Dialects { get; init; } = [];
    public HoiioCredentials? Hoiio { get; init; }
    public CatapultCredentials? Catapult { get; init; }
    public NativeCredentials? Native { get; init; }

    /// <summary>Ozeki URLs that are configured rather than passed with a command.</summary>
    public OzekiSettings? Ozeki { get; init; }
    public string? Currency { get; init; }
    public string? Balance { get; init; }
    public ImmutableArray<Rate> Rates { get; init; } = [];

    /// <summary>Signs the account's webhooks: <c>whsec_</c> and base64.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>The secret before that one; while it is there everything is signed with both.</summary>
    public string? WebhookSecretPrevious { get; init; }

    /// <summary>Who is told what happens to the account's calls.</summary>
    public ImmutableArray<WebhookSubscription> Webhooks { get => field.IsDefault ? [] : field; init; }   // documents of before have none

    /// <summary>True when the account may use that dialect.</summary>
    public bool MayUse(string dialect) => Dialects.Contains(dialect, StringComparer.OrdinalIgnoreCase);
}

/// <param name="NotifyInQuery">Notifications have their parameters in the query too.</param>
public sealed record HoiioCredentials(string AppId, string AccessToken, bool NotifyInQuery = false);

public sealed record CatapultCredentials(string UserId, string ApiToken, string ApiSecret);

public sealed record NativeCredentials(string Key);

/// <param name="CallChangedUrl">Told every state change of ordinary calls.</param>
/// <param name="ErrorUrl">Told every failure that has no error URL of its own.</param>
/// <param name="RoutingUrl">Asked where calls of the account's extensions, and to them, go.</param>
public sealed record OzekiSettings(string? CallChangedUrl = null, string? ErrorUrl = null, string? RoutingUrl = null)
{
    /// <summary>Address books that applications may read.</summary>
    public ImmutableArray<AddressBook> AddressBooks { get => field.IsDefault ? [] : field; init; }   // documents of before have none
}

/// <summary>A named list of people.</summary>
public sealed record AddressBook(string Name, ImmutableArray<AddressBookContact> Contacts);

/// <summary>One of them.</summary>
public sealed record AddressBookContact(string Name, string? PhoneNumber = null, string? Email = null);

/// <summary>An address that is told events.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Events">Names of events, or <c>*</c> for all.</param>
/// <param name="Secret">Signs what goes there, instead of the account's.</param>
public sealed record WebhookSubscription(string Url, ImmutableArray<string> Events, string? Secret = null)
{
    /// <summary>True when an event of that name is told.</summary>
    public bool Wants(string name) => Events.Contains(name, StringComparer.Ordinal) || Events.Contains("*", StringComparer.Ordinal);
}

public sealed record Rate(string Prefix, string PerMinute);

/// <summary>What an extension is.</summary>
public enum ExtensionKind
{
    /// <summary>A phone that registers.</summary>
    Phone,
    /// <summary>An application behind a URL (Ozeki API extension).</summary>
    Api,
    /// <summary>The exchange itself answers.</summary>
    Service,
    /// <summary>A phone inside the process.</summary>
    DemoPhone,
}

/// <summary>An internal number.</summary>
public sealed record Extension
{
    public required string Number { get; init; }
    public ExtensionKind Kind { get; init; }

    /// <summary>Password of its phones.</summary>
    public string? Secret { get; init; }
    public string? Name { get; init; }
    public string? Account { get; init; }

    /// <summary>Told of incoming calls, for kind <see cref="ExtensionKind.Api"/>.</summary>
    public string? Url { get; init; }
    public ServiceBehaviour Behaviour { get; init; }

    /// <summary>File below the prompt directory, for behaviour <see cref="ServiceBehaviour.Play"/>.</summary>
    public string? Prompt { get; init; }

    /// <summary>What it may do to the calls of others.</summary>
    public Monitoring Monitors { get; init; }

    /// <summary>Its own calls are nobody's to listen in to.</summary>
    public bool IsPrivate { get; init; }
}

/// <summary>What unauthenticated calls from a trunk may reach.</summary>
public enum TrunkDial
{
    /// <summary>Only numbers that are provisioned.</summary>
    Numbers,
    /// <summary>Numbers and extensions.</summary>
    Extensions,
    /// <summary>Everything, outbound routes included.</summary>
    All,
}

/// <summary>A peer exchange.</summary>
public sealed record Trunk
{
    public required string Name { get; init; }
    public required string Host { get; init; }

    /// <summary>0 when none is given: then the host's SRV records say which, and 5060 holds without them (RFC 3263 §4.2).</summary>
    public int Port { get; init; }

    /// <summary><c>udp</c> or <c>tcp</c>.</summary>
    public string Transport { get; init; } = "udp";
    public string? User { get; init; }
    public string? Secret { get; init; }
    public bool Register { get; init; }

    /// <summary>Addresses or networks (<c>10.0.0.0/8</c>) whose requests count as this trunk's.</summary>
    public ImmutableArray<string> From { get; init; } = [];
    public TrunkDial MayDial { get; init; }

    /// <summary>Where else it is when <see cref="Host"/> fails, by priority.</summary>
    public ImmutableArray<FurtherHost> Hosts { get; init; } = [];

    /// <summary>Seconds between OPTIONS probes; null or 0 for none.</summary>
    public int? ProbeSeconds { get; init; }

    /// <summary>True when calls to it leave the offer of SDP to it: it answers with one, and our ACK has the answer.</summary>
    public bool LateOffer { get; init; }

    /// <summary>How the caller is named to it.</summary>
    public TrunkIdentity Identity { get; init; }
}

/// <summary>A further host of a trunk.</summary>
/// <param name="Port">0 when none is given, as <see cref="Trunk.Port"/>.</param>
/// <param name="Priority">Lower ones are tried first.</param>
public sealed record FurtherHost(string Host, int Port = 0, int Priority = 0);

/// <summary>How a trunk hears who calls.</summary>
public enum TrunkIdentity
{
    /// <summary>In From alone; a withheld number is not told.</summary>
    From,
    /// <summary>In P-Asserted-Identity as well, which carries a withheld number too: the trunk is trusted to keep it (RFC 3325).</summary>
    Pai,
    /// <summary>As above, in the older Remote-Party-ID.</summary>
    Rpid,
}

/// <summary>A public number and where its calls go.</summary>
public sealed record NumberEntry
{
    public required string Number { get; init; }
    public string? Account { get; init; }
    public required NumberTarget To { get; init; }

    /// <summary>Where calls go that the application of the Catapult dialect could not be told of.</summary>
    public string? FallbackNumber { get; init; }
}

/// <summary>Exactly one member is set.</summary>
public sealed record NumberTarget
{
    public string? Hoiio { get; init; }
    public string? CatapultApplication { get; init; }
    public string? Extension { get; init; }
}

/// <summary>A dialing rule toward a trunk. Patterns: X 0-9, Z 1-9, N 2-9, [1-4], . one or more, ! zero or more of anything.</summary>
public sealed record OutboundRoute
{
    public required string Name { get; init; }
    public required string Pattern { get; init; }
    public int Strip { get; init; }
    public string Prepend { get; init; } = "";
    public required string Trunk { get; init; }
}

/// <summary>Takes calls to numbers, in the Catapult dialect. Messages are only kept.</summary>
public sealed record CatapultApplication
{
    public required string Id { get; init; }
    public string? Account { get; init; }
    public string? Name { get; init; }
    public string? IncomingCallUrl { get; init; }

    /// <summary>Milliseconds; null for ten seconds.</summary>
    public int? IncomingCallUrlCallbackTimeout { get; init; }
    public string? IncomingCallFallbackUrl { get; init; }
    public string? IncomingMessageUrl { get; init; }
    public int? IncomingMessageUrlCallbackTimeout { get; init; }
    public string? IncomingMessageFallbackUrl { get; init; }
    public bool AutoAnswer { get; init; } = true;
    public string CallbackHttpMethod { get; init; } = "post";
}

public sealed record OpenvoxSettings(string? Sn = null, string? DeviceName = null);
