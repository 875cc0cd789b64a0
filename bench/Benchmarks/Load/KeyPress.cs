using System.Buffers.Binary;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Benchmarks.Load;

/// <summary>One key by RFC 4733, and the wait for the tone that the script plays for it.</summary>
internal sealed class KeyPress(char digit, int awaitedHz)
{
    /// <summary>Five packets of a key of 100 ms, the last one three times (RFC 4733 §2.5.1.4).</summary>
    public const int Packets = 7;

    private const int Length = 5;
    private const int Unit = 160;
    private const byte PayloadType = 101;

    private static readonly short[] Linear = [.. Enumerable.Range(0, 256).Select(o => G711.DecodeMu((byte)o))];

    private readonly TaskCompletionSource<double> _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly short[] _samples = new short[160];
    private int _written;
    private long _pressedAt;

    public bool HasMore => _written < Packets;

    /// <summary>Milliseconds from the first packet of the key to the first packet of the tone.</summary>
    public Task<double> Heard => _heard.Task;

    /// <summary>The next packet of the key; its length.</summary>
    public int Write(Span<byte> packet, ushort sequence, uint timestamp)
    {
        packet[1] = (byte)(_written == 0 ? PayloadType | 0x80 : PayloadType);
        _written++;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], timestamp);
        packet[12] = (byte)(digit - '0');
        packet[13] = (byte)(_written >= Length ? 0x8A : 0x0A);
        BinaryPrimitives.WriteUInt16BigEndian(packet[14..], (ushort)(Math.Min(_written, Length) * Unit));
        if (_written == 1) _pressedAt = Now();
        return 16;
    }

    public void OnPayload(ReadOnlySpan<byte> payload, long at)
    {
        if (_pressedAt == 0 || payload.Length != _samples.Length || _heard.Task.IsCompleted) return;
        for (var i = 0; i < payload.Length; i++) _samples[i] = Linear[payload[i]];
        if (Goertzel.Share(_samples, awaitedHz) > 0.8) _heard.TrySetResult((at - _pressedAt) / 1e6);
    }

    /// <summary>The clock of the kernel's stamps.</summary>
    private static long Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
}
