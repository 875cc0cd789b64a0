using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transport;

/// <summary>A real transport on 127.0.0.1 that writes down what it says; the test's thread is its polling thread.</summary>
internal sealed class LoopbackBench : ISipTransportSink, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public LoopbackBench(SipTransportLimits? limits = null, TimeProvider? time = null, IPAddress? address = null, SslStreamCertificateContext? certificate = null)
    {
        var local = new IPEndPoint(address ?? IPAddress.Loopback, 0);
        Timers = new TimerWheel(time ?? TimeProvider.System);
        List<SipListen> listens = [new(SipTransportKind.Udp, local), new(SipTransportKind.Tcp, local)];
        if (certificate is not null)
            listens.AddRange([new(SipTransportKind.Tls, local) { Certificate = certificate }, new(SipTransportKind.Ws, local), new(SipTransportKind.Wss, local) { Certificate = certificate }]);
        Assert.True(SipTransport.TryOpen(
            listens,
            limits ?? new SipTransportLimits(),
            SipLimits.Default with { MaxMessageBytes = 8192 },
            Timers,
            out var transport,
            out _));
        Transport = transport;
    }

    public SipTransport Transport { get; }

    public TimerWheel Timers { get; }

    public IPEndPoint Udp => Transport.Listeners[0].Bound.ToIPEndPoint();

    public IPEndPoint Tcp => Transport.Listeners[1].Bound.ToIPEndPoint();

    public IPEndPoint Tls => Transport.Listeners[2].Bound.ToIPEndPoint();

    public IPEndPoint Ws => Transport.Listeners[3].Bound.ToIPEndPoint();

    public IPEndPoint Wss => Transport.Listeners[4].Bound.ToIPEndPoint();

    public List<(SipFlow Flow, string Text)> Messages { get; } = [];

    public List<(SipFlow Flow, TransportFault Fault)> Faults { get; } = [];

    public List<TransportDrop> Drops { get; } = [];

    /// <summary>What to do with a message, while its bytes are valid.</summary>
    public Action<SipFlow, string>? React { get; set; }

    public void OnMessage(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        Messages.Add((flow, Encoding.UTF8.GetString(message)));
        React?.Invoke(flow, Messages[^1].Text);
    }

    public void OnFailed(in SipFlow flow, TransportFault fault) => Faults.Add((flow, fault));

    public void OnDropped(TransportDrop drop) => Drops.Add(drop);

    /// <summary>Polls, sleeping in the kernel, until the condition holds.</summary>
    public void PollUntil(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "nothing more arrives");
            Transport.Poll(Timers.Time.GetTimestamp() + (Timers.Time.TimestampFrequency / 20), this);
            Timers.Fire();
        }
    }

    public Socket ConnectTcp()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)Patience.TotalMilliseconds, NoDelay = true };
        socket.Connect(Tcp);
        return socket;
    }

    public static Socket BindUdp()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Patience.TotalMilliseconds };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>A message of a given number, with a body of a given length.</summary>
    public static string Message(int number, int bodyLength = 0) =>
        $"OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nCSeq: {number} OPTIONS\r\nContent-Length: {bodyLength}\r\n\r\n{new string('b', bodyLength)}";

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public void Dispose() => Transport.Dispose();
}
