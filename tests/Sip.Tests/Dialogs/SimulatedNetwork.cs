using System.Net;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>A clock that moves only when told.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed => new(_now);

    public override long GetTimestamp() => _now;

    public void MoveTo(TimeSpan moment) => _now = Math.Max(_now, moment.Ticks);
}

internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public ulong Next() => (ulong)_random.NextInt64(long.MinValue, long.MaxValue);
}

/// <summary>
/// Datagrams between user agents in memory, under a clock of its own: lost, delayed, doubled and overtaking each other as one seed says.
/// </summary>
internal sealed class SimulatedNetwork
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly Dictionary<SipEndpoint, SimulatedTransport[]> _hosts = [];
    private readonly List<SipUserAgent> _agents = [];
    private readonly Random _chance;
    private long _order;

    public SimulatedNetwork(int seed)
    {
        _chance = new Random(seed);
        Timers = new TimerWheel(Time);
    }

    public SimulatedTime Time { get; } = new();

    public TimerWheel Timers { get; }

    public double Loss { get; set; }

    public double Doubling { get; set; }

    public double Refusal { get; set; }

    public TimeSpan LongestDelay { get; set; }

    /// <summary>The methods of the requests and the statuses of the responses that were sent.</summary>
    public HashSet<string> Carried { get; } = [];

    public static SipFlow To(int host) => SipFlow.Toward(SipTransportKind.Udp, Address(host));

    public SipUserAgent Add(int host, ISipUserAgentHandler handler, SipUserAgentOptions? options = null)
    {
        var transport = new SimulatedTransport(this, Address(host));
        _hosts[transport.Local] = [transport];
        var agent = new SipUserAgent(transport, Timers, handler, new SeededRandom(_chance.Next()), options);
        transport.Sink = agent.Stack;
        _agents.Add(agent);
        return agent;
    }

    /// <summary>What is sent to this address reaches every one of these hosts, as behind a forking proxy.</summary>
    public void Fork(int address, params int[] hosts) =>
        _hosts[SipEndpoint.From(Address(address))] = [.. hosts.Select(host => _hosts[SipEndpoint.From(Address(host))][0])];

    /// <summary>A party that is played by the test itself.</summary>
    public SimulatedTransport Add(int host, Action<string> received)
    {
        var transport = new SimulatedTransport(this, Address(host)) { Script = received };
        _hosts[transport.Local] = [transport];
        return transport;
    }

    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Time.Elapsed + delay, _order++));

    /// <summary>Runs until nothing is under way and no timer runs.</summary>
    public void Run(int mostTurns = 20_000)
    {
        Settle();
        while (NextMoment() is { } moment)
        {
            if (mostTurns-- == 0) throw new InvalidOperationException("The parties do not come to rest.");
            Advance(moment);
        }
    }

    /// <summary>Runs for a while.</summary>
    public void RunFor(TimeSpan duration)
    {
        var end = Time.Elapsed + duration;
        Settle();
        while (NextMoment() is { } moment && moment <= end) Advance(moment);
        Time.MoveTo(end);
    }

    internal void Carry(SimulatedTransport from, SipEndpoint to, ReadOnlySpan<byte> message)
    {
        var line = System.Text.Encoding.ASCII.GetString(message[..11]);
        Carried.Add(line.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? line[8..] : line[..line.IndexOf(' ')]);
        if (!_hosts.TryGetValue(to, out var targets)) return;
        if (_chance.NextDouble() < Refusal)
        {
            After(Delay(), () => from.Sink?.OnFailed(Flow(to), TransportFault.Refused));
            return;
        }

        var copy = message.ToArray();
        foreach (var target in targets)
        {
            if (_chance.NextDouble() >= Loss) After(Delay(), () => target.Deliver(from.Local, copy));
            if (_chance.NextDouble() < Doubling) After(Delay(), () => target.Deliver(from.Local, copy));
        }
    }

    internal static SipFlow Flow(SipEndpoint remote) => new(SipTransportKind.Udp, remote, 0, 0);

    private static IPEndPoint Address(int host) => new(new IPAddress([10, 0, 0, (byte)host]), 5060);

    private TimeSpan Delay() => LongestDelay * _chance.NextDouble();

    private TimeSpan? NextMoment()
    {
        var timer = Timers.Next;
        var moment = timer == long.MaxValue ? TimeSpan.MaxValue : new TimeSpan(timer);
        if (_events.TryPeek(out _, out var next) && next.At < moment) moment = next.At;
        return moment == TimeSpan.MaxValue ? null : moment;
    }

    private void Advance(TimeSpan moment)
    {
        Time.MoveTo(moment);
        while (_events.TryPeek(out _, out var next) && next.At <= Time.Elapsed)
        {
            _events.Dequeue()();
            Settle();
        }

        Settle();
    }

    private void Settle()
    {
        int handled;
        do
        {
            handled = 0;
            foreach (var agent in _agents) handled += agent.Stack.Poll(long.MinValue);
        }
        while (handled > 0);
    }
}

internal sealed class SimulatedTransport(SimulatedNetwork network, IPEndPoint local) : ISipTransport
{
    public SipEndpoint Local { get; } = SipEndpoint.From(local);

    public ISipTransportSink? Sink { get; set; }

    public Action<string>? Script { get; init; }

    public IReadOnlyList<SipListener> Listeners { get; } =
        [new SipListener(0, SipTransportKind.Udp, SipEndpoint.From(local), local.Address.ToString(), local.Port)];

    public void Deliver(SipEndpoint from, byte[] message)
    {
        Script?.Invoke(System.Text.Encoding.UTF8.GetString(message));
        Sink?.OnMessage(SimulatedNetwork.Flow(from), message);
    }

    public int Poll(long deadline, ISipTransportSink sink) => 0;

    public void Wake()
    {
    }

    public SendResult Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        network.Carry(this, flow.Remote, message);
        return SendResult.Sent;
    }

    public SipListener? ListenerFor(in SipFlow flow) => Listeners[0];
}
