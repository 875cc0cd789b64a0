using System.Net;
using System.Net.Sockets;

namespace Switchhook.TestKit.Programs;

/// <summary>Finds ports for programs that cannot say which one they picked themselves.</summary>
public static class FreePort
{
    /// <summary>A port that is free for UDP and TCP at this moment.</summary>
    public static int Next()
    {
        while (true)
        {
            using var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            var port = ((IPEndPoint)tcp.LocalEndpoint).Port;
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken for UDP; the next one then.
            }
        }
    }
}
