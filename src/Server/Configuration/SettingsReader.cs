using System.Collections;
using System.Collections.Immutable;
using System.Net;
using Switchhook.Calls.Causes;
using Switchhook.Exchange.Gate;
using Switchhook.Exchange.Subscriptions;
using Switchhook.Media.Codecs;
using Switchhook.Media.Tones;
using Switchhook.Server.Json;
using Switchhook.Server.Running;
using Switchhook.Storage.Log;
using Switchhook.Storage.Postgres;

namespace Switchhook.Server.Configuration;

/// <summary>What a start of the program gives to read the settings from.</summary>
/// <param name="ConfigFile">Null: <c>switchhook.json</c> in the working directory when it is there, else defaults.</param>
/// <param name="DataDirectory">The directory for everything without a place of its own.</param>
/// <param name="Overrides">The <c>--set</c> arguments in order.</param>
/// <param name="Environment">All variables.</param>
internal sealed record SettingsRequest(string? ConfigFile, string DataDirectory, IReadOnlyList<string> Overrides, IDictionary Environment);

/// <summary>Reads the whole configuration; every mistake is found in one go.</summary>
internal static class SettingsReader
{
    public const string CustomaryFile = "switchhook.json";
    private const string SqliteFile = "switchhook.db";

    /// <summary>The settings, or null when there are mistakes.</summary>
    public static ServerSettings? Read(SettingsRequest request, List<Mistake> mistakes)
    {
        var before = mistakes.Count;
        var entries = new List<SettingEntry>();
        if (request.ConfigFile is not null || File.Exists(CustomaryFile))
            entries.AddRange(ReadFile(request.ConfigFile ?? CustomaryFile, mistakes));
        entries.AddRange(SettingSources.FromEnvironment(request.Environment));
        foreach (var argument in request.Overrides)
        {
            if (SettingSources.FromArgument(argument) is { } entry)
                entries.Add(entry);
            else
                mistakes.Add(new Mistake("--set", 0, argument, "must be Key:Sub=VALUE"));
        }

        var values = new SettingValues(entries, mistakes, name => request.Environment[name] as string);
        var settings = Compose(values, Path.GetFullPath(request.DataDirectory));
        values.RefuseUnknown();
        RefuseSharedAddresses(settings, values);
        return mistakes.Count == before ? settings : null;
    }

    /// <summary>The defaults with some replaced; neither file nor environment is looked at.</summary>
    public static ServerSettings? ReadDefaults(string dataDirectory, IReadOnlyList<string> overrides, List<Mistake> mistakes)
    {
        var before = mistakes.Count;
        var values = new SettingValues(overrides.Select(SettingSources.FromArgument).OfType<SettingEntry>(), mistakes, static _ => null);
        var settings = Compose(values, Path.GetFullPath(dataDirectory));
        values.RefuseUnknown();
        return mistakes.Count == before ? settings : null;
    }

    /// <summary>Every key with a fixed name, for the documentation's test.</summary>
    public static IReadOnlyCollection<string> KnownKeys()
    {
        var values = new SettingValues([], [], _ => null);
        _ = Compose(values, "/");
        return values.Known;
    }

