using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Conferences;
using Switchhook.Exchange.Demo;
using Switchhook.Exchange.Gate;
using Switchhook.Exchange.Journal;
using Switchhook.Exchange.Messages;
using Switchhook.Exchange.Prompts;
using Switchhook.Exchange.Registrar;
using Switchhook.Exchange.Routing;
using Switchhook.Exchange.Running;
using Switchhook.Exchange.Shards;
using Switchhook.Exchange.Subscriptions;
using Switchhook.Exchange.Trunks;
using Switchhook.Media.Codecs;
using Switchhook.Media.Prompts;
using Switchhook.Media.Transport;
using Switchhook.Sip;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Resolution;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;
using Switchhook.Sip.Transport.Dns;

namespace Switchhook.Exchange;

/// <summary>Putting the exchange together.</summary>
public sealed partial class SwitchExchange
{
    private static readonly TimeSpan NonceLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Binds the sockets and starts the threads. Nothing is left running when an address cannot be bound.</summary>
    public static ExchangeStart Start(ExchangeOptions options, ExchangePorts ports)
    {
        List<SipListen> listens = [];
        foreach (var text in options.SipListen)
        {
            if (!ListenAddress.TryParse(text, options.SipAdvertise, out var listen))
                return new ExchangeStart.Failed(text, $"'{text}' is no SIP address; expected udp://, tcp://, tls://, ws:// or wss://ADDRESS:PORT", InUse: false);
            listens.Add(listen.Kind is SipTransportKind.Tls or SipTransportKind.Wss ? listen with { Certificate = options.SipCertificate } : listen);
        }
        var timers = new TimerWheel(ports.Time);
        if (!SipTransport.TryOpen(listens, new SipTransportLimits(), SipLimits.Default, timers, out var transport, out var failure))
            return new ExchangeStart.Failed(ListenAddress.Describe(failure.Listen), failure.Detail, failure.Fault == SipOpenFault.AddressInUse);

        var live = new ConcurrentDictionary<CallId, Call>();
        var log = ports.Logs.CreateLogger("Switchhook.Exchange");
        IReadOnlyList<UnfinishedCall> unfinished;
        CallJournal journal;
        try
        {
            journal = JournalOf(options, ports, live, log);
            unfinished = ports.Log.Unfinished();
        }
        catch (StorageUnavailableException)
        {
            transport.Dispose();
            throw;
        }
        var exchange = Assemble(options, ports, live, journal, unfinished, timers, transport, TargetPolicyOf(listens), log);
        // The first work of the shard: before any message comes, whoever was left in a call is told that it is over.
        foreach (var left in unfinished)
            exchange._shard.Post(new ShardInput.Recover(left, LeftRecordings.Of(options.RecordingsDirectory, left.Call)));
        exchange._context.FindEnded(LeftRecordings.CallsOf(options.LeftRecordings, unfinished.Select(static u => u.Call.Id)), ports.Log);
        exchange._trunks.Start();
        exchange._upkeep.Start();
        exchange._thread.Start();
        exchange._demo.Start();
        return new ExchangeStart.Started(exchange);
    }

    /// <summary>The file that was set, or the built-in music; a file that cannot be played is named in the log.</summary>
    private static Prompt MusicOf(ExchangeOptions options, PromptLibrary prompts, OwnSounds sounds, ILogger log)
    {
        var reply = options.HoldMusic is { } file ? prompts.File(file) : new PromptReply(null, null);
        if (reply.Error is { } error)
            LogHoldMusicMissing(log, options.HoldMusic!, error);
        return reply.Prompt ?? sounds.Of(BuiltinSound.WaitingMusic);
    }

    [LoggerMessage(EventName = "HoldMusicMissing", Level = LogLevel.Warning, Message = "the hold music {File} cannot be played, the built-in music is: {Reason}")]
    private static partial void LogHoldMusicMissing(ILogger log, string file, string reason);

    [LoggerMessage(EventName = "OpusMissing", Level = LogLevel.Warning, Message = "{Failure}")]
    private static partial void LogOpusMissing(ILogger log, string failure);

