using System.Net;
using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Tests.Dialogs;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Torture;

/// <summary>A user agent that is handed octets without a network, and what it cost it. Calls are refused, rung, answered and left alone in turn.</summary>
internal sealed class HostileAgent : ISipTransport, ISipUserAgentHandler, ISessionUser
{
    private readonly SimulatedTime _time = new();
    private readonly TimerWheel _timers;
    private readonly HashSet<SipSession> _sessions = [];
    private int _calls;

    public HostileAgent()
    {
        _timers = new TimerWheel(_time);
        Agent = new SipUserAgent(this, _timers, this, new SeededRandom(4475));
    }

    public SipUserAgent Agent { get; }

    public IReadOnlyList<SipListener> Listeners { get; } =
    [
        new(0, SipTransportKind.Udp, SipEndpoint.From(IPEndPoint.Parse("198.51.100.1:5060")), "198.51.100.1", 5060),
        new(1, SipTransportKind.Tcp, SipEndpoint.From(IPEndPoint.Parse("198.51.100.1:5060")), "198.51.100.1", 5060),
    ];

    /// <summary>Octets sent in answer to the latest message.</summary>
    public int OctetsSent { get; private set; }

    /// <summary>Octets allocated for the latest message.</summary>
    public long Allocated { get; private set; }

    /// <summary>Messages of ours that no parser would take although the one they answer was well-formed.</summary>
    public int Unreadable { get; private set; }

    private bool _isJudging;

    /// <summary>One message arrives.</summary>
    public void Receive(ReadOnlySpan<byte> octets, bool overTcp = false)
    {
        var verdict = SipFramer.TryFrame(octets, SipLimits.Default, out var length);
        var isUnframed = overTcp && verdict == SipFrame.Error && length > 0;
        _isJudging = !isUnframed && SipParser.TryParse(octets, SipLimits.Default, out _) == SipParseError.None;
        var flow = new SipFlow(
            overTcp ? SipTransportKind.Tcp : SipTransportKind.Udp, SipEndpoint.From(IPEndPoint.Parse("192.0.2.7:5062")), overTcp ? 1 : 0, overTcp ? 9 : 0);
        OctetsSent = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        ISipTransportSink sink = Agent.Stack;
        if (isUnframed) sink.OnUnframed(flow, octets[..length]);
        else sink.OnMessage(flow, octets);
        Allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        _isJudging = false;
    }

    /// <summary>Whether an OPTIONS is answered.</summary>
    public bool Answers(int number)
    {
        Receive(Encoding.ASCII.GetBytes(
            $"OPTIONS sip:switch@198.51.100.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7:5062;branch=z9hG4bKprobe{number};rport\r\nMax-Forwards: 70\r\n" +
            $"From: <sip:probe@192.0.2.7>;tag=p\r\nTo: <sip:switch@198.51.100.1>\r\nCall-ID: probe-{number}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"));
        return OctetsSent > 0;
    }

    /// <summary>Everything is hung up and time passes until nothing can be waiting any more.</summary>
    public void Settle()
    {
        foreach (var session in _sessions.ToArray()) session.HangUp(new SessionHangup());
        for (var second = 0; second < 200; second++)
        {
            _time.MoveTo(_time.Elapsed + TimeSpan.FromSeconds(1));
            while (Agent.Stack.Poll(0) > 0)
            {
            }
        }
    }

    public int Poll(long deadline, ISipTransportSink sink) => 0;

    public void Wake()
    {
    }

    public SendResult Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        OctetsSent += message.Length;
        if (_isJudging && SipParser.TryParse(message, SipLimits.Default, out _) != SipParseError.None) Unreadable++;
        return SendResult.Sent;
    }

    public SipListener? ListenerFor(in SipFlow flow) => Listeners[flow.Kind == SipTransportKind.Udp ? 0 : 1];

    public void OnInvite(IncomingInvite invite)
    {
        switch (_calls++ % 4)
        {
            case 0:
                invite.Reply(486);
                break;
            case 1:
                Keep(invite.Accept(this)).Progress(180, []);
                break;
            case 2:
                Keep(invite.Accept(this)).Answer("v=0\r\n"u8);
                break;
        }
    }

    public void OnRequest(IncomingRequest request) => request.Reply(200);

    public void OnProgress(SipSession session, SipResponse response)
    {
    }

    public void OnAnswered(SipSession session, SipResponse response)
    {
    }

    public void OnAcknowledged(SipSession session, SipRequest ack)
    {
    }

    public void OnReoffer(SipSession session, SipRequest reinvite) => session.AnswerReoffer("v=0\r\n"u8);

    public void OnReofferAnswered(SipSession session, SipResponse? final)
    {
    }

    public void OnInfo(SipSession session, SipRequest info)
    {
    }

    public void OnEnded(SipSession session, SessionEnd end)
    {
    }

    public void OnHangupSent(SipSession session, HangupSent sent)
    {
    }

    public void OnConfirmed(SipSession session, HangupConfirmation confirmation)
    {
    }

    public void OnReleased(SipSession session) => _sessions.Remove(session);

    private SipSession Keep(SipSession session)
    {
        _sessions.Add(session);
        return session;
    }
}