    private static ServerSettings Compose(SettingValues v, string data)
    {
        var http = Http(v, "Http:Listen", "http://127.0.0.1:8088");
        var ports = v.One("Rtp:Ports", (First: 20000, Last: 29999), Addresses.TryPorts);
        return new ServerSettings
        {
            DataDirectory = data,
            HttpListen = http,
            Dialects = Dialects(v),
            Sip = new SipSettings(
                v.List("Sip:Listen", [Sip("udp://127.0.0.1:5060"), Sip("tcp://127.0.0.1:5060")], Addresses.TrySip),
                v.One("Sip:Domain", "switchhook.local", static (string text, out string value) =>
                    text.Length == 0 ? Refused(out value, "must not be empty") : Addresses.TryHost(text, out value!)),
                v.One<string?>("Sip:Advertise", null, Addresses.TryHost),
                v.List("Sip:Md5Agents", ["Asterisk", "FreeSWITCH", "baresip v0", "baresip v1", "sipp", "sipsak"], static (string text, out string value) =>
                {
                    value = text;
                    return text.Length > 0 ? null : "must not be empty";
                }),
                SessionInterval(v, out var minSession),
                minSession,
                new SubscriptionLimits(
                    v.Number("Sip:Subscriptions:Max", SubscriptionLimits.Default.Most, 0, 1_000_000),
                    v.Number("Sip:Subscriptions:MaxPerPhone", SubscriptionLimits.Default.MostPerPhone, 0, 1_000_000)))
            { Tls = SipTls(v, data) },
            Rtp = new RtpSettings(
                v.One("Rtp:Address", IPAddress.Loopback, Addresses.TryAddress),
                ports.First,
                ports.Last,
                v.Seconds("Rtp:SilenceHangupSeconds", 60, 0, 86_400),
                v.One<string?>("Rtp:Advertise", null, static (string text, out string? value) =>
                {
                    value = text.Length == 0 ? null : text;
                    return value is null ? null : Addresses.TryAddress(text, out _);
                }),
                v.List("Rtp:Codecs", [.. AudioCodecs.All], static (string text, out AudioCodec codec) =>
                    AudioCodecs.TryParse(text, out codec) ? null : $"must be PCMU, PCMA, G722 or opus, not '{text}'")),
            Calls = new CallSettings(
                v.Seconds("Calls:MaxDurationSeconds", 14_400, 1, 604_800),
                v.Number("Calls:MaxLive", 10_000, 1, 1_000_000),
                v.Number("Calls:MaxPerSecond", 1000, 1, 100_000)),
            Storage = Storage(v, data),
            RecordingsDirectory = Below(data, v.Text("Recordings:Directory", "recordings")),
            MediaDirectory = Below(data, v.Text("Media:Directory", "media")),
            PromptsDirectory = Below(data, v.Text("Prompts:Directory", "prompts")),
            HoldMusic = v.OptionalText("Calls:HoldMusic"),
            ToneCountry = v.One<string?>("Calls:ToneCountry", null, static (string text, out string? country) =>
            {
                country = text.Length == 0 ? null : text;
                return country is null || CountryTones.TryOf(text, out _) ? null : $"must be one of {string.Join(", ", CountryTones.Countries)}";
            }),
            Speech = Speech(v),
            Webhooks = new WebhookSettings(
                v.Seconds("Webhooks:TimeoutSeconds", 10, 1, 300),
                v.Truth("Webhooks:AllowPrivateAddresses", http.All(l => l.IsLoopback)),
                v.Number("Webhooks:MaxConcurrent", 256, 1, 10_000),
                v.Number("Webhooks:MaxConcurrentPerHost", 16, 1, 10_000),
                v.Number("Webhooks:CircuitFailures", 5, 1, 1_000_000),
                v.Seconds("Webhooks:CircuitSeconds", 30, 1, 3600),
                v.List<int>("Webhooks:AllowedPorts", [], Addresses.TryOnePort)),
            Mail = new MailSettings(
                v.OptionalText("Mail:Host"),
                v.Number("Mail:Port", 25, 1, 65_535),
                v.Truth("Mail:Tls", false),
                v.OptionalText("Mail:User"),
                v.OptionalText("Mail:Password"),
                v.Text("Mail:From", "switchhook@localhost")),
            Sms = new SmsSettings(
                v.OptionalText("Sms:Gateway:Url"),
                v.OptionalText("Sms:Gateway:Body"),
                v.Text("Sms:Gateway:ContentType", "application/x-www-form-urlencoded"),
                v.OptionalText("Sms:Gateway:Authorization")),
            Security = new SecuritySettings(
                v.List<IPNetwork>("Security:AllowAddresses", [], Addresses.TryNetwork),
                v.List<IPNetwork>("Security:DenyAddresses", [], Addresses.TryNetwork),
                Guesses(v)),
            Causes = Causes(v),
            ShutdownGrace = v.Seconds("Shutdown:GraceSeconds", 5, 0, 3600),
            LogLevel = v.Choice("Log:Level", "information", "debug", "information", "warning", "error"),
            TraceShowsKeys = v.Truth("Trace:ShowKeys", false),
        };
    }

