using System.Net;
using System.Net.Sockets;

namespace Switchhook.TestKit.Programs;

/// <summary>Finds ports for programs that cannot say which one they picked themselves.</summary>
public static class FreePort
{
    // Below the ports the system hands out by itself, so that a port found here is not given away before its program takes it.
    private const int First = 10_000;
    private const int Span = 10_000;
    private const int Run = 4;

    private static int _last = Environment.ProcessId % Span;

    /// <summary>An even port that is free for UDP and TCP at this moment, and the three after it too; programs take up to four in a row.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + (Interlocked.Add(ref _last, Run) % Span & ~(Run - 1));
            if (Enumerable.Range(port, Run).All(IsFree))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            tcp.Bind(new IPEndPoint(IPAddress.Any, port));
            udp.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