    private static SwitchExchange Assemble(
        ExchangeOptions options, ExchangePorts ports, ConcurrentDictionary<CallId, Call> live, CallJournal journal, IReadOnlyList<UnfinishedCall> unfinished,
        TimerWheel timers, SipTransport transport, TargetPolicy targets, ILogger log)
    {
        var counts = new SwitchCounts();
        var news = new MediaNews();
        var media = MediaEngine.Start(
            new MediaOptions(
                options.RtpAddress,
                options.RtpAdvertise is { } advertise && IPAddress.TryParse(advertise, out var address) ? address : null,
                options.RtpFirstPort,
                options.RtpLastPort,
                SilenceAfter: options.RtpSilenceHangup)
            { Codecs = options.RtpCodecs },
            news,
            ports.Time);
        if (options.RtpCodecs.Contains(AudioCodec.Opus) && AudioCodecs.OpusFailure is { } noOpus)
            LogOpusMissing(log, noOpus);
        var bindings = new Bindings(ports.Time);
        var upkeepTimers = new TimerWheel(ports.Time);
        var expiry = new BindingExpiry(bindings, upkeepTimers, ports.Time, journal.Keep);
        bindings.Changed = expiry.OnChange;
        // After what a crash left was stored, that of phones too, and before anything more happens to them.
        var stored = ports.Registrations.Load(DateTimeOffset.UnixEpoch);
        // The built-in phones of the process before have gone with it.
        var lapsed = stored
            .Where(b => b.ExpiresAt <= ports.Time.GetUtcNow() || ports.Directory.Current.Extension(b.Extension) is { Kind: ExtensionKind.DemoPhone }).ToList();
        foreach (var extension in stored.Except(lapsed).GroupBy(static b => b.Extension))
            bindings.Replace(extension.Key, extension.Select(Binding.From).OfType<Binding>());
        foreach (var source in ports.RegistrationNotifications)
            source.Begin(stored);
        var resolver = ports.Names is null ? new DnsResolver(new SystemDns(ports.Time).Current, ports.Time, new StrongRandom()) : null;
        var finder = new TargetFinder(ports.Names ?? resolver!, targets);
        var trunks = new TrunkAddresses(ports.Directory, finder, new StrongRandom(), ports.Time, log, resolver);
        var tap = new SipTraceTap(ports.Traces, counts, ports.Time);
        var demoSecrets = new DemoSecrets();
        // Phones and test tools name the registrar, not the number, in a digest; a replay is refused by its nonce count all the same.
        var policy = new DigestPolicy(options.Domain, NonceLifetime, RequireSameUri: false);
        var digest = new DigestAuthenticator(policy, RandomNumberGenerator.GetBytes(32), ports.Time);
        var guesses = new GuessLimiter(options.Guesses, ports.Time);
        var gate = new SipGate(
            ports.Directory, trunks, bindings, journal, digest, demoSecrets, guesses, counts, ports.Time, options.Domain, options.Md5Agents);

        // The shard, its agent and the context know each other; the door is how the first two meet.
        var door = new ShardDoor();
        var ears = new TrunkEars(tap, trunks, ports.Time);
        var agent = new SipUserAgent(new RecordedTransport(transport, journal), timers, door, new StrongRandom(), AgentOptionsOf(options), trace: ears, upkeep: upkeepTimers);
        gate.Supported = agent.SupportedExtensions;
        var upkeep = new TrunkUpkeep(ports.Directory, new TrunkTools(agent, upkeepTimers, trunks, ears, new StrongRandom(), options.Domain, log));
        var subscriptions = new SubscriptionDesk(
            new SubscriptionTools(ports.Directory, bindings, ports.MessageCounts, counts, timers, ports.Time, options.Domain, options.Subscriptions))
        { Agent = agent };
        bindings.Changed += subscriptions.OnRegistration;
        if (ports.RegistrationNotifications.Count > 0)
            bindings.Changed += extension => journal.Registered(extension, bindings.Of(extension));
        // Nobody else tells of what ended while the program was not there.
        foreach (var extension in lapsed.Select(static b => b.Extension).Distinct())
        {
            journal.Keep(extension, bindings.Of(extension));
            if (ports.RegistrationNotifications.Count > 0)
                journal.Registered(extension, bindings.Of(extension));
        }
        ports.MessageCounts.OnChange(extension => door.Post(new ShardInput.MessagesChanged(extension)));
        var targetsOfLegs = new LegTargets(ports.Directory, bindings, trunks, options.Domain);
        var listeners = new MessageListeners();
        var messages = new PagerMessages(ports.Directory, bindings, targetsOfLegs, listeners, new StrongRandom(), counts, options.Domain, log) { Agent = agent };
        var sounds = OwnSounds.Of(options.ToneCountry);
        var prompts = new PromptLibrary(
            options.PromptsDirectory, ports.Speech, ports.Http is { } http ? new UrlPrompts(http, ports.Time) : null,
            new Dictionary<string, string> { [KeptAudio.Media] = options.MediaDirectory, [KeptAudio.Recordings] = options.RecordingsDirectory }, sounds);
        var music = MusicOf(options, prompts, sounds, log);
        var context = new SwitchContext(log)
        {
            Messages = messages,
            Listeners = listeners,
            Rooms = new ConferenceRooms(media, ConferenceSounds.With(music)),
            HoldMusic = music,
            Ringback = sounds.Ringing,
            RecordingsDirectory = options.RecordingsDirectory,
            Listening = ports.Listening,
            RecordingUrl = ports.RecordingUrl ?? (static (_, file) => file),
            Subscriptions = subscriptions,
            Time = ports.Time,
            Timers = timers,
            Media = media,
            Journal = journal,
            Traces = ports.Traces,
            Trace = tap,
            Causes = CauseTable.With(options.CauseOverrides, out _),
            Counts = counts,
            Targets = targetsOfLegs,
            Prompts = prompts,
            Trunks = upkeep,
            Domain = options.Domain,
            Scripts = ports.Scripts.ToDictionary(static s => s.Dialect, StringComparer.OrdinalIgnoreCase),
            Applications = ports.Applications,
            Live = live,
            Post = door.Post,
            Agent = agent,
        };
        var admission = new Admission(options.MaxLiveCalls, options.MaxCallsPerSecond, ports.Time);
        var ids = new CallIdSource(ports.Time, unfinished.Select(static c => c.Call.Id).Append(ports.History.LastId()).Max());
        var shard = new Shard(context, agent.Stack, gate, ports.Directory, ids, admission, options.MaxCallDuration, log);
        door.Shard = shard;
        context.Route = shard.Route;
        context.Own = number => DialPlan.ForOwn(ports.Directory.Current, number);
        context.Decide = (destination, overTrunk, ringTime) => DialPlan.ForDecision(ports.Directory.Current, destination, overTrunk, ringTime, upkeep);
        news.Post = shard.Post;
        var demo = new DemoPhones(ports.Directory, demoSecrets, media, transport, options.Domain, ports.Time, log);
        return new SwitchExchange(new ExchangeParts
        {
            Live = live,
            History = ports.History,
            Time = ports.Time,
            Transport = transport,
            Agent = agent,
            Timers = timers,
            Media = media,
            Journal = journal,
            Context = context,
            Bindings = bindings,
            Trunks = trunks,
            Upkeep = upkeep,
            Shard = shard,
            Messages = new MessageDoor(listeners, shard.TryPost),
            Demo = demo,
        });
    }

