using System.Net;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Tests.Journal;
using Switchhook.Ivr;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>An exchange in this process, with ports in memory, prompts in a folder of its own and peers that do exactly what they are told.</summary>
internal sealed class Loopback : IAsyncDisposable
{
    private readonly TempFolder _prompts = new();
    private readonly List<IAsyncDisposable> _peers = [];

    private Loopback(Provisioning provisioning, Func<ExchangeOptions, ExchangeOptions>? options, IScriptSource[] scripts, ManualTime? time = null, IReadOnlyList<UnfinishedCall>? left = null, MemoryFlight? flight = null,
        IReadOnlyList<CallEvent>? past = null)
    {
        Ports = new MemoryPorts { Time = (TimeProvider?)time ?? TimeProvider.System, Left = left ?? [], Past = past ?? [], Flight = flight ?? new() };
        Ports.Current = new CallDirectory(provisioning);
        var plain = new ExchangeOptions { SipListen = ["udp://127.0.0.1:0"], RtpFirstPort = 0, RtpLastPort = 0, PromptsDirectory = _prompts.Path, RecordingsDirectory = _prompts.At("recordings") };
        Exchange = Assert.IsType<ExchangeStart.Started>(SwitchExchange.Start(options?.Invoke(plain) ?? plain, Ports.ToPorts(scripts))).Exchange;
    }

    public MemoryPorts Ports { get; }
    public SwitchExchange Exchange { get; }
    public TempFolder Prompts => _prompts;

    /// <summary>Where the exchange takes SIP.</summary>
    public IPEndPoint Sip => IPEndPoint.Parse(Exchange.SipAddresses[0].AsSpan("udp://".Length));

    public static Loopback Start(Provisioning provisioning, Func<ExchangeOptions, ExchangeOptions>? options = null, params IScriptSource[] scripts) =>
        new(provisioning, options, scripts);

    /// <summary>The same with a clock that moves only when told to.</summary>
    public static Loopback StartAt(ManualTime time, Provisioning provisioning, Func<ExchangeOptions, ExchangeOptions>? options = null) =>
        new(provisioning, options, [], time);

    /// <summary>An exchange that finds calls another left up.</summary>
    public static Loopback StartAfter(IReadOnlyList<UnfinishedCall> left, Provisioning provisioning, Func<ExchangeOptions, ExchangeOptions>? options = null, MemoryFlight? flight = null) =>
        new(provisioning, options, [], left: left, flight: flight);

    /// <summary>An exchange that finds a log, and no call up.</summary>
    public static Loopback StartAfter(IReadOnlyList<CallEvent> past, Provisioning provisioning, Func<ExchangeOptions, ExchangeOptions> options) =>
        new(provisioning, options, [], past: past);

    /// <summary>Moves a manual clock; the timers that are due have fired when this returns.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        ((ManualTime)Ports.Time).Advance(by);
        // The shard sleeps by the real clock: each question wakes it, and the second is read only after a whole turn.
        for (var i = 0; i < 2; i++)
            await AskAsync(new CallCommand.Hold(default));
    }

    /// <summary>A demo phone.</summary>
    public static Extension Demo(string number, ServiceBehaviour behaviour) =>
        new() { Number = number, Kind = ExtensionKind.DemoPhone, Behaviour = behaviour, Account = "demo" };

    /// <summary>Waits until every demo phone can be called.</summary>
    public Task DemoPhonesAsync() => Eventually.GetAsync(
        () => Task.FromResult(Ports.Current.Provisioning.Extensions.All(e => e.Kind != ExtensionKind.DemoPhone || Exchange.Registrations.IsRegistered(e.Number))),
        up => up,
        "the demo phones are registered");

    /// <summary>A peer exchange that calls from that address.</summary>
    public ScriptedPhone Peer(string address = "127.0.0.9", string user = "5551")
    {
        var peer = ScriptedPhone.Open(new PhoneSettings { User = user, Server = Sip, Local = new IPEndPoint(IPAddress.Parse(address), 0) });
        _peers.Add(peer);
        return peer;
    }

    /// <summary>A phone of ours.</summary>
    public ScriptedPhone Phone(string extension, string? secret)
    {
        var phone = ScriptedPhone.Open(new PhoneSettings { User = extension, Server = Sip, Secret = secret });
        _peers.Add(phone);
        return phone;
    }

    /// <summary>A far end of audio.</summary>
    public RtpProbe Audio()
    {
        var probe = new RtpProbe();
        _peers.Add(probe);
        return probe;
    }

    /// <summary>Waits until the file of a recording is open: from then on its caller's hangup leaves one.</summary>
    public Task RecordingFileAsync() => Eventually.GetAsync(
        () => Task.FromResult(Directory.Exists(_prompts.At("recordings")) && Directory.EnumerateFiles(_prompts.At("recordings"), "*.wav", SearchOption.AllDirectories).Any()),
        there => there,
        "the file of the recording is there");

    /// <summary>The one call there is, once it has ended.</summary>
    public async Task<Call> EndedAsync() => (await Ports.EventAsync(e => e is CallEnded)).Call;

    public ValueTask<CallReply> AskAsync(CallCommand command) => Exchange.AskAsync(command, default);

    /// <summary>
    /// Every call that began has been told to have ended, once, and everything of it has been given back; transactions alone go on absorbing
    /// repeats for as long as RFC 3261 says.
    /// </summary>
    public async Task QuietAsync()
    {
        await Eventually.GetAsync(() => Task.FromResult(Left()), left => left.Length == 0, "nothing of any call is left");
        var events = Ports.Events;
        Assert.Equal(Ports.Ended.Count, events.Count(e => e is CallEnded));
        Assert.Equal(Ports.Ended.Sum(c => c.Legs.Count(l => l.State is not LegState.Moved)), events.Count(e => e is LegEnded));
        foreach (var call in events.GroupBy(e => e.Call.Id))
        {
            Assert.Equal(Enumerable.Range(1, call.Count()), call.Select(e => e.Sequence));
            Assert.All(call.SkipWhile(e => e is not CallEnded).Skip(1), e => Assert.True(e is HangupConfirmed or RecordingEnded, e.Name));
        }
    }

    private string Left()
    {
        var left = Exchange.Figures().Live.Where(l => l.Key is "call" or "leg" or "dialog" or "rtp_port" or "script" or "mixer_seat" or "recording" && l.Value != 0).Select(l => $"{l.Key}={l.Value}").ToList();
        if (Exchange.RunningCalls is > 0 and var running)
            left.Add($"running={running}");
        if (Exchange.Figures().CallsEnded.Values.Sum() - Ports.Events.Count(e => e is CallEnded) is not 0 and var untold)
            left.Add($"untold={untold}");
        return string.Join(' ', left);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
            await peer.DisposeAsync();
        Exchange.Dispose();
        _prompts.Dispose();
    }

    /// <summary>Who ended a call and why, in words.</summary>
    public static string Why(Call call) => $"{call.By!.Word}{(call.By.Detail is { } detail ? $" ({detail})" : "")} {HangupCauses.NameOf(call.Cause!.Value)}";

    /// <summary>The record of a leg.</summary>
    public static HangupRecord Record(Call call, int leg = 1) => call.Legs[leg - 1].Record!;
}
