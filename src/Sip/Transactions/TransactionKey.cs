using System.Diagnostics.CodeAnalysis;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Transactions;

/// <summary>
/// Writes what identifies a transaction (RFC 3261 §17.1.3, §17.2.3) into a span, to be looked up without creating anything; only a
/// new transaction keeps a copy.
/// </summary>
internal static class TransactionKey
{
    /// <summary>Room for a key; a message whose parts do not fit belongs to no transaction.</summary>
    public const int MaxLength = 1024;

    private const byte Separator = 0;
    private const byte Rfc2543Mark = 1;

    /// <summary>Branch of the top Via and method of CSeq: what a response and its request share.</summary>
    public static ReadOnlySpan<byte> OfClient(SipMessage message, Span<byte> room)
    {
        var writer = new Writer(room);
        writer.Add(message.Branch);
        writer.Add((byte)message.CSeq.Method);
        return message.Branch.IsEmpty ? default : writer.Written;
    }

    /// <summary>
    /// Branch, sent-by and method, an ACK counting as its INVITE. A request whose branch is not unique comes from an element older
    /// than RFC 3261 and is known by its Request-URI, From tag, Call-ID, CSeq number and top Via.
    /// </summary>
    public static ReadOnlySpan<byte> OfServer(SipRequest request, SipMethod method, Span<byte> room)
    {
        var writer = new Writer(room);
        var via = request.TopVia;
        if (Via.IsUnique(request.Branch))
        {
            writer.Add(request.Branch);
            writer.AddLowered(via.SentBy);
        }
        else
        {
            writer.Add(Rfc2543Mark);
            writer.Add(request.RequestUri);
            writer.Add(request.FromTag);
            writer.Add(request.CallId);
            writer.Add(request.CSeq.Number);
            writer.Add(request.TopViaValue);
        }

        writer.Add((byte)(method == SipMethod.Ack ? SipMethod.Invite : method));
        return writer.Written;
    }

    /// <summary>From tag, Call-ID and CSeq: equal in two copies of one request that came over different ways (§8.2.2.2).</summary>
    public static ReadOnlySpan<byte> OfMerge(SipRequest request, Span<byte> room)
    {
        var writer = new Writer(room);
        writer.Add(request.FromTag);
        writer.Add(request.CallId);
        writer.Add(request.CSeq.Number);
        writer.Add((byte)request.Method);
        return writer.Written;
    }

    /// <summary>Compares and hashes keys, kept and looked up ones alike; the hash is seeded anew in every process.</summary>
    public sealed class Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Comparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }

    private ref struct Writer(Span<byte> room)
    {
        private readonly Span<byte> _room = room;
        private int _length;

        /// <summary>The key, or nothing when it did not fit.</summary>
        public readonly ReadOnlySpan<byte> Written => _length < 0 ? default : _room[.._length];

        public void Add(scoped ReadOnlySpan<byte> part)
        {
            if (_length < 0 || _room.Length - _length <= part.Length)
            {
                _length = -1;
                return;
            }

            part.CopyTo(_room[_length..]);
            _length += part.Length;
            _room[_length++] = Separator;
        }

        public void AddLowered(ReadOnlySpan<byte> part)
        {
            var start = _length;
            Add(part);
            if (_length < 0) return;
            foreach (ref var b in _room[start.._length])
            {
                if (b is >= (byte)'A' and <= (byte)'Z') b |= 0x20;
            }
        }

        public void Add(byte part) => Add([part]);

        public void Add(uint number)
        {
            Span<byte> bytes = stackalloc byte[sizeof(uint)];
            BitConverter.TryWriteBytes(bytes, number);
            Add(bytes);
        }
    }
}
