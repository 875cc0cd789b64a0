using System.Collections.Immutable;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult;
using Switchhook.Dialects.Hoiio;
using Switchhook.Dialects.OpenVox;
using Switchhook.Dialects.Ozeki;
using Switchhook.Exchange;
using Switchhook.Exchange.Prompts;
using Switchhook.Media.Transport;
using Switchhook.Server.Cli;
using Switchhook.Server.Configuration;
using Switchhook.Server.Events;
using Switchhook.Server.Health;
using Switchhook.Server.Http;
using Switchhook.Server.Mail;
using Switchhook.Server.Native;
using Switchhook.Server.Speech;
using Switchhook.Server.Traces;
using Switchhook.Storage;
using Switchhook.Storage.Files;
using Switchhook.Storage.Flight;
using Switchhook.Webhooks;

namespace Switchhook.Server.Running;

/// <summary>The whole server, wired: storage, exchange, dialects, native API. Started as one, stopped in the order that loses nothing.</summary>
internal sealed partial class RunningServer : IAsyncDisposable
{
    private readonly IDurableStorage _storage;
    private readonly Speaker _speech;
    private readonly GuardedHttpCaller _http;
    private readonly Notifier _notifier;
    private readonly EventSource _events;
    private readonly TimeProvider _time;
    private readonly ServerSettings _settings;
    private readonly SwitchExchange _exchange;
    private readonly FlightRecorder _flight;
    private LogUpkeep? _upkeep;
    private MemoryUpkeep? _memory;
    private HttpSurface? _main;
    private HttpSurface? _ozekiSurface;
    private HttpSurface? _classicSurface;
    private HttpSurface? _openVox;
    private OpenVoxPart? _openVoxPart;
    private OzekiPart _ozeki = null!;
    private CatapultPart _catapult = null!;
    private HoiioPart _hoiio = null!;
    private bool _disposed;
    private volatile bool _isStopping;

    private RunningServer(
        ServerSettings settings, IDurableStorage storage, Speaker speech, GuardedHttpCaller http, Notifier notifier, EventSource events,
        SwitchExchange exchange, FlightRecorder flight, IDirectory directory, TimeProvider time)
    {
        (_settings, _storage, _speech, _http, _notifier, _events, _exchange, _flight, Directory, _time) =
            (settings, storage, speech, http, notifier, events, exchange, flight, directory, time);
    }

    public IDirectory Directory { get; }
    public IReadOnlyList<string> HttpAddresses => _main!.Addresses;
    public IReadOnlyList<string> OzekiAddresses => _ozekiSurface?.Addresses ?? [];
    public IReadOnlyList<string> OzekiClassicAddresses => _classicSurface?.Addresses ?? [];
    public IReadOnlyList<string> OpenVoxAddresses => _openVox?.Addresses ?? [];
    public bool HoiioIsServed => _settings.Dialects.HoiioEnabled;
    public bool CatapultIsServed => _settings.Dialects.CatapultEnabled;
    public IReadOnlyList<string> SipAddresses => _exchange.SipAddresses;
    public IRegistrations Registrations => _exchange.Registrations;