    /// <summary>RFC 4028 §4 and §5: neither is below 90 s, and we do not ask for less than we bear.</summary>
    private static TimeSpan SessionInterval(SettingValues v, out TimeSpan least)
    {
        least = v.Seconds("Sip:SessionTimer:MinSeconds", 90, 90, 86_400);
        var interval = v.Seconds("Sip:SessionTimer:IntervalSeconds", 1800, 0, 86_400);
        if (interval > TimeSpan.Zero && interval < least)
            v.Wrong("Sip:SessionTimer:IntervalSeconds", $"must be 0 or at least Sip:SessionTimer:MinSeconds, which is {least.TotalSeconds}");
        return interval;
    }

    private static SipTlsFiles? SipTls(SettingValues v, string data)
    {
        var (certificate, key) = (v.OptionalText("Sip:Tls:Certificate"), v.OptionalText("Sip:Tls:Key"));
        if (certificate is null && key is null)
            return null;
        if (certificate is null || key is null)
        {
            v.Wrong(certificate is null ? "Sip:Tls:Key" : "Sip:Tls:Certificate", "Sip:Tls:Certificate and Sip:Tls:Key go together");
            return null;
        }
        var files = new SipTlsFiles(Below(data, certificate), Below(data, key));
        if (SipCertificate.TryLoad(files.Certificate, files.Key, out _) is { } mistake)
            v.Wrong("Sip:Tls:Certificate", mistake);
        return files;
    }

    private static GuessLimits Guesses(SettingValues v)
    {
        var usual = GuessLimits.Default;
        return new GuessLimits(
            v.Number("Security:Guesses:PerUser", usual.PerUser, 1, 1_000_000),
            v.Seconds("Security:Guesses:UserForgivenEverySeconds", (int)usual.UserForgivenEvery.TotalSeconds, 1, 86_400),
            v.Number("Security:Guesses:PerAddress", usual.PerAddress, 1, 1_000_000),
            v.Seconds("Security:Guesses:AddressForgivenEverySeconds", (int)usual.AddressForgivenEvery.TotalSeconds, 1, 86_400),
            v.Number("Security:Guesses:MostRemembered", usual.MostRemembered, 100, 10_000_000));
    }

    private static DialectSettings Dialects(SettingValues v)
    {
        var ozeki = v.Truth("Dialects:Ozeki:Enabled", true);
        var openVox = v.Truth("Dialects:OpenVox:Enabled", true);
        var ozekiListen = Http(v, "Dialects:Ozeki:Listen", "http://127.0.0.1:9509");
        var classicListen = Http(v, "Dialects:Ozeki:ClassicListen", "");
        var openVoxListen = Http(v, "Dialects:OpenVox:Listen", "http://127.0.0.1:9011");
        return new DialectSettings(
            new OzekiListen(ozeki, ozeki ? ozekiListen : [], ozeki ? classicListen : [], v.OptionalText("Dialects:Ozeki:ClassicAccount")),
            new OpenVoxListen(openVox, openVox ? openVoxListen : []),
            v.Truth("Dialects:Hoiio:Enabled", true),
            v.Number("Dialects:Hoiio:MaxCalls", 8, 1, 1_000_000),
            new CatapultSettings(
                v.Truth("Dialects:Catapult:Enabled", true),
                v.Number("Dialects:Catapult:CallsPerSecond", 0, 0, 1000),
                v.Number("Dialects:Catapult:RequestsPerSecond", 0, 0, 10_000)));
    }

    private static SpeechSettings Speech(SettingValues v)
    {
        var settings = new SpeechSettings(
            v.Choice("Speech:Provider", SpeechSettings.Espeak, SpeechSettings.Espeak, SpeechSettings.Command, SpeechSettings.Http, SpeechSettings.None),
            v.Text("Speech:Voice", "en-us"),
            v.Seconds("Speech:TimeoutSeconds", 20, 1, 300))
        {
            CommandLine = v.List<string>("Speech:Command", [], static (string text, out string part) => (part = text).Length == 0 ? "must not be empty" : null),
            Url = v.OptionalText("Speech:Url"),
            Authorization = v.OptionalText("Speech:Authorization"),
        };
        if (settings is { Provider: SpeechSettings.Command, CommandLine.IsEmpty: true })
            v.Wrong("Speech:Command", "must name a program when Speech:Provider is command");
        if (settings.Provider == SpeechSettings.Http && !(Uri.TryCreate(settings.Url, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)))
            v.Wrong("Speech:Url", "must be an http or https address when Speech:Provider is http");
        return settings;
    }

