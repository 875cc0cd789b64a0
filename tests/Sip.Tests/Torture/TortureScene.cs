using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Torture;

/// <summary>A user agent on real sockets, and peers that throw octets at it. The test's thread polls.</summary>
internal sealed class TortureScene : ISipUserAgentHandler, IRandomSource, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly SipTransport _transport;
    private readonly AnswerCatcher _catcher;
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly List<SipMessage> _datagrams = [];
    private readonly List<string> _handled = [];
    private int _probes;

    public TortureScene()
    {
        var local = new IPEndPoint(IPAddress.Loopback, 0);
        var timers = new TimerWheel(TimeProvider.System);
        Assert.True(
            SipTransport.TryOpen(
                [new(SipTransportKind.Udp, local), new(SipTransportKind.Tcp, local)],
                new SipTransportLimits(), SipLimits.Default, timers, out var transport, out var failure),
            failure?.Detail);
        _transport = transport!;
        _udp.Bind(local);
        _catcher = new(_transport, SipEndpoint.From((IPEndPoint)_udp.LocalEndPoint!));
        Agent = new SipUserAgent(_catcher, timers, this, this);
    }

    public SipUserAgent Agent { get; }

    /// <summary>The ports datagrams were meant for, which no peer here has.</summary>
    public IReadOnlyList<int> PortsAsked => _catcher.Ports;

    /// <summary>What to do with a new call instead of being busy.</summary>
    public Action<IncomingInvite>? Inviting { get; set; }

    /// <summary>Everything that has come back over UDP, probes excepted.</summary>
    public IEnumerable<SipMessage> Answers => _datagrams.Where(message => !IsProbe(message));

    /// <summary>Sends datagrams and says what came of them; afterwards the agent still answers.</summary>
    public string OverUdp(params byte[][] messages)
    {
        foreach (var message in messages) _udp.SendTo(message, _transport.Listeners[0].Bound.ToIPEndPoint());
        var probe = Probe("UDP");
        _udp.SendTo(probe.Octets, _transport.Listeners[0].Bound.ToIPEndPoint());
        // The agent handles datagrams in their order, so whatever it says to the others comes before the answer to the probe.
        Until(() => _datagrams.Exists(message => Answers200(message, probe.CallId)));
        return Outcome(Answers, "");
    }

    /// <summary>Sends octets on a connection and says what came of them; another connection is open all the while and goes on working.</summary>
    public string OverTcp(byte[] message)
    {
        using var bystander = new TorturePeer(_transport.Listeners[1].Bound.ToIPEndPoint());
        using var peer = new TorturePeer(_transport.Listeners[1].Bound.ToIPEndPoint());
        AssertAnswers(bystander);
        AssertAnswers(peer);

        peer.Socket.Send(message);
        AssertAnswers(bystander);
        peer.Drain();
        if (peer.IsClosed) return Outcome(peer.Messages.Where(answer => !IsProbe(answer)), "closed");

        var probe = Probe("TCP");
        peer.Socket.Send(probe.Octets);
        AssertAnswers(bystander);
        peer.Drain();
        var answered = peer.Messages.Exists(answer => Answers200(answer, probe.CallId));
        return Outcome(peer.Messages.Where(answer => !IsProbe(answer)), answered ? "" : "waits for the rest");
    }

    /// <summary>Polls until it holds.</summary>
    public void Until(Func<bool> done)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!done())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "nothing more arrives");
            Agent.Stack.Poll(TimeProvider.System.GetTimestamp() + (TimeProvider.System.TimestampFrequency / 1000));
            DrainUdp();
        }
    }

    void ISipUserAgentHandler.OnInvite(IncomingInvite invite)
    {
        _handled.Add("handler INVITE");
        if (Inviting is not null) Inviting(invite);
        else invite.Reply(486);
    }

    void ISipUserAgentHandler.OnRequest(IncomingRequest request)
    {
        if (!IsProbe(request.Request)) _handled.Add("handler " + Encoding.UTF8.GetString(request.Request.MethodName));
        request.Reply(request.Request.Method == SipMethod.Register ? Registered(request.Request) : 200);
    }

    ulong IRandomSource.Next() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    public void Dispose()
    {
        _udp.Dispose();
        _transport.Dispose();
    }

    private static int Registered(SipRequest register)
    {
        foreach (var value in register.Values(HeaderName.Contact))
        {
            if (!ContactValue.TryParse(value, out _)) return 400;
        }

        return register.TryGet(HeaderName.Authorization, out var credentials) && !DigestCredentials.TryParse(credentials, out _) ? 401 : 200;
    }

    private static bool IsProbe(SipMessage message) => message.CallId.StartsWith("probe-"u8);

    private static bool Answers200(SipMessage message, string callId) =>
        message is SipResponse { Status: 200 } && Encoding.UTF8.GetString(message.CallId) == callId;

    private string Outcome(IEnumerable<SipMessage> answers, string end)
    {
        string[] parts = [.. _handled, .. answers.Select(Describe), end];
        var text = string.Join(", ", parts.Where(part => part.Length > 0));
        return text.Length == 0 ? "silence" : text;
    }

    private static string Describe(SipMessage answer)
    {
        var response = Assert.IsType<SipResponse>(answer);
        HeaderName? telling = response.Status switch
        {
            415 => HeaderName.Accept,
            420 => HeaderName.Unsupported,
            _ => null,
        };
        var detail = telling is { } name && response.GetText(name) is { } value ? $" [{name}: {value}]" : "";
        if (response.Has(HeaderName.Allow)) detail += " [Allow]";
        return $"{response.Status} {response.ReasonText}{detail}";
    }

    private (string CallId, byte[] Octets) Probe(string transport)
    {
        var id = $"probe-{++_probes}";
        return (id, Encoding.UTF8.GetBytes(
            $"OPTIONS sip:switch@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/{transport} 127.0.0.1;branch=z9hG4bK{id};rport\r\nMax-Forwards: 70\r\n" +
            $"From: <sip:probe@127.0.0.1>;tag={id}\r\nTo: <sip:switch@127.0.0.1>\r\nCall-ID: {id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"));
    }

    /// <summary>What other connections have sent before is read by then: all that is ready is read in one turn.</summary>
    private void AssertAnswers(TorturePeer peer)
    {
        var probe = Probe("TCP");
        peer.Socket.Send(probe.Octets);
        Until(() =>
        {
            peer.Drain();
            return peer.Messages.Exists(answer => Answers200(answer, probe.CallId));
        });
    }

    private void DrainUdp()
    {
        var buffer = new byte[65_536];
        while (_udp.Available > 0)
        {
            _ = SipParser.TryParse(buffer.AsSpan(0, _udp.Receive(buffer)), SipLimits.Default, out var message);
            _datagrams.Add(Assert.IsType<SipMessage>(message, exactMatch: false)); // the refusal of a malformed request repeats its faults
        }
    }

    /// <summary>
    /// The answers to most of these messages go to port 5060 of their sender (RFC 3261 §18.2.2), which is not the test's to listen on: they are
    /// noted and brought to the socket that has asked.
    /// </summary>
    private sealed class AnswerCatcher(SipTransport inner, SipEndpoint peer) : ISipTransport
    {
        public List<int> Ports { get; } = [];

        public IReadOnlyList<SipListener> Listeners => inner.Listeners;

        public int Poll(long deadline, ISipTransportSink sink) => inner.Poll(deadline, sink);

        public void Wake() => inner.Wake();

        public SipListener? ListenerFor(in SipFlow flow) => inner.ListenerFor(flow);

        public SendResult Send(in SipFlow flow, ReadOnlySpan<byte> message)
        {
            if (flow.Kind != SipTransportKind.Udp) return inner.Send(flow, message);
            Ports.Add(flow.Remote.Port);
            return inner.Send(flow with { Remote = peer }, message);
        }
    }
}