    /// <summary>Beside the database its name is enough. Elsewhere another server's files may be met.</summary>
    private static string FlightOwner(ServerSettings settings, IDurableStorage storage)
    {
        var data = Path.TrimEndingDirectorySeparator(settings.DataDirectory);
        return Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(settings.Storage.FlightDirectory)) == data ? storage.Name : $"{storage.Name} of {data}";
    }

    /// <summary>Starts everything, or nothing. The storage is the server's own from here on.</summary>
    public static async Task<ServerStart> StartAsync(
        ServerSettings settings, IDurableStorage storage, Provisioning provisioning, ILoggerFactory logs, TimeProvider time)
    {
        var traces = new CallTraceRing(showsKeys: settings.TraceShowsKeys);
        var events = new EventSource(new EventRing(storage.Log.LastCursor()), storage.Log);
        var directory = new CurrentDirectory(provisioning, storage.Provisioning);
        var webhooks = new WebhookOptions
        {
            Timeout = settings.Webhooks.Timeout,
            AllowPrivateAddresses = settings.Webhooks.AllowPrivateAddresses,
            MaxConcurrent = settings.Webhooks.MaxConcurrent,
            MaxConcurrentPerHost = settings.Webhooks.MaxConcurrentPerHost,
            CircuitFailures = settings.Webhooks.CircuitFailures,
            CircuitPause = settings.Webhooks.CircuitPause,
            AllowedPorts = [.. settings.Webhooks.AllowedPorts],
        };
        var http = new GuardedHttpCaller(webhooks, time);
        var speech = Speaker.Of(settings.Speech, http, time);
        var addresses = new RecordingAddresses(RecordingAddresses.KeyOf(settings.DataDirectory, logs.CreateLogger("Switchhook.Server")), settings.Sip.Advertise);
        var ozeki = new OzekiPart(settings, http, directory, addresses, storage.History, logs, time);
        var catapult = new CatapultPart(settings, directory, directory, logs, time);
        var hoiio = new HoiioPart(settings, directory, storage.History, logs, time);
        var notifier = new Notifier(http, storage.Outbox, new WebhookSigner(directory), traces, time, logs.CreateLogger<Notifier>(), webhooks) { Replies = [ozeki.SideScripts], Failures = [catapult.Unheard] };
        var openVox = new OpenVoxPart(settings, directory, logs, time);
        // Before anything is recorded or the exchange looks for it: what a crash left open becomes readable.
        var leftRecordings = RepairRecordings(settings, logs);
        var flight = new FlightRecorder(settings.Storage.FlightDirectory, FlightOwner(settings, storage));
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ports = new ExchangePorts
        {
            Flight = flight,
            RecordingUrl = addresses.Of,
            Listening = listening.Task,
            Directory = directory,
            History = storage.History,
            Registrations = storage.Registrations,
            Speech = speech,
            Http = http,
            Traces = traces,
            Time = time,
            Logs = logs,
            Scripts = [ozeki.Script, openVox.Script, catapult.Scripts(http)],
            Log = storage.Log,
            Notifications = [ozeki.Notifications, .. openVox.Sources, .. hoiio.Sources, catapult.Callbacks, new WebhookSource(directory)],
            Applications = [.. hoiio.Applications, .. catapult.Applications],
            RegistrationNotifications = openVox.Phones,
            Notifier = notifier,
            Subscribers = [events.Ring, ozeki.SideScripts, catapult.Bridges],
        };
        switch (SwitchExchange.Start(ExchangeSettings.Of(settings, time) with { LeftRecordings = leftRecordings }, ports))
        {
            case ExchangeStart.Failed failed:
                flight.Dispose();
                await notifier.DisposeAsync();
                http.Dispose();
                speech.Dispose();
                events.Dispose();
                storage.Dispose();
                return Failure(failed.Address, failed.Message, failed.InUse);
            case ExchangeStart.Started started:
                var server = new RunningServer(settings, storage, speech, http, notifier, events, started.Exchange, flight, directory, time)
                {
                    _ozeki = ozeki,
                    _catapult = catapult,
                    _hoiio = hoiio,
                };
                if (await server.ListenAsync(traces, openVox, logs) is not { } refused)
                {
                    addresses.Server = server.HttpAddresses.Count > 0 ? server.HttpAddresses[0] : null;
                    addresses.Told = server.OzekiAddresses.Concat(server.OzekiClassicAddresses).FirstOrDefault();
                    catapult.Server = addresses.Server;
                    hoiio.Server = addresses.Server;
                    listening.SetResult();
                    notifier.Start();
                    started.Exchange.Tell(openVox.BootUp());
                    server._upkeep = new LogUpkeep(storage, settings.Storage.Retention, time, logs.CreateLogger("Switchhook.Storage"));
                    server._memory = new MemoryUpkeep(() => started.Exchange.RtpPackets, storage.GiveBack, time, logs.CreateLogger("Switchhook.Server"));
                    return new ServerStart.Started(server);
                }
                await server.DisposeAsync();
                return refused;
            default:
                throw new InvalidOperationException("The exchange neither started nor failed.");
        }
    }

    /// <summary>Waits until the phones inside the process can be called; gives up after a while, which is not a reason not to serve.</summary>
    public async Task<bool> WaitForDemoPhonesAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        var phones = Directory.Current.Provisioning.Extensions.Where(e => e.Kind == ExtensionKind.DemoPhone).Select(e => e.Number).ToList();
        var start = _time.GetTimestamp();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10), _time);
        while (!phones.TrueForAll(Registrations.IsRegistered))
        {
            if (_time.GetElapsedTime(start) > atMost || !await ticks.WaitForNextTickAsync(cancellation))
                return false;
        }
        return true;
    }

    /// <summary>Refuses new calls, gives the live ones the grace time, ends the rest, and tells everybody who is to be told.</summary>
    /// <param name="skip">Ends the grace time at once.</param>
    public async Task StopAsync(CancellationToken skip)
    {
        _isStopping = true;
        await _exchange.StopAsync(_settings.ShutdownGrace, skip);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_upkeep is not null)
            await _upkeep.DisposeAsync();
        if (_memory is not null)
            await _memory.DisposeAsync();
        if (_main is not null)
            await _main.DisposeAsync();
        if (_ozekiSurface is not null)
            await _ozekiSurface.DisposeAsync();
        if (_classicSurface is not null)
            await _classicSurface.DisposeAsync();
        if (_openVox is not null)
            await _openVox.DisposeAsync();
        await _hoiio.DisposeAsync();
        await _catapult.DisposeAsync();
        await _ozeki.DisposeAsync();
        // The exchange's last events become notifications, which are delivered before what delivers them goes.
        _exchange.Dispose();
        _flight.Dispose();
        _openVoxPart?.Save();
        await _notifier.DisposeAsync();
        _http.Dispose();
        _speech.Dispose();
        _events.Dispose();
        _storage.Dispose();
    }

    private async Task<ServerStart.Failed?> ListenAsync(CallTraceRing traces, OpenVoxPart openVox, ILoggerFactory logs)
    {
        _ozeki.Start(_exchange, _storage.History);
        _catapult.Start(_exchange, _storage);
        var native = new NativePorts(
            _exchange, _storage.History, Directory, traces, _events, _time, [OzekiPart.ScriptDialect], _exchange.Messages, _storage.Outbox, _notifier.NotifyAgain,
            _storage.RequestKeys)
        { Recordings = new RecordingShelf(_settings.RecordingsDirectory) };
        var readiness = new Readiness(
        [
            // Whoever spreads calls over servers sends no more from the first moment on.
            new ReadinessCheck("server", () => _isStopping ? "is stopping" : null),
            new ReadinessCheck("database", () => _storage.CanWrite(out var problem) ? null : problem ?? "takes no writes"),
            new ReadinessCheck("log", () => _exchange.LogProblem),
            new ReadinessCheck("sip", () => _exchange.SipAddresses.Count > 0 ? null : "no SIP socket is bound"),
        ]);
        var metrics = new Metrics(_exchange.Figures, OuterFigures);
        var main = new MainSurface(native, readiness, metrics, _settings.Security) { Dialects = DialectsOfMain(logs) };
        (_main, var failed) = await StartAsync(_settings.HttpListen, RequestBody.MaxBytes, logs, MainSurface.AddServices, main.Build);
        if (failed is null && !_settings.Dialects.Ozeki.Listen.IsEmpty)
        {
            var api = _ozeki.Api(_exchange, _storage.History);
            (_ozekiSurface, failed) = await StartAsync(_settings.Dialects.Ozeki.Listen, OzekiPart.MaxBodyBytes, logs, static _ => { }, app => app.RunOzeki(api));
        }
        if (failed is null && !_settings.Dialects.Ozeki.ClassicListen.IsEmpty)
        {
            var api = _ozeki.ClassicApi(_exchange, _storage.History);
            (_classicSurface, failed) = await StartAsync(_settings.Dialects.Ozeki.ClassicListen, OzekiPart.MaxBodyBytes, logs, static _ => { }, app => app.RunOzeki(api));
        }
        if (failed is null && !_settings.Dialects.OpenVox.Listen.IsEmpty)
        {
            var api = openVox.Api(_exchange, Registrations);
            (_openVox, failed) = await StartAsync(
                _settings.Dialects.OpenVox.Listen, OpenVoxListener.MaxBodyBytes, logs, static _ => { }, app => app.RunOpenVox(api));
            _openVoxPart = openVox;
        }
        return failed;
    }

    /// <summary>The dialects without an address of their own.</summary>
    private List<Action<IApplicationBuilder>> DialectsOfMain(ILoggerFactory logs)
    {
        List<Action<IApplicationBuilder>> dialects = [];
        if (_settings.Dialects.CatapultEnabled)
        {
            var api = _catapult.Api(_exchange, _storage, _exchange.Prompts, _http);
            dialects.Add(app => app.UseCatapult(api));
        }
        if (_hoiio.Start(_exchange, _http, _exchange.Prompts, logs) is { } hoiio)
            dialects.Add(app => app.UseHoiio(hoiio));
        return dialects;
    }

    private static async Task<(HttpSurface?, ServerStart.Failed?)> StartAsync(
        ImmutableArray<HttpListen> listen, int maxBodyBytes, ILoggerFactory logs, Action<IServiceCollection> services, Action<WebApplication> pipeline) =>
        await HttpSurface.StartAsync(listen, maxBodyBytes, logs, services, pipeline) switch
        {
            HttpSurfaceStart.Started started => (started.Surface, null),
            HttpSurfaceStart.Failed failed => (null, Failure(failed.Address, failed.Message, failed.InUse)),
            _ => throw new InvalidOperationException("The listeners neither started nor failed."),
        };

    private static IReadOnlyList<string> RepairRecordings(ServerSettings settings, ILoggerFactory logs)
    {
        var log = logs.CreateLogger("Switchhook.Recordings");
        var repaired = RecordingFiles.Repair(settings.RecordingsDirectory, out var left);
        foreach (var file in repaired)
            LogRepaired(log, file);
        return left;
    }

    [LoggerMessage(EventName = "RecordingRepaired", Level = LogLevel.Warning, Message = "the recording {File} was under way when the server stopped; it can be read")]
    private static partial void LogRepaired(ILogger log, string file);

    private OuterFigures OuterFigures()
    {
        var terminal = new Dictionary<string, long>(_notifier.TerminalEvents) { ["native"] = _events.Ring.CallsEnded };
        return new OuterFigures(terminal, _notifier.Counts.Results, _notifier.Pending);
    }

    private static ServerStart.Failed Failure(string address, string message, bool inUse) => inUse
        ? new ServerStart.Failed(ExitCode.AddressInUse, $"{address} is in use by another program")
        : new ServerStart.Failed(ExitCode.WrongArguments, $"{address} cannot be listened on: {message}");
}
