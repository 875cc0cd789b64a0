using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Switchhook.Sip.Resolution;

/// <summary>Why bytes are no DNS answer.</summary>
internal enum DnsFault
{
    None,
    TooShort,
    NotOneQuestion,
    BadQuestion,
    TooManyRecords,
    BadRecord,
}

/// <summary>
/// A DNS message (RFC 1035 §4) as far as a stub resolver needs it: header, question, answers, and the SOA among the authorities. The
/// additional section is not read: what nobody asked for is not believed either.
/// </summary>
internal sealed record DnsMessage
{
    /// <summary>The longest query: a header, a name of 255 octets, type and class.</summary>
    public const int LongestQuery = HeaderLength + 255 + 4;

    private const int HeaderLength = 12;
    private const int MostRecords = 256;
    private const ushort ClassIn = 1;
    private const ushort ResponseFlag = 0x8000;
    private const ushort OpcodeMask = 0x7800;
    private const ushort TruncatedFlag = 0x0200;
    private const ushort RecursionDesired = 0x0100;

    public ushort Id { get; init; }

    /// <summary>True for an answer to a standard query.</summary>
    public bool IsResponse { get; init; }

    /// <summary>True when the records did not fit; then none of them is read (RFC 2181 §9).</summary>
    public bool IsTruncated { get; init; }

    /// <summary>0 no error, 2 server failure, 3 no such name, 5 refused … (RFC 1035 §4.1.1).</summary>
    public int ResponseCode { get; init; }

    public DnsQuestion Question { get; init; }

    public ImmutableArray<DnsRecord> Answers { get; init; } = [];

    public ImmutableArray<DnsRecord> Authorities { get; init; } = [];

    /// <summary>Writes a recursive query and gives its length. The name has been normalised, so it fits <see cref="LongestQuery"/>.</summary>
    public static int WriteQuery(ushort id, in DnsQuestion question, Span<byte> to)
    {
        to[..HeaderLength].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(to, id);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], 1);
        var at = HeaderLength;
        foreach (var range in question.Name.AsSpan().Split('.'))
        {
            var label = question.Name.AsSpan(range);
            to[at++] = (byte)label.Length;
            foreach (var c in label) to[at++] = (byte)c;
        }

        to[at++] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(to[at..], (ushort)question.Type);
        BinaryPrimitives.WriteUInt16BigEndian(to[(at + 2)..], ClassIn);
        return at + 4;
    }

    /// <summary>Reads a message; whatever the bytes are, the answer is true or a fault, after work in proportion to their number.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DnsMessage? message, out DnsFault fault)
    {
        message = null;
        fault = DnsFault.TooShort;
        if (bytes.Length < HeaderLength) return false;
        var reader = new DnsReader(bytes);
        _ = reader.TryNumber16(out var id);
        _ = reader.TryNumber16(out var flags);
        _ = reader.TryNumber16(out var questions);
        _ = reader.TryNumber16(out var answers);
        _ = reader.TryNumber16(out var authorities);
        reader.Position = HeaderLength;
        fault = DnsFault.NotOneQuestion;
        if (questions != 1) return false;
        fault = DnsFault.BadQuestion;
        if (!reader.TryName(out var name) || !reader.TryNumber16(out var type) || !reader.TryNumber16(out var inClass) || inClass != ClassIn)
            return false;
        var head = new DnsMessage
        {
            Id = id,
            IsResponse = (flags & (ResponseFlag | OpcodeMask)) == ResponseFlag,
            IsTruncated = (flags & TruncatedFlag) != 0,
            ResponseCode = flags & 0xF,
            Question = new DnsQuestion(name, (DnsType)type),
        };
        if (head.IsTruncated)
        {
            (message, fault) = (head, DnsFault.None);
            return true;
        }

        fault = DnsFault.TooManyRecords;
        if (answers + authorities > MostRecords) return false;
        fault = DnsFault.BadRecord;
        if (!DnsRecordReader.TryMany(ref reader, answers, out var answered) || !DnsRecordReader.TryMany(ref reader, authorities, out var authority))
            return false;
        (message, fault) = (head with { Answers = answered, Authorities = authority }, DnsFault.None);
        return true;
    }
}