    /// <summary>The journal, with what the process before this one left stored and told.</summary>
    private static CallJournal JournalOf(ExchangeOptions options, ExchangePorts ports, ConcurrentDictionary<CallId, Call> live, ILogger log)
    {
        var ears = new JournalEars(ports.Notifications, ports.Subscribers, ports.Notifier, log) { Phones = ports.RegistrationNotifications };
        var journal = new CallJournal(live, ports.Log, ears, log, ports.Flight, options.MaxUnstoredChanges);
        try
        {
            journal.TakeOver();
            return journal;
        }
        catch (StorageUnavailableException)
        {
            journal.StopRetrying();
            journal.Dispose();
            throw;
        }
    }

    private static SipUserAgentOptions AgentOptionsOf(ExchangeOptions options) => new()
    {
        Product = "Switchhook",
        TakesPath = true,
        TakesReplaces = true,
        TakesTargetDialog = true,
        SessionInterval = options.SessionInterval > TimeSpan.Zero ? options.SessionInterval : null,
        MinSessionInterval = options.MinSessionInterval,
    };

    /// <summary>Addresses that no open socket can reach are not asked for.</summary>
    private static TargetPolicy TargetPolicyOf(List<SipListen> listens) => new()
    {
        IPv4 = listens.Exists(static l => l.Endpoint.AddressFamily == AddressFamily.InterNetwork),
        IPv6 = listens.Exists(static l => l.Endpoint.AddressFamily == AddressFamily.InterNetworkV6),
    };

    private sealed record ExchangeParts
    {
        public required ConcurrentDictionary<CallId, Call> Live { get; init; }
        public required ICallHistory History { get; init; }
        public required TimeProvider Time { get; init; }
        public required SipTransport Transport { get; init; }
        public required SipUserAgent Agent { get; init; }
        public required TimerWheel Timers { get; init; }
        public required MediaEngine Media { get; init; }
        public required CallJournal Journal { get; init; }
        public required SwitchContext Context { get; init; }
        public required Bindings Bindings { get; init; }
        public required TrunkAddresses Trunks { get; init; }
        public required TrunkUpkeep Upkeep { get; init; }
        public required Shard Shard { get; init; }
        public required MessageDoor Messages { get; init; }
        public required DemoPhones Demo { get; init; }
    }

    /// <summary>Stands where the shard will be until it exists; nothing knocks before the threads start.</summary>
    private sealed class ShardDoor : ISipUserAgentHandler
    {
        public Shard Shard { get; set; } = null!;

        public void Post(ShardInput input) => Shard.Post(input);

        public SipRefusal? RefusalOf(SipRequest invite) => Shard.RefusalOf(invite);

        public void OnInvite(IncomingInvite invite) => Shard.OnInvite(invite);

        public void OnRequest(IncomingRequest request) => Shard.OnRequest(request);
    }
}
