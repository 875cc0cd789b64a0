using System.Net;
using System.Net.Sockets;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Torture;

/// <summary>One connection to the user agent: what has come back on it, and whether it still stands.</summary>
internal sealed class TorturePeer : IDisposable
{
    private readonly byte[] _buffer = new byte[65_536];
    private int _filled;

    public TorturePeer(IPEndPoint agent)
    {
        Socket.NoDelay = true;
        Socket.Connect(agent);
    }

    public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public List<SipMessage> Messages { get; } = [];

    public bool IsClosed { get; private set; }

    /// <summary>Takes what has arrived, without waiting.</summary>
    public void Drain()
    {
        while (!IsClosed && Socket.Poll(0, SelectMode.SelectRead))
        {
            var read = Socket.Receive(_buffer, _filled, _buffer.Length - _filled, SocketFlags.None, out var error);
            if (read == 0 || error != SocketError.Success) IsClosed = true;
            else _filled += read;
        }

        while (SipFramer.TryFrame(_buffer.AsSpan(0, _filled), SipLimits.Default, out var length) == SipFrame.Message)
        {
            _ = SipParser.TryParse(_buffer.AsSpan(0, length), SipLimits.Default, out var message);
            Messages.Add(Assert.IsType<SipMessage>(message, exactMatch: false));
            _buffer.AsSpan(length, _filled - length).CopyTo(_buffer);
            _filled -= length;
        }
    }

    public void Dispose() => Socket.Dispose();
}
