using System.Net;
using System.Runtime.InteropServices;

namespace Switchhook.Media.Transport;

/// <summary>
/// An address and port exactly as the kernel lays them out, so that a packet's source is compared and answered without
/// making an object. The platforms .NET runs on under Linux are little-endian; the masks below rely on it.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PeerAddress : IEquatable<PeerAddress>
{
    /// <summary>Octets the kernel may write: a whole IPv6 address.</summary>
    public const int Size = 28;

    private const ulong HostOfHead = 0xFFFF_FFFF_0000_FFFF; // without the port

    private ulong _head;                                    // family, port (network order), IPv4 address or IPv6 flow label
    private ulong _high;                                    // IPv6 address
    private ulong _low;
    private ulong _scope;

    public readonly bool IsSet => _head != 0;

    public readonly int Length => Family == Native.FamilyIPv6 ? Size : 16;

    public readonly int Port => (int)(((_head >> 16) & 0xFF) << 8 | ((_head >> 24) & 0xFF));

    private readonly int Family => (ushort)_head;

    public static PeerAddress From(IPEndPoint endPoint)
    {
        Span<byte> octets = stackalloc byte[16];
        _ = endPoint.Address.TryWriteBytes(octets, out var length);
        var port = (ulong)((endPoint.Port & 0xFF) << 8 | (endPoint.Port >> 8)) << 16;
        return length == 4
            ? new PeerAddress { _head = Native.FamilyIPv4 | port | (ulong)MemoryMarshal.Read<uint>(octets) << 32 }
            : new PeerAddress
            {
                _head = Native.FamilyIPv6 | port,
                _high = MemoryMarshal.Read<ulong>(octets),
                _low = MemoryMarshal.Read<ulong>(octets[8..]),
                _scope = (uint)endPoint.Address.ScopeId,
            };
    }

    public readonly IPEndPoint ToEndPoint()
    {
        Span<byte> octets = stackalloc byte[16];
        if (Family != Native.FamilyIPv6)
        {
            var address = (uint)(_head >> 32);
            MemoryMarshal.Write(octets, in address);
            return new IPEndPoint(new IPAddress(octets[..4]), Port);
        }

        MemoryMarshal.Write(octets, in _high);
        MemoryMarshal.Write(octets[8..], in _low);
        return new IPEndPoint(new IPAddress(octets, (uint)_scope), Port);
    }

    /// <summary>Forgets the flow label of a received IPv6 address, which is no part of who it is.</summary>
    public void Normalize()
    {
        if (Family == Native.FamilyIPv6) _head &= 0xFFFF_FFFF;
    }

    /// <summary>The same machine, whatever the port.</summary>
    public readonly bool IsSameHost(in PeerAddress other) =>
        (_head & HostOfHead) == (other._head & HostOfHead) && _high == other._high && _low == other._low;

    /// <summary>An address that is not routed on the public network: RFC 1918, RFC 6598, loopback, link-local, RFC 4193.</summary>
    public readonly bool IsPrivate
    {
        get
        {
            if (Family == Native.FamilyIPv6) return (byte)_high is 0xFC or 0xFD or 0xFE || (_high == 0 && _low == 1UL << 56);
            byte first = (byte)(_head >> 32), second = (byte)(_head >> 40);
            return first switch
            {
                10 or 127 => true,
                100 => second is >= 64 and < 128,
                169 => second == 254,
                172 => second is >= 16 and < 32,
                192 => second == 168,
                _ => false,
            };
        }
    }

    public readonly bool Equals(PeerAddress other) =>
        _head == other._head && _high == other._high && _low == other._low && (uint)_scope == (uint)other._scope;

    public override readonly bool Equals(object? obj) => obj is PeerAddress other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(_head, _high, _low);

    public override readonly string ToString() => ToEndPoint().ToString();
}
