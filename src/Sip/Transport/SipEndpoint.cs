using System.Buffers.Binary;
using System.Net;

namespace Switchhook.Sip.Transport;

/// <summary>
/// An IPv4 or IPv6 address with a port, as a plain value: receiving a datagram creates no object for its sender.
/// IPv4 is kept in its IPv6-mapped form.
/// </summary>
public readonly struct SipEndpoint : IEquatable<SipEndpoint>
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;
    private readonly ulong _high;
    private readonly ulong _low;

    private SipEndpoint(ulong high, ulong low, uint scope, ushort port)
    {
        _high = high;
        _low = low;
        Scope = scope;
        Port = port;
    }

    /// <summary>The port in host order, 0 to 65535.</summary>
    public ushort Port { get; }

    /// <summary>The interface index of a link-local IPv6 address, else 0.</summary>
    public uint Scope { get; }

    /// <summary>True for an IPv4 address.</summary>
    public bool IsIPv4 => _high == 0 && (_low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>True for 0.0.0.0 and ::.</summary>
    public bool IsAny => _high == 0 && (_low == 0 || _low == MappedPrefix);

    /// <summary>True for the default value, which names nobody.</summary>
    public bool IsNone => _high == 0 && _low == 0 && Port == 0;

    /// <summary>The same address with another port.</summary>
    public SipEndpoint WithPort(int port) => new(_high, _low, Scope, (ushort)port);

    /// <summary>Builds an IPv4 endpoint from the address in host order.</summary>
    public static SipEndpoint FromIPv4(uint address, ushort port) => new(0, MappedPrefix | address, 0, port);

    /// <summary>Builds an IPv6 endpoint from the 16 bytes of its address.</summary>
    public static SipEndpoint FromIPv6(ReadOnlySpan<byte> address, uint scope, ushort port) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]), scope, port);

    /// <summary>Converts from the framework's type; addresses other than IPv4 and IPv6 do not exist there.</summary>
    public static SipEndpoint From(IPEndPoint endpoint) => From(endpoint.Address, endpoint.Port);

    /// <summary>Converts an address of the framework's type together with a port.</summary>
    public static SipEndpoint From(IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)port)
            : FromIPv6(bytes, (uint)address.ScopeId, (ushort)port);
    }

    /// <summary>The address in the framework's type (allocates).</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteIPv6(bytes);
        return IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes, Scope);
    }

    /// <summary>Address and port in the framework's type (allocates).</summary>
    public IPEndPoint ToIPEndPoint() => new(ToIPAddress(), Port);

    /// <summary>Writes the 16 bytes of the (mapped) address, most significant first.</summary>
    public void WriteIPv6(Span<byte> sixteen)
    {
        BinaryPrimitives.WriteUInt64BigEndian(sixteen, _high);
        BinaryPrimitives.WriteUInt64BigEndian(sixteen[8..], _low);
    }

    /// <summary>The IPv4 address in host order; meaningful only when <see cref="IsIPv4"/>.</summary>
    public uint IPv4 => (uint)_low;

    /// <summary>Writes the address without port, as a Via's received parameter takes it (IPv6 without brackets).</summary>
    public bool TryFormatAddress(Span<byte> utf8, out int written)
    {
        if (!IsIPv4) return ToIPAddress().TryFormat(utf8, out written);

        written = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            if (!((byte)(IPv4 >> shift)).TryFormat(utf8[written..], out var digits)) return false;
            written += digits;
            if (shift == 0) break;
            if (written == utf8.Length) return false;
            utf8[written++] = (byte)'.';
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(SipEndpoint other) => _low == other._low && _high == other._high && Port == other.Port && Scope == other.Scope;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SipEndpoint other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_high, _low, Port);

    /// <summary>"192.0.2.1:5060" or "[2001:db8::1]:5060".</summary>
    public override string ToString() => ToIPEndPoint().ToString();

    /// <summary>Same address, scope and port.</summary>
    public static bool operator ==(SipEndpoint left, SipEndpoint right) => left.Equals(right);

    /// <summary>Different address, scope or port.</summary>
    public static bool operator !=(SipEndpoint left, SipEndpoint right) => !left.Equals(right);

    /// <summary>Whether two endpoints belong to one address family, so that one socket can reach both.</summary>
    public bool SameFamily(SipEndpoint other) => IsIPv4 == other.IsIPv4;
}
