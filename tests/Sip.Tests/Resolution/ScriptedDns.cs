using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Switchhook.Sip.Transport.Dns;
using Switchhook.TestKit.Timing;

namespace Switchhook.Sip.Tests.Resolution;

/// <summary>A name server on the loopback that says, datagram by datagram, what its script says.</summary>
internal sealed class ScriptedDns : IAsyncDisposable
{
    private readonly Func<WireQuery, Task<IEnumerable<byte[]>>> _script;
    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<WireQuery> _queries = [];
    private readonly Task _serving;

    public ScriptedDns(Func<WireQuery, IEnumerable<byte[]>> script) : this(q => Task.FromResult(script(q))) { }

    public ScriptedDns(Func<WireQuery, Task<IEnumerable<byte[]>>> script)
    {
        _script = script;
        (_udp, _tcp) = Bind();
        EndPoint = (IPEndPoint)_udp.LocalEndPoint!;
        _serving = Task.WhenAll(Task.Run(ServeUdpAsync), Task.Run(ServeTcpAsync));
    }

    public IPEndPoint EndPoint { get; }

    public IReadOnlyList<WireQuery> Queries => [.. _queries];

    /// <summary>Answers from records by name and type; absent ones with the authority of the zone when there is one.</summary>
    public static ScriptedDns Of(params WireRecord[] zone) => new(q => [Lookup(q, zone)]);

    public static byte[] Lookup(WireQuery q, params WireRecord[] zone)
    {
        List<WireRecord> answers = [];
        var name = q.Name;
        while (zone.FirstOrDefault(r => r.Name == name && r.Type == 5) is { } alias)
        {
            answers.Add(alias);
            name = WireQuery.Read([.. new byte[12], .. alias.Data, 0, 1, 0, 1], 0, false).Name;
        }
        answers.AddRange(zone.Where(r => r.Name == name && r.Type == q.Type));
        if (answers.All(r => r.Type == 5))
            answers.AddRange(zone.Where(r => r.IsAuthority));
        return q.Answer([.. answers]);
    }

    public Task SeenAsync(int queries) => Eventually.TrueAsync(() => _queries.Count >= queries, $"{queries} queries");

    public DnsSettings Settings(params ScriptedDns[] others) =>
        new() { Servers = [EndPoint, .. others.Select(o => o.EndPoint)], Timeout = TimeSpan.FromSeconds(2), Attempts = 2 };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private static (Socket Udp, Socket Tcp) Bind()
    {
        for (var attempt = 0; ; attempt++)
        {
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                tcp.Bind(udp.LocalEndPoint!);
                tcp.Listen();
                return (udp, tcp);
            }
            catch (SocketException) when (attempt < 20)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                var query = WireQuery.Read(buffer.AsSpan(0, received.ReceivedBytes), ((IPEndPoint)received.RemoteEndPoint).Port, overTcp: false);
                _queries.Enqueue(query);
                foreach (var answer in await _script(query).WaitAsync(_stop.Token))
                    await _udp.SendToAsync(answer, received.RemoteEndPoint, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _tcp.AcceptAsync(_stop.Token);
                await using var stream = new NetworkStream(connection);
                var prefix = new byte[2];
                await stream.ReadExactlyAsync(prefix, _stop.Token);
                var bytes = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
                await stream.ReadExactlyAsync(bytes, _stop.Token);
                var query = WireQuery.Read(bytes, ((IPEndPoint)connection.RemoteEndPoint!).Port, overTcp: true);
                _queries.Enqueue(query);
                foreach (var answer in await _script(query).WaitAsync(_stop.Token))
                    await stream.WriteAsync((byte[])[.. WireRecord.Number((ushort)answer.Length), .. answer], _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or IOException)
        {
            // The end of the test.
        }
    }
}