    private static StorageSettings Storage(SettingValues v, string data)
    {
        var provider = v.Choice("Storage:Provider", StorageSettings.Sqlite, StorageSettings.Sqlite, StorageSettings.Postgres);
        var connection = v.Text("Storage:Connection", SqliteFile);
        if (provider == StorageSettings.Postgres && connection == SqliteFile)
            v.Wrong("Storage:Connection", "is needed with Storage:Provider postgresql, as Host=...;Username=...;Password=...;Database=...");
        else if (provider == StorageSettings.Postgres && PostgresStorage.Check(connection) is { } mistake)
            v.Wrong("Storage:Connection", $"is no connection string of PostgreSQL, as Host=...;Username=...;Password=...;Database=...: {mistake}");
        return new StorageSettings(provider, provider == StorageSettings.Sqlite ? Below(data, connection) : connection, Below(data, v.Text("Storage:FlightDirectory", "flight")), Retention(v));
    }

    private static LogRetention Retention(SettingValues v)
    {
        var events = v.Number("Storage:Retention:EventDays", 30, 1, 36_500);
        var calls = v.Number("Storage:Retention:CallDays", 365, 1, 36_500);
        if (calls < events)
            v.Wrong("Storage:Retention:CallDays", "calls are kept at least as long as their events (Storage:Retention:EventDays)");
        return new LogRetention(TimeSpan.FromDays(events), TimeSpan.FromDays(calls), v.Number("Storage:Retention:MaxMegabytes", 4096, 16, 10_000_000));
    }

    private static Dictionary<string, string> Causes(SettingValues v)
    {
        var rows = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value, entry) in v.Section("Causes"))
        {
            _ = CauseTable.With([new(name, value)], out var mistakes);
            foreach (var mistake in mistakes)
                v.Wrong(entry, mistake);
            rows[name] = value;
        }
        return rows;
    }

    private static void RefuseSharedAddresses(ServerSettings settings, SettingValues values)
    {
        var listeners = settings.HttpListen.Select(l => (Key: "Http:Listen", l.EndPoint))
            .Concat(settings.Dialects.Ozeki.Listen.Select(l => (Key: "Dialects:Ozeki:Listen", l.EndPoint)))
            .Concat(settings.Dialects.Ozeki.ClassicListen.Select(l => (Key: "Dialects:Ozeki:ClassicListen", l.EndPoint)))
            .Concat(settings.Dialects.OpenVox.Listen.Select(l => (Key: "Dialects:OpenVox:Listen", l.EndPoint)));
        var taken = new Dictionary<IPEndPoint, string>();
        foreach (var (key, endPoint) in listeners.Where(l => l.EndPoint.Port != 0))
        {
            if (!taken.TryAdd(endPoint, key))
                values.Wrong(key, $"{endPoint} is already taken by {taken[endPoint]}; each needs an address of its own");
        }
    }

    private static IEnumerable<SettingEntry> ReadFile(string file, List<Mistake> mistakes)
    {
        try
        {
            return SettingSources.FromFile(file, File.ReadAllBytes(file), mistakes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes.Add(new Mistake(file, 0, "", $"cannot be read: {e.Message}"));
            return [];
        }
    }

    private static ImmutableArray<HttpListen> Http(SettingValues v, string key, string byDefault)
    {
        ImmutableArray<HttpListen> standard = Addresses.TryHttp(byDefault, out var listen) is null ? [listen] : [];
        return v.List(key, standard, Addresses.TryHttp);
    }

    private static SipListen Sip(string text)
    {
        _ = Addresses.TrySip(text, out var listen);
        return listen;
    }

    private static string? Refused(out string value, string mistake)
    {
        value = "";
        return mistake;
    }

    private static string Below(string directory, string path) => Path.GetFullPath(path, directory);
}
