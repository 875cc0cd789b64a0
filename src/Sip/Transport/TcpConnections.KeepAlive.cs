namespace Switchhook.Sip.Transport;

/// <summary>Pings of ours on connections that must stay open, and the answers to them (RFC 5626 §4.4.1).</summary>
internal sealed partial class TcpConnections
{
    private const int PingTimer = 1;

    /// <summary>§4.4.1: a connection whose ping is not answered in this time has failed.</summary>
    private static readonly TimeSpan PongWithin = TimeSpan.FromSeconds(10);

    /// <summary>Pings a connection from now on; zero ends that. False when there is no such connection.</summary>
    public bool KeepAlive(in SipFlow flow, TimeSpan interval)
    {
        if (!TryFind(flow, out var connection)) return false;
        connection.PingEvery = interval;
        if (interval <= TimeSpan.Zero)
        {
            connection.AwaitsPong = false;
            _ = timers.Cancel(ref connection.PingTimer);
        }
        else if (!connection.AwaitsPong)
        {
            timers.Restart(ref connection.PingTimer, interval, connection, PingTimer);
        }

        return true;
    }

    private void OnPingTimer(TcpConnection connection)
    {
        if (connection.AwaitsPong)
        {
            Close(connection, TransportFault.Idle);
            return;
        }

        connection.AwaitsPong = true;
        timers.Restart(ref connection.PingTimer, PongWithin, connection, PingTimer);
        _ = Send(connection.Flow, null, "\r\n\r\n"u8);
    }

    /// <summary>A line break between messages answers our ping. True when it was no more than that, and is to be taken off the stream.</summary>
    private bool TakePong(TcpConnection connection, ReadOnlySpan<byte> buffered)
    {
        if (!connection.AwaitsPong || !buffered.StartsWith("\r\n"u8)) return false;
        connection.AwaitsPong = false;
        timers.Restart(ref connection.PingTimer, connection.PingEvery, connection, PingTimer);
        return !buffered.StartsWith("\r\n\r\n"u8);
    }
}
