using System.Net;
using System.Net.Sockets;
using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Tests.Dialogs;
using Switchhook.Sip.Tests.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transport;

/// <summary>Pings of ours on a stream connection (RFC 5626 §4.4.1).</summary>
public sealed class KeepAliveTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly LoopbackBench _bench;
    private readonly Socket _peer;
    private readonly SipFlow _flow;

    public KeepAliveTests()
    {
        _bench = new LoopbackBench(time: _clock);
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _flow = SipFlow.Toward(SipTransportKind.Tcp, (IPEndPoint)listener.LocalEndPoint!);
        _bench.Transport.Send(_flow, "first"u8);
        _bench.PollUntil(() => listener.Poll(0, SelectMode.SelectRead));
        _peer = listener.Accept();
        _bench.PollUntil(() => _peer.Available == 5);
        _peer.Receive(new byte[5]);
    }

    public void Dispose()
    {
        _peer.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public void A_ping_goes_out_each_interval_while_each_is_answered()
    {
        var kept = _bench.Transport.KeepAlive(_flow, TimeSpan.FromSeconds(100));

        var pings = new List<string> { Ping(), Ping(), Ping() };

        Assert.True(kept);
        Assert.All(pings, ping => Assert.Equal("\r\n\r\n", ping));
        Assert.Empty(_bench.Faults);

        string Ping()
        {
            Pass(100);
            _bench.PollUntil(() => _peer.Available == 4);
            var bytes = new byte[4];
            _peer.Receive(bytes);
            _peer.Send("\r\n"u8);
            var answers = _bench.Drops.Count + 1;
            _bench.PollUntil(() => _bench.Drops.Count == answers);
            return Encoding.ASCII.GetString(bytes);
        }
    }

    [Fact]
    public void A_ping_not_answered_in_ten_seconds_closes_the_connection()
    {
        _bench.Transport.KeepAlive(_flow, TimeSpan.FromSeconds(100));

        Pass(100);
        Pass(9.9);
        var before = _bench.Faults.Count;
        Pass(0.2);
        _bench.PollUntil(() => _bench.Faults.Count == 1);

        Assert.Equal(0, before);
        Assert.Equal(TransportFault.Idle, _bench.Faults[0].Fault);
        Assert.Equal(0, _bench.Timers.LiveTimers);
    }

    [Fact]
    public void A_message_behind_the_answer_arrives_whole()
    {
        _bench.Transport.KeepAlive(_flow, TimeSpan.FromSeconds(100));
        Pass(100);

        _peer.Send(LoopbackBench.Bytes("\r\n" + LoopbackBench.Message(1, 10)));
        _bench.PollUntil(() => _bench.Messages.Count == 1);
        Pass(50);

        Assert.Equal(LoopbackBench.Message(1, 10), _bench.Messages[0].Text);
        Assert.Empty(_bench.Faults);
    }

    [Fact]
    public void A_zero_interval_ends_the_pings_and_an_unknown_flow_has_none()
    {
        _bench.Transport.KeepAlive(_flow, TimeSpan.FromSeconds(100));
        _bench.Transport.KeepAlive(_flow, TimeSpan.Zero);
        Pass(200);

        Assert.Equal(0, _peer.Available);
        Assert.False(_bench.Transport.KeepAlive(_flow with { Connection = 1 }, TimeSpan.FromSeconds(100)));
        Assert.False(_bench.Transport.KeepAlive(SipFlow.Toward(SipTransportKind.Udp, _bench.Udp), TimeSpan.FromSeconds(100)));
    }

    [Fact]
    public void A_user_agent_pings_between_80_and_100_percent_of_the_flow_timer()
    {
        var agent = new SipUserAgent(_bench.Transport, _bench.Timers, new SimulatedParty(new SimulatedNetwork(1), "us"), new SeededRandom(1));

        var kept = agent.KeepAlive(_flow, TimeSpan.FromSeconds(100));
        Pass(79.9);
        var early = _bench.Transport.LiveConnections == 1 && _peer.Available > 0;
        Pass(20.2);
        _bench.PollUntil(() => _peer.Available == 4);

        Assert.True(kept);
        Assert.False(early);
    }

    private void Pass(double seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        _bench.Timers.Fire();
    }
}
