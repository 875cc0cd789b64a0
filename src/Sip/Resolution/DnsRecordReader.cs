using System.Collections.Immutable;
using System.Net;

namespace Switchhook.Sip.Resolution;

/// <summary>Resource records from the wire (RFC 1035 §4.1.3).</summary>
internal static class DnsRecordReader
{
    private const ushort ClassIn = 1;

    /// <summary>So many records; those of other classes and types are passed over. False when one is not well-formed.</summary>
    public static bool TryMany(ref DnsReader reader, int count, out ImmutableArray<DnsRecord> records)
    {
        records = [];
        var read = ImmutableArray.CreateBuilder<DnsRecord>(count);
        for (var i = 0; i < count; i++)
        {
            if (!TryOne(ref reader, out var record)) return false;
            if (record is not null) read.Add(record);
        }

        records = read.DrainToImmutable();
        return true;
    }

    private static bool TryOne(ref DnsReader reader, out DnsRecord? record)
    {
        record = null;
        if (!reader.TryName(out var name) || !reader.TryNumber16(out var type) || !reader.TryNumber16(out var inClass)
            || !reader.TryNumber32(out var seconds) || !reader.TryNumber16(out var length))
            return false;
        var start = reader.Position;
        if (!reader.TryBytes(length, out var data)) return false;
        var end = reader.Position;
        if (inClass != ClassIn) return true;

        // A number with its first bit set means zero (RFC 2181 §8).
        var timeToLive = TimeSpan.FromSeconds(seconds > int.MaxValue ? 0 : seconds);
        reader.Position = start;
        var ok = (DnsType)type switch
        {
            DnsType.A => length == 4 && Is(record = new DnsRecord.Address(name, timeToLive, new IPAddress(data))),
            DnsType.Aaaa => length == 16 && Is(record = new DnsRecord.Address(name, timeToLive, new IPAddress(data))),
            DnsType.Cname => TryAlias(ref reader, name, timeToLive, out record) && reader.Position == end,
            DnsType.Srv => TryService(ref reader, name, timeToLive, out record) && reader.Position == end,
            DnsType.Naptr => TryRule(ref reader, name, timeToLive, out record) && reader.Position == end,
            DnsType.Soa => TryAuthority(ref reader, name, timeToLive, out record) && reader.Position == end,
            _ => true,
        };
        reader.Position = end;
        return ok;
    }

    private static bool Is(DnsRecord? record) => record is not null;

    private static bool TryAlias(ref DnsReader reader, string name, TimeSpan timeToLive, out DnsRecord? record)
    {
        record = null;
        return reader.TryName(out var target) && Is(record = new DnsRecord.Alias(name, timeToLive, target));
    }

    private static bool TryService(ref DnsReader reader, string name, TimeSpan timeToLive, out DnsRecord? record)
    {
        record = null;
        return reader.TryNumber16(out var priority) && reader.TryNumber16(out var weight) && reader.TryNumber16(out var port)
            && reader.TryName(out var target) && Is(record = new DnsRecord.Service(name, timeToLive, priority, weight, port, target));
    }

    private static bool TryRule(ref DnsReader reader, string name, TimeSpan timeToLive, out DnsRecord? record)
    {
        record = null;
        return reader.TryNumber16(out var order) && reader.TryNumber16(out var preference) && reader.TryText(out var flags)
            && reader.TryText(out var services) && reader.TryText(out var expression) && reader.TryName(out var replacement)
            && Is(record = new DnsRecord.Rule(name, timeToLive, order, preference, flags, services, expression, replacement));
    }

    private static bool TryAuthority(ref DnsReader reader, string name, TimeSpan timeToLive, out DnsRecord? record)
    {
        const int SerialRefreshRetryExpire = 16;
        record = null;
        return reader.TryName(out _) && reader.TryName(out _) && reader.TryBytes(SerialRefreshRetryExpire, out _)
            && reader.TryNumber32(out var minimum)
            && Is(record = new DnsRecord.Authority(name, timeToLive, TimeSpan.FromSeconds(Math.Min(minimum, int.MaxValue))));
    }
}
