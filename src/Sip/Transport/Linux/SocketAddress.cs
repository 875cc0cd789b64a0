using System.Buffers.Binary;

namespace Switchhook.Sip.Transport.Linux;

/// <summary>sockaddr_in and sockaddr_in6, to and from <see cref="SipEndpoint"/>.</summary>
internal static class SocketAddress
{
    /// <summary>Room for either form.</summary>
    public const int MaxLength = 28;

    private const int LengthV4 = 16;

    public static int FamilyOf(SipEndpoint endpoint) => endpoint.IsIPv4 ? Constants.AfInet : Constants.AfInet6;

    /// <summary>Writes the endpoint and returns the length of its form.</summary>
    public static int Write(SipEndpoint endpoint, Span<byte> address)
    {
        address[..MaxLength].Clear();
        BitConverter.TryWriteBytes(address, (ushort)FamilyOf(endpoint)); // the family is in host order, the rest in network order
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], endpoint.Port);
        if (endpoint.IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(address[4..], endpoint.IPv4);
            return LengthV4;
        }

        endpoint.WriteIPv6(address[8..]);
        BitConverter.TryWriteBytes(address[24..], endpoint.Scope);
        return MaxLength;
    }

    /// <summary>Reads what the kernel wrote; anything but IPv4 and IPv6 reads as no endpoint.</summary>
    public static SipEndpoint Read(ReadOnlySpan<byte> address)
    {
        var family = BitConverter.ToUInt16(address);
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return family switch
        {
            Constants.AfInet => SipEndpoint.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(address[4..]), port),
            Constants.AfInet6 => SipEndpoint.FromIPv6(address.Slice(8, 16), BitConverter.ToUInt32(address[24..]), port),
            _ => default,
        };
    }
}
