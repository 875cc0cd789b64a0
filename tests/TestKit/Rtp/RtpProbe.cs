using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Rtp;

/// <summary>One end of an audio stream: sends tones and digits in real time, keeps what it hears.</summary>
public sealed class RtpProbe : IAsyncDisposable
{
    private const int FrameSamples = 160;
    private const int Kept = 5_000;

    private readonly Socket _socket, _control;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<RtpPacket> _heard = [];
    private readonly Task _reading;
    private readonly uint _source;
    private ushort _sequence;
    private uint _timestamp;
    private long _count;
    private int _gone;

    public RtpProbe(IPAddress? address = null)
    {
        (_socket, _control) = Bind(address ?? IPAddress.Loopback);
        _source = 0xC0FFEE00u + (uint)(Local.Port & 0xFF);
        _timestamp = 160_000;
        _reading = ReadAsync();
    }

    /// <summary>Where it listens and sends from.</summary>
    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Where it sends to.</summary>
    public IPEndPoint? Remote { get; set; }

    /// <summary>Packets heard so far.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The packets heard, oldest first; the first ones go when there are very many.</summary>
    public IReadOnlyList<RtpPacket> Heard
    {
        get
        {
            lock (_lock)
                return [.. _heard];
        }
    }

    /// <summary>Forgets what was heard.</summary>
    public void Forget()
    {
        lock (_lock)
            _heard.Clear();
    }

    /// <summary>Sends a tone in 20 ms packets at their pace.</summary>
    /// <param name="payloadType">0 for µ-law, 8 for A-law.</param>
    /// <param name="amplitude">Peak, of 32767.</param>
    public async Task SendToneAsync(double frequencyHz, TimeSpan length, int payloadType = 0, int amplitude = 8000, CancellationToken stop = default)
    {
        var packets = (int)(length.TotalMilliseconds / 20);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        for (var i = 0; i < packets && !stop.IsCancellationRequested; i++)
        {
            await SendAsync(Tone(frequencyHz, payloadType, amplitude), payloadType, marker: i == 0);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Sends one packet of audio now.</summary>
    public async Task SendAsync(byte[] payload, int payloadType, bool marker = false)
    {
        var packet = new RtpPacket(payloadType, marker, _sequence++, _timestamp, _source, payload);
        _timestamp += FrameSamples;
        await SendBytesAsync(packet.ToBytes());
    }

    /// <summary>Sends one key by RFC 4733: 100 ms in packets 20 ms apart, the last one three times.</summary>
    public async Task SendDigitAsync(char digit, int payloadType = 101)
    {
        var code = "0123456789*#ABCD".IndexOf(digit, StringComparison.Ordinal);
        ArgumentOutOfRangeException.ThrowIfNegative(code, nameof(digit));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        for (var i = 1; i <= 7; i++)
        {
            var payload = new byte[4];
            payload[0] = (byte)code;
            payload[1] = (byte)(i >= 5 ? 0x8A : 0x0A);
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(2), (ushort)(Math.Min(i, 5) * FrameSamples));
            await SendBytesAsync(new RtpPacket(payloadType, i == 1, _sequence++, _timestamp, _source, payload).ToBytes());
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
        _timestamp += 7 * FrameSamples;
    }

    /// <summary>Holds one key by RFC 4733 until something is done, and never says that it is let go.</summary>
    public async Task HoldDigitAsync(char digit, Task until)
    {
        var code = "0123456789*#ABCD".IndexOf(digit, StringComparison.Ordinal);
        ArgumentOutOfRangeException.ThrowIfNegative(code, nameof(digit));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        for (var i = 1; !until.IsCompleted; i++)
        {
            var payload = new byte[4];
            (payload[0], payload[1]) = ((byte)code, 0x0A);
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(2), (ushort)Math.Min(i * FrameSamples, ushort.MaxValue));
            await SendBytesAsync(new RtpPacket(101, i == 1, _sequence++, _timestamp, _source, payload).ToBytes());
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Sends any bytes to the far side.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _socket.SendToAsync(bytes, SocketFlags.None, Remote ?? throw new InvalidOperationException("The probe has no far side yet."));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // An earlier packet met a closed port; the far side is gone and this packet with it.
        }
    }

    /// <summary>Waits until so many packets were heard in all.</summary>
    public Task HearAsync(long packets, TimeSpan? deadline = null) =>
        Eventually.GetAsync(() => Task.FromResult(Count), c => c >= packets, $"{packets} RTP packets at {Local}", deadline);

    /// <summary>Waits until a tone is heard.</summary>
    public Task HearToneAsync(double frequencyHz, TimeSpan? deadline = null) =>
        Eventually.GetAsync(() => Task.FromResult(ShareOf(frequencyHz)), s => s > 0.8, $"a tone of {frequencyHz} Hz at {Local}", deadline);

    /// <summary>The greatest share a tone had in any 100 ms of what was heard.</summary>
    public double ShareOf(double frequencyHz) => Goertzel.BestShare(Samples(), frequencyHz);

    /// <summary>The audio heard, decoded, in the order it came.</summary>
    public short[] Samples() =>
        [.. Heard.SelectMany(p => p.PayloadType switch
        {
            0 => p.Payload.Select(G711.DecodeMu),
            8 => p.Payload.Select(G711.DecodeA),
            _ => [],
        })];

    /// <summary>The keys heard (RFC 4733), each once.</summary>
    public string Digits(int payloadType = 101) =>
        string.Concat(Heard.Where(p => p.PayloadType == payloadType && p.Payload.Length >= 4)
            .DistinctBy(p => p.Timestamp).Select(p => "0123456789*#ABCD"[p.Payload[0] & 0x0F]));

    /// <summary>Closes its socket. A second time does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _gone, 1) != 0)
            return;
        await _stop.CancelAsync();
        _socket.Dispose();
        _control.Dispose();
        await _reading;
        _stop.Dispose();
    }

    /// <summary>
    /// An even port and the one behind it, where the far side's RTCP goes (RFC 3550 §11) and is left unread: it is not to reach whoever else might be
    /// there.
    /// </summary>
    private static (Socket Audio, Socket Control) Bind(IPAddress address)
    {
        while (true)
        {
            var audio = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            var control = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                audio.Bind(new IPEndPoint(address, 0));
                var port = ((IPEndPoint)audio.LocalEndPoint!).Port;
                if (port % 2 == 0)
                {
                    control.Bind(new IPEndPoint(address, port + 1));
                    return (audio, control);
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another pair, then.
            }
            audio.Dispose();
            control.Dispose();
        }
    }

    private byte[] Tone(double frequencyHz, int payloadType, int amplitude)
    {
        var frame = new byte[FrameSamples];
        for (var i = 0; i < FrameSamples; i++)
        {
            var sample = (short)(amplitude * Math.Sin(2 * Math.PI * frequencyHz * (_timestamp + i) / 8000));
            frame[i] = payloadType == 8 ? G711.EncodeA(sample) : G711.EncodeMu(sample);
        }
        return frame;
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[2048];
        var any = new IPEndPoint(Local.Address, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var result = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any, _stop.Token);
                if (RtpPacket.Read(buffer.AsSpan(0, result.ReceivedBytes), (IPEndPoint)result.RemoteEndPoint) is { } packet)
                    Keep(packet);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // The far side closed its port.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Keep(RtpPacket packet)
    {
        lock (_lock)
        {
            _heard.Add(packet);
            if (_heard.Count > Kept)
                _heard.RemoveAt(0);
        }
        Interlocked.Increment(ref _count);
    }
}
