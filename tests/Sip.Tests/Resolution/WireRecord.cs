using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Switchhook.Sip.Tests.Resolution;

/// <summary>A record as a server puts it on the wire, written without the code under test.</summary>
internal sealed record WireRecord(string Name, ushort Type, uint Seconds, byte[] Data, bool IsAuthority = false)
{
    public static WireRecord Address(string name, uint seconds, string address)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        return new WireRecord(name, (ushort)(bytes.Length == 4 ? 1 : 28), seconds, bytes);
    }

    public static WireRecord Alias(string name, uint seconds, string target) => new(name, 5, seconds, NameBytes(target));

    public static WireRecord Service(string name, uint seconds, ushort priority, ushort weight, ushort port, string target) =>
        new(name, 33, seconds, [.. Number(priority), .. Number(weight), .. Number(port), .. NameBytes(target)]);

    public static WireRecord Rule(string name, uint seconds, ushort order, ushort preference, string services, string replacement) =>
        new(name, 35, seconds, [.. Number(order), .. Number(preference), .. Text("s"), .. Text(services), .. Text(""), .. NameBytes(replacement)]);

    public static WireRecord Authority(string name, uint seconds, uint minimum) => new(name, 6, seconds,
        [.. NameBytes("ns." + name), .. NameBytes("host." + name), .. new byte[16], .. Number(minimum)], IsAuthority: true);

    public static byte[] NameBytes(string name)
    {
        List<byte> bytes = [];
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
            bytes.AddRange([(byte)label.Length, .. Encoding.Latin1.GetBytes(label)]);
        return [.. bytes, 0];
    }

    public static byte[] Number(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public byte[] ToBytes() =>
        [.. NameBytes(Name), .. Number(Type), .. Number((ushort)1), .. Number(Seconds), .. Number((ushort)Data.Length), .. Data];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.Latin1.GetBytes(text)];
}

/// <summary>A query as a server reads it.</summary>
internal sealed record WireQuery(ushort Id, string Name, ushort Type, int SourcePort, bool OverTcp)
{
    public static WireQuery Read(ReadOnlySpan<byte> bytes, int sourcePort, bool overTcp)
    {
        var labels = new List<string>();
        var at = 12;
        while (bytes[at] != 0)
        {
            labels.Add(Encoding.Latin1.GetString(bytes.Slice(at + 1, bytes[at])));
            at += bytes[at] + 1;
        }
        return new WireQuery(
            BinaryPrimitives.ReadUInt16BigEndian(bytes), string.Join('.', labels), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 1)..]), sourcePort, overTcp);
    }

    public byte[] Answer(params WireRecord[] records) => Reply(0, records);

    public byte[] Truncated() => Reply(0, [], flags: 0x8380);

    public byte[] Reply(int code, WireRecord[] records, ushort flags = 0x8180, ushort? id = null, string? name = null) =>
    [
        .. WireRecord.Number(id ?? Id), .. WireRecord.Number((ushort)(flags | code)), .. WireRecord.Number((ushort)1),
        .. WireRecord.Number((ushort)records.Count(r => !r.IsAuthority)), .. WireRecord.Number((ushort)records.Count(r => r.IsAuthority)),
        .. WireRecord.Number((ushort)0),
        .. WireRecord.NameBytes(name ?? Name), .. WireRecord.Number(Type), .. WireRecord.Number((ushort)1),
        .. records.OrderBy(r => r.IsAuthority).SelectMany(r => r.ToBytes()),
    ];
}
